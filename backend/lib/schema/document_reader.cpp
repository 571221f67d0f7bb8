#include "schema/document.hpp"

#include "schema/scalars.hpp"
#include "schema/sealing.hpp"
#include "schema/text.hpp"

#include <cmath>

namespace nxg::schema::detail {

namespace {

/// Tolerant, as stored documents outlive the code that wrote them: takes what can be understood, reports only what
/// cannot.
class document_reader {
 public:
  document_reader(cipher* seals, std::string_view path, problems& found) noexcept
      : seals_{seals}, path_{path}, found_{found} {}

  void value(const document_value& from, const shape& what, void* storage, const place* here) {
    found_.stand_at(here);
    if (from.is_null()) {
      if (what.what == kind::optional) static_cast<const optional_shape&>(what).reset(storage);
      return;
    }
    switch (what.what) {
      case kind::boolean: return boolean(from, what, *static_cast<bool*>(storage));
      case kind::integer: return integer(from, static_cast<const integer_shape&>(what), storage);
      case kind::number: return number(from, static_cast<const number_shape&>(what), storage);
      case kind::string:
      case kind::id:
      case kind::date:
      case kind::enumeration: return text(from, what, storage);
      case kind::time: return time(from, what, *static_cast<instant*>(storage));
      case kind::binary: return binary(from, what, *static_cast<std::string*>(storage));
      case kind::raw_json: return raw(from, what, *static_cast<std::string*>(storage));
      case kind::optional: {
        const auto& optional = static_cast<const optional_shape&>(what);
        return value(from, *optional.value, optional.emplace(storage), here);
      }
      case kind::list: return list(from, static_cast<const list_shape&>(what), storage, here);
      case kind::map: return map(from, static_cast<const map_shape&>(what), storage, here);
      case kind::object: return object(from, static_cast<const object_shape&>(what), storage, here);
      case kind::sealed: return sealed(from, *static_cast<const sealed_shape&>(what).value, storage, here);
    }
  }

 private:
  void wrong_type(const shape& what) { found_.add(codes::wrong_type, std::string{expected_type(what)}); }

  void boolean(const document_value& from, const shape& what, bool& storage) {
    if (const auto* flag = from.get_if<bool>()) {
      storage = *flag;
    } else {
      wrong_type(what);
    }
  }

  void integer(const document_value& from, const integer_shape& what, void* storage) {
    if (const auto* whole = from.get_if<std::int64_t>()) {
      read_integer(what, storage, *whole, strictness::tolerant, found_);
    } else if (const auto* real = from.get_if<double>();
               real != nullptr && *real == std::trunc(*real) && std::abs(*real) <= static_cast<double>(max_integer)) {
      read_integer(what, storage, static_cast<std::int64_t>(*real), strictness::tolerant, found_);
    } else {
      wrong_type(what);
    }
  }

  void number(const document_value& from, const number_shape& what, void* storage) {
    if (const auto* real = from.get_if<double>()) {
      read_number(what, storage, *real, strictness::tolerant, found_);
    } else if (const auto* whole = from.get_if<std::int64_t>()) {
      read_number(what, storage, static_cast<double>(*whole), strictness::tolerant, found_);
    } else {
      wrong_type(what);
    }
  }

  void text(const document_value& from, const shape& what, void* storage) {
    if (const auto* spelled = from.get_if<std::string>()) {
      read_text(what, storage, *spelled, strictness::tolerant, found_);
    } else {
      wrong_type(what);
    }
  }

  void time(const document_value& from, const shape& what, instant& storage) {
    if (const auto* when = from.get_if<instant>()) {
      storage = *when;
    } else if (const auto* whole = from.get_if<std::int64_t>()) {
      storage = instant{std::chrono::milliseconds{*whole}};
    } else {
      text(from, what, &storage);
    }
  }

  void binary(const document_value& from, const shape& what, std::string& storage) {
    if (const auto* octets = from.get_if<document_value::binary>()) {
      storage = octets->octets;
    } else {
      text(from, what, &storage);
    }
  }

  void raw(const document_value& from, const shape& what, std::string& storage) {
    if (const auto* spelled = from.get_if<std::string>()) {
      storage = *spelled;
    } else {
      wrong_type(what);
    }
  }

  void list(const document_value& from, const list_shape& what, void* storage, const place* here) {
    const auto* const elements = from.get_if<document_value::array>();
    if (elements == nullptr) return wrong_type(what);
    what.clear(storage);
    for (std::size_t i = 0; i < elements->size(); ++i) {
      const place inside{.parent = here, .index = i};
      value((*elements)[i], *what.element, what.append(storage), &inside);
    }
  }

  void map(const document_value& from, const map_shape& what, void* storage, const place* here) {
    const auto* const members = from.get_if<document_value::object>();
    if (members == nullptr) return wrong_type(what);
    what.clear(storage);
    for (const auto& [key, item] : *members) {
      void* const at = item.is_null() ? nullptr : what.insert(storage, std::string{key});
      const place inside{.parent = here, .key = key};
      if (at != nullptr) value(item, *what.value, at, &inside);
    }
  }

  void object(const document_value& from, const object_shape& what, void* storage, const place* here) {
    const auto* const members = from.get_if<document_value::object>();
    if (members == nullptr) return wrong_type(what);
    std::size_t expected = 0;
    for (const auto& [key, item] : *members) {
      // As in JSON, members mostly come in the order of the struct.
      for (std::size_t tried = 0; tried < what.fields.size(); ++tried) {
        const std::size_t i = (expected + tried) % what.fields.size();
        if (what.fields[i].key != key) continue;
        const place inside{.parent = here, .key = key};
        value(item, *what.fields[i].value, what.fields[i].access(storage), &inside);
        expected = i + 1;
        break;
      }
    }
  }

  void sealed(const document_value& from, const shape& what, void* storage, const place* here) {
    if (opened_) return value(from, what, storage, here);  // what was sealed as a whole is plain inside
    if (seals_ == nullptr) throw std::logic_error{"a cipher is needed to read " + sealed_path(path_, here)};
    std::string octets;
    const auto before = found_.size();
    binary(from, shape{kind::binary}, octets);
    if (found_.size() != before || found_.full()) return;
    const auto plain = seals_->open(sealed_path(path_, here), octets);
    if (!plain) return;
    opened_ = true;
    value(document_from_json(*plain), what, storage, here);
    opened_ = false;
  }

  cipher* seals_;
  std::string_view path_;
  problems& found_;
  bool opened_ = false;
};

}  // namespace

void read_document(const document_value& from, const shape& what, void* storage, cipher* seals, std::string_view path) {
  problems found;
  document_reader{seals, path, found}.value(from, what, storage, nullptr);
  if (!found.empty()) throw invalid{found.take()};
}

}  // namespace nxg::schema::detail
