#include "services/live/catalogue.hpp"

#include "services/live/body_messages.hpp"
#include "services/live/diet_messages.hpp"
#include "services/live/floor_messages.hpp"
#include "services/live/nutrition_messages.hpp"
#include "services/live/planning_messages.hpp"
#include "services/live/scan_messages.hpp"
#include "services/live/staff_messages.hpp"
#include "services/live/training_messages.hpp"

#include <boost/mp11/list.hpp>

#include <algorithm>
#include <iterator>
#include <tuple>

namespace nxg::live {
namespace {

/// What the server says. An event is declared beside its payload (`announced`) and listed here; what is not listed
/// cannot be told. Then: tools/check-generated.sh --write.
using told = boost::mp11::mp_list<  //
    machine_linked_message, machine_unlinked_message, machine_status_message, workout_started_message,
    workout_progress_message, workout_ended_message, workout_summary_message, session_started_message,
    session_ended_message, points_awarded_message, plan_ready_message, plan_refreshed_message, personal_record_message,
    diet_plan_ready_message, meal_analyzed_message, daily_progress_message, scan_status_message,
    metrics_updated_message, member_arrived_message, member_left_message, machine_taken_message, machine_freed_message,
    machine_alert_message>;

struct entry {
  const sent& (*declared)();
  schema_of_payload payload;
};

template <class... Payloads>
std::vector<entry> entries_of(boost::mp11::mp_list<Payloads...>) {
  return {{&listed<Payloads>, &payload_schema<Payloads>}...};
}

std::string_view words_for(audience to) noexcept {
  switch (to) {
    case audience::workouts:
    case audience::notifications: return "the member's devices";
    case audience::machine: return "the machine";
    case audience::branch: return "who watches the branch";
    case audience::staff: return "staff of the branch who watch its floor";
  }
  return "";
}

}  // namespace

template <class Payload>
const sent& listed() {
  static constexpr sent declared = announced(tag<Payload>{});
  return declared;
}

std::string_view namespace_of(audience to) noexcept {
  switch (to) {
    case audience::workouts: return "/workouts";
    case audience::notifications: return "/notifications";
    case audience::machine:
    case audience::branch: return "/machines";
    case audience::staff: return "/staff";
  }
  return "";
}

catalogue::catalogue() {
  for (const auto& one : entries_of(told{})) {
    const auto& what = one.declared();
    add({.channel = std::string{namespace_of(what.to)},
         .name = std::string{what.name},
         .text = std::string{what.text},
         .who = std::string{words_for(what.to)},
         .kept = what.kept,
         .payload = one.payload});
  }
}

std::vector<catalogued> catalogue::all() const {
  auto sorted = events_;
  std::ranges::sort(sorted, {}, [](const catalogued& one) { return std::tuple{one.channel, one.by_server, one.name}; });
  return sorted;
}

}  // namespace nxg::live
