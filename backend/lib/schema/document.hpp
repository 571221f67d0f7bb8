#pragma once

#include "runtime/clock.hpp"
#include "schema/cipher.hpp"
#include "schema/reflection.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Described structs to and from stored documents, without text in between: what an engine's own format (BSON, JSON in
/// SQLite) needs is a `document_sink` that takes values and a `document_value` made from what it has.
/// Member names are stored as on the wire. Stored forms: integers as int64, floats as number, text types, enums, uuids
/// and dates as string, instants as instant, `bytes` and sealed values as binary, `any_json` as its text.
namespace nxg::schema {

/// Takes a document value by value; calls nest properly, `key` comes before each value of an object.
class document_sink {
 public:
  document_sink() = default;
  document_sink(const document_sink&) = delete;
  document_sink& operator=(const document_sink&) = delete;
  virtual ~document_sink() = default;

  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
  virtual void key(std::string_view name) = 0;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  virtual void number(double value) = 0;
  virtual void string(std::string_view utf8) = 0;
  virtual void time(instant value) = 0;
  virtual void binary(std::string_view octets) = 0;
};

struct document_member;

/// A value of a document, as a tree.
class document_value {
 public:
  struct binary {
    std::string octets;
    friend bool operator==(const binary&, const binary&) = default;
  };
  using array = std::vector<document_value>;
  using object = std::vector<document_member>;  ///< in order; keys are unique
  using variant = std::variant<std::monostate, bool, std::int64_t, double, std::string, instant, binary, array, object>;

  document_value();
  document_value(std::nullptr_t);
  document_value(bool value);
  document_value(std::int64_t value);
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && !std::same_as<Integer, std::int64_t>)
  document_value(Integer value) : document_value{static_cast<std::int64_t>(value)} {}
  document_value(double value);
  document_value(std::string value);
  document_value(std::string_view value);
  document_value(const char* value);
  document_value(instant value);
  document_value(binary value);
  document_value(array value);
  document_value(object value);
  document_value(const document_value&);
  document_value(document_value&&) noexcept;
  document_value& operator=(const document_value&);
  document_value& operator=(document_value&&) noexcept;
  ~document_value();

  [[nodiscard]] const variant& get() const noexcept { return value_; }
  [[nodiscard]] variant& get() noexcept { return value_; }
  template <class T>
  [[nodiscard]] const T* get_if() const noexcept {
    return std::get_if<T>(&value_);
  }
  template <class T>
  [[nodiscard]] T* get_if() noexcept {
    return std::get_if<T>(&value_);
  }
  [[nodiscard]] bool is_null() const noexcept { return value_.index() == 0; }

  /// The member `key` of an object; null when there is none, or this is no object.
  [[nodiscard]] const document_value* find(std::string_view key) const noexcept;
  [[nodiscard]] document_value* find(std::string_view key) noexcept;
  /// The value at a path as by `path_of`, through objects.
  [[nodiscard]] const document_value* at_path(std::string_view path) const noexcept;
  /// Sets a member of an object; a null value becomes an object first. Throws std::logic_error on anything else.
  document_value& set(std::string_view key, document_value value);
  /// Removes a member of an object; whether there was one.
  bool erase(std::string_view key);

  /// Of the same type and equal; 1 and 1.0 differ.
  friend bool operator==(const document_value& a, const document_value& b) noexcept;

 private:
  variant value_;
};

struct document_member {
  std::string key;
  document_value value;
  friend bool operator==(const document_member&, const document_member&) = default;
};

namespace detail {
void write_document(document_sink& sink, const shape& what, const void* storage, cipher* seals, std::string_view path);
void write_fields(document_sink& sink, const object_shape& what, const void* storage, cipher* seals);
void read_document(const document_value& from, const shape& what, void* storage, cipher* seals, std::string_view path);
}  // namespace detail

/// Writes `value` as one value (an object, for a struct). Empty optionals are left out of objects.
/// Throws `unwritable`, and std::logic_error when there is something to seal and no cipher.
template <class T>
void write_document(document_sink& sink, const T& value, cipher* seals = nullptr) {
  detail::write_document(sink, shape_of<T>(), detail::storage_of(value), seals, {});
}

/// Writes the members of a struct only, for an engine that keeps its own beside them in the same object.
template <class T>
void write_fields(document_sink& sink, const T& value, cipher* seals = nullptr) {
  detail::write_fields(sink, object_shape_of<T>(), detail::storage_of(value), seals);
}

/// Reads tolerantly: unknown members are ignored, missing and null ones keep their default, constraints are not checked
/// (they may have been tightened since). Also takes what engines without such types give: strings or milliseconds for
/// instants, base64url strings for binary, whole doubles for integers. An unknown enumerator reads as `unknown` where
/// the enum has it. Throws `invalid` (with pointers) where a value cannot be read at all, and what the cipher throws.
template <class T>
[[nodiscard]] T read_document(const document_value& from, cipher* seals = nullptr) {
  T value{};
  detail::read_document(from, shape_of<T>(), detail::storage_of(value), seals, {});
  return value;
}

/// One value (a member's, for a filter or an update) as it is stored. `path` names the member a sealed value belongs
/// to.
template <class T>
[[nodiscard]] document_value to_document_value(const T& value, cipher* seals = nullptr, std::string_view path = {});

/// A sink that makes a `document_value`.
class value_sink final : public document_sink {
 public:
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

  /// The value; the sink is empty again.
  [[nodiscard]] document_value take();

 private:
  void put(document_value value);
  void close();
  std::vector<document_value>
      open_;  // the containers being filled, outermost first; an object ends with the key that awaits its value
  document_value done_;
};

/// A sink that appends JSON text: instants as RFC 3339 strings (which sort as the instants do), binary as base64url.
/// `read_document` understands both again by the type it reads, so a store that keeps text loses nothing.
class json_sink final : public document_sink {
 public:
  explicit json_sink(std::string& out) : out_{&out} {}
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

 private:
  void separate();
  std::string* out_;
  bool comma_ = false;
};

/// A tree from JSON text (numbers without fraction and exponent become integers). Throws `invalid`: text that is no
/// JSON, duplicate keys, nested deeper than 64.
[[nodiscard]] document_value document_from_json(std::string_view text);
/// Feeds a tree to a sink.
void write_value(document_sink& sink, const document_value& value);

template <class T>
document_value to_document_value(const T& value, cipher* seals, std::string_view path) {
  value_sink sink;
  detail::write_document(sink, shape_of<T>(), detail::storage_of(value), seals, path);
  return sink.take();
}

}  // namespace nxg::schema
