#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace nxg::sandbox {

/// One outside service as the sandbox plays it. Its routes carry its name as their tag; faults, the log of requests and
/// the question whether a request may come in at all are dealt with alike for all of them.
struct played_service {
  /// `wps`, `mds`, …
  std::string name;
  /// Throws `http::problem` for a request that does not prove who sends it, or of which there are too many.
  std::function<void(const http::request& incoming)> admit;
  /// An answer that is no answer of the contract; another one for each `number`.
  std::function<std::string(std::int64_t number)> lie;
  /// Makes a good answer one that keeps to the contract and would harm whoever believed it. Absent: the service can say
  /// nothing of that kind.
  std::function<std::string(const std::string& answer)> poison = {};
};

/// Whether the request carries that one value in that header, once.
[[nodiscard]] inline bool has_header(const http::request& incoming, std::string_view name, std::string_view value) {
  return incoming.headers.count(name) == 1 && incoming.headers.find(name) == value;
}

}  // namespace nxg::sandbox
