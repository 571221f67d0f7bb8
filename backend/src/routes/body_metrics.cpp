#include "routes/body_metrics.hpp"

#include "http/route.hpp"
#include "routes/body_metrics_views.hpp"
#include "routes/members_data.hpp"
#include "services/error_codes.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <string>
#include <utility>

namespace nxg::routes {

enum class bmr_formula : std::uint8_t { harris_benedict, mifflin_st_jeor, katch_mcardle, cunningham };
BOOST_DESCRIBE_ENUM(bmr_formula, harris_benedict, mifflin_st_jeor, katch_mcardle, cunningham)

struct formula_query {
  bmr_formula formula = bmr_formula::harris_benedict;

  static constexpr std::string_view optional_fields[] = {"formula"};
  static constexpr schema::note descriptions[] = {{"formula", "Of the energy at rest, see `GET /api/formulas`"}};
};
BOOST_DESCRIBE_STRUCT(formula_query, (), (formula))

struct history_query {
  std::optional<schema::local_date> start_date;
  std::optional<schema::local_date> end_date;

  static constexpr schema::note descriptions[] = {{"start_date", "A day of the member's time zone; in the range"},
                                                  {"end_date", "A day of the member's time zone; in the range"}};
  static void check(const history_query& asked, schema::problems& found) {
    if (asked.start_date && asked.end_date && *asked.start_date > *asked.end_date)
      found.add_at("/startDate", "too_large", "must not be after `endDate`", {"/endDate"});
  }
};
BOOST_DESCRIBE_STRUCT(history_query, (), (start_date, end_date))

struct progress_query : history_query {
  std::vector<body::metric> metrics;

  static constexpr std::string_view optional_fields[] = {"metrics"};
  static constexpr schema::note descriptions[] = {{"metrics", "Which figures; all of them when absent"}};
  static void check(const progress_query& asked, schema::problems& found) { history_query::check(asked, found); }
};
BOOST_DESCRIBE_STRUCT(progress_query, (history_query), (metrics))

namespace {

using versioned_view = http::versioned<body_metrics_view>;
using based_on = std::optional<http::if_match>;

formula_id id_of(bmr_formula named) {
  switch (named) {
    case bmr_formula::harris_benedict: return formula_id::bmr_harris_benedict_revised;
    case bmr_formula::mifflin_st_jeor: return formula_id::bmr_mifflin_st_jeor;
    case bmr_formula::katch_mcardle: return formula_id::bmr_katch_mcardle;
    case bmr_formula::cunningham: return formula_id::bmr_cunningham;
  }
  return formula_id::bmr_harris_benedict_revised;
}

versioned_view answer_of(const body::body_state& state) { return {view_of(state), state.account.version}; }

/// What the routes do for a member, once it is known whose figures they are about.
class desk {
 public:
  desk(body::metrics& metrics, audit_log& audit) : metrics_{metrics}, audit_{audit} {}

  task<versioned_view> show(caller who, uuid member, formula_query asked, request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::health_data_read, "getBodyMetrics", std::move(origin));
    const auto state = co_await metrics_.current(member, id_of(asked.formula));
    co_return answer_of(state);
  }

  task<versioned_view> change(caller who, uuid member, body_metrics_given given, based_on expected,
                              request_origin origin) const {
    auto changes = changes_of(given);
    std::string names;
    for (const auto& name : body::names_of(changes)) names += (names.empty() ? "" : " ") + name;
    const bool own = who.id == member;
    if (!own && who.role != role::admin) throw not_found("account");
    body::body_origin from{.source = source_of(given)};
    if (!own) from = {.source = metric_source::admin_entry, .entered_by = who.id};
    std::optional<std::int64_t> version;
    if (expected) version = expected->version;
    const auto state = co_await metrics_.change(member, std::move(changes), from, version);
    audit_entry act{.event = audit_event::body_metrics_update,
                    .actor = who.id,
                    .actor_role = who.role,
                    .subject = member,
                    .detail = std::move(names),
                    .origin = std::move(origin)};
    co_await audit_.record(std::move(act));
    co_return answer_of(state);
  }

  task<versioned_view> recalculate(caller who, uuid member, formula_query asked, request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::body_metrics_update, "recalculateMacros",
                    std::move(origin));
    const auto state = co_await metrics_.recalculate_macros(member, id_of(asked.formula));
    co_return answer_of(state);
  }

  task<http::page<body_record_view>> history(caller who, uuid member, history_query asked, http::page_request page,
                                             request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::health_data_read, "listBodyMetrics",
                    std::move(origin));
    const body::day_range days{asked.start_date, asked.end_date};
    auto found = co_await metrics_.history(member, days, static_cast<std::size_t>(page.limit), std::move(page.after));
    http::page<body_record_view> answer;
    for (const auto& one : found.items) answer.items.push_back(view_of(one));
    answer.next = std::move(found.next);
    co_return answer;
  }

  task<body::progress_report> progress(caller who, uuid member, progress_query asked, request_origin origin) const {
    co_await let_in(audit_, std::move(who), member, audit_event::health_data_read, "getBodyProgress",
                    std::move(origin));
    const body::day_range days{asked.start_date, asked.end_date};
    co_return co_await metrics_.progress_of(member, days, std::move(asked.metrics));
  }

 private:
  body::metrics& metrics_;
  audit_log& audit_;
};

constexpr std::string_view of_figures =
    "Every figure under `calculated` is in `estimates` with its formula, inputs and confidence; what is not known is "
    "absent, never 0.";
constexpr std::string_view of_change =
    "Fields that are absent stay as they are; composition and measurements need recorded consent of type "
    "`health_data`. Unusual values are kept and named in `validation`. Each change is one record of the history, and "
    "`metrics:updated` on the member's devices.";
