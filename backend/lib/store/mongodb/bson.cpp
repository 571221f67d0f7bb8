#include "store/mongodb/bson.hpp"

#include "store/engine.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace nxg::store::mongodb {

namespace {

static_assert(std::endian::native == std::endian::little, "BSON is written as the machine has it");

constexpr int deepest = 100;  // what MongoDB takes

/// https://bsonspec.org/spec.html
enum type : unsigned char {
  of_double = 0x01,
  of_string = 0x02,
  of_document = 0x03,
  of_array = 0x04,
  of_binary = 0x05,
  of_boolean = 0x08,
  of_time = 0x09,
  of_null = 0x0A,
  of_int64 = 0x12,
};

[[noreturn]] void damaged(const char* why) {
  throw error{failure::unavailable, std::string{"a stored document cannot be read: "} + why};
}

document_value value_at(const bson_iter_t& at, int depth);

document_value::object members_of(bson_iter_t& at, int depth) {
  document_value::object members;
  while (bson_iter_next(&at)) {
    const std::string_view name{bson_iter_key(&at), bson_iter_key_len(&at)};
    members.push_back({std::string{depth == 0 && name == "_id" ? stored_names::id : name}, value_at(at, depth + 1)});
  }
  return members;
}

document_value::array elements_of(bson_iter_t& at, int depth) {
  document_value::array elements;
  while (bson_iter_next(&at)) elements.push_back(value_at(at, depth + 1));
  return elements;
}

document_value nested(const bson_iter_t& at, int depth) {
  bson_iter_t inner;
  if (depth > deepest || !bson_iter_recurse(&at, &inner)) damaged("it is nested too deep, or damaged");
  if (BSON_ITER_HOLDS_ARRAY(&at)) return elements_of(inner, depth);
  return members_of(inner, depth);
}

document_value binary_at(const bson_iter_t& at) {
  bson_subtype_t kind{};
  std::uint32_t size = 0;
  const std::uint8_t* octets = nullptr;
  bson_iter_binary(&at, &kind, &size, &octets);
  return document_value::binary{std::string{reinterpret_cast<const char*>(octets), size}};
}

document_value value_at(const bson_iter_t& at, int depth) {
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_NULL:
    case BSON_TYPE_UNDEFINED: return {};
    case BSON_TYPE_BOOL: return bson_iter_bool(&at);
    case BSON_TYPE_INT32: return std::int64_t{bson_iter_int32(&at)};  // written by a shell
    case BSON_TYPE_INT64: return std::int64_t{bson_iter_int64(&at)};
    case BSON_TYPE_DOUBLE: return bson_iter_double(&at);
    case BSON_TYPE_DATE_TIME: return instant{std::chrono::milliseconds{bson_iter_date_time(&at)}};
    case BSON_TYPE_BINARY: return binary_at(at);
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY: return nested(at, depth);
    case BSON_TYPE_UTF8: {
      std::uint32_t size = 0;
      const char* text = bson_iter_utf8(&at, &size);
      return std::string_view{text, size};
    }
    default: damaged("it holds a value of a type no store writes");
  }
}

}  // namespace

bson_writer::bson_writer(purpose what) : purpose_{what} {
  if (what == purpose::command) begin_object();
}

template <class T>
void bson_writer::append(T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out_.append(bytes, sizeof value);
}

/// Type and name of the value that follows.
void bson_writer::header(unsigned char type) {
  out_ += static_cast<char>(type);
  level& here = levels_.back();
  if (here.is_array) {
    char digits[12];
    out_.append(digits, std::to_chars(digits, digits + sizeof digits, here.next++).ptr);
  } else {
    out_ += key_;
  }
  out_ += '\0';
}

void bson_writer::begin(unsigned char type, bool is_array) {
  if (!levels_.empty()) header(type);
  if (levels_.size() >= deepest) throw std::logic_error{"a document is nested too deep for MongoDB"};
  levels_.push_back({out_.size(), is_array});
  append(std::int32_t{0});
}

void bson_writer::end() {
  out_ += '\0';
  const auto size = static_cast<std::int32_t>(out_.size() - levels_.back().begin);
  std::memcpy(out_.data() + levels_.back().begin, &size, sizeof size);
  levels_.pop_back();
}

void bson_writer::raw(unsigned char type, std::string_view bson) {
  header(type);
  out_ += bson;
}

void bson_writer::text(std::string_view value) {
  append(static_cast<std::int32_t>(value.size() + 1));
  out_ += value;
  out_ += '\0';
}

