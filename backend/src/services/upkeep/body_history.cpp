#include "services/upkeep/body_history.hpp"

#include "schema/json.hpp"
#include "services/body/calculated.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace nxg::upkeep {
namespace {

using namespace std::chrono_literals;

constexpr const char* missing = "newest body records are missing in their history";
constexpr const char* contradicts = "body histories contradict the newest record of the account";
constexpr const char* figures_differ = "accounts have other figures than their newest body record";

constexpr body_record_range ever{std::chrono::sys_days{1970y / 1 / 1}, std::chrono::sys_days{9999y / 12 / 31}};

bool is_same(const body_record& one, const body_record& other) {
  return one.id == other.id && one.recorded_at == other.recorded_at && one.source == other.source &&
         one.entered_by == other.entered_by && one.changed == other.changed &&
         schema::to_json(one.values.value()) == schema::to_json(other.values.value()) &&
         schema::to_json(one.calculated.value()) == schema::to_json(other.calculated.value());
}

/// Age goes on without a record.
bool has_figures_of(const user& account, const body_record& newest) {
  auto present = body::values_of(account, newest.recorded_at);
  present.age_years = newest.values->age_years;
  return schema::to_json(present) == schema::to_json(newest.values.value());
}

/// What is wrong with the history of an account that has a newest record; nothing where all is well.
task<std::optional<const char*>> fault_of(user account, body_record_repository& records) {
  const auto& newest = account.last_body_record->value();
  if (!has_figures_of(account, newest)) co_return figures_differ;
  const auto kept = co_await records.find(newest.id);
  if (!kept) co_return missing;
  const auto last = co_await records.history(account.id, ever, 1, std::nullopt);
  const bool agrees = is_same(*kept, newest) && last.items.front().id == newest.id;
  std::optional<const char*> fault;
  if (!agrees) fault = contradicts;
  co_return fault;
}

class body_history {
 public:
  body_history(census& all, user_repository& users, body_record_repository& records)
      : all_{all}, users_{users}, records_{records} {}

  task<void> check(user account, findings& into, bool rebuild) {
    if (!account.last_body_record) co_return;
    const auto fault = co_await fault_of(account, records_);
    if (!fault) co_return;
    const bool behind = co_await all_.account_has_undelivered(account.id);
    if (behind) {
      ++into.behind;
      co_return;
    }
    // Changed while this looked, and with it the history: no fault of either.
    const auto now = co_await users_.find(account.id);
    if (!now || now->version != account.version) co_return;
    into.add(*fault, account.id.to_string());
    if (!rebuild || *fault != missing) co_return;
    co_await records_.keep(account.last_body_record->value());
    into.rebuilt(*fault);
  }

 private:
  census& all_;
  user_repository& users_;
  body_record_repository& records_;
};

}  // namespace

task<void> check_body_history(census& all, user_repository& users, body_record_repository& records, findings& into,
                              bool rebuild) {
  body_history histories{all, users, records};
  census::position after;
  do {
    const auto page = co_await all.accounts(after);
    for (const auto& one : page.items) co_await histories.check(one, into, rebuild);
    after = page.next;
  } while (after);
}

}  // namespace nxg::upkeep
