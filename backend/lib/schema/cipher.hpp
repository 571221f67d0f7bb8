#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace nxg::schema {

/// Seals the `encrypted<T>` members of one document. Whoever makes it knows the collection, the id and the owner's data
/// key; `field` (as by `stored_path_of`, without list indexes) is to be authenticated with them, so that a sealed value
/// is of no use anywhere else. Both directions are called synchronously: fetch keys before.
class cipher {
 public:
  cipher() = default;
  cipher(const cipher&) = delete;
  cipher& operator=(const cipher&) = delete;
  virtual ~cipher() = default;

  /// Octets to store for `plain` (the JSON text of the value).
  [[nodiscard]] virtual std::string seal(std::string_view field, std::string_view plain) = 0;
  /// The plain text again; nothing when the owner's key was erased: the member then reads as its default.
  /// Throws where the octets are not what `seal` made for this document and field.
  [[nodiscard]] virtual std::optional<std::string> open(std::string_view field, std::string_view sealed) = 0;
};

}  // namespace nxg::schema
