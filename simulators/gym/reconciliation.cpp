#include "gym/reconciliation.hpp"

#include "gym/answers.hpp"
#include "gym/consequences.hpp"
#include "gym/totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace nxg::gym {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// A workout is final some 30 s after its close; a backend that was killed meanwhile needs a little longer.
constexpr auto finality_patience = 150s;

class auditor {
 public:
  auditor(surroundings& around, const std::vector<std::shared_ptr<member>>& members, verdict& into)
      : around_{around}, members_{members}, verdict_{into} {}

  void acknowledgements() {
    if (around_.book.made == 0) wrong_.add("no sample was made: there is nothing to compare");
    for (const auto& machine : around_.book.machines) {
      for (const auto& one : machine.streams) {
        verdict_.samples_refused += one.refused.size();
        if (static_cast<std::size_t>(one.through) != one.sent.size()) {
          wrong_.add(fmt::format("machine {} epoch {}: {} samples made, acknowledged through {}", machine.id, one.epoch,
                                 one.sent.size(), one.through));
        }
        for (const auto& refusal : one.refused)
          wrong_.add(fmt::format("machine {} epoch {}: refused {}", machine.id, one.epoch, refusal));
      }
    }
  }

  void deliveries() {
    for (const auto& what : around_.book.false_deliveries.said()) wrong_.add(what);
    const auto& workouts = around_.book.workouts;
    std::vector<std::size_t> missing(workouts.size());
    for (const auto& machine : around_.book.machines) {
      for (const auto& one : machine.streams) {
        for (std::size_t i = 0; i < one.sent.size(); ++i) missing[one.sent[i].workout] += one.live[i] ? 0 : 1;
      }
    }
    for (std::size_t i = 0; i < workouts.size(); ++i) {
      if (around_.settings.faults || !workouts[i].undisturbed()) continue;
      ++verdict_.workouts_undisturbed;
      if (missing[i] > 0) wrong_.add(fmt::format("workout {}: {} samples never came live", workouts[i].id, missing[i]));
      const auto again = workouts[i].live_again;
      if (again > 0) wrong_.add(fmt::format("workout {}: {} samples came live more than once", workouts[i].id, again));
    }
  }

  task<> workouts() {
    for (std::size_t i = 0; i < around_.book.workouts.size(); ++i) co_await workout_of(i);
  }

  task<> consequences() {
    for (std::size_t i = 0; i < members_.size(); ++i)
      verdict_.points_entries += co_await check_consequences(around_, members_[i], i, by_member_[i], wrong_);
  }

  [[nodiscard]] const std::vector<std::string>& problems() const { return wrong_.said(); }

 private:
  task<> workout_of(std::size_t number_of_workout) {
    const auto known = around_.book.workouts[number_of_workout];
    auto& who = *members_[known.member];
    const auto summary = co_await final_summary(who, known.id, made_in(number_of_workout));
    ++verdict_.workouts;
    if (text(summary, "status") != "final") {
      wrong_.add(fmt::format("workout {} is '{}', not final", known.id, text(summary, "status")));
      co_return;
    }
    ++verdict_.workouts_final;
    const auto stored = co_await stored_samples(who, known.id);
    compare(number_of_workout, known, stored, summary);
  }

  [[nodiscard]] std::int64_t made_in(std::size_t number_of_workout) const {
    const auto& known = around_.book.workouts[number_of_workout];
    std::int64_t made = 0;
    for (const auto& from : around_.book.machines[known.machine].streams)
      made += std::ranges::count(from.sent, number_of_workout, &sample::workout);
    return made;
  }

  /// Once it is final and holds what was made: samples that come late are folded into a final workout, too.
  task<json::value> final_summary(member& who, std::string id, std::int64_t made) {
    const auto give_up = around_.time.steady() + finality_patience;
    for (;;) {
      auto answer = co_await around_.backend.get("/api/workouts/" + id, co_await who.token());
      const bool complete = text(answer, "status") == "final" && integer(answer, "samples") == made;
      if (complete || around_.time.steady() > give_up) co_return answer;
      co_await runtime::sleep_for(around_.time, 500ms);
    }
  }

