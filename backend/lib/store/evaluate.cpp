#include "store/evaluate.hpp"

#include "store/words.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace nxg::store {

namespace {

constexpr std::int64_t exact = std::int64_t{1} << 53;

[[noreturn]] void misfit(const mutation& one, const char* why) {
  throw error{failure::unavailable, "the stored field '" + one.path + "' " + why};
}

std::optional<double> number(const document_value& value) {
  if (const auto* integer = value.get_if<std::int64_t>()) return static_cast<double>(*integer);
  if (const auto* real = value.get_if<double>()) return *real;
  return std::nullopt;
}

std::strong_ordering order(double a, double b) {
  return a < b ? std::strong_ordering::less : a > b ? std::strong_ordering::greater : std::strong_ordering::equal;
}

/// The part of a path before its last step, and that step.
std::pair<std::string_view, std::string_view> split_last(std::string_view path) {
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos) return {{}, path};
  return {path.substr(0, dot), path.substr(dot + 1)};
}

bool element_is(const document_value& element, std::string_view path, const document_value& wanted) {
  if (path.empty()) return same(element, wanted);
  const document_value* inner = value_at_path(element, path);
  return inner && same(*inner, wanted);
}

bool any_element(const document_value* array, const auto& test) {
  const auto* elements = array ? array->get_if<document_value::array>() : nullptr;
  return elements && std::ranges::any_of(*elements, test);
}

bool starts_with(const document_value& value, const document_value& start) {
  const auto* text = value.get_if<std::string>();
  const auto* wanted = start.get_if<std::string>();
  return text && wanted && text->starts_with(*wanted);
}

bool compares(predicate::kind what, std::strong_ordering how) {
  switch (what) {
    case predicate::kind::less: return how < 0;
    case predicate::kind::less_equal: return how <= 0;
    case predicate::kind::greater: return how > 0;
    default: return how >= 0;
  }
}

void increase(document_value& document, const mutation& one) {
  const document_value& by = one.values.front();
  const document_value* found = value_at_path(document, one.path);
  if (!found) return set_at_path(document, one.path, by);
  const auto* a = found->get_if<std::int64_t>();
  const auto* b = by.get_if<std::int64_t>();
  if (a && b) {
    const std::int64_t sum = *a + *b;  // both within 2^53
    if (sum > exact || sum < -exact) misfit(one, "would leave the range of exact integers");
    return set_at_path(document, one.path, sum);
  }
  const auto x = number(*found);
  const auto y = number(by);
  if (!x || !y) misfit(one, "is no number");
  if (!std::isfinite(*x + *y)) misfit(one, "would leave the range of numbers");
  set_at_path(document, one.path, *x + *y);
}

void bound(document_value& document, const mutation& one, bool smaller) {
  const document_value* found = value_at_path(document, one.path);
  if (!found) return set_at_path(document, one.path, one.values.front());
  const auto how = compare(one.values.front(), *found);
  if (!how) misfit(one, "has another type");
  if (smaller ? *how < 0 : *how > 0) set_at_path(document, one.path, one.values.front());
}

document_value::array& array_at(document_value& document, const mutation& one) {
  if (!value_at_path(document, one.path)) set_at_path(document, one.path, document_value::array{});
  auto* elements = const_cast<document_value*>(value_at_path(document, one.path))->get_if<document_value::array>();
  if (!elements) misfit(one, "is no array");
  return *elements;
}

void push(document_value& document, const mutation& one) {
  auto& elements = array_at(document, one);
  elements.insert(elements.end(), one.values.begin(), one.values.end());
  if (one.keep > 0 && elements.size() > one.keep) {
    elements.erase(elements.begin(), elements.end() - static_cast<std::ptrdiff_t>(one.keep));
  }
}

void add_to_set(document_value& document, const mutation& one) {
  auto& elements = array_at(document, one);
  for (const auto& value : one.values) {
    if (std::ranges::none_of(elements, [&](const auto& there) { return same(there, value); }))
      elements.push_back(value);
  }
}

void pull(document_value& document, const mutation& one) {
  if (!value_at_path(document, one.path)) return;
  std::erase_if(array_at(document, one), [&](const document_value& there) {
    return std::ranges::any_of(one.values, [&](const auto& value) { return element_is(there, one.element, value); });
  });
}

}  // namespace

const document_value* value_at_path(const document_value& document, std::string_view path) {
  const document_value* found = document.at_path(path);
  return found && !found->is_null() ? found : nullptr;
}

void set_at_path(document_value& document, std::string_view path, document_value value) {
  const auto dot = path.find('.');
  if (!document.is_null() && !document.get_if<document_value::object>()) {
    throw error{failure::unavailable,
                "the way to the stored field '" + std::string{path} + "' leads through something that is no object"};
  }
  if (dot == std::string_view::npos) {
    document.set(path, std::move(value));
    return;
  }
  const std::string_view step = path.substr(0, dot);
  document_value* next = document.find(step);
  if (!next || next->is_null()) next = &document.set(step, document_value::object{});
  set_at_path(*next, path.substr(dot + 1), std::move(value));
}

void unset_at_path(document_value& document, std::string_view path) {
  const auto [parent, last] = split_last(path);
  auto* holder = parent.empty() ? &document : const_cast<document_value*>(value_at_path(document, parent));
  if (holder && holder->get_if<document_value::object>()) holder->erase(last);
}

