#include "store/sqlite/partial_document.hpp"

#include "schema/json.hpp"
#include "schema/json_scanner.hpp"

#include <algorithm>
#include <utility>

namespace nxg::store::sqlite {

namespace {

// As documents are read whole.
constexpr std::size_t deepest = 64;

}  // namespace

partial_document::partial_document(std::string text, const std::function<bool(std::string_view)>& wanted)
    : text_{std::move(text)} {
  schema::problems wrong;
  schema::detail::json_scanner scanner{text_, deepest, wrong};
  std::string scratch;
  const auto require = [&](bool fine) {
    if (!fine) throw schema::invalid{wrong.take()};
  };
  const auto here = [&] { return static_cast<std::size_t>(scanner.position() - text_.data()); };
  require(scanner.enter());
  for (bool first = true, more = true;;) {
    require(scanner.next('}', first, more));
    if (!more) break;
    std::string_view key;
    require(scanner.key(key, scratch));
    place one{std::string{key}, wanted(key), 0, 0};
    static_cast<void>(scanner.peek());
    one.begin = here();
    require(scanner.skip_value());
    one.end = here();
    if (one.read) {
      members.set(one.key, schema::document_from_json(std::string_view{text_}.substr(one.begin, one.end - one.begin)));
    }
    places_.push_back(std::move(one));
  }
  scanner.leave();
  require(scanner.end());
}

std::string partial_document::json() const {
  std::string made{"{"};
  made.reserve(text_.size() + 256);
  const auto begin_member = [&made](std::string_view key) {
    if (made.size() > 1) made += ',';
    schema::append_json_string(made, key);
    made += ':';
  };
  const auto write = [&](std::string_view key, const document_value& value) {
    begin_member(key);
    schema::json_sink sink{made};
    schema::write_value(sink, value);
  };
  for (const auto& one : places_) {
    if (!one.read) {
      begin_member(one.key);
      made.append(text_, one.begin, one.end - one.begin);
    } else if (const auto* value = members.find(one.key)) {
      write(one.key, *value);
    }
  }
  for (const auto& [key, value] : *members.get_if<document_value::object>()) {
    if (std::ranges::find(places_, key, &place::key) == places_.end()) write(key, value);
  }
  made += '}';
  return made;
}

}  // namespace nxg::store::sqlite
