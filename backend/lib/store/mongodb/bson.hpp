#pragma once

#include "schema/document.hpp"

#include <bson/bson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Documents and commands as BSON, written and read without text in between.
namespace nxg::store::mongodb {

using schema::document_sink;
using schema::document_value;

/// Writes one BSON document. Members that are null are left out: absent and null are the same to a store.
class bson_writer final : public document_sink {
 public:
  enum class purpose : std::uint8_t {
    command,   ///< keys as they are
    document,  ///< the outermost "id" becomes "_id"
  };
  /// A command is begun already: keys may follow at once.
  explicit bson_writer(purpose what = purpose::command);
  /// A command with its first member: `{name: about, ...}`.
  bson_writer(std::string_view name, std::string_view about) : bson_writer{} { add(name, about); }

  void begin_object() override;
  void end_object() override;
  void begin_array() override;
  void end_array() override;
  void key(std::string_view name) override;
  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void number(double value) override;
  void string(std::string_view utf8) override;
  void time(instant value) override;
  void binary(std::string_view octets) override;

  /// A null that is meant: a value of a filter.
  void explicit_null();
  /// A finished document, or array, as a value.
  void document(std::string_view bson) { raw(0x03, bson); }
  void array(std::string_view bson) { raw(0x04, bson); }
  /// A member as `element_at` found it in another document, name and value.
  void element(std::string_view bson) { out_ += bson; }

  bson_writer& add(std::string_view name, std::string_view text);
  bson_writer& add(std::string_view name, const char* text) { return add(name, std::string_view{text}); }
  bson_writer& add(std::string_view name, const std::string& text) { return add(name, std::string_view{text}); }
  bson_writer& add(std::string_view name, bool value);
  bson_writer& add(std::string_view name, std::int64_t value);
  bson_writer& add(std::string_view name, int value) { return add(name, std::int64_t{value}); }
  bson_writer& add(std::string_view name, const document_value& value);
  bson_writer& add_document(std::string_view name, std::string_view bson);
  bson_writer& open(std::string_view name);
  bson_writer& open_array(std::string_view name);
  bson_writer& close();

  /// The document; the writer is of no use afterwards.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t size() const noexcept { return out_.size(); }

 private:
  struct level {
    std::size_t begin;
    bool is_array;
    std::uint32_t next = 0;
  };
  void header(unsigned char type);
  void begin(unsigned char type, bool is_array);
  void end();
  void raw(unsigned char type, std::string_view bson);
  template <class T>
  void append(T value);
  void text(std::string_view value);

  std::string out_;
  std::vector<level> levels_;
  std::string key_;
  purpose purpose_;
};

/// How a path is spelled in MongoDB.
std::string_view stored_path(std::string_view path);

/// A view of finished BSON for libbson; `bytes` has to outlive it. Throws `error` (unavailable) for what is no BSON.
bson_t view(std::string_view bytes);
std::string_view bytes_of(const bson_t& document);
/// The bytes of a document or array an iterator stands at.
std::string_view bytes_at(const bson_iter_t& at);

/// The whole member, name and value, that an iterator over `document` stands at.
std::string_view element_at(const bson_iter_t& at, std::string_view document);

/// A stored document as a tree, "_id" as "id". Throws `error` (unavailable) where it is damaged or holds what no store
/// wrote.
document_value decode(std::string_view bytes);

/// A number, whatever its type; `otherwise` when there is none.
std::int64_t integer_in(const bson_t& document, const char* name, std::int64_t otherwise = 0);
std::string_view text_in(const bson_t& document, const char* name);

}  // namespace nxg::store::mongodb
