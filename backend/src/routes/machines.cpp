#include "routes/machines.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "schema/types.hpp"
#include "services/api_error.hpp"
#include "services/machines/errors.hpp"
#include "services/machines/views.hpp"
#include "services/telemetry/messages.hpp"

#include <boost/describe/class.hpp>

#include <utility>

namespace nxg::routes {

struct machine_body {
  uuid branch_id;
  schema::text<1, 100> name;
  nxg::machine_class class_ = machine_class::treadmill;
  std::optional<schema::text<0, 50>> location;
  std::optional<schema::text<0, 50>> model_number;
  std::optional<schema::text<1, 100>> qr_code;
  schema::list<measure_limit, 0, 12> limits;

  static constexpr std::string_view schema_name = "NewMachine";
  static constexpr std::string_view optional_fields[] = {"limits"};
  static constexpr schema::note descriptions[] = {
      {"qr_code", "Printed on the machine: says which one is meant, opens nothing by itself"},
      {"limits", "What its model can physically measure, where that differs from its class"}};
};
BOOST_DESCRIBE_STRUCT(machine_body, (), (branch_id, name, class_, location, model_number, qr_code, limits))

struct machine_view {
  uuid id;
  uuid branch_id;
  std::string name;
  nxg::machine_class class_ = machine_class::treadmill;
  std::string location;
  std::string model_number;
  machine_status status = machine_status::offline;
  bool is_available = false;
  instant since{};
  std::optional<instant> last_heartbeat_at;
  std::optional<std::string> firmware;
  std::vector<measure_limit> limits;
  static constexpr std::string_view schema_name = "Machine";
};
BOOST_DESCRIBE_STRUCT(machine_view, (),
                      (id, branch_id, name, class_, location, model_number, status, is_available, since,
                       last_heartbeat_at, firmware, limits))

struct machine_path {
  uuid machine_id;
};
BOOST_DESCRIBE_STRUCT(machine_path, (), (machine_id))

struct empty_body {};
BOOST_DESCRIBE_STRUCT(empty_body, (), ())

struct credentials_view {
  uuid machine_id;
  std::string secret;
  std::int64_t version = 0;
  static constexpr std::string_view schema_name = "MachineCredentials";
};
BOOST_DESCRIBE_STRUCT(credentials_view, (), (machine_id, secret, version))

struct token_body {
  uuid machine_id;
  schema::text<1, 100> secret;
};
BOOST_DESCRIBE_STRUCT(token_body, (), (machine_id, secret))

struct token_view {
  std::string access_token;
  instant expires_at{};
  static constexpr std::string_view schema_name = "MachineToken";
};
BOOST_DESCRIBE_STRUCT(token_view, (), (access_token, expires_at))

struct availability_query {
  uuid branch_id;
};
BOOST_DESCRIBE_STRUCT(availability_query, (), (branch_id))

struct link_body {
  std::optional<uuid> machine_id;
  std::optional<schema::text<1, 100>> qr_code;

  static void check(const link_body& read, schema::problems& wrong) {
    if (read.machine_id.has_value() == read.qr_code.has_value())
      wrong.add("one_of", "either machineId or qrCode is needed");
  }
};
BOOST_DESCRIBE_STRUCT(link_body, (), (machine_id, qr_code))

struct link_view {
  uuid link_id;
  uuid workout_id;
  uuid machine_id;
  instant since{};
  instant expires_at{};
  static constexpr std::string_view schema_name = "MachineLink";
  static constexpr schema::note descriptions[] = {
      {"expires_at", "Pushed out by samples; 10 minutes after the last one the link ends"}};
};
BOOST_DESCRIBE_STRUCT(link_view, (), (link_id, workout_id, machine_id, since, expires_at))

struct unlink_body {
  uuid machine_id;
  std::optional<uuid> link_id;
  static constexpr schema::note descriptions[] = {
      {"link_id", "Ends that link and no other; without it whichever the machine has, also one that began meanwhile"}};
};
BOOST_DESCRIBE_STRUCT(unlink_body, (), (machine_id, link_id))

/// A batch as text: a sample of it that cannot be read must not keep the others out.
struct batch_text {
  std::string json;
};

}  // namespace nxg::routes

