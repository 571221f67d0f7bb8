#pragma once

#include "http/message.hpp"
#include "http/values.hpp"
#include "services/caller.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// How the product's own parameter types of route handlers come from a request.
namespace nxg {

/// What anybody wrote, fit to be kept: UTF-8 without control characters, at most `size` octets, cut at a character.
[[nodiscard]] std::string kept_text(std::string_view sent, std::size_t size);

}  // namespace nxg

namespace nxg::http {

template <>
struct argument<caller> {
  static constexpr bool needs_principal = true;
  static caller get(request& incoming) {
    const auto& who = *incoming.who;
    return {who.id, static_cast<role>(who.role), who.session, who.scopes};
  }
};

/// The user agent of it is `kept_text`: it ends in documents, and one octet that cannot be stored would keep the record
/// of an act from being written.
template <>
struct argument<request_origin> {
  static request_origin get(request& incoming);
};

}  // namespace nxg::http
