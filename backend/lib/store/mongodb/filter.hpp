#pragma once

#include "store/engine.hpp"
#include "store/mongodb/bson.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Predicates, orders and positions as MongoDB's query language, all of it carried out by the server.
namespace nxg::store::mongodb {

/// Conditions that hold together.
class filter {
 public:
  explicit filter(const collection_spec& in) : spec_{&in} {}

  filter& id(std::string_view value);
  filter& where(const predicate& condition);
  /// No tombstone, and not past its time.
  filter& present(instant now, bool tombstones);
  /// The same in words that an upsert does not copy into the document it inserts.
  filter& present_in_upsert(instant now, bool tombstones);
  /// As `where`, in such words too.
  filter& where_in_upsert(const predicate& condition);
  /// Beyond the position `what` says.
  filter& after(const query& what);
  /// One condition as it stands.
  filter& term(std::string bson);

  [[nodiscard]] std::string bson() const;

 private:
  const collection_spec* spec_;
  std::vector<std::string> terms_;
};

/// One predicate as a document. Throws std::logic_error for what no predicate can say (an object as value).
std::string spell(const predicate& condition);

/// Whether a condition says more than nothing, and whether anything can match it at all.
bool says_something(const predicate& condition);
bool can_match(const predicate& condition);

/// The keys of an order: those asked for and `id`, unless nothing can be equal by then (a unique index says so) or one
/// document of any order will do.
std::vector<sort_key> order_of(const collection_spec& in, const query& what);
std::string spell_order(const std::vector<sort_key>& order);

/// `{path: {op: value}}`.
std::string comparison(std::string_view path, const char* op, const document_value& value);
/// `{path: {$not: {op: value}}}`: also where there is nothing at the path.
std::string not_comparison(std::string_view path, const char* op, const document_value& value);

/// A condition without its values: queries of one shape are served by the same indexes.
std::string shape_of(const query& what);

}  // namespace nxg::store::mongodb
