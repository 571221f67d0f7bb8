#include "services/branches/branches.hpp"

#include "services/api_error.hpp"
#include "utilities/time_zones.hpp"

#include <set>

namespace nxg {
namespace {

constexpr std::int32_t minutes_of_a_day = 24 * 60;

void require_valid(const new_branch& what) {
  std::vector<field_error> wrong;
  if (!utilities::is_time_zone(what.time_zone)) {
    wrong.push_back({"/timeZone", "not_one_of", "must be a time zone of the IANA database, such as Europe/Berlin"});
  }
  std::set<std::int32_t> days;
  for (std::size_t i = 0; i < what.hours.size(); ++i) {
    const auto& day = what.hours[i];
    const auto place = "/hours/" + std::to_string(i);
    if (day.weekday < 1 || day.weekday > 7)
      wrong.push_back({place + "/weekday", "out_of_range", "must be 1 (Monday) to 7"});
    if (!days.insert(day.weekday).second) wrong.push_back({place + "/weekday", "duplicate", "is there already"});
    for (const auto& [name, minute] :
         {std::pair{"/openMinute", day.open_minute}, std::pair{"/closeMinute", day.close_minute}}) {
      if (minute < 0 || minute > minutes_of_a_day)
        wrong.push_back({place + name, "out_of_range", "must be 0 to 1440, minutes after midnight"});
    }
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
}

}  // namespace

api_error branch_not_found() { return {error_code::branch_not_found, "There is no such branch."}; }

task<branch> branch_service::create(new_branch what, uuid id) {
  require_valid(what);
  branch made{.id = id,
              .name = std::move(what.name),
              .address = std::move(what.address),
              .city = std::move(what.city),
              .contact_number = std::move(what.contact_number),
              .capacity = what.capacity,
              .time_zone = std::move(what.time_zone),
              .hours = std::move(what.hours),
              .created_at = time_.now()};
  bool taken = false;
  try {
    co_await branches_.insert(made);
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    taken = true;
  }
  const auto found = co_await branches_.find(id);
  // A repeated request meets its own branch by either index.
  if (taken && !found) throw api_error{error_code::branch_name_taken, "There is a branch of this name."};
  co_return found.value();
}

task<branch> branch_service::get(uuid id) {
  auto found = co_await branches_.find(id);
  if (!found || !found->active) throw branch_not_found();
  co_return std::move(*found);
}

task<branch_service::enrolled_screen> branch_service::enrol_screen(uuid branch_id, std::string name, uuid id) {
  const auto now = time_.now();
  co_await get(branch_id);
  const screen made{.id = id, .branch_id = branch_id, .name = std::move(name), .created_at = now};
  co_await branches_.insert_screen(made);
  const token_subject to{id, role::screen, id, {branch_id}};
  auto token = tokens_.issue(to, screen_token_life_, made.created_at);
  co_return enrolled_screen{made, std::move(token)};
}

}  // namespace nxg
