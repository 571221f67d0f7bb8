#include "schema/document.hpp"

#include "schema/json_scanner.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace nxg::schema {

document_value::document_value() = default;
document_value::document_value(std::nullptr_t) {}
document_value::document_value(bool value) : value_{value} {}
document_value::document_value(std::int64_t value) : value_{value} {}
document_value::document_value(double value) : value_{value} {}
document_value::document_value(std::string value) : value_{std::move(value)} {}
document_value::document_value(std::string_view value) : value_{std::string{value}} {}
document_value::document_value(const char* value) : value_{std::string{value}} {}
document_value::document_value(instant value) : value_{value} {}
document_value::document_value(binary value) : value_{std::move(value)} {}
document_value::document_value(array value) : value_{std::move(value)} {}
document_value::document_value(object value) : value_{std::move(value)} {}
document_value::document_value(const document_value&) = default;
document_value::document_value(document_value&&) noexcept = default;
document_value& document_value::operator=(const document_value&) = default;
document_value& document_value::operator=(document_value&&) noexcept = default;
document_value::~document_value() = default;

bool operator==(const document_value& a, const document_value& b) noexcept { return a.value_ == b.value_; }

const document_value* document_value::find(std::string_view key) const noexcept {
  const auto* const members = get_if<object>();
  if (members == nullptr) return nullptr;
  const auto at = std::ranges::find(*members, key, &document_member::key);
  return at == members->end() ? nullptr : &at->value;
}

document_value* document_value::find(std::string_view key) noexcept {
  return const_cast<document_value*>(std::as_const(*this).find(key));
}

const document_value* document_value::at_path(std::string_view path) const noexcept {
  const document_value* here = this;
  while (here != nullptr) {
    const auto dot = path.find('.');
    here = here->find(path.substr(0, dot));
    if (dot == std::string_view::npos) break;
    path.remove_prefix(dot + 1);
  }
  return here;
}

document_value& document_value::set(std::string_view key, document_value value) {
  if (is_null()) value_ = object{};
  auto* const members = get_if<object>();
  if (members == nullptr) throw std::logic_error{"only an object has members"};
  if (auto* const known = find(key)) return *known = std::move(value);
  return members->emplace_back(std::string{key}, std::move(value)).value;
}

bool document_value::erase(std::string_view key) {
  auto* const members = get_if<object>();
  return members != nullptr && std::erase_if(*members, [&](const auto& member) { return member.key == key; }) > 0;
}

namespace {

constexpr std::size_t max_document_depth = 64;

class tree_reader {
 public:
  tree_reader(std::string_view text, problems& found) noexcept
      : scanner_{text, max_document_depth, found}, found_{found} {}

  document_value run() {
    document_value result;
    if (!scanner_.begin() || !value(result) || !scanner_.end()) throw invalid{found_.take()};
    return result;
  }

 private:
  bool value(document_value& into) {
    switch (scanner_.peek()) {
      case '{': return object(into);
      case '[': return array(into);
      case '"': return string(into);
      case 't': into = true; return scanner_.literal("true");
      case 'f': into = false; return scanner_.literal("false");
      case 'n': into = nullptr; return scanner_.literal("null");
      default: return number(into);
    }
  }

  bool string(document_value& into) {
    std::string_view text;
    if (!scanner_.string(text, scratch_)) return false;
    into = text;
    return true;
  }

  bool number(document_value& into) {
    detail::number_token token;
    if (!scanner_.number(token)) return false;
    std::int64_t whole = 0;
    if (token.whole &&
        std::from_chars(token.text.data(), token.text.data() + token.text.size(), whole).ec == std::errc{}) {
      into = whole;
    } else {
      into = detail::to_double(token);
    }
    return true;
  }

  bool object(document_value& into) {
    if (!scanner_.enter()) return false;
    document_value::object members;
    for (bool first = true, more = true;;) {
      if (!scanner_.next('}', first, more)) return false;
      if (!more) break;
      std::string_view key;
      if (!scanner_.key(key, scratch_)) return false;
      auto& member = members.emplace_back(std::string{key}, nullptr);
      if (!value(member.value)) return false;
    }
    scanner_.leave();
    if (!keys_are_unique(members)) return scanner_.fail(codes::duplicate_key, "has a key twice");
    into = std::move(members);
    return true;
  }

  static bool keys_are_unique(const document_value::object& members) {
    std::vector<std::string_view> keys;
    keys.reserve(members.size());
    for (const auto& member : members) keys.push_back(member.key);
    std::ranges::sort(keys);
    return std::ranges::adjacent_find(keys) == keys.end();
  }

  bool array(document_value& into) {
    if (!scanner_.enter()) return false;
    document_value::array elements;
    for (bool first = true, more = true;;) {
      if (!scanner_.next(']', first, more)) return false;
      if (!more) break;
      if (!value(elements.emplace_back())) return false;
    }
    scanner_.leave();
    into = std::move(elements);
    return true;
  }

  detail::json_scanner scanner_;
  problems& found_;
  std::string scratch_;
};

}  // namespace

document_value document_from_json(std::string_view text) {
  problems found;
  return tree_reader{text, found}.run();
}

void write_value(document_sink& sink, const document_value& value) {
  struct visitor {
    document_sink& sink;
    void operator()(std::monostate) const { sink.null(); }
    void operator()(bool flag) const { sink.boolean(flag); }
    void operator()(std::int64_t whole) const { sink.integer(whole); }
    void operator()(double real) const { sink.number(real); }
    void operator()(const std::string& text) const { sink.string(text); }
    void operator()(instant when) const { sink.time(when); }
    void operator()(const document_value::binary& octets) const { sink.binary(octets.octets); }
    void operator()(const document_value::array& elements) const {
      sink.begin_array();
      for (const auto& element : elements) write_value(sink, element);
      sink.end_array();
    }
    void operator()(const document_value::object& members) const {
      sink.begin_object();
      for (const auto& [key, item] : members) {
        sink.key(key);
        write_value(sink, item);
      }
      sink.end_object();
    }
  };
  std::visit(visitor{sink}, value.get());
}

}  // namespace nxg::schema