template <>
struct nxg::http::detail::part<nxg::routes::batch_text> {
  static void declare(route_info& info) { info.body_schema = &schema_of_input<nxg::samples::batch>; }
  static nxg::routes::batch_text read(argument_reader& from) {
    from.require_json();
    return {from.incoming().body};
  }
};

namespace nxg::routes {
namespace {

machine_view view_of(const machine& what, instant now) {
  const auto status = status_of(what, now);
  return {.id = what.id,
          .branch_id = what.branch_id,
          .name = what.name,
          .class_ = what.class_,
          .location = what.location,
          .model_number = what.model_number,
          .status = status,
          .is_available = status == machine_status::available,
          .since = status_since_of(what, now),
          .last_heartbeat_at = what.last_heartbeat_at,
          .firmware = what.firmware,
          .limits = what.limits};
}

std::string text_or_empty(const auto& text) { return text ? std::string{text->value()} : std::string{}; }

new_machine asked_for(const machine_body& body) {
  new_machine made{.branch_id = body.branch_id,
                   .name = body.name.value(),
                   .class_ = body.class_,
                   .location = text_or_empty(body.location),
                   .model_number = text_or_empty(body.model_number),
                   .limits = body.limits.value()};
  if (body.qr_code) made.qr_code = body.qr_code->value();
  return made;
}

void declare_registry(http::router& routes, const machine_parts& with) {
  routes.post("/api/machines")
      .summary("Enrol a machine")
      .tag("Machines")
      .operation_id("enrolMachine")
      .allow(role::admin)
      .errors(error_code::branch_not_found, error_code::machine_code_taken)
      .idempotent()
      .handle([with](http::body<machine_body> body, http::new_ids ids) -> task<http::created<machine_view>> {
        const auto made = co_await with.registry.enrol(asked_for(*body), ids.next());
        co_return http::created<machine_view>{view_of(made, with.time.now()), "/api/machines/" + made.id.to_string()};
      });

  routes.get("/api/machines/{machineId}")
      .summary("A machine, and whether it is free")
      .tag("Machines")
      .operation_id("getMachine")
      .allow(role::member, role::trainer, role::staff, role::admin, role::machine)
      .errors(error_code::machine_not_found)
      .handle([with](caller who, http::path<machine_path> which) -> task<machine_view> {
        if (who.role == role::machine && who.id != which->machine_id) throw machine_not_found();
        const auto found = co_await with.registry.get(which->machine_id);
        co_return view_of(found, with.time.now());
      });

  routes.post("/api/machines/{machineId}/credentials")
      .summary("Give a machine a new secret")
      .description(
          "Shown this once. The secret before it, and every token made with it, are worth nothing from now on.")
      .tag("Machines")
      .operation_id("issueMachineCredentials")
      .allow(role::admin)
      .errors(error_code::machine_not_found)
      .status(201)
      .secret()
      .handle([with](http::path<machine_path> which, http::body<empty_body>) -> task<credentials_view> {
        auto made = co_await with.registry.issue_credentials(which->machine_id);
        co_return credentials_view{which->machine_id, std::move(made.secret), made.version};
      });

  routes.post("/api/machines/token")
      .summary("A machine's secret for a token of an hour")
      .tag("Machines")
      .operation_id("exchangeMachineSecret")
      .open()
      .limit("unlimited")
      .errors(error_code::machine_credentials_invalid, error_code::rate_limited)
      .secret()
      .handle([with](http::body<token_body> body, request_origin origin) -> task<token_view> {
        auto made = co_await with.registry.exchange(body->machine_id, std::string{body->secret.value()},
                                                    std::move(origin.address));
        co_return token_view{std::move(made.text), made.expires_at};
      });
}

void declare_links(http::router& routes, const machine_parts& with) {
  routes.get("/api/machines/availability")
      .summary("Machines of a branch, and which are free")
      .tag("Machines")
      .operation_id("listAvailability")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::branch_not_found)
      .handle([with](http::query<availability_query> asked) -> task<std::vector<machine_availability>> {
        std::vector<machine_availability> answer;
        const auto found = co_await with.registry.of_branch(asked->branch_id);
        for (const auto& one : found) answer.push_back(availability_of(one, with.time.now()));
        co_return answer;
      });

