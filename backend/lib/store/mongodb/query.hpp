#pragma once

#include "store/mongodb/filter.hpp"
#include "store/mongodb/session.hpp"

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg::store::mongodb {

std::vector<stored_document> find(session& on, const collection_spec& in, const query& what, instant now);
std::uint64_t count(session& on, const collection_spec& in, const query& what, instant now);

/// The document of that id, whatever it is: a tombstone, expired.
std::optional<stored_document> find_by_id(session& on, const collection_spec& in, std::string_view id);

/// Asks the server's planner about every new shape of query. Thread-safe.
class plan_check {
 public:
  explicit plan_check(bool strict) : strict_{strict} {}
  /// Throws std::logic_error when no declared index serves the query: every plan scans, or sorts what an index should
  /// have sorted (if it is `ordered`). Does nothing where it is not strict.
  void require_index(session& on, const collection_spec& in, const query& what, instant now, bool ordered = true);

 private:
  bool strict_;
  std::mutex mutex_;
  std::set<std::string> known_;
};

}  // namespace nxg::store::mongodb
