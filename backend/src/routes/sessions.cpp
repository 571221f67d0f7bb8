#include "routes/sessions.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "schema/types.hpp"
#include "services/error_codes.hpp"

#include <boost/describe/class.hpp>

#include <utility>

namespace nxg::routes {

struct code_path {
  uuid branch_id;
};
BOOST_DESCRIBE_STRUCT(code_path, (), (branch_id))

struct code_view {
  std::string token;
  instant expires_at{};
  instant next_at{};
  static constexpr std::string_view schema_name = "CheckInCode";
  static constexpr schema::note descriptions[] = {{"token", "What the QR code holds"},
                                                  {"expires_at", "Until when it is taken"},
                                                  {"next_at", "When to show the next one"}};
};
BOOST_DESCRIBE_STRUCT(code_view, (), (token, expires_at, next_at))

struct check_in_body {
  entry_method method = entry_method::qr;
  schema::text<1, 400> token;
  static constexpr std::string_view schema_name = "CheckIn";
};
BOOST_DESCRIBE_STRUCT(check_in_body, (), (method, token))

struct check_out_body {};
BOOST_DESCRIBE_STRUCT(check_out_body, (), ())

struct visit_view {
  uuid id;
  uuid branch_id;
  std::string branch_name;
  visit_state status = visit_state::active;
  entry_method method = entry_method::qr;
  instant check_in_time{};
  std::optional<instant> check_out_time;
  instant auto_end_at{};
  std::optional<visit_end> end_reason;
  std::string time_zone;
  schema::local_date local_date{};
  std::optional<std::int64_t> duration_seconds;
  std::optional<machine_use> machine;
  std::vector<machine_use> machines_used;
  static constexpr std::string_view schema_name = "GymSession";
  static constexpr schema::note descriptions[] = {{"machine", "The machine linked now"}};
};
BOOST_DESCRIBE_STRUCT(visit_view, (),
                      (id, branch_id, branch_name, status, method, check_in_time, check_out_time, auto_end_at,
                       end_reason, time_zone, local_date, duration_seconds, machine, machines_used))

struct ended_visit_view {
  visit_view session;
  std::optional<workouts::workout_view> workout;
  static constexpr std::string_view schema_name = "EndedGymSession";
  static constexpr schema::note descriptions[] = {{"workout", "The workout that was still going on, so far"}};
};
BOOST_DESCRIBE_STRUCT(ended_visit_view, (), (session, workout))

struct current_visit_view {
  std::optional<visit_view> session;
  static constexpr std::string_view schema_name = "CurrentGymSession";
};
BOOST_DESCRIBE_STRUCT(current_visit_view, (), (session))

namespace {

visit_view view_of(const visit& what) {
  visit_view made{.id = what.id,
                  .branch_id = what.branch_id,
                  .branch_name = what.branch_name,
                  .status = what.state,
                  .method = what.method,
                  .check_in_time = what.check_in_at,
                  .check_out_time = what.check_out_at,
                  .auto_end_at = what.auto_end_at,
                  .end_reason = what.end_reason,
                  .time_zone = what.time_zone,
                  .local_date = what.local_date,
                  .machine = what.link,
                  .machines_used = what.machines_used};
  if (what.check_out_at) {
    made.duration_seconds =
        std::chrono::duration_cast<std::chrono::seconds>(*what.check_out_at - what.check_in_at).count();
  }
  return made;
}

}  // namespace

void declare_sessions(http::router& routes, visit_service& visits) {
  routes.get("/api/sessions/check-in-code/{branchId}")
      .summary("A check-in code for a branch's screen")
      .description("Show a new one every 30 s; a code is taken for 60 s, and once by each member.")
      .tag("Sessions")
      .operation_id("getCheckInCode")
      .allow(role::screen, role::staff, role::admin)
      .errors(error_code::branch_not_found)
      .cache("no-store")
      .handle([&visits](caller who, http::path<code_path> which) -> task<code_view> {
        auto made = co_await visits.code(std::move(who), which->branch_id);
        co_return code_view{std::move(made.token), made.expires_at, made.next_at};
      });

  routes.post("/api/sessions/start")
      .summary("Check in")
      .tag("Sessions")
      .operation_id("startSession")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::check_in_code_invalid, error_code::check_in_code_expired, error_code::check_in_code_used,
              error_code::visit_active)
      .idempotent()
      .handle(
          [&visits](caller who, http::body<check_in_body> body, http::new_ids ids) -> task<http::created<visit_view>> {
            const auto made = co_await visits.start(who.id, std::string{body->token.value()}, ids.next());
            co_return http::created<visit_view>{view_of(made), "/api/sessions/current"};
          });

  routes.post("/api/sessions/end")
      .summary("Check out")
      .tag("Sessions")
      .operation_id("endSession")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::visit_not_found)
      .idempotent()
      .handle([&visits](caller who, http::body<check_out_body>, http::new_ids ids) -> task<ended_visit_view> {
        auto done = co_await visits.end(who.id, ids.at());
        co_return ended_visit_view{view_of(done.made), std::move(done.workout)};
      });

  routes.get("/api/sessions/current")
      .summary("The visit going on, if any")
      .tag("Sessions")
      .operation_id("getCurrentSession")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&visits](caller who) -> task<current_visit_view> {
        const auto found = co_await visits.current(who.id);
        current_visit_view answer;
        if (found) answer.session = view_of(*found);
        co_return answer;
      });

  routes.get("/api/sessions/history")
      .summary("The caller's visits, newest first")
      .tag("Sessions")
      .operation_id("listSessions")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&visits](caller who, http::page_request page) -> task<http::page<visit_view>> {
        const auto found = co_await visits.history(who.id, static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<visit_view> answer;
        for (const auto& one : found.items) answer.items.push_back(view_of(one));
        answer.next = found.next;
        co_return answer;
      });
}

}  // namespace nxg::routes
