#include "models/scan.hpp"

#include <fmt/format.h>

namespace nxg {

bool is_empty(const scan_measurements& all) noexcept {
  return !all.chest_cm && !all.waist_cm && !all.hips_cm && !all.arms_cm && !all.thighs_cm && !all.height_cm &&
         !all.weight_kg && !all.body_fat_percentage && !all.skeletal_muscle_mass_kg;
}

std::string scan_key(uuid scan, std::string_view name) {
  return fmt::format("{}{}/{}", scan_prefix, scan.to_string(), name);
}

std::string scan_part_key(uuid upload, std::int32_t number) {
  return fmt::format("{}{}/{:04}", scan_upload_prefix, upload.to_string(), number);
}

store::declaration<scan> declare(store::tag<scan>) {
  using namespace store;
  return {.name = "scan3d",
          .schema = 1,
          .shard = sharded_by<&scan::member_id>(),
          .owner = owned_by<&scan::member_id>(),
          .exported = exported_without<&scan::job_id, &scan::reported>(),
          .erased = deleted(),
          .kept = kept_for_good("members compare themselves with what they were"),
          .indexes = {index_of<scan>("by_member").on<&scan::member_id>().on<&scan::visible>().on<&scan::scan_date>(),
                      index_of<scan>("one_a_day").on<&scan::member_id>().on<&scan::day>().unique(),
                      index_of<scan>("content").on<&scan::member_id>().on<&scan::sha256>().unique(),
                      index_of<scan>("job").on<&scan::job_id>(),
                      index_of<scan>("removed").on<&scan::visible>().on<&scan::finished_at>(),
                      index_of<scan>("due").on<&scan::priority>().on<&scan::due_at>()},
          .events = carries<scan_changed, scan_reported, scan_removed>()};
}

store::event_declaration<scan_changed> declare(store::tag<scan_changed>) {
  return {.name = "scan_changed", .schema = 1};
}
store::event_declaration<scan_reported> declare(store::tag<scan_reported>) {
  return {.name = "scan_reported", .schema = 1};
}
store::event_declaration<scan_removed> declare(store::tag<scan_removed>) {
  return {.name = "scan_removed", .schema = 1};
}

store::declaration<avatar> declare(store::tag<avatar>) {
  using namespace store;
  return {.name = "avatars",
          .schema = 1,
          .shard = sharded_by<&avatar::id>(),
          .owner = owned_by<&avatar::id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("one per member, with the last versions")};
}

store::declaration<scan_upload> declare(store::tag<scan_upload>) {
  using namespace store;
  return {.name = "scanUploads",
          .schema = 1,
          .shard = sharded_by<&scan_upload::member_id>(),
          .owner = owned_by<&scan_upload::member_id>(),
          .exported = not_exported("not yet a scan: it becomes one within a day, or goes"),
          .erased = deleted(),
          .kept = kept_for_good("removed when it has become a scan, or a day after its last part"),
          .indexes = {index_of<scan_upload>("by_member").on<&scan_upload::member_id>().on<&scan_upload::created_at>(),
                      index_of<scan_upload>("idle").on<&scan_upload::touched_at>()}};
}

}  // namespace nxg
