#include "models/audit_record.hpp"

namespace nxg {

store::declaration<audit_record> declare(store::tag<audit_record>) {
  using namespace store;
  constexpr std::chrono::hours two_years{24 * 731};
  return {
      .name = "auditLogs",
      .schema = 1,
      .shard = sharded_by<&audit_record::chain>(),
      .owner = nobodys("names people by pseudonyms only; the map from them is erased with the person"),
      .exported = not_exported("records of the gym about acts, not about the member"),
      .erased = not_erased("a record that could be taken out would prove nothing"),
      .kept = kept_for<&audit_record::at>(two_years),
      .indexes = {index_of<audit_record>("chain").on<&audit_record::chain>().on<&audit_record::sequence>().unique(),
                  index_of<audit_record>("by_subject").on<&audit_record::subject>().on_descending<&audit_record::at>(),
                  index_of<audit_record>("by_event").on<&audit_record::event>().on_descending<&audit_record::at>()},
  };
}

store::declaration<pseudonym> declare(store::tag<pseudonym>) {
  using namespace store;
  return {
      .name = "pseudonyms",
      .schema = 1,
      .shard = sharded_by<&pseudonym::id>(),
      .owner = owned_by<&pseudonym::id>(),
      .exported = not_exported("would tie the audit records to the person it protects"),
      .erased = deleted(),
      .kept = kept_for_good("as long as the account"),
  };
}

}  // namespace nxg
