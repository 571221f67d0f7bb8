#include "integrations/scan_processing/webhook_signature.hpp"

#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace nxg::integrations::scs {

bool is_genuine(std::string_view secret, const webhook_request& came, instant now) {
  constexpr std::size_t longest_timestamp = 12;
  std::int64_t seconds = 0;
  const auto* end = came.timestamp.data() + came.timestamp.size();
  const auto [read, error] = std::from_chars(came.timestamp.data(), end, seconds);
  if (secret.empty() || came.timestamp.size() > longest_timestamp || error != std::errc{} || read != end) return false;
  const instant at{std::chrono::seconds{seconds}};
  if (at > now + webhook_window || at < now - webhook_window) return false;
  const auto message = std::string{came.timestamp} + "." + std::string{came.body};
  const auto wanted = "sha256=" + utilities::hex(utilities::hmac_sha256(secret, message));
  return utilities::equal_in_constant_time(came.signature, wanted);
}

}  // namespace nxg::integrations::scs
