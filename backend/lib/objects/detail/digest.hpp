#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

/// SHA-256 by OpenSSL, as the signatures and etags here need it.
namespace nxg::objects::detail {

/// 32 octets.
[[nodiscard]] std::string sha256(std::string_view octets);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);
[[nodiscard]] std::string hex(std::string_view octets);
/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string base64url(std::string_view octets);
/// In a time that does not tell where they differ.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// The digest of what comes in pieces.
class running_sha256 {
 public:
  running_sha256();
  ~running_sha256();
  running_sha256(running_sha256&&) noexcept;
  running_sha256& operator=(running_sha256&&) noexcept;

  void add(std::string_view octets);
  /// 32 octets; nothing may be added afterwards.
  [[nodiscard]] std::string finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::objects::detail
