#include "models/personal_record.hpp"

namespace nxg {

store::declaration<personal_record> declare(store::tag<personal_record>) {
  using namespace store;
  return {.name = "personalRecords",
          .schema = 1,
          .shard = sharded_by<&personal_record::member_id>(),
          .owner = owned_by<&personal_record::member_id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("a member's records"),
          .indexes = {index_of<personal_record>("by_member")
                          .on<&personal_record::member_id>()
                          .on<&personal_record::exercise_name>()},
          .events = carries<personal_records_changed>()};
}

store::event_declaration<personal_records_changed> declare(store::tag<personal_records_changed>) {
  return {.name = "personal_records_changed", .schema = 1};
}

std::string personal_record_id(const uuid& member, const uuid& exercise) {
  return member.to_string() + ":" + exercise.to_string();
}

}  // namespace nxg
