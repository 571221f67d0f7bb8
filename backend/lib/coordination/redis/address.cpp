#include "coordination/redis/address.hpp"

#include "coordination/redis.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace nxg::coordination::redis {

namespace {

constexpr std::string_view form = "redis://[user:password@]host[:port][/database], or rediss:// with TLS";

/// Reads from left to right, and says what is wrong in one voice.
class reader {
 public:
  reader(std::string_view url, std::string_view setting) : rest_{url}, setting_{setting} {}

  [[noreturn]] void fail(const std::string& what) const {
    throw redis_unusable{std::string{setting_} + ": " + what + "; it looks like " + std::string{form}};
  }
  /// Goes past `text`, if it comes next.
  bool take(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  /// Up to one of `ends`, which stays.
  std::string_view until(std::string_view ends) {
    const auto part = rest_.substr(0, rest_.find_first_of(ends));
    rest_.remove_prefix(part.size());
    return part;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  template <class Number>
  Number number(std::string_view text, Number least, Number most, const char* what) const {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) {
      fail(std::string{what} + " is a number from " + std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
  }
  [[nodiscard]] std::string decoded(std::string_view text) const {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        result += text[i];
        continue;
      }
      const auto digits = text.substr(i + 1, 2);
      unsigned value = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
      if (digits.size() < 2 || error != std::errc{} || end != digits.data() + 2)
        fail("a % is not followed by two digits");
      result += static_cast<char>(value);
      i += 2;
    }
    return result;
  }

 private:
  std::string_view rest_;
  std::string_view setting_;
};

void read_credentials(reader& from, address& to) {
  const auto at = from.rest().substr(0, from.rest().find('/')).rfind('@');
  if (at == std::string_view::npos) return;
  const auto both = from.rest().substr(0, at);
  const auto colon = both.find(':');
  to.user = from.decoded(both.substr(0, colon));
  if (colon != std::string_view::npos) to.password = from.decoded(both.substr(colon + 1));
  if (to.password.empty()) from.fail("a user has a password");
  from.take(both);
  from.take("@");
}

void read_host(reader& from, address& to) {
  if (from.take("[")) {
    to.host = from.until("]");
    if (!from.take("]")) from.fail("a '[' has no ']'");
  } else {
    to.host = from.decoded(from.until(":/?#"));
  }
  if (to.host.empty()) from.fail("the host is missing");
  if (from.take(":")) to.port = std::to_string(from.number(from.until("/?#"), 1, 65'535, "the port"));
}

}  // namespace

address parse_address(std::string_view url, std::string_view setting) {
  reader from{url, setting};
  address result;
  if (from.take("rediss://")) {
    result.tls = true;
  } else if (!from.take("redis://")) {
    from.fail("this is no URL of a Redis server that can be used here");
  }
  read_credentials(from, result);
  read_host(from, result);
  if (from.take("/") && !from.rest().empty()) {
    result.database = from.number(from.until("?#"), 0, 1'000'000, "the database");
  }
  if (!from.rest().empty()) from.fail("there is something behind the database");
  return result;
}

}  // namespace nxg::coordination::redis
