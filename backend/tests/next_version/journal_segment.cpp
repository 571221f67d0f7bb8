// Of nxg-connect-next, a program that is one schema version ahead: what a rolling restart puts beside the present one.
// Journal segments are written, read and removed by whatever process is at hand; the new version differs in nothing but
// its number, as a version may that the present one can still read.

#include "models/journal_segment.hpp"

namespace nxg {

store::declaration<journal_segment> declare(store::tag<journal_segment>) {
  using namespace store;
  return {.name = "journal",
          .schema = {2, {[](document_value&) {}}},
          .shard = sharded_by<&journal_segment::id>(),
          .owner = nobodys("samples name machines and links, never a member"),
          .exported = not_exported("gone within seconds"),
          .erased = not_erased("nothing personal without the workout, which is erased"),
          .kept = kept_for_good("removed as soon as it is folded"),
          .indexes = {index_of<journal_segment>("by_time").on<&journal_segment::inserted_at>()}};
}

}  // namespace nxg