bool same(const document_value& a, const document_value& b) {
  const auto x = number(a);
  const auto y = number(b);
  if (x && y) return *x == *y;
  if (const auto* left = a.get_if<document_value::array>()) {
    const auto* right = b.get_if<document_value::array>();
    return right && std::ranges::equal(*left, *right, same);
  }
  if (const auto* left = a.get_if<document_value::object>()) {
    const auto* right = b.get_if<document_value::object>();
    return right && std::ranges::equal(*left, *right, [](const auto& m, const auto& n) {
             return m.key == n.key && same(m.value, n.value);
           });
  }
  return a == b;
}

std::optional<std::strong_ordering> compare(const document_value& a, const document_value& b) {
  const auto* x = a.get_if<std::int64_t>();
  const auto* y = b.get_if<std::int64_t>();
  if (x && y) return *x <=> *y;
  const auto u = number(a);
  const auto v = number(b);
  if (u && v) return order(*u, *v);
  if (a.get().index() != b.get().index()) return std::nullopt;
  if (const auto* text = a.get_if<std::string>()) return text->compare(*b.get_if<std::string>()) <=> 0;
  if (const auto* time = a.get_if<instant>()) return *time <=> *b.get_if<instant>();
  if (const auto* flag = a.get_if<bool>()) return int{*flag} <=> int{*b.get_if<bool>()};
  if (const auto* octets = a.get_if<document_value::binary>()) {
    return octets->octets.compare(b.get_if<document_value::binary>()->octets) <=> 0;
  }
  return std::nullopt;
}

bool matches(const predicate& condition, const document_value& document) {
  using kind = predicate::kind;
  const auto satisfied = [&](const predicate& part) { return matches(part, document); };
  switch (condition.what) {
    case kind::everything: return true;
    case kind::all: return std::ranges::all_of(condition.parts, satisfied);
    case kind::any: return std::ranges::any_of(condition.parts, satisfied);
    default: break;
  }
  const document_value* found = value_at_path(document, condition.path);
  const auto equals = [&](const document_value& value) {
    return value.is_null() ? !found : found && same(*found, value);
  };
  switch (condition.what) {
    case kind::equal: return equals(condition.values.front());
    case kind::not_equal: return !equals(condition.values.front());
    case kind::in: return found && std::ranges::any_of(condition.values, equals);
    case kind::exists: return found != nullptr;
    case kind::absent: return found == nullptr;
    case kind::prefix: return found && starts_with(*found, condition.values.front());
    case kind::contains:
    case kind::lacks:
      return (condition.what == kind::contains) == any_element(found, [&](const auto& one) {
               return element_is(one, condition.element, condition.values.front());
             });
    case kind::word_prefix:
      return any_element(found, [&](const auto& one) { return starts_with(one, condition.values.front()); });
    default: {
      const auto how = found ? compare(*found, condition.values.front()) : std::nullopt;
      return how && compares(condition.what, *how);
    }
  }
}

void apply(const std::vector<mutation>& changes, document_value& document, bool inserting) {
  for (const mutation& one : changes) {
    switch (one.what) {
      case mutation::kind::set: set_at_path(document, one.path, one.values.front()); break;
      case mutation::kind::unset: unset_at_path(document, one.path); break;
      case mutation::kind::increase: increase(document, one); break;
      case mutation::kind::minimum: bound(document, one, true); break;
      case mutation::kind::maximum: bound(document, one, false); break;
      case mutation::kind::push: push(document, one); break;
      case mutation::kind::add_to_set: add_to_set(document, one); break;
      case mutation::kind::pull: pull(document, one); break;
      case mutation::kind::set_on_insert:
        if (inserting) set_at_path(document, one.path, one.values.front());
        break;
    }
  }
}

std::int64_t integer_at(const document_value& document, std::string_view path) {
  const document_value* found = value_at_path(document, path);
  const auto* value = found ? found->get_if<std::int64_t>() : nullptr;
  return value ? *value : 0;
}

std::string text_at(const document_value& document, std::string_view path) {
  const document_value* found = value_at_path(document, path);
  const auto* value = found ? found->get_if<std::string>() : nullptr;
  return value ? *value : std::string{};
}

document_value::array words_in(const document_value* text) {
  document_value::array words;
  const auto* value = text ? text->get_if<std::string>() : nullptr;
  if (!value) return words;
  for (std::string& word : words_of(*value)) words.emplace_back(std::move(word));
  return words;
}

document_value words_of_document(const document_value& document, const collection_spec& spec) {
  document_value words;
  for (const auto& index : spec.indexes) {
    if (index.what == index_spec::kind::words)
      words.set(index.name, words_in(value_at_path(document, index.keys.front().path)));
  }
  return words;
}

void lift(const collection_spec& collection, document_value& document) {
  const std::int64_t stored = std::max<std::int64_t>(integer_at(document, stored_names::schema), 1);
  if (stored > collection.schema + 1) {
    throw error{failure::unavailable, "a document of " + collection.name + " has schema version " +
                                          std::to_string(stored) + "; this program knows versions up to " +
                                          std::to_string(collection.schema) + ": it must be updated first"};
  }
  if (stored >= collection.schema) return;
  for (std::int64_t version = stored; version < collection.schema; ++version) {
    collection.lifts.at(static_cast<std::size_t>(version - 1))(document);
  }
  document.set(stored_names::schema, std::int64_t{collection.schema});
  // Indexes of words that came with the newer schema, or over texts it changed.
  document_value words = words_of_document(document, collection);
  if (!words.is_null()) document.set(stored_names::words, std::move(words));
}

}  // namespace nxg::store
