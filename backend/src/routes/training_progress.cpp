#include "routes/training_progress.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "services/api_error.hpp"
#include "services/training/record_figures.hpp"

#include <boost/describe/class.hpp>

#include <utility>

namespace nxg::routes {
namespace {

// --- records --------------------------------------------------------------------------------------------------------

struct records_query {
  std::optional<uuid> exercise_id;
  training::one_rep_max_formula formula = training::one_rep_max_formula::epley;

  static constexpr std::string_view optional_fields[] = {"formula"};
  static constexpr schema::note descriptions[] = {{"formula", "What the one-repetition maximum is estimated by"}};
};
BOOST_DESCRIBE_STRUCT(records_query, (), (exercise_id, formula))

struct estimate_inputs {
  double weight_kg = 0;
  std::int32_t reps = 0;
};
BOOST_DESCRIBE_STRUCT(estimate_inputs, (), (weight_kg, reps))

struct estimate_view {
  double one_rep_max_kg = 0;
  training::one_rep_max_formula formula = training::one_rep_max_formula::epley;
  /// Of the formula, see /api/formulas.
  std::int32_t version = 1;
  estimate_inputs inputs;
  /// `low` for 11 and 12 repetitions: every formula errs more beyond ten.
  nxg::confidence confidence = nxg::confidence::high;
  /// Of a record: the entry it is from.
  std::optional<uuid> log_id;
  std::optional<schema::local_date> local_date;
  static constexpr std::string_view schema_name = "OneRepMaxEstimate";
};
BOOST_DESCRIBE_STRUCT(estimate_view, (), (one_rep_max_kg, formula, version, inputs, confidence, log_id, local_date))

estimate_view view_of(const training::one_rep_max& value, training::one_rep_max_formula formula,
                      const estimate_inputs& inputs) {
  return {.one_rep_max_kg = value.kilograms,
          .formula = formula,
          .version = value.version,
          .inputs = inputs,
          .confidence = value.low_confidence ? nxg::confidence::low : nxg::confidence::high};
}

struct record_view {
  uuid exercise_id;
  std::string exercise_name;
  /// Days with an entry.
  std::int64_t sessions = 0;
  std::optional<schema::local_date> first_session;
  std::optional<schema::local_date> last_session;
  std::optional<best_set> max_weight;
  /// The most repetitions with at least that weight, heaviest first.
  std::vector<best_set> reps_at_weight;
  /// Absent where no set of 1 to 12 repetitions with a weight was logged.
  std::optional<estimate_view> estimated_one_rep_max;
  std::optional<best_volume> max_session_volume;
  std::optional<best_time> longest_set;
  instant updated_at{};
  static constexpr std::string_view schema_name = "PersonalRecords";
};
BOOST_DESCRIBE_STRUCT(record_view, (),
                      (exercise_id, exercise_name, sessions, first_session, last_session, max_weight, reps_at_weight,
                       estimated_one_rep_max, max_session_volume, longest_set, updated_at))

record_view view_of(const personal_record& row, training::one_rep_max_formula formula) {
  record_view view{.exercise_id = row.exercise_id, .exercise_name = row.exercise_name};
  const auto& figures = row.figures;
  view.sessions = figures.sessions;
  view.first_session = figures.first_session;
  view.last_session = figures.last_session;
  view.max_weight = figures.max_weight;
  view.reps_at_weight = figures.reps_at_weight;
  if (const auto best = training::best_estimate(figures, formula)) {
    view.estimated_one_rep_max = view_of(best->value, formula, {best->from.weight_kg, best->from.reps});
    view.estimated_one_rep_max->log_id = best->from.log_id;
    view.estimated_one_rep_max->local_date = best->from.local_date;
  }
  view.max_session_volume = figures.max_volume;
  view.longest_set = figures.longest;
  view.updated_at = row.updated_at;
  return view;
}

task<http::page<record_view>> list(training::records& records, uuid member, records_query asked,
                                   http::page_request page) {
  http::page<record_view> answer;
  if (asked.exercise_id) {
    const auto row = co_await records.find(member, *asked.exercise_id);
    if (row && row->figures.sessions > 0) answer.items.push_back(view_of(*row, asked.formula));
    co_return answer;
  }
  const auto found = co_await records.list(member, static_cast<std::size_t>(page.limit), std::move(page.after));
  for (const auto& row : found.items) {
    // Of one whose entries were all removed nothing is left to show.
    if (row.figures.sessions > 0) answer.items.push_back(view_of(row, asked.formula));
  }
  answer.next = found.next;
  co_return answer;
}

struct estimate_query {
  schema::bounded<double, 0.5, 500.0> weight_kg = 0.5;
  schema::bounded<std::int32_t, 1, training::most_reps_for_estimate> reps = 1;
  training::one_rep_max_formula formula = training::one_rep_max_formula::epley;

  static constexpr std::string_view optional_fields[] = {"formula"};
  static constexpr schema::note descriptions[] = {{"reps", "No formula holds beyond 12"}};
};
BOOST_DESCRIBE_STRUCT(estimate_query, (), (weight_kg, reps, formula))

void add_records(http::router& routes, training::records& records) {
  routes.get("/api/workouts/records")
      .summary("The caller's personal records, by exercise")
      .description(
          "Counted from the training diary, warm-ups apart: the heaviest weight, the most repetitions with at least a "
          "weight, the highest estimated one-repetition maximum (sets of 1 to 12 repetitions; 11 and 12 with low "
          "confidence), the most volume in a day, the longest timed set.")
      .tag("Workouts")
      .operation_id("listPersonalRecords")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&records](caller who, http::query<records_query> asked, http::page_request page) {
        return list(records, who.id, asked.value, std::move(page));
      });

