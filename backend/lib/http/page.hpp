#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {

/// Bounds of `?limit=`.
inline constexpr int default_page_limit = 20;
inline constexpr int max_page_limit = 100;

/// What a list route is asked for: a parameter of its handler. `after` is the position an earlier page ended with,
/// exactly as the handler gave it in `page::next`; its signature has been checked.
struct page_request {
  int limit = default_page_limit;
  std::optional<std::string> after;
};

/// One page of a list, in a stable order. `next` is the position of its last item (whatever text the handler finds
/// its way by, such as the sort key and id); the caller gets it signed, in `meta.nextCursor` and a `Link` header.
/// Nothing when there is no more.
template <class T>
struct page {
  std::vector<T> items;
  std::optional<std::string> next;
};

/// Port: makes positions opaque and unforgeable. `context` is what a cursor is for (route, caller, filters): one made
/// in another context does not open. Thread-safe, never waits.
class cursor_signer {
 public:
  cursor_signer() = default;
  cursor_signer(const cursor_signer&) = delete;
  cursor_signer& operator=(const cursor_signer&) = delete;
  virtual ~cursor_signer() = default;

  /// URL-safe text.
  [[nodiscard]] virtual std::string sign(std::string_view position, std::string_view context) const = 0;
  /// The position; nothing when the cursor is not ours, was changed, or is for something else.
  [[nodiscard]] virtual std::optional<std::string> open(std::string_view cursor, std::string_view context) const = 0;
};

/// HMAC-SHA-256 cut to 128 bits over context and position. Signs with the first key, opens with any of them.
class hmac_cursor_signer final : public cursor_signer {
 public:
  /// Keys of at least 16 octets, newest first. Throws `std::invalid_argument` otherwise.
  explicit hmac_cursor_signer(std::vector<std::string> keys);

  [[nodiscard]] std::string sign(std::string_view position, std::string_view context) const override;
  [[nodiscard]] std::optional<std::string> open(std::string_view cursor, std::string_view context) const override;

 private:
  std::vector<std::string> keys_;
};

}  // namespace nxg::http
