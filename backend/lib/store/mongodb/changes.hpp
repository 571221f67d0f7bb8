#pragma once

#include "store/engine.hpp"
#include "store/mongodb/bson.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Mutations as MongoDB's update operators.
namespace nxg::store::mongodb {

/// The operators of one update. `initial`: the document (BSON) an upsert inserts, less the fields `changes` touch;
/// empty: none. `raise_version` adds 1 to `version`. `no_insert`: the update is sent as an upsert whose insert must
/// fail, so that a bulk tells which of its updates found nothing.
struct update_form {
  std::string_view initial = {};
  bool raise_version = true;
  bool no_insert = false;
};
std::string spell_update(const std::vector<mutation>& changes, const update_form& how);

/// The code an update in the form `no_insert` fails with where it found nothing: it would change an immutable field.
inline constexpr std::int64_t found_nothing = 66;

/// What a document must be like for the changes to fit (an integer that stays within +-2^53): conditions for the
/// filter. The server itself refuses what is of the wrong type.
std::vector<std::string> guards_of(const std::vector<mutation>& changes);

/// A pipeline that leaves of a document only what delivering its events needs, with `changes` (of `_outbox` only).
std::string spell_tombstone(const collection_spec& spec, const std::vector<mutation>& changes, instant now);

/// A pipeline that puts `document` (BSON) in the place of a tombstone and takes its events over.
std::string spell_take_over(std::string_view document);

/// An update that makes `before` what `after` is, by operators; without their `_outbox`.
std::string spell_difference(const document_value& before, const document_value& after);

}  // namespace nxg::store::mongodb
