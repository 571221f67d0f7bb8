#include "gym/consequences.hpp"

#include "gym/answers.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace nxg::gym {

namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

/// The last event may still be on its way, or its phone about to come back.
constexpr auto event_patience = 60s;
/// What is drawn beside an event that was told has been drawn, unless it failed and is tried again.
constexpr auto row_patience = 10s;

constexpr std::array figures_of_day{"workouts", "durationSeconds", "distanceMeters", "energyKcal", "setCount",
                                    "reps",     "volumeKg"};

class examiner {
 public:
  examiner(surroundings& around, member& who, std::size_t index, const std::vector<final_workout>& finals,
           complaints& wrong)
      : around_{around}, who_{who}, index_{index}, finals_{finals}, wrong_{wrong} {}

  /// Waits until the phone was told all that its inbox has, and of all workouts.
  task<> settled() {
    const auto give_up = around_.time.steady() + event_patience;
    for (;;) {
      inbox_ = co_await around_.backend.get("/api/events?limit=256", co_await who_.token());
      const bool complete = newest_cursor() >= integer(inbox_, "cursor") && told_of_all_workouts();
      if (complete || around_.time.steady() > give_up) break;
      co_await runtime::sleep_for(around_.time, 200ms);
    }
    rows_due_ = around_.time.steady() + row_patience;
  }

  task<> listed() {
    std::multiset<std::string> told;
    const auto all = co_await every_page("/api/workouts");
    for (const auto& one : all) told.insert(text(one, "id"));
    std::multiset<std::string> ours;
    for (const auto& one : finals_) ours.insert(text(one.summary, "id"));
    if (told != ours) complain(fmt::format("{} workouts are listed, {} were made", told.size(), ours.size()));
  }

  task<> days() { return in_time(&examiner::wrong_days); }
  task<> points() { return in_time(&examiner::wrong_points); }

  void events() {
    auto got = around_.book.phones[index_].events;
    std::ranges::sort(got, {}, &told_event::cursor);
    check_cursors(got);
    compare_with_inbox(got, items(inbox_, "events"));
    check_each_once(got);
    check_workout_events(got);
  }

  [[nodiscard]] std::uint64_t points_entries() const noexcept { return points_entries_; }

 private:
  using sentences = std::vector<std::string>;

  /// Looks again while something is wrong that may only be late.
  task<> in_time(task<sentences> (examiner::*look)()) {
    for (;;) {
      const auto wrong = co_await (this->*look)();
      if (!wrong.empty() && around_.time.steady() < rows_due_) {
        co_await runtime::sleep_for(around_.time, 200ms);
        continue;
      }
      for (const auto& one : wrong) complain(one);
      co_return;
    }
  }

  task<sentences> wrong_days() {
    auto ours = sums_by_day();
    const auto told = co_await every_page("/api/workouts/progress");
    sentences wrong;
    if (told.size() != ours.size()) wrong.push_back(fmt::format("{} day rows for {} days", told.size(), ours.size()));
    for (const auto& row : told) {
      const auto& sums = ours[text(row, "date")];
      for (const auto* name : figures_of_day) {
        const auto known = sums.find(name);
        const double value = known == sums.end() ? absent : known->second;
        if (!nearly(number(row, name), value))
          wrong.push_back(fmt::format("day row {} tells {} {}, its workouts {}", text(row, "date"), name,
                                      number(row, name), value));
      }
    }
    co_return wrong;
  }

  [[nodiscard]] std::map<std::string, std::map<std::string_view, double>> sums_by_day() const {
    std::map<std::string, std::map<std::string_view, double>> ours;
    for (const auto& one : finals_) {
      auto& day = ours[text(one.summary, "localDate")];
      day["workouts"] += 1;
      for (const auto* name : figures_of_day) {
        const double value = number(one.summary, name);
        if (value == value) day[name] += value;
      }
    }
    return ours;
  }

  task<sentences> wrong_points() {
    const auto entries = co_await every_page("/api/nxg-points/transactions");
    const auto balance = co_await around_.backend.get("/api/nxg-points/balance", co_await who_.token());
    points_entries_ = entries.size();
    balance_ = integer(balance, "balance");
    auto wrong = wrong_entries(entries);
    std::int64_t sum = 0;
    for (const auto& entry : entries) sum += integer(entry, "amount");
    if (sum != balance_) wrong.push_back(fmt::format("points entries sum to {}, the balance is {}", sum, balance_));
    co_return wrong;
  }

  /// Nobody logs a set or a meal here: nothing but workouts earns points.
  [[nodiscard]] sentences wrong_entries(const json::array& entries) const {
    std::map<std::string, std::int64_t> earned;
    for (const auto& one : finals_) {
      if (one.ours.points() > 0) earned["workout " + text(one.summary, "id")] = one.ours.points();
    }
    sentences wrong;
    std::set<std::string> sources;
    for (const auto& entry : entries) {
      const auto source = text(entry, "sourceType") + " " + text(entry, "sourceId");
      if (!sources.insert(source).second) wrong.push_back("two points entries for " + source);
      const auto amount = integer(entry, "amount");
      const auto expected = earned.find(source);
      if (expected == earned.end())
        wrong.push_back("points for " + source + ", which was not made");
      else if (expected->second != amount)
        wrong.push_back(fmt::format("{} points for {}, recomputed {}", amount, source, expected->second));
    }
    for (const auto& [source, amount] : earned) {
      if (!sources.contains(source)) wrong.push_back("no points entry for " + source);
    }
    return wrong;
  }

  void complain(const std::string& what) { wrong_.add(who_.name() + ": " + what); }