  using stored_key = std::pair<std::string, std::int64_t>;
  task<std::multimap<stored_key, sample>> stored_samples(member& who, std::string id) {
    std::multimap<stored_key, sample> result;
    std::string cursor;
    do {
      const auto path =
          fmt::format("/api/workouts/{}/samples?limit=100{}", id, cursor.empty() ? "" : "&cursor=" + cursor);
      const auto answer = co_await around_.backend.page(path, co_await who.token());
      for (const auto& one : answer.at("data").as_array()) {
        result.emplace(stored_key{text(one, "epoch"), static_cast<std::int64_t>(number(one, "seq"))},
                       read_wire(one.as_object()));
      }
      cursor = answer.as_object().contains("meta") ? text(answer.at("meta"), "nextCursor") : "";
    } while (!cursor.empty());
    co_return result;
  }

  void compare(std::size_t number_of_workout, const workout& known, const std::multimap<stored_key, sample>& stored,
               const json::value& summary) {
    const auto& machine = around_.book.machines[known.machine];
    totals ours{machine.machine_class};
    std::size_t expected = 0;
    for (const auto& from : machine.streams) {
      for (const auto& one : from.sent) {
        if (one.workout != number_of_workout) continue;
        ++expected;
        ours.add(from.epoch, one);
        const auto [first, last] = stored.equal_range({from.epoch, one.seq});
        const auto copies = std::distance(first, last);
        if (copies != 1)
          wrong_.add(
              fmt::format("workout {}: sample {} of {} is stored {} times", known.id, one.seq, from.epoch, copies));
        else if (!same(first->second, one))
          wrong_.add(fmt::format("workout {}: sample {} of {} is stored differently", known.id, one.seq, from.epoch));
      }
    }
    verdict_.samples_stored += stored.size();
    if (stored.size() != expected)
      wrong_.add(fmt::format("workout {}: {} samples made, {} stored", known.id, expected, stored.size()));
    // Made-up people are honest; a recording may be odd.
    if (around_.settings.recordings.empty() && number(summary, "flaggedSamples") != 0)
      wrong_.add(fmt::format("workout {}: flaggedSamples is {}", known.id, number(summary, "flaggedSamples")));
    for (const auto& difference : ours.differences(summary))
      wrong_.add(fmt::format("workout {}: {}", known.id, difference));
    if (text(summary, "machineId") != machine.id || text(summary, "machineClass") != machine.machine_class)
      wrong_.add(fmt::format("workout {} is told of another machine", known.id));
    by_member_[known.member].push_back({summary, std::move(ours)});
  }

  surroundings& around_;
  const std::vector<std::shared_ptr<member>>& members_;
  verdict& verdict_;
  complaints wrong_{50};
  std::map<std::size_t, std::vector<final_workout>> by_member_;
};

}  // namespace

task<verdict> reconcile(surroundings& around, const std::vector<std::shared_ptr<member>>& members) {
  verdict result;
  auditor audit{around, members, result};
  audit.acknowledgements();
  co_await audit.workouts();
  co_await audit.consequences();
  audit.deliveries();
  result.problems = audit.problems();
  // Now: a workout is final a moment before its phone is told.
  result.summaries_live =
      static_cast<std::uint64_t>(std::ranges::count(around.book.workouts, true, &workout::summary_seen));
  result.samples_made = around.book.made;
  result.samples_acknowledged = around.book.acknowledged;
  result.samples_live = around.book.delivered_live;
  result.events_told = around.book.events_told;
  result.requests_repeated = around.backend.repeated();
  for (const auto& one : members) result.reconnects += one->reconnects();
  result.delivery_p50_ms = around.book.delivery.quantile(0.5);
  result.delivery_p99_ms = around.book.delivery.quantile(0.99);
  co_return result;
}

}  // namespace nxg::gym
