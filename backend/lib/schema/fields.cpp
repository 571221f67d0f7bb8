#include "schema/fields.hpp"

#include "schema/json_scanner.hpp"
#include "schema/scalars.hpp"
#include "schema/text.hpp"

#include <algorithm>
#include <bitset>

namespace nxg::schema {

std::string header_name(const field& member) {
  std::string name;
  bool upper = true;
  for (char c : member.name) {
    if (c == '_') c = '-';
    name += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '-';
  }
  while (name.ends_with('-')) name.pop_back();
  return name;
}

namespace detail {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view name_of(field_source source) noexcept {
  switch (source) {
    case field_source::query: return "query";
    case field_source::path: return "path";
    case field_source::header: return "header";
    case field_source::form: return "";
  }
  return "";
}

/// Without `begin`, which would refuse bad UTF-8 as a whole: here that is a problem of one field among others.
void read_number_text(const shape& what, void* storage, std::string_view text, problems& found) {
  problems ignored;
  json_scanner scanner{text, 1, ignored};
  number_token token;
  if (!scanner.number(token) || token.text.size() != text.size()) {
    return found.add(codes::wrong_type, std::string{expected_type(what)});
  }
  if (what.what == kind::integer) {
    read_integer(static_cast<const integer_shape&>(what), storage, token, found);
  } else {
    read_number(static_cast<const number_shape&>(what), storage, token, found);
  }
}

void read_scalar(const shape& what, void* storage, std::string_view text, problems& found) {
  switch (what.what) {
    case kind::boolean:
      if (text != "true" && text != "false") return found.add(codes::wrong_type, std::string{expected_type(what)});
      *static_cast<bool*>(storage) = text == "true";
      return;
    case kind::integer:
    case kind::number: return read_number_text(what, storage, text, found);
    default: return read_text(what, storage, text, strictness::checked, found);
  }
}

void read_list(const list_shape& what, void* storage, std::string_view text, problems& found) {
  what.clear(storage);
  std::size_t count = 0;
  for (bool more = !text.empty(); more && !found.full(); ++count) {
    const auto comma = text.find(',');
    if (count < what.max_size) read_scalar(*what.element, what.append(storage), text.substr(0, comma), found);
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
  check_size(count, what.min_size, what.max_size, found);
}

void read_field(const shape& declared, void* storage, std::string_view text, problems& found) {
  const shape* what = &declared;
  if (what->what == kind::optional) {
    const auto& optional = static_cast<const optional_shape&>(*what);
    storage = optional.emplace(storage);
    what = optional.value;
  }
  if (!is_utf8(text)) return found.add(codes::bad_utf8, "must be UTF-8");
  if (what->what == kind::list) return read_list(static_cast<const list_shape&>(*what), storage, text, found);
  read_scalar(*what, storage, text, found);
}

class field_reader {
 public:
  field_reader(field_source source, const object_shape& what, void* storage, problems& found) noexcept
      : source_{source}, what_{what}, storage_{storage}, found_{found}, root_{.key = name_of(source)} {}

  void run(std::span<const field_text> given) {
    for (const auto& one : given) {
      if (found_.full()) return;
      take(one);
    }
    for (std::size_t i = 0; i < what_.fields.size(); ++i) {
      if (!seen_[i] && what_.fields[i].required) report(spelled(what_.fields[i]), codes::required, "is required");
    }
    if (what_.check != nullptr) {
      found_.stand_at(root());
      found_.begin_rule(0);
      what_.check(storage_, found_);
      found_.end_rule();
    }
  }

 private:
  void take(const field_text& one) {
    const auto at =
        std::ranges::find_if(what_.fields, [&](const field& member) { return is_called(member, one.name); });
    if (at == what_.fields.end()) {
      // Bytes that are no UTF-8 would make the answer unreadable, not only the request.
      if (source_ != field_source::header)
        report(replace_bad_utf8(one.name), codes::unknown_field, "is not a known parameter");
      return;
    }
    const auto index = static_cast<std::size_t>(at - what_.fields.begin());
    const auto name = spelled(*at);
    if (seen_[index]) return report(name, codes::duplicate_key, "is given more than once");
    seen_[index] = true;
    const place here{.parent = root(), .key = name};
    found_.stand_at(&here);
    read_field(*at->value, at->access(storage_), one.value, found_);
  }

  /// The parts of a form are named like the members of a body: from the top.
  [[nodiscard]] const place* root() const { return source_ == field_source::form ? nullptr : &root_; }

  [[nodiscard]] bool is_called(const field& member, std::string_view name) const {
    return source_ == field_source::header ? equal_ignoring_case(header_name(member), name) : member.key == name;
  }

  [[nodiscard]] std::string spelled(const field& member) const {
    return source_ == field_source::header ? header_name(member) : std::string{member.key};
  }

  void report(std::string_view name, std::string_view code, std::string_view message) {
    const place here{.parent = root(), .key = name};
    found_.stand_at(&here);
    found_.add(code, std::string{message});
  }

  field_source source_;
  const object_shape& what_;
  void* storage_;
  problems& found_;
  place root_;
  std::bitset<max_fields> seen_;
};

}  // namespace

std::vector<problem> read_fields(std::span<const field_text> given, field_source source, const object_shape& what,
                                 void* storage) {
  problems found;
  field_reader{source, what, storage, found}.run(given);
  return found.take();
}

}  // namespace detail

}  // namespace nxg::schema