  task<json::array> every_page(std::string path) {
    json::array all;
    std::string cursor;
    do {
      const auto next = fmt::format("{}?limit=100{}", path, cursor.empty() ? "" : "&cursor=" + cursor);
      const auto answer = co_await around_.backend.page(next, co_await who_.token());
      for (const auto& one : items(answer, "data")) all.push_back(one);
      const auto* meta = find(answer, "meta");
      cursor = meta == nullptr ? "" : text(*meta, "nextCursor");
    } while (!cursor.empty());
    co_return all;
  }

  [[nodiscard]] std::int64_t newest_cursor() const {
    const auto& phone = around_.book.phones[index_];
    return std::max(phone.workouts_seen, phone.notifications_seen);
  }

  /// A workout is final a moment before its events are in the inbox.
  [[nodiscard]] bool told_of_all_workouts() const {
    const auto& events = around_.book.phones[index_].events;
    return std::ranges::all_of(finals_, [&](const final_workout& one) {
      return is_told_as(events, one) &&
             (one.ours.points() == 0 || last_of(events, "points:awarded", text(one.summary, "id")) != nullptr);
    });
  }

  static const told_event* last_of(const std::vector<told_event>& events, std::string_view name,
                                   std::string_view about) {
    const told_event* last = nullptr;
    for (const auto& one : events) {
      if (one.event == name && one.about() == about && (last == nullptr || one.cursor > last->cursor)) last = &one;
    }
    return last;
  }

  /// The last summary the phone has of it is what the backend says of it now.
  static bool is_told_as(const std::vector<told_event>& events, const final_workout& one) {
    const auto* last = last_of(events, "workout:summary", text(one.summary, "id"));
    if (last == nullptr) return false;
    return std::ranges::all_of(one.summary.as_object(), [&](const auto& known) {
      if (known.key() == "id") return true;
      const auto* told = last->what.if_contains(known.key());
      return told != nullptr && *told == known.value();
    });
  }

  void check_cursors(const std::vector<told_event>& got) {
    for (std::size_t i = 1; i < got.size(); ++i) {
      if (got[i].cursor == got[i - 1].cursor + 1) continue;
      complain(fmt::format("told {} events between cursors {} and {}",
                           got[i].cursor == got[i - 1].cursor ? "several" : "no", got[i - 1].cursor, got[i].cursor));
    }
  }

  void compare_with_inbox(const std::vector<told_event>& got, const json::array& inbox) {
    for (const auto& kept : inbox) {
      const auto cursor = integer(kept, "cursor");
      const auto found = std::ranges::lower_bound(got, cursor, {}, &told_event::cursor);
      const bool is_there = found != got.end() && found->cursor == cursor;
      const auto* told = find(kept, "data");
      auto data = told != nullptr && told->is_object() ? told->get_object() : json::object{};
      data.erase("cursor");
      if (!is_there)
        complain(fmt::format("never told {} at {}", text(kept, "event"), cursor));
      else if (found->event != text(kept, "event") || data != found->what)
        complain(fmt::format("told {} at {} otherwise than the inbox has it", found->event, cursor));
    }
  }

  void check_each_once(const std::vector<told_event>& got) {
    std::set<std::pair<std::string, std::string>> seen;
    for (const auto& one : got) {
      const auto id = text(one.what, "id");
      if (!seen.emplace(one.event, id).second) complain(fmt::format("told {} {} twice", one.event, id));
    }
    for (const auto* visit : {"session:started", "session:ended"}) {
      const auto times = std::ranges::count(got, visit, &told_event::event);
      if (times != 1) complain(fmt::format("told {} {} times", visit, times));
    }
  }

  void check_workout_events(const std::vector<told_event>& got) {
    std::map<std::string, std::map<std::string, std::size_t>> times;
    for (const auto& one : got) ++times[one.event][one.about()];
    std::set<std::string> ours;
    for (const auto& one : finals_) {
      const auto id = text(one.summary, "id");
      ours.insert(id);
      for (const auto* name : {"workout:started", "workout:ended"}) {
        if (times[name][id] != 1) complain(fmt::format("told {} of {} {} times", name, id, times[name][id]));
      }
      if (!is_told_as(got, one)) complain(fmt::format("the last summary of workout {} was not told as it is", id));
      if (one.ours.points() > 0 && times["points:awarded"][id] == 0)
        complain(fmt::format("not told of the points for workout {}", id));
    }
    // Two awards of different workouts may be told in either order; the one that came to it last told the balance.
    bool awarded = false;
    bool told_balance = false;
    for (const auto& one : got) {
      if (one.event.starts_with("workout:") && !ours.contains(one.about()))
        complain(fmt::format("told {} of {}, which is no workout of theirs", one.event, one.about()));
      if (one.event != "points:awarded") continue;
      awarded = true;
      told_balance = told_balance || integer(one.what, "balance") == balance_;
    }
    if (awarded && !told_balance) complain(fmt::format("never told of the balance of {} points", balance_));
  }

  surroundings& around_;
  member& who_;
  std::size_t index_;
  const std::vector<final_workout>& finals_;
  complaints& wrong_;
  /// As the backend kept it when all had been told.
  json::value inbox_;
  steady_instant rows_due_{};
  std::int64_t balance_ = 0;
  std::uint64_t points_entries_ = 0;
};

}  // namespace

task<std::uint64_t> check_consequences(surroundings& around, std::shared_ptr<member> who, std::size_t index,
                                       const std::vector<final_workout>& finals, complaints& wrong) {
  examiner of_member{around, *who, index, finals, wrong};
  co_await of_member.settled();
  co_await of_member.listed();
  co_await of_member.days();
  co_await of_member.points();
  of_member.events();
  co_return of_member.points_entries();
}

}  // namespace nxg::gym