  routes.post("/api/machines/link")
      .summary("Link the caller to a machine")
      .description(
          "Needs an active visit in the machine's branch. A member has one machine at a time. Linking again to the "
          "same "
          "machine answers with the same link.")
      .tag("Machines")
      .operation_id("linkMachine")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .errors(error_code::visit_required, error_code::machine_not_found, error_code::machine_in_other_branch,
              error_code::machine_out_of_service, error_code::machine_in_use, error_code::member_already_linked)
      .status(201)
      .idempotent()
      .handle([with](caller who, http::body<link_body> body, http::new_ids ids) -> task<link_view> {
        machine_choice which{body->machine_id, {}};
        if (body->qr_code) which.qr_code = body->qr_code->value();
        const auto made = co_await with.links.link(who.id, std::move(which), ids.next());
        co_return link_view{made.link.link_id, made.link.link_id, made.machine_id, made.link.since,
                            made.link.expires_at};
      });

  routes.post("/api/machines/unlink")
      .summary("End the link to a machine")
      .description(
          "The member is answered with what the workout came to so far; its final summary follows as "
          "`workout:summary`. The machine, and those who work in the branch, learn only when the link ended. Name the "
          "link: then the request may be repeated safely, and a repeated one has the same answer.")
      .tag("Machines")
      .operation_id("unlinkMachine")
      .allow(role::member, role::trainer, role::staff, role::admin, role::machine)
      .errors(error_code::machine_not_found, error_code::machine_not_linked)
      .idempotent()
      .handle([with](caller who, http::body<unlink_body> body, request_origin origin) -> task<unlinked> {
        const unlinking which{body->machine_id, body->link_id};
        return with.links.unlink(std::move(who), which, std::move(origin));
      });
}

void declare_doors(http::router& routes, const machine_parts& with) {
  routes.post("/api/machines/heartbeat")
      .summary("A machine's sign of life")
      .description("About every 15 s; a machine not heard of for 45 s is offline. The answer repeats the current link.")
      .tag("Machines")
      .operation_id("machineHeartbeat")
      .allow(role::machine)
      .errors(error_code::machine_not_found)
      .handle([with](caller who, http::body<heartbeat_report> body) -> task<heartbeat_answer> {
        auto told = signs_of(*body, with.time.now());
        if (told.clock_offset_ms) with.intake.measured_clock(who.id, *told.clock_offset_ms);
        const auto now = co_await with.presence.heartbeat(who.id, std::nullopt, std::move(told));
        if (!now) throw machine_not_found();
        co_return heartbeat_answer_for(*now, with.time.now());
      });

  routes.post("/api/machines/workout-data")
      .summary("Samples of a machine")
      .description(
          "At most 500, one request at a time, the oldest unacknowledged first; the answer is the same as on the "
          "socket. "
          "Samples that cannot be read are refused one by one.")
      .tag("Machines")
      .operation_id("sendSamples")
      .allow(role::machine)
      .errors(error_code::machine_not_found)
      .body_limit(samples::max_bytes)
      .handle([with](caller who, batch_text body) -> task<samples::ack> {
        return with.intake.take(who.id, std::move(body.json));
      });
}

}  // namespace

void declare_machines(http::router& routes, const machine_parts& with) {
  declare_registry(routes, with);
  declare_links(routes, with);
  declare_doors(routes, with);
}

}  // namespace nxg::routes
