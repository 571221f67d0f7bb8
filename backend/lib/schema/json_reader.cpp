#include "schema/json.hpp"

#include "schema/json_scanner.hpp"
#include "schema/scalars.hpp"

#include <bitset>

namespace nxg::schema::detail {

namespace {

/// Reads a text straight into the storage its shape describes: one pass, no tree. As in the scanner, false means that
/// the text is no JSON or that there are problems enough, and reading ends; anything else is reported and read past.
class json_reader {
 public:
  json_reader(std::string_view text, unknown policy, problems& found) noexcept
      : scanner_{text, max_depth, found}, policy_{policy}, found_{found} {}

  void run(const shape& what, void* storage) {
    if (scanner_.begin() && value(what, storage, nullptr)) (void)scanner_.end();
  }

 private:
  bool value(const shape& what, void* storage, const place* here) {
    found_.stand_at(here);
    const char next = scanner_.peek();
    switch (what.what) {
      case kind::boolean: return boolean(what, *static_cast<bool*>(storage), next);
      case kind::integer:
      case kind::number: return number(what, storage, next);
      case kind::string:
      case kind::id:
      case kind::time:
      case kind::date:
      case kind::binary:
      case kind::enumeration: return text(what, storage, next);
      case kind::raw_json: return raw(*static_cast<std::string*>(storage));
      case kind::optional: return optional(static_cast<const optional_shape&>(what), storage, next, here);
      case kind::list:
        return next == '[' ? list(static_cast<const list_shape&>(what), storage, here) : wrong_type(what);
      case kind::map: return next == '{' ? map(static_cast<const map_shape&>(what), storage, here) : wrong_type(what);
      case kind::object:
        return next == '{' ? object(static_cast<const object_shape&>(what), storage, here) : wrong_type(what);
      case kind::sealed: return value(*static_cast<const sealed_shape&>(what).value, storage, here);
    }
    return false;
  }

  bool wrong_type(const shape& what) {
    if (!scanner_.skip_value()) return false;
    return report(codes::wrong_type, expected_type(what));
  }

  bool report(std::string_view code, std::string_view message) {
    found_.add(code, std::string{message});
    return !found_.full();
  }

  bool boolean(const shape& what, bool& storage, char next) {
    if (next != 't' && next != 'f') return wrong_type(what);
    storage = next == 't';
    return scanner_.literal(storage ? "true" : "false");
  }

  bool number(const shape& what, void* storage, char next) {
    if (next != '-' && (next < '0' || next > '9')) return wrong_type(what);
    number_token token;
    if (!scanner_.number(token)) return false;
    if (what.what == kind::integer) {
      read_integer(static_cast<const integer_shape&>(what), storage, token, found_);
    } else {
      read_number(static_cast<const number_shape&>(what), storage, token, found_);
    }
    return !found_.full();
  }

  bool text(const shape& what, void* storage, char next) {
    if (next != '"') return wrong_type(what);
    std::string_view spelled;
    if (!scanner_.string(spelled, scratch_)) return false;
    read_text(what, storage, spelled, strictness::checked, found_);
    return !found_.full();
  }

  bool raw(std::string& storage) {
    const char* const from = scanner_.position();
    if (!scanner_.check_value()) return false;
    storage.assign(from, scanner_.position());
    return !found_.full();
  }

  bool optional(const optional_shape& what, void* storage, char next, const place* here) {
    if (next == 'n') {
      what.reset(storage);
      return scanner_.literal("null");
    }
    return value(*what.value, what.emplace(storage), here);
  }

  bool list(const list_shape& what, void* storage, const place* here) {
    what.clear(storage);
    if (!scanner_.enter()) return false;
    std::size_t count = 0;
    for (bool first = true, more = true;; ++count) {
      if (!scanner_.next(']', first, more)) return false;
      if (!more) break;
      const place inside{.parent = here, .index = count};
      // What a list has too many is read past, not kept.
      if (count < what.max_size ? !value(*what.element, what.append(storage), &inside) : !scanner_.skip_value())
        return false;
    }
    scanner_.leave();
    found_.stand_at(here);
    check_size(count, what.min_size, what.max_size, found_);
    return !found_.full();
  }

