#pragma once

#include "http/message.hpp"
#include "http/values.hpp"
#include "services/caller.hpp"

#include <string>

/// How the product's own parameter types of route handlers come from a request.
namespace nxg::http {

template <>
struct argument<caller> {
  static constexpr bool needs_principal = true;
  static caller get(request& incoming) {
    const auto& who = *incoming.who;
    return {who.id, static_cast<role>(who.role), who.session, who.scopes};
  }
};

template <>
struct argument<request_origin> {
  static request_origin get(request& incoming) {
    return {incoming.remote_address, std::string{incoming.headers.find("user-agent").value_or("")}, incoming.id};
  }
};

}  // namespace nxg::http
