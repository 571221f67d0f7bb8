// What single header values and targets are decoded into: escapes, entity tags, codings, cursors, versions, networks.
#include "http/conditional.hpp"
#include "http/detail/client_address.hpp"
#include "http/message.hpp"
#include "http/page.hpp"
#include "http/values.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using namespace nxg::http;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto decoded = percent_decode(text, true))
    require(percent_decode(percent_encode(*decoded), true) == *decoded);

  static_cast<void>(names_tag(text, "\"abc\""));
  static_cast<void>(accepts_gzip(text));
  if (const auto version = version_of_tag(text)) require(version_of_tag(version_tag(*version)) == *version);

  static const hmac_cursor_signer signer{{"0123456789abcdef"}};
  require(!signer.open(text, "context").has_value());
  if (size < 1024) require(signer.open(signer.sign(text, "context"), "context") == text);

  try {
    const detail::trusted_proxies proxies{{std::string{text}}};
    static_cast<void>(proxies.trusts(boost::asio::ip::address{}));
  } catch (const std::invalid_argument&) {
  }
  header_fields headers;
  try {
    headers.add("X-Forwarded-For", text);
  } catch (const std::invalid_argument&) {
    return 0;
  }
  static const detail::trusted_proxies everybody{{"0.0.0.0/0", "::/0"}};
  static_cast<void>(everybody.caller(boost::asio::ip::address_v4::loopback(), headers));
  return 0;
}
