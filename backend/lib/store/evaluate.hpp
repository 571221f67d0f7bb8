#pragma once

#include "store/engine.hpp"

#include <compare>
#include <optional>
#include <string_view>
#include <vector>

/// What predicates and mutations mean, on a document in memory: for engines that keep documents as a whole, and what
/// any other engine is compared with. Numbers compare by value, whether integer or double.
namespace nxg::store {

/// The value at a dotted path through objects; null when there is none or it is a null.
const document_value* value_at_path(const document_value& document, std::string_view path);
/// Sets it, making objects on the way. Throws `unavailable` where something on the way is no object.
void set_at_path(document_value& document, std::string_view path, document_value value);
void unset_at_path(document_value& document, std::string_view path);

bool same(const document_value& a, const document_value& b);
/// Nothing where the two are not comparable (another type, absent).
std::optional<std::strong_ordering> compare(const document_value& a, const document_value& b);

bool matches(const predicate& condition, const document_value& document);

/// Applies the operators of an update, `inserting` also those of `set_on_insert`. Throws `unavailable` naming the field
/// where one does not fit what is stored (push on no array, an integer leaving +-2^53); the document is then of no use.
void apply(const std::vector<mutation>& changes, document_value& document, bool inserting);

/// Version 0 when there is none.
std::int64_t integer_at(const document_value& document, std::string_view path);
std::string text_at(const document_value& document, std::string_view path);

/// What an index over words holds of a text (null: nothing).
document_value::array words_in(const document_value* text);
/// The same of a document, for every such index by its name; null where there is none.
document_value words_of_document(const document_value& document, const collection_spec& spec);

}  // namespace nxg::store
