#pragma once

#include "http/body_source.hpp"
#include "http/multipart_parser.hpp"
#include "http/problem.hpp"
#include "runtime/task.hpp"
#include "schema/fields.hpp"
#include "schema/file.hpp"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Forms with files (`multipart/form-data`), whole or as they arrive.
namespace nxg::http {

struct request;

/// Of the text fields of a form; what one part holds, and all of them together.
inline constexpr std::size_t max_form_field = 16 * 1024;
inline constexpr std::size_t max_form_fields = 64 * 1024;

namespace detail {

/// The parts of a form that are no streamed file.
class form_parts {
 public:
  struct part {
    part_head head;
    std::string content;
  };

  void add(part_head head, std::string content) { parts_.push_back({std::move(head), std::move(content)}); }

  template <class T>
  [[nodiscard]] std::vector<field_error> read(T& into) {
    auto wrong = fields_into(into);
    schema::detail::for_each_file(into, [&](std::string_view key, auto& member) {
      for (auto& one : parts_) {
        if (one.head.name != key || !one.head.file_name) continue;
        member = schema::file{std::move(*one.head.file_name), std::move(one.head.content_type), std::move(one.content)};
        return;
      }
    });
    return wrong;
  }

 private:
  template <class T>
  std::vector<field_error> fields_into(T& into) {
    std::vector<field_error> wrong;
    const auto fields = texts(schema::object_shape_of<T>(), wrong);
    add_new(wrong, schema::read_fields(fields, into, schema::field_source::form));
    return wrong;
  }
  /// Of files only that they are there.
  [[nodiscard]] std::vector<schema::field_text> texts(const schema::object_shape& what,
                                                      std::vector<field_error>& wrong) const;
  static void add_new(std::vector<field_error>& wrong, std::vector<schema::problem> found);

  /// Never moved: fields refer to them.
  std::deque<part> parts_;
};

/// The boundary of the request's form. Throws 415 for another media type, 400 for a boundary that is none.
[[nodiscard]] std::string boundary_of(const request& incoming);
/// All parts of a body that is there as a whole. Throws 400, 413.
[[nodiscard]] form_parts read_form(std::string_view boundary, std::string_view body);
/// 400 with all that is wrong.
[[noreturn]] void refuse_fields(std::vector<field_error> wrong);

}  // namespace detail

/// A form as a described struct, its files (`schema::file`, at most one optional of it) held in memory: the route's
/// `body_limit` bounds all of it. Read after the caller was let in. As a handler's parameter.
template <class T>
struct form {
  T value;
  const T& operator*() const noexcept { return value; }
  const T* operator->() const noexcept { return &value; }
};

/// A form that may be large: its file is read by the handler while it arrives, in bounded memory. As a handler's
/// parameter; T is a described struct with exactly one `schema::file`, whose content stays empty.
///
/// ```cpp
/// const auto head = co_await form.file();      // fields before it are read over; 400 without a file
/// for (;;) {
///   const auto piece = co_await form.next();   // at most 64 KiB; empty at the end of the file
///   if (piece.empty()) break;
/// }
/// const auto fields = co_await form.fields();  // the rest of the form; 400 with everything wrong
/// ```
/// All may throw what `body_source::next` throws, and 400 and 413 for the form itself.
class form_stream {
 public:
  explicit form_stream(request& incoming);
  ~form_stream();
  form_stream(form_stream&&) noexcept;
  form_stream& operator=(form_stream&&) noexcept;

  /// Up to the file named `name`.
  task<part_head> file(std::string name);
  task<std::string_view> next();
  task<void> finish();
  [[nodiscard]] detail::form_parts& parts() noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

template <class T>
class upload {
 public:
  explicit upload(request& incoming) : stream_{incoming} {}

  /// What the sender says of the file, once its content is about to come.
  task<part_head> file() { return stream_.file(file_key()); }
  task<std::string_view> next() { return stream_.next(); }

  task<T> fields() {
    co_await stream_.finish();
    T read{};
    auto wrong = stream_.parts().read(read);
    if (!wrong.empty()) detail::refuse_fields(std::move(wrong));
    co_return read;
  }

 private:
  static std::string file_key() {
    T made{};
    std::string found;
    schema::detail::for_each_file(made, [&](std::string_view key, auto&) { found = key; });
    return found;
  }

  form_stream stream_;
};

/// The body as octets, read by the handler while it arrives. As a handler's parameter; the route says their media type.
class octets {
 public:
  explicit octets(request& incoming) noexcept : pieces_{incoming} {}
  task<std::string_view> next() { return pieces_.next(); }

 private:
  body_pieces pieces_;
};

}  // namespace nxg::http
