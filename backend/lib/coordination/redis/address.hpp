#pragma once

#include <string>
#include <string_view>

namespace nxg::coordination::redis {

/// Where a server is and who we are to it.
struct address {
  bool tls = false;
  std::string host;
  std::string port = "6379";
  std::string user;
  std::string password;
  int database = 0;

  /// For messages: no secrets.
  [[nodiscard]] std::string text() const { return (host.contains(':') ? "[" + host + "]" : host) + ":" + port; }
};

/// Throws `redis_unusable` that begins with `setting` and does not repeat the URL, which may hold a password.
address parse_address(std::string_view url, std::string_view setting);

}  // namespace nxg::coordination::redis