void bson_writer::begin_object() { begin(of_document, false); }
void bson_writer::end_object() { end(); }
void bson_writer::begin_array() { begin(of_array, true); }
void bson_writer::end_array() { end(); }

void bson_writer::key(std::string_view name) {
  if (name.find('\0') != std::string_view::npos) throw std::logic_error{"a stored name has a NUL in it"};
  key_ = purpose_ == purpose::document && levels_.size() == 1 ? stored_path(name) : name;
}

void bson_writer::null() {
  if (levels_.back().is_array) explicit_null();
}

void bson_writer::explicit_null() { header(of_null); }

void bson_writer::boolean(bool value) {
  header(of_boolean);
  out_ += value ? '\1' : '\0';
}

void bson_writer::integer(std::int64_t value) {
  header(of_int64);
  append(value);
}

void bson_writer::number(double value) {
  if (!std::isfinite(value)) throw std::logic_error{"a number that is not finite cannot be stored"};
  header(of_double);
  append(value);
}

void bson_writer::string(std::string_view utf8) {
  header(of_string);
  text(utf8);
}

void bson_writer::time(instant value) {
  header(of_time);
  append(std::int64_t{value.time_since_epoch().count()});
}

void bson_writer::binary(std::string_view octets) {
  header(of_binary);
  append(static_cast<std::int32_t>(octets.size()));
  out_ += '\0';  // of no particular kind
  out_ += octets;
}

bson_writer& bson_writer::add(std::string_view name, std::string_view value) {
  key(name);
  string(value);
  return *this;
}

bson_writer& bson_writer::add(std::string_view name, bool value) {
  key(name);
  boolean(value);
  return *this;
}

bson_writer& bson_writer::add(std::string_view name, std::int64_t value) {
  key(name);
  integer(value);
  return *this;
}

bson_writer& bson_writer::add(std::string_view name, const document_value& value) {
  key(name);
  value.is_null() ? explicit_null() : schema::write_value(*this, value);
  return *this;
}

bson_writer& bson_writer::add_document(std::string_view name, std::string_view bson) {
  key(name);
  document(bson);
  return *this;
}

bson_writer& bson_writer::open(std::string_view name) {
  key(name);
  begin_object();
  return *this;
}

bson_writer& bson_writer::open_array(std::string_view name) {
  key(name);
  begin_array();
  return *this;
}

bson_writer& bson_writer::close() {
  end();
  return *this;
}

std::string bson_writer::take() {
  if (purpose_ == purpose::command) end();
  if (!levels_.empty()) throw std::logic_error{"a BSON document was not finished"};
  return std::move(out_);
}

std::string_view stored_path(std::string_view path) { return path == stored_names::id ? "_id" : path; }

bson_t view(std::string_view bytes) {
  bson_t made;
  if (!bson_init_static(&made, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()))
    damaged("it is no BSON");
  return made;
}

std::string_view bytes_of(const bson_t& document) {
  return {reinterpret_cast<const char*>(bson_get_data(&document)), document.len};
}

std::string_view bytes_at(const bson_iter_t& at) {
  std::uint32_t size = 0;
  const std::uint8_t* bytes = nullptr;
  if (BSON_ITER_HOLDS_DOCUMENT(&at)) {
    bson_iter_document(&at, &size, &bytes);
  } else if (BSON_ITER_HOLDS_ARRAY(&at)) {
    bson_iter_array(&at, &size, &bytes);
  }
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string_view element_at(const bson_iter_t& at, std::string_view document) {
  bson_iter_t next = at;
  const std::size_t begin = bson_iter_offset(&next);
  const std::size_t end = bson_iter_next(&next) ? bson_iter_offset(&next) : document.size() - 1;
  return document.substr(begin, end - begin);
}

document_value decode(std::string_view bytes) {
  const bson_t document = view(bytes);
  bson_iter_t at;
  if (!bson_iter_init(&at, &document)) damaged("it is no BSON");
  return members_of(at, 0);
}

std::int64_t integer_in(const bson_t& document, const char* name, std::int64_t otherwise) {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, &document, name)) return otherwise;
  return BSON_ITER_HOLDS_NUMBER(&at) ? bson_iter_as_int64(&at) : otherwise;
}

std::string_view text_in(const bson_t& document, const char* name) {
  bson_iter_t at;
  if (!bson_iter_init_find(&at, &document, name) || !BSON_ITER_HOLDS_UTF8(&at)) return {};
  std::uint32_t size = 0;
  const char* text = bson_iter_utf8(&at, &size);
  return {text, size};
}

}  // namespace nxg::store::mongodb
