#pragma once

#include "store/mongodb/session.hpp"

namespace nxg::store::mongodb {

/// Brings collection and indexes to what is declared; drops indexes that no longer are, unless a newer program has been
/// here. Throws `error` (unavailable) where stored documents forbid a unique index or were written by a newer program.
/// `on` should be patient: building an index takes as long as reading the collection.
void prepare(session& on, const collection_spec& what);

/// What `prepare` would make: names of indexes, or that of the collection where there is no such one.
std::vector<std::string> missing(session& on, const collection_spec& what);

}  // namespace nxg::store::mongodb
