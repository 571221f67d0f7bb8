#include "gym/reconciliation.hpp"

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace nxg::gym {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// A workout is final some 30 s after its close; a backend that was killed meanwhile needs a little longer.
constexpr auto finality_patience = 150s;
/// The last event may still be on its way, or its phone about to come back.
constexpr auto event_patience = 60s;
constexpr std::size_t kept_problems = 50;

class complaints {
 public:
  explicit complaints(std::vector<std::string>& into) : into_{into} {}
  void add(std::string what) {
    if (into_.size() < kept_problems) into_.push_back(std::move(what));
  }

 private:
  std::vector<std::string>& into_;
};

double number(const json::value& from, std::string_view name) {
  const auto* object = from.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  return found != nullptr && found->is_number() ? found->to_number<double>() : absent;
}

std::string text(const json::value& from, std::string_view name) {
  const auto* object = from.if_object();
  const auto* found = object == nullptr ? nullptr : object->if_contains(name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

/// What the samples of one workout come to, by our own arithmetic.
struct totals {
  void add(const std::string& epoch, const sample& one) {
    ++samples;
    widen(elapsed[epoch], one[field::elapsed_seconds]);
    if (one.has(field::distance_meters)) widen(distance[epoch], one[field::distance_meters]);
    if (one.has(field::power_watts)) power.push_back(one[field::power_watts]);
    if (one.has(field::heart_rate_bpm)) heart_rate.push_back(one[field::heart_rate_bpm]);
    if (one.has(field::set_number)) {
      ++sets;
      volume_kg += one[field::set_reps] * one[field::set_weight_kg];
    }
  }

  using range = std::pair<double, double>;
  static void widen(range& known, double value) {
    if (known == range{0, -1}) known = {value, value};
    known = {std::min(known.first, value), std::max(known.second, value)};
  }
  struct unset_range : range {
    unset_range() : range{0, -1} {}
  };
  static double sum(const std::map<std::string, unset_range>& counters) {
    double total = 0;
    for (const auto& [epoch, seen] : counters) total += seen.second - seen.first;
    return total;
  }
  static double mean(const std::vector<double>& values) {
    double total = 0;
    for (const double value : values) total += value;
    return values.empty() ? absent : total / static_cast<double>(values.size());
  }

  std::int64_t samples = 0;
  std::map<std::string, unset_range> elapsed;
  std::map<std::string, unset_range> distance;
  std::vector<double> power;
  std::vector<double> heart_rate;
  std::int64_t sets = 0;
  double volume_kg = 0;
};

bool nearly(double a, double b) {
  const bool a_absent = a != a;
  const bool b_absent = b != b;
  if (a_absent || b_absent) return a_absent == b_absent;
  return std::abs(a - b) <= 0.05 + 1e-3 * std::max(std::abs(a), std::abs(b));
}

class auditor {
 public:
  auditor(surroundings& around, const std::vector<std::shared_ptr<member>>& members, verdict& into)
      : around_{around}, members_{members}, verdict_{into}, wrong_{into.problems} {}

  void acknowledgements() {
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

  void deliveries(bool without_faults) {
    for (const auto& what : around_.book.false_deliveries) wrong_.add(what);
    if (!without_faults) return;
    for (const auto& machine : around_.book.machines) {
      for (const auto& one : machine.streams) {
        const auto missing = std::ranges::count(one.live, false);
        if (missing > 0)
          wrong_.add(fmt::format("machine {} epoch {}: {} samples never came live", machine.id, one.epoch, missing));
      }
    }
  }

  task<> workouts() {
    for (std::size_t i = 0; i < around_.book.workouts.size(); ++i) co_await workout_of(i);
  }

  task<> consequences() {
    for (std::size_t i = 0; i < members_.size(); ++i) co_await member_of(i);
  }

 private:
  task<> workout_of(std::size_t number_of_workout) {
    const auto known = around_.book.workouts[number_of_workout];
    auto& who = *members_[known.member];
    const auto summary = co_await final_summary(who, known.id);
    ++verdict_.workouts;
    if (text(summary, "status") != "final") {
      wrong_.add(fmt::format("workout {} is '{}', not final", known.id, text(summary, "status")));
      co_return;
    }
    ++verdict_.workouts_final;
    if (known.summary_seen) ++verdict_.summaries_live;
    const auto stored = co_await stored_samples(who, known.id);
    compare(number_of_workout, known, stored, summary);
  }

  task<json::value> final_summary(member& who, std::string id) {
    const auto give_up = around_.time.steady() + finality_patience;
    for (;;) {
      auto answer = co_await around_.backend.get("/api/workouts/" + id, co_await who.token());
      if (text(answer, "status") == "final" || around_.time.steady() > give_up) co_return answer;
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
    totals ours;
    std::size_t expected = 0;
    for (const auto& from : around_.book.machines[known.machine].streams) {
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
    check_totals(known.id, ours, summary);
    by_member_[known.member].push_back(summary);
  }

  void check_totals(const std::string& id, const totals& ours, const json::value& summary) {
    const auto check = [&](std::string_view name, double expected) {
      const double told = number(summary, name);
      if (!nearly(told, expected))
        wrong_.add(fmt::format("workout {}: {} is {}, recomputed {}", id, name, told, expected));
    };
    check("samples", static_cast<double>(ours.samples));
    check("durationSeconds", totals::sum(ours.elapsed));
    if (!ours.distance.empty()) check("distanceMeters", totals::sum(ours.distance));
    if (!ours.power.empty()) check("averagePowerWatts", totals::mean(ours.power));
    if (!ours.heart_rate.empty()) check("averageHeartRateBpm", totals::mean(ours.heart_rate));
    check("setCount", static_cast<double>(ours.sets));
    check("volumeKg", ours.volume_kg);
  }

  /// The day row is the sum of the member's workouts; points have one entry per workout, and the balance is their sum.
  task<> member_of(std::size_t index) {
    auto& who = *members_[index];
    const auto& finals = by_member_[index];
    const auto days = co_await around_.backend.get("/api/workouts/progress", co_await who.token());
    double workouts_told = 0;
    double duration_told = 0;
    for (const auto& day : days.as_array()) {
      workouts_told += number(day, "workouts");
      duration_told += number(day, "durationSeconds");
    }
    double duration = 0;
    for (const auto& one : finals) duration += number(one, "durationSeconds");
    if (!nearly(workouts_told, static_cast<double>(finals.size()))) {
      wrong_.add(fmt::format("{}: day rows tell {} workouts, there were {}", who.name(), workouts_told, finals.size()));
    }
    if (!nearly(duration_told, duration))
      wrong_.add(fmt::format("{}: day rows tell {} s, workouts {} s", who.name(), duration_told, duration));
    co_await points_of(who, finals);
    co_await events_of(index);
  }

  /// The phone has what the inbox has: the same events, once, in the order of their cursors, without a hole.
  task<> events_of(std::size_t index) {
    auto& who = *members_[index];
    const auto give_up = around_.time.steady() + event_patience;
    json::value inbox;
    for (;;) {
      inbox = co_await around_.backend.get("/api/events?limit=256", co_await who.token());
      const bool complete = newest_of(index) >= integer(inbox, "cursor") && told_of_all_workouts(index);
      if (complete || around_.time.steady() > give_up) break;
      co_await runtime::sleep_for(around_.time, 200ms);
    }
    auto got = around_.book.phones[index].events;
    std::ranges::sort(got, {}, &told_event::cursor);
    for (std::size_t i = 1; i < got.size(); ++i) {
      if (got[i].cursor != got[i - 1].cursor + 1)
        wrong_.add(fmt::format("{}: told {} events between cursors {} and {}", who.name(),
                               got[i].cursor == got[i - 1].cursor ? "several" : "no", got[i - 1].cursor,
                               got[i].cursor));
    }
    for (const auto& kept : inbox.at("events").as_array()) {
      const auto cursor = integer(kept, "cursor");
      const auto found = std::ranges::lower_bound(got, cursor, {}, &told_event::cursor);
      if (found == got.end() || found->cursor != cursor)
        wrong_.add(fmt::format("{}: never told {} at {}", who.name(), text(kept, "event"), cursor));
      else if (found->event != text(kept, "event") || found->id != text(kept.at("data"), "id"))
        wrong_.add(
            fmt::format("{}: told {} at {}, the inbox has {}", who.name(), found->event, cursor, text(kept, "event")));
    }
    check_events(who, index, got);
  }

  /// A workout is final a moment before its events are in the inbox.
  bool told_of_all_workouts(std::size_t index) {
    std::set<std::pair<std::string, std::string>> told;
    for (const auto& one : around_.book.phones[index].events) told.emplace(one.event, one.about);
    return std::ranges::all_of(by_member_[index], [&](const json::value& one) {
      const auto id = text(one, "id");
      return told.contains({"workout:summary", id}) &&
             (number(one, "pointsAwarded") == 0 || told.contains({"points:awarded", id}));
    });
  }

  /// What must have been told, by what happened: nothing of it twice.
  void check_events(member& who, std::size_t index, const std::vector<told_event>& got) {
    std::map<std::pair<std::string, std::string>, std::size_t> seen;
    std::map<std::pair<std::string, std::string>, const told_event*> last;
    for (const auto& one : got) {
      if (++seen[{one.event, one.id}] > 1)
        wrong_.add(fmt::format("{}: told {} {} twice", who.name(), one.event, one.id));
      last[{one.event, one.about}] = &one;
    }
    for (const auto* visit : {"session:started", "session:ended"}) {
      const auto times = std::ranges::count(got, visit, &told_event::event);
      if (times != 1) wrong_.add(fmt::format("{}: told {} {} times", who.name(), visit, times));
    }
    for (const auto& one : by_member_[index]) {
      const auto id = text(one, "id");
      const auto summary = last.find({"workout:summary", id});
      if (summary == last.end() || static_cast<double>(summary->second->samples) != number(one, "samples"))
        wrong_.add(fmt::format("{}: not told the last summary of workout {}", who.name(), id));
      if (number(one, "pointsAwarded") > 0 && !last.contains({"points:awarded", id}))
        wrong_.add(fmt::format("{}: not told of the points for workout {}", who.name(), id));
    }
  }

  [[nodiscard]] std::int64_t newest_of(std::size_t index) const {
    const auto& phone = around_.book.phones[index];
    return std::max(phone.workouts_seen, phone.notifications_seen);
  }

  static std::int64_t integer(const json::value& from, std::string_view name) {
    const auto* found = from.as_object().if_contains(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : 0;
  }

  task<> points_of(member& who, const std::vector<json::value>& finals) {
    const auto points = co_await around_.backend.get("/api/nxg-points/balance", co_await who.token());
    std::set<std::string> sources;
    double sum = 0;
    for (const auto& entry : points.at("transactions").as_array()) {
      sum += number(entry, "amount");
      if (!sources.insert(text(entry, "sourceType") + text(entry, "sourceId")).second) {
        wrong_.add(fmt::format("{}: two points entries for {} {}", who.name(), text(entry, "sourceType"),
                               text(entry, "sourceId")));
      }
      ++verdict_.points_entries;
    }
    const bool all_shown = points.at("transactions").as_array().size() < 100;
    if (all_shown && !nearly(sum, number(points, "balance"))) {
      wrong_.add(
          fmt::format("{}: points entries sum to {}, the balance is {}", who.name(), sum, number(points, "balance")));
    }
    for (const auto& one : finals) {
      if (all_shown && number(one, "samples") > 0 && number(one, "pointsAwarded") > 0 &&
          !sources.contains("workout" + text(one, "id"))) {
        wrong_.add(fmt::format("{}: no points entry for workout {}", who.name(), text(one, "id")));
      }
    }
  }

  surroundings& around_;
  const std::vector<std::shared_ptr<member>>& members_;
  verdict& verdict_;
  complaints wrong_;
  std::map<std::size_t, std::vector<json::value>> by_member_;
};

}  // namespace

task<verdict> reconcile(surroundings& around, const std::vector<std::shared_ptr<member>>& members,
                        bool without_faults) {
  verdict result;
  auditor audit{around, members, result};
  audit.acknowledgements();
  co_await audit.workouts();
  co_await audit.consequences();
  audit.deliveries(without_faults);
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
