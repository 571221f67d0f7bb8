#include "routes/training_diary.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "services/api_error.hpp"
#include "services/training/record_figures.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <utility>

namespace nxg::routes {
namespace {

/// The bounds are those a strength station is held to.
struct set_body {
  std::optional<schema::bounded<std::int32_t, 0, 200>> reps;
  std::optional<schema::bounded<double, 0.0, 500.0>> weight_kg;
  std::optional<schema::bounded<double, 1.0, 3'600.0>> seconds;
  std::optional<schema::bounded<double, 1.0, 10.0>> rpe;
  bool warmup = false;

  static constexpr std::string_view schema_name = "LoggedSet";
  static constexpr std::string_view optional_fields[] = {"warmup"};
  static constexpr schema::note descriptions[] = {
      {"weight_kg", "Absent: the body's own weight"},
      {"seconds", "How long it was held or went on; instead of, or beside, repetitions"},
      {"rpe", "Perceived exertion; 10 less it are the repetitions in reserve"},
      {"warmup", "Counts for nothing but the diary"}};
  static void check(const set_body& read, schema::problems& wrong) {
    if (!read.reps && !read.seconds) wrong.add_at("/reps", "required", "give repetitions, seconds or both");
  }
};
BOOST_DESCRIBE_STRUCT(set_body, (), (reps, weight_kg, seconds, rpe, warmup))

struct new_log_body {
  uuid exercise_id;
  schema::list<set_body, 1, 50> sets;
  std::optional<schema::text<0, 1'000>> notes;
  std::optional<uuid> session_id;
  std::optional<instant> completed_at;

  static constexpr schema::note descriptions[] = {
      {"session_id", "The visit it belongs to; else the one going on, if it was done during it"},
      {"completed_at", "Now, when absent; at most seven days ago"}};
};
BOOST_DESCRIBE_STRUCT(new_log_body, (), (exercise_id, sets, notes, session_id, completed_at))

struct correction_body {
  schema::list<set_body, 1, 50> sets;
  std::optional<schema::text<0, 1'000>> notes;
};
BOOST_DESCRIBE_STRUCT(correction_body, (), (sets, notes))

struct log_path {
  uuid log_id;
};
BOOST_DESCRIBE_STRUCT(log_path, (), (log_id))

struct logs_query {
  std::optional<uuid> exercise_id;
  std::optional<log_source> source;
  std::optional<schema::local_date> from;
  std::optional<schema::local_date> to;

  static void check(const logs_query& read, schema::problems& wrong) {
    if (read.from && read.to && *read.from > *read.to)
      wrong.add_at("/from", "too_large", "must not be after `to`", {"/to"});
  }
};
BOOST_DESCRIBE_STRUCT(logs_query, (), (exercise_id, source, from, to))

struct log_view {
  uuid id;
  uuid exercise_id;
  std::string exercise_name;
  log_source source = log_source::manual;
  std::optional<uuid> session_id;
  /// The workout on a machine whose sets these are.
  std::optional<uuid> workout_id;
  instant completed_at{};
  std::string time_zone;
  schema::local_date local_date{};
  std::vector<logged_set> sets;
  std::string notes;
  /// Load times repetitions, warm-ups apart.
  double volume_kg = 0;
  instant created_at{};
  /// Until then it can be corrected or removed.
  instant correctable_until{};
  std::optional<instant> corrected_at;
  /// What it said before, oldest first.
  std::vector<log_revision> corrections;
  static constexpr std::string_view schema_name = "TrainingEntry";
};
BOOST_DESCRIBE_STRUCT(log_view, (),
                      (id, exercise_id, exercise_name, source, session_id, workout_id, completed_at, time_zone,
                       local_date, sets, notes, volume_kg, created_at, correctable_until, corrected_at, corrections))

template <class Value>
auto plain(const std::optional<Value>& given) {
  using value = decltype(given->value());
  return given ? std::optional<value>{given->value()} : std::nullopt;
}

std::vector<logged_set> sets_of(const schema::list<set_body, 1, 50>& given) {
  std::vector<logged_set> sets;
  for (const auto& one : given)
    sets.push_back({plain(one.reps), plain(one.weight_kg), plain(one.seconds), plain(one.rpe), one.warmup});
  return sets;
}

std::string text_of(const std::optional<schema::text<0, 1'000>>& given) {
  return given ? given->value() : std::string{};
}

log_view view_of(const exercise_log& log) {
  log_view view{.id = log.id, .exercise_id = log.exercise_id, .exercise_name = log.exercise_name};
  view.source = log.source;
  view.session_id = log.session_id;
  view.workout_id = log.workout_id;
  view.completed_at = log.completed_at;
  view.time_zone = log.time_zone;
  view.local_date = log.local_date;
  view.sets = log.sets;
  view.notes = log.notes;
  view.volume_kg = training::volume_of(log.sets);
  view.created_at = log.created_at;
  view.correctable_until = log.created_at + training::correctable_for;
  view.corrected_at = log.corrected_at;
  view.corrections = log.corrections;
  return view;
}

using versioned_log = http::versioned<log_view>;

versioned_log versioned_view_of(const exercise_log& log) { return {view_of(log), log.version}; }

std::optional<std::int64_t> version_in(const std::optional<http::if_match>& based_on) {
  return based_on ? based_on->version : std::nullopt;
}

training::new_entry entry_of(const new_log_body& asked) {
  training::new_entry entry;
  entry.exercise_id = asked.exercise_id;
  entry.sets = sets_of(asked.sets);
  entry.notes = text_of(asked.notes);
  entry.session_id = asked.session_id;
  entry.completed_at = asked.completed_at;
  return entry;
}

void add_list(http::router& routes, training::diary& diary) {
  routes.post("/api/workouts/logs")
      .summary("Write sets of an exercise into the training diary")
      .description(
          "Zone and date are frozen: the visit's, else the member's. Strength stations write their own entries once a "
          "workout is final; sets they wrote down already are refused (`already_logged`), and they leave out what the "
          "member wrote down during the workout.")
      .tag("Workouts")
      .operation_id("logSets")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::exercise_not_found, error_code::visit_not_found, error_code::already_logged)
      .idempotent()
      .handle([&diary](caller who, http::body<new_log_body> asked,
                       http::new_ids ids) -> task<http::created<versioned_log>> {
        const auto log = co_await diary.add(who.id, entry_of(*asked), ids.next());
        co_return http::created<versioned_log>{versioned_view_of(log), "/api/workouts/logs/" + log.id.to_string()};
      });