  bool map(const map_shape& what, void* storage, const place* here) {
    what.clear(storage);
    if (!scanner_.enter()) return false;
    for (bool first = true, more = true;;) {
      if (!scanner_.next('}', first, more)) return false;
      if (!more) break;
      std::string_view spelled;
      if (!scanner_.key(spelled, scratch_)) return false;
      const std::string name{spelled};
      const place inside{.parent = here, .key = name};
      found_.stand_at(&inside);
      if (name.find('\0') != std::string::npos) {
        if (!scanner_.skip_value() || !report(codes::bad_format, "must not hold a NUL character")) return false;
      } else if (void* const item = what.insert(storage, std::string{name}); item == nullptr) {
        if (!scanner_.skip_value() || !report(codes::duplicate_key, "is given more than once")) return false;
      } else if (!value(*what.value, item, &inside)) {
        return false;
      }
    }
    scanner_.leave();
    return true;
  }

  bool object(const object_shape& what, void* storage, const place* here) {
    if (!scanner_.enter()) return false;
    const auto problems_before = found_.size();
    std::bitset<max_fields> seen;
    std::size_t expected = 0;
    for (bool first = true, more = true;;) {
      if (!scanner_.next('}', first, more)) return false;
      if (!more) break;
      std::string_view name;
      if (!scanner_.key(name, scratch_)) return false;
      const auto at = find(what.fields, name, expected);
      if (at == what.fields.size()) {
        if (!unknown_field(name, here)) return false;
        continue;
      }
      const auto& field = what.fields[at];
      const place inside{.parent = here, .key = field.key};
      found_.stand_at(&inside);
      if (seen[at]) {
        if (!scanner_.skip_value() || !report(codes::duplicate_key, "is given more than once")) return false;
      } else if (!member(field, storage, &inside)) {
        return false;
      }
      seen[at] = true;
      expected = at + 1;
    }
    scanner_.leave();
    return finish(what, storage, here, seen, problems_before);
  }

  bool unknown_field(std::string_view name, const place* here) {
    if (policy_ == unknown::ignored) return scanner_.skip_value();
    const place inside{.parent = here, .key = name};
    found_.stand_at(&inside);
    // Reported before the value is passed over: that may overwrite what `name` points to.
    return report(codes::unknown_field, "is not a known field") && scanner_.skip_value();
  }

  bool member(const field& field, void* object, const place* here) {
    if (scanner_.peek() != 'n' || field.value->what == kind::optional || field.value->what == kind::raw_json) {
      return value(*field.value, field.access(object), here);
    }
    // null is the same as absent
    if (!scanner_.literal("null")) return false;
    return !field.required || report(codes::required, "is required");
  }

  bool finish(const object_shape& what, void* storage, const place* here, const std::bitset<max_fields>& seen,
              std::size_t problems_before) {
    for (std::size_t i = 0; i < what.fields.size(); ++i) {
      if (seen[i] || !what.fields[i].required) continue;
      const place inside{.parent = here, .key = what.fields[i].key};
      found_.stand_at(&inside);
      if (!report(codes::required, "is required")) return false;
    }
    if (what.check != nullptr) {
      found_.stand_at(here);
      found_.begin_rule(problems_before);
      what.check(storage, found_);
      found_.end_rule();
    }
    return !found_.full();
  }

  /// Fields mostly come in the order of the struct: looks from `expected` on, round once.
  static std::size_t find(std::span<const field> fields, std::string_view name, std::size_t expected) noexcept {
    for (std::size_t i = expected; i < fields.size(); ++i) {
      if (fields[i].key == name) return i;
    }
    for (std::size_t i = 0; i < expected; ++i) {
      if (fields[i].key == name) return i;
    }
    return fields.size();
  }

  json_scanner scanner_;
  unknown policy_;
  problems& found_;
  std::string scratch_;
};

}  // namespace

std::vector<problem> read_json(std::string_view text, const shape& what, void* storage, unknown policy) {
  problems found;
  json_reader{text, policy, found}.run(what, storage);
  return found.take();
}

}  // namespace nxg::schema::detail
