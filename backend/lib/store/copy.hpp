#pragma once

#include "runtime/task.hpp"
#include "store/database.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// Moves a store to another engine, or to another place of the same.
namespace nxg::store {

/// How far it is, over all collections; each document is copied and later compared.
struct copy_progress {
  enum class phase : std::uint8_t { copying, comparing, mending };
  phase now = phase::copying;
  std::string collection;
  std::uint64_t done = 0;  ///< documents, of both phases
  std::uint64_t of = 0;    ///< as counted at the start
};

struct copy_options {
  /// Tells the source from others: an interrupted copy is resumed from the same one only.
  std::string source;
  std::size_t most_documents = 1'000;             ///< read, and written, at once
  std::size_t most_bytes = std::size_t{4} << 20;  ///< likewise, about
  std::function<void(const copy_progress&)> on_progress = {};
};

struct copied_collection {
  std::string name;
  std::uint64_t documents = 0;  ///< tombstones included, expired ones not
  /// SHA-256 over the documents in the order of their ids, in a form that is the same on every engine; hexadecimal.
  std::string hash;
};

struct copy_report {
  bool resumed = false;
  std::uint64_t documents = 0;
  std::uint64_t mended = 0;  ///< resumed after the source had changed: what was done again
  std::vector<copied_collection> collections;
};

/// Copies every document of the collections of `from`, as it stands: version, schema version, undelivered events,
/// tombstones, expired ones; values in the form the target's engine keeps them in. Then reads both and compares. Nobody
/// else may work on either; nothing is written to `from`.
///
/// How far it came is kept in the target (collection `storeCopies`), so that it goes on after a crash; until it is
/// done, `migrate` and `prepare` refuse the target. Throws `error` (unavailable) with a sentence: the target holds
/// documents, or another unfinished copy; a document is of a newer schema; both differ in the end.
task<copy_report> copy_store(database& from, database& to, copy_options options);

/// Throws `error` (unavailable) where the store is the target of a copy that did not come to its end.
task<void> refuse_unfinished_copy(database& of);

}  // namespace nxg::store