  routes.get("/api/workouts/one-rep-max")
      .summary("What one could lift once, estimated from a set")
      .description("Refused above 12 repetitions, where no formula holds; low confidence for 11 and 12.")
      .tag("Workouts")
      .operation_id("estimateOneRepMax")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([](http::query<estimate_query> asked) -> estimate_view {
        const estimate_inputs inputs{asked->weight_kg, asked->reps};
        const auto value = training::estimate_one_rep_max(asked->formula, inputs.weight_kg, inputs.reps);
        return view_of(value.value_or(training::one_rep_max{}), asked->formula, inputs);
      });
}

// --- adherence ------------------------------------------------------------------------------------------------------

struct adherence_query {
  schema::bounded<std::int32_t, 1, 12> weeks = 4;
  static constexpr std::string_view optional_fields[] = {"weeks"};
};
BOOST_DESCRIBE_STRUCT(adherence_query, (), (weeks))

struct adherence_session_view {
  schema::local_date date{};
  std::string muscle_group;
  std::int64_t planned_exercises = 0;
  std::int64_t done_exercises = 0;
  bool completed = false;
  std::optional<schema::local_date> done_on;
};
BOOST_DESCRIBE_STRUCT(adherence_session_view, (),
                      (date, muscle_group, planned_exercises, done_exercises, completed, done_on))

struct adherence_week_view {
  schema::local_date week_start{};
  schema::local_date week_end{};
  std::int64_t planned_sessions = 0;
  std::int64_t completed_sessions = 0;
  std::int64_t planned_exercises = 0;
  std::int64_t done_exercises = 0;
  std::optional<double> adherence_percent;
  std::vector<adherence_session_view> sessions;
  static constexpr std::string_view schema_name = "AdherenceWeek";
};
BOOST_DESCRIBE_STRUCT(adherence_week_view, (),
                      (week_start, week_end, planned_sessions, completed_sessions, planned_exercises, done_exercises,
                       adherence_percent, sessions))

adherence_week_view view_of(const training::adherence_week& week) {
  adherence_week_view view{week.week_start,        week.week_end,       week.planned_sessions,  week.completed_sessions,
                           week.planned_exercises, week.done_exercises, week.adherence_percent, {}};
  for (const auto& one : week.sessions) {
    view.sessions.push_back(
        {one.date, one.muscle_group, one.planned_exercises, one.done_exercises, one.completed, one.done_on});
  }
  return view;
}

// --- progression ----------------------------------------------------------------------------------------------------

struct progression_query {
  std::optional<uuid> exercise_id;
};
BOOST_DESCRIBE_STRUCT(progression_query, (), (exercise_id))

struct next_session_advice {
  std::optional<std::int32_t> recommended_sets;
  std::optional<double> recommended_weight_kg;
  std::optional<std::int32_t> recommended_reps;
  std::optional<std::int32_t> recommended_seconds;
  nxg::confidence confidence = nxg::confidence::low;
};
BOOST_DESCRIBE_STRUCT(next_session_advice, (),
                      (recommended_sets, recommended_weight_kg, recommended_reps, recommended_seconds, confidence))

struct progression_view {
  uuid exercise_id;
  std::string exercise_name;
  training::progression_step step = training::progression_step::start;
  std::string rationale;
  next_session_advice next_session;
  static constexpr std::string_view schema_name = "ProgressionSuggestion";
};
BOOST_DESCRIBE_STRUCT(progression_view, (), (exercise_id, exercise_name, step, rationale, next_session))

progression_view view_of(const training::exercise_advice& one) {
  const auto& advice = one.advice;
  return {one.exercise_id,
          one.exercise_name,
          advice.step,
          advice.rationale,
          {advice.recommended_sets, advice.recommended_weight_kg, advice.recommended_reps, advice.recommended_seconds,
           advice.confidence}};
}

void add_week(http::router& routes, training::training_week& week) {
  routes.get("/api/workouts/adherence")
      .summary("Planned and done, week by week")
      .description(
          "ISO weeks in the member's zone, the present one first. A session counts once its day is over, or once it is "
          "done; it is completed from 80 % of its main exercises, on whatever day of its week. `adherencePercent` is "
          "the mean over the planned sessions; what the member skipped was not planned.")
      .tag("Workouts")
      .operation_id("getPlanAdherence")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found)
      .handle([&week](caller who, http::query<adherence_query> asked) -> task<std::vector<adherence_week_view>> {
        const auto weeks = co_await week.adherence(who.id, asked->weeks);
        std::vector<adherence_week_view> answer;
        for (const auto& one : weeks) answer.push_back(view_of(one));
        co_return answer;
      });

  routes.get("/api/workouts/progression")
      .summary("What the next session of an exercise should be")
      .description(
          "Double progression from the last logged days: repetitions first, then weight (2.5 %, legs 5 %, at least the "
          "smallest plate) once every set is at the top of its range with RPE 8 or less; a tenth less after two "
          "misses, "
          "after four weeks of getting stronger, and after three weeks away. Without `exerciseId` the main exercises "
          "of "
          "the plan. Never for an exercise that does not suit the health conditions of the profile.")
      .tag("Workouts")
      .operation_id("getProgression")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::plan_not_found, error_code::exercise_not_found, error_code::plan_not_safe)
      .handle([&week](caller who, http::query<progression_query> asked) -> task<std::vector<progression_view>> {
        const auto found = co_await week.progression(who.id, asked->exercise_id);
        std::vector<progression_view> answer;
        for (const auto& one : found) answer.push_back(view_of(one));
        co_return answer;
      });
}

}  // namespace

void declare_training_progress(http::router& routes, training::records& records, training::training_week& week) {
  add_records(routes, records);
  add_week(routes, week);
}

}  // namespace nxg::routes
