#include "http/form.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace nxg::http {

namespace {

using event = multipart_parser::event;

[[noreturn]] void refuse(std::string_view why) { throw problem{protocol_error::malformed_request, std::string{why}}; }

[[noreturn]] void refuse_size(std::string_view name) {
  throw problem{protocol_error::payload_too_large, "A field of a form has at most " + std::to_string(max_form_field) +
                                                       " octets, all of them " + std::to_string(max_form_fields) + '.'}
      .with_errors({{"/" + std::string{name}, std::string{schema::codes::too_long}, "is too long"}});
}

bool is_file_shape(const schema::shape& what) {
  if (what.what == schema::kind::optional)
    return is_file_shape(*static_cast<const schema::optional_shape&>(what).value);
  return what.what == schema::kind::string && static_cast<const schema::string_shape&>(what).format == "binary";
}

/// The sum of text fields, bounded.
class text_budget {
 public:
  void add(const part_head& part, std::size_t field_so_far, std::size_t more) {
    used_ += more;
    if (field_so_far + more > max_form_field || used_ > max_form_fields) refuse_size(part.name);
  }

 private:
  std::size_t used_ = 0;
};

}  // namespace

namespace detail {

std::string boundary_of(const request& incoming) {
  const auto type = incoming.headers.find("content-type").value_or("");
  constexpr std::string_view wanted = "multipart/form-data";
  auto kind = type.substr(0, std::min(type.find(';'), type.size()));
  while (kind.ends_with(' ')) kind.remove_suffix(1);
  if (!equal_ignoring_case(kind, wanted)) {
    throw problem{protocol_error::unsupported_media_type, "The body must be multipart/form-data."}.with_header("Accept",
                                                                                                               wanted);
  }
  auto boundary = multipart_boundary(type);
  if (!boundary) refuse("The content type has no boundary, or none that can be one.");
  return std::move(*boundary);
}

void refuse_fields(std::vector<field_error> wrong) {
  throw problem{protocol_error::invalid_request, "The request has fields that are missing, unknown or out of range."}
      .with_errors(std::move(wrong));
}

std::vector<schema::field_text> form_parts::texts(const schema::object_shape& what,
                                                  std::vector<field_error>& wrong) const {
  std::vector<schema::field_text> fields;
  for (const auto& one : parts_) {
    const bool is_file = one.head.file_name.has_value();
    const auto member = std::ranges::find(what.fields, one.head.name, &schema::field::key);
    if (member != what.fields.end() && is_file != is_file_shape(*member->value)) {
      wrong.push_back({"/" + one.head.name, std::string{schema::codes::wrong_type},
                       is_file ? "must be text, not a file" : "must be a file"});
    }
    fields.push_back({one.head.name, is_file ? std::string_view{} : std::string_view{one.content}});
  }
  return fields;
}

/// One thing wrong with a field is enough: what follows from it is left out.
void form_parts::add_new(std::vector<field_error>& wrong, std::vector<schema::problem> found) {
  const auto known = wrong.size();
  for (auto& one : found) {
    const auto end = wrong.begin() + static_cast<std::ptrdiff_t>(known);
    if (std::find_if(wrong.begin(), end, [&](const auto& earlier) { return earlier.pointer == one.pointer; }) != end)
      continue;
    wrong.push_back({std::move(one.pointer), std::move(one.code), std::move(one.message)});
  }
}

form_parts read_form(std::string_view boundary, std::string_view body) {
  form_parts parts;
  text_budget budget;
  multipart_parser parser{boundary};
  std::string content;
  while (!body.empty()) {
    const auto found = parser.take(body);
    body.remove_prefix(parser.consumed());
    switch (found) {
      case event::part_begins: content.clear(); break;
      case event::data:
        if (!parser.part().file_name) budget.add(parser.part(), content.size(), parser.data().size());
        content.append(parser.data());
        break;
      case event::part_ends: parts.add(parser.part(), std::exchange(content, {})); break;
      case event::malformed: refuse(parser.error());
      case event::need_more: break;
    }
  }
  if (!parser.end()) refuse(parser.error());
  return parts;
}

}  // namespace detail

struct form_stream::state {
  explicit state(request& incoming) : parser{detail::boundary_of(incoming)}, source{incoming} {}

  /// The next event; `malformed` is thrown, at the end of the body it is `need_more`.
  task<event> advance() {
    for (;;) {
      if (rest.empty()) {
        rest = co_await source.next();
        if (rest.empty()) {
          if (!parser.end()) refuse(parser.error());
          co_return event::need_more;
        }
      }
      const auto found = parser.take(rest);
      rest.remove_prefix(parser.consumed());
      if (found == event::malformed) refuse(parser.error());
      if (found != event::need_more) co_return found;
    }
  }

  /// Reads a text field whose beginning was seen.
  task<> read_field() {
    std::string content;
    for (;;) {
      const auto found = co_await advance();
      if (found == event::part_ends) break;
      budget.add(parser.part(), content.size(), parser.data().size());
      content.append(parser.data());
    }
    parts.add(parser.part(), std::move(content));
  }

  multipart_parser parser;
  body_pieces source;
  std::string_view rest;
  text_budget budget;
  detail::form_parts parts;
  bool in_file = false;
  bool had_file = false;
};

form_stream::form_stream(request& incoming) : state_{std::make_unique<state>(incoming)} {}
form_stream::~form_stream() = default;
form_stream::form_stream(form_stream&&) noexcept = default;
form_stream& form_stream::operator=(form_stream&&) noexcept = default;

detail::form_parts& form_stream::parts() noexcept { return state_->parts; }

task<part_head> form_stream::file(std::string name) {
  auto& now = *state_;
  for (;;) {
    const auto found = co_await now.advance();
    if (found == event::need_more) {
      std::vector<field_error> wrong;
      wrong.push_back({"/" + name, std::string{schema::codes::required}, "is required, as a file"});
      detail::refuse_fields(std::move(wrong));
    }
    if (now.parser.part().file_name && now.parser.part().name == name) break;
    if (now.parser.part().file_name) {
      std::vector<field_error> wrong;
      wrong.push_back(
          {"/" + now.parser.part().name, std::string{schema::codes::unknown_field}, "is no file of this form"});
      detail::refuse_fields(std::move(wrong));
    }
    co_await now.read_field();
  }
  now.in_file = now.had_file = true;
  now.parts.add(now.parser.part(), {});
  co_return now.parser.part();
}

task<std::string_view> form_stream::next() {
  auto& now = *state_;
  if (!now.in_file) co_return std::string_view{};
  const auto found = co_await now.advance();
  if (found == event::data) co_return now.parser.data();
  now.in_file = false;
  co_return std::string_view{};
}

task<void> form_stream::finish() {
  auto& now = *state_;
  while (now.in_file) {
    const auto skipped = co_await next();
    static_cast<void>(skipped);
  }
  for (;;) {
    const auto found = co_await now.advance();
    if (found == event::need_more) break;
    if (now.parser.part().file_name) {
      std::vector<field_error> wrong;
      wrong.push_back({"/" + now.parser.part().name, std::string{schema::codes::unknown_field},
                       now.had_file ? "is one file too many" : "is no file of this form"});
      detail::refuse_fields(std::move(wrong));
    }
    co_await now.read_field();
  }
}

}  // namespace nxg::http