  routes.get("/api/workouts/logs")
      .summary("The caller's training diary, newest first")
      .tag("Workouts")
      .operation_id("listTrainingEntries")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle(
          [&diary](caller who, http::query<logs_query> asked, http::page_request page) -> task<http::page<log_view>> {
            const repositories::log_filter narrowed{asked->exercise_id, asked->source, asked->from, asked->to};
            const auto found =
                co_await diary.list(who.id, narrowed, static_cast<std::size_t>(page.limit), std::move(page.after));
            http::page<log_view> answer;
            for (const auto& one : found.items) answer.items.push_back(view_of(one));
            answer.next = found.next;
            co_return answer;
          });
}

void add_one(http::router& routes, training::diary& diary) {
  routes.get("/api/workouts/logs/{logId}")
      .summary("One entry of the training diary, with what it said before")
      .tag("Workouts")
      .operation_id("getTrainingEntry")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::log_not_found)
      .handle([&diary](caller who, http::path<log_path> which) -> task<versioned_log> {
        const auto log = co_await diary.get(who.id, which->log_id);
        co_return versioned_view_of(log);
      });

  routes.put("/api/workouts/logs/{logId}")
      .summary("Correct an entry")
      .description(
          "Within 24 hours of writing it. Sets and notes are replaced, what they were is kept in `corrections`; "
          "records "
          "and points follow.")
      .tag("Workouts")
      .operation_id("correctTrainingEntry")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::log_not_found, error_code::log_closed)
      .handle([&diary](caller who, http::path<log_path> which, http::body<correction_body> asked,
                       std::optional<http::if_match> based_on) -> task<versioned_log> {
        training::entry_correction correction{sets_of(asked->sets), text_of(asked->notes)};
        const auto log = co_await diary.correct(who.id, which->log_id, std::move(correction), version_in(based_on));
        co_return versioned_view_of(log);
      });

  routes.del("/api/workouts/logs/{logId}")
      .summary("Remove an entry")
      .description("Within 24 hours of writing it; records and points follow.")
      .tag("Workouts")
      .operation_id("removeTrainingEntry")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::log_not_found, error_code::log_closed)
      .handle([&diary](caller who, http::path<log_path> which, std::optional<http::if_match> based_on) -> task<void> {
        return diary.remove(who.id, which->log_id, version_in(based_on));
      });
}

}  // namespace

void declare_training_diary(http::router& routes, training::diary& diary) {
  add_list(routes, diary);
  add_one(routes, diary);
}

}  // namespace nxg::routes