constexpr std::string_view of_macros =
    "Energy and macronutrients by the goal and activity of the profile, kept as `currentMacros` for 14 days. 400 with "
    "every field the profile lacks; 422 where the formula does not hold for this body.";

/// Both ways to one operation: `/api/users/body-metrics…` and `/api/users/{userId}/body-metrics…`.
class declaration {
 public:
  declaration(http::router& routes, const desk& at) : routes_{routes}, at_{at} {}

  void present() {
    const auto own = [at = at_](caller who, http::query<formula_query> asked, request_origin origin) {
      const auto member = who.id;
      return at.show(std::move(who), member, asked.value, std::move(origin));
    };
    const auto of_member = [at = at_](caller who, http::path<member_path> named, http::query<formula_query> asked,
                                      request_origin origin) {
      return at.show(std::move(who), named->user_id, asked.value, std::move(origin));
    };
    people(routes_.get("/api/users/body-metrics"), "The caller's body metrics", of_figures)
        .operation_id("getOwnBodyMetrics")
        .handle(own);
    people(routes_.get("/api/users/{userId}/body-metrics"), "A member's body metrics, for admins and the member",
           of_figures)
        .operation_id("getBodyMetrics")
        .handle(of_member);
  }

  void change() {
    const auto own = [at = at_](caller who, http::body<body_metrics_given> given, based_on expected,
                                request_origin origin) {
      const auto member = who.id;
      return at.change(std::move(who), member, std::move(given.value), expected, std::move(origin));
    };
    const auto of_member = [at = at_](caller who, http::path<member_path> named, http::body<body_metrics_given> given,
                                      based_on expected, request_origin origin) {
      return at.change(std::move(who), named->user_id, std::move(given.value), expected, std::move(origin));
    };
    people(routes_.put("/api/users/body-metrics"), "Enter the caller's body metrics", of_change)
        .operation_id("updateOwnBodyMetrics")
        .errors(error_code::consent_required)
        .handle(own);
    people(routes_.put("/api/users/{userId}/body-metrics"), "Enter a member's body metrics", of_change)
        .operation_id("updateBodyMetrics")
        .errors(error_code::consent_required)
        .handle(of_member);
  }

  void macros() {
    const auto own = [at = at_](caller who, http::query<formula_query> asked, request_origin origin) {
      const auto member = who.id;
      return at.recalculate(std::move(who), member, asked.value, std::move(origin));
    };
    const auto of_member = [at = at_](caller who, http::path<member_path> named, http::query<formula_query> asked,
                                      request_origin origin) {
      return at.recalculate(std::move(who), named->user_id, asked.value, std::move(origin));
    };
    people(routes_.post("/api/users/body-metrics/recalculate-macros"), "What the caller should eat in a day", of_macros)
        .operation_id("recalculateOwnMacros")
        .errors(error_code::profile_incomplete, error_code::figures_out_of_range)
        .handle(own);
    people(routes_.post("/api/users/{userId}/body-metrics/recalculate-macros"), "What a member should eat in a day",
           of_macros)
        .operation_id("recalculateMacros")
        .errors(error_code::profile_incomplete, error_code::figures_out_of_range)
        .handle(of_member);
  }

  void history() {
    const auto own = [at = at_](caller who, http::query<history_query> asked, http::page_request page,
                                request_origin origin) {
      const auto member = who.id;
      return at.history(std::move(who), member, asked.value, std::move(page), std::move(origin));
    };
    const auto of_member = [at = at_](caller who, http::path<member_path> named, http::query<history_query> asked,
                                      http::page_request page, request_origin origin) {
      return at.history(std::move(who), named->user_id, asked.value, std::move(page), std::move(origin));
    };
    constexpr std::string_view what = "One record per change, with what was calculated then.";
    people(routes_.get("/api/users/body-metrics/history"), "The caller's body metrics over time, newest first", what)
        .operation_id("listOwnBodyMetrics")
        .handle(own);
    people(routes_.get("/api/users/{userId}/body-metrics/history"), "A member's body metrics over time, newest first",
           what)
        .operation_id("listBodyMetrics")
        .handle(of_member);
  }

  void progress() {
    const auto own = [at = at_](caller who, http::query<progress_query> asked, request_origin origin) {
      const auto member = who.id;
      return at.progress(std::move(who), member, std::move(asked.value), std::move(origin));
    };
    const auto of_member = [at = at_](caller who, http::path<member_path> named, http::query<progress_query> asked,
                                      request_origin origin) {
      return at.progress(std::move(who), named->user_id, std::move(asked.value), std::move(origin));
    };
    constexpr std::string_view what =
        "Between the two newest records (`lastChange`), and between the oldest and the newest of the range (`range`). "
        "A "
        "figure that one of both does not have is absent.";
    people(routes_.get("/api/users/body-metrics/progress"), "How the caller's body metrics changed", what)
        .operation_id("getOwnBodyProgress")
        .handle(own);
    people(routes_.get("/api/users/{userId}/body-metrics/progress"), "How a member's body metrics changed", what)
        .operation_id("getBodyProgress")
        .handle(of_member);
  }

 private:
  static http::route& people(http::route& route, std::string_view summary, std::string_view description) {
    return route.summary(std::string{summary})
        .description(std::string{description})
        .tag("Body metrics")
        .allow(role::member, role::trainer, role::staff, role::admin)
        .errors(error_code::not_found);
  }

  http::router& routes_;
  desk at_;
};

}  // namespace

void declare_body_metrics(http::router& routes, body::metrics& metrics, audit_log& audit) {
  declaration all{routes, desk{metrics, audit}};
  all.present();
  all.change();
  all.macros();
  all.history();
  all.progress();
}

}  // namespace nxg::routes
