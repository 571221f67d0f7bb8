#include "app/backend.hpp"

#include "app/admin_routes.hpp"
#include "app/api_description.hpp"
#include "app/body_scans.hpp"
#include "app/diet_plans.hpp"
#include "app/event_documents.hpp"
#include "app/food_diaries.hpp"
#include "app/gym_floor.hpp"
#include "app/health.hpp"
#include "app/identity.hpp"
#include "app/member_inboxes.hpp"
#include "app/object_families.hpp"
#include "app/object_storage.hpp"
#include "app/observability.hpp"
#include "app/outside_services.hpp"
#include "app/pages.hpp"
#include "app/platform.hpp"
#include "app/public_routes.hpp"
#include "app/sharing.hpp"
#include "app/socket_doors.hpp"
#include "app/storage.hpp"
#include "app/training_diary.hpp"
#include "app/training_plans.hpp"
#include "app/version.hpp"
#include "events/account_handlers.hpp"
#include "events/body_handlers.hpp"
#include "events/floor_handlers.hpp"
#include "events/nutrition_handlers.hpp"
#include "events/planning_handlers.hpp"
#include "http/chain.hpp"
#include "http/openapi.hpp"
#include "http/reference_page.hpp"
#include "http/route.hpp"
#include "http/route_info.hpp"
#include "http/router.hpp"
#include "http/server.hpp"
#include "jobs/floor_jobs.hpp"
#include "jobs/nutrition_jobs.hpp"
#include "jobs/orphan_objects.hpp"
#include "middleware/arguments.hpp"
#include "middleware/audit_privileged.hpp"
#include "middleware/authentication.hpp"
#include "middleware/keyed_operations.hpp"
#include "middleware/list_cursors.hpp"
#include "middleware/request_limits.hpp"
#include "middleware/translate.hpp"
#include "realtime/connections.hpp"
#include "realtime/namespaces.hpp"
#include "routes/auth.hpp"
#include "routes/body_metrics.hpp"
#include "routes/branches.hpp"
#include "routes/events.hpp"
#include "routes/formulas.hpp"
#include "routes/jwks.hpp"
#include "routes/machines.hpp"
#include "routes/member_settings.hpp"
#include "routes/nutrition_meals.hpp"
#include "routes/objects.hpp"
#include "routes/planning.hpp"
#include "routes/points.hpp"
#include "routes/scans.hpp"
#include "routes/sessions.hpp"
#include "routes/users.hpp"
#include "routes/workouts_history.hpp"
#include "socketio/server.hpp"
#include "store/outbox.hpp"
#include "utilities/addresses.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <filesystem>
#include <future>

namespace nxg::app {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds store_answers_within{4};
constexpr std::string_view object_urls = "object urls";

/// Runs a coroutine on one of the cores and waits for it on this thread.
void wait_on(executor where, task<> job) {
  boost::asio::co_spawn(where, std::move(job), boost::asio::use_future).get();
}

std::vector<executor> cores_of(const runtime::io_pool& pool) {
  std::vector<executor> result;
  for (std::size_t i = 0; i < pool.size(); ++i) result.push_back(pool.at(i));
  return result;
}

request_limit_settings limits_of(const settings& values) {
  request_limit_settings result;
  result.member = static_cast<std::uint64_t>(values.limit_member);
  result.public_per_address = static_cast<std::uint64_t>(values.limit_public_per_address);
  result.register_per_address = static_cast<std::uint64_t>(values.limit_register_per_address);
  result.plans = static_cast<std::uint64_t>(values.limit_plans);
  result.pictures = static_cast<std::uint64_t>(values.limit_pictures);
  result.machine_per_second = static_cast<std::uint64_t>(values.limit_machine_messages_per_second);
  result.machine_burst = static_cast<std::uint64_t>(values.limit_machine_burst);
  return result;
}

account_limit people_limit(coordination::rate_limiter& limiter, const settings& values) {
  const auto limits = limits_of(values);
  return {limiter, {limits.member, limits.window, 0}};
}

realtime::message_pace pace_of(const settings& values) {
  return {static_cast<double>(values.limit_machine_messages_per_second),
          static_cast<double>(values.limit_machine_burst)};
}

http::cors_options origins_of(const settings& values) {
  http::cors_options result;
  result.origins = values.cors_origins;
  // Any origin is any: it stands alone.
  const bool any = std::ranges::find(result.origins, "*") != result.origins.end();
  if (values.env != environment::production && !any) {
    for (const auto* origin : {"http://localhost:3000", "http://localhost:5173"}) result.origins.emplace_back(origin);
  }
  return result;
}

/// Health checks and whoever reads the metrics.
constexpr std::size_t most_admin_connections = 64;

http::server_options door_of(const settings& values, const std::string& address, std::uint16_t port) {
  http::server_options result;
  result.address = address;
  result.port = port;
  result.max_connections = values.max_connections;
  result.trusted_proxies = values.trusted_proxies;
  return result;
}

http::server_options admin_door_of(const settings& values) {
  auto result = door_of(values, values.admin_bind_address, values.admin_port);
  result.max_connections = most_admin_connections;
  return result;
}

socketio::server_options socket_options(const settings& values, platform& on, const socketio::adapter_factory& rooms) {
  socketio::server_options result;
  result.adapter = rooms;
  auto origins = origins_of(values).origins;
  result.engine.allow_request = pages_of(origins);
  result.engine.subscriber = utilities::subscriber_of;
  if (!origins.empty()) result.engine.cors.emplace().origins = std::move(origins);
  if (!values.session_cookie.empty()) {
    auto& cookie = result.engine.cookie.emplace();
    cookie.name = values.session_cookie;
    cookie.secure = values.env == environment::production;
  }
  result.on_error = [log = on.log](const socketio::handler_failure& failure) {
    log.error("a socket handler failed", {{"namespace", failure.namespace_name},
                                          {"handler", failure.handler},
                                          {"error", telemetry::text_of(failure.error)}});
  };
  return result;
}

audit_entry plan_for_other(http::request& incoming, uuid member) {
  const auto who = http::argument<caller>::get(incoming);
  return {.event = audit_event::privileged_request,
          .actor = who.id,
          .actor_role = who.role,
          .subject = member,
          .detail = incoming.route->operation_id,
          .origin = http::argument<request_origin>::get(incoming)};
}

/// Of a route open to strangers: who calls it, if anybody says so. Throws for credentials that are no good.
task<std::shared_ptr<const http::principal>> caller_of(bearer_authentication& by, const http::request& incoming) {
  std::shared_ptr<const http::principal> who;
  if (!incoming.headers.find("Authorization")) co_return who;
  who = by.recall(incoming);
  if (!who) who = co_await by.authenticate(incoming);
  co_return who;
}

std::optional<std::filesystem::path> docs_assets(const settings& values) {
  if (values.docs_assets.empty() || !std::filesystem::is_directory(values.docs_assets)) return std::nullopt;
  return values.docs_assets;
}

}  // namespace

struct backend::parts {
  parts(const settings& chosen, platform& with);

  void declare_routes();
  task<> maintain_keys();
  void declare_sockets();
  void watch_health();
  task<> open_store();
  void look_at_objects();
  void tell_ports() const;

  settings values;
  platform& on;
  storage kept;
  sharing shared;
  identity people;
  object_storage objects;
  live::catalogue socket_events;
  socketio::server sockets;
  member_inboxes told;
  realtime::token_watch watch;
  gym_floor floor;
  outside_services outside;
  training_plans training;
  body_scans bodies;
  diet_plans diets;
  food_diaries diaries;
  training_diary diary;
  store::dispatcher events;
  jobs::runner jobs;
  health state;

  list_cursors cursors;
  bearer_authentication authentication;
  request_limits limits;
  keyed_operations keyed;
  http::router routes;
  http::router admin_routes;
  http::server door;
  http::server admin_door;
  std::vector<telemetry::metrics::registration> registrations;
};

backend::parts::parts(const settings& chosen, platform& with)
    : values{chosen},
      on{with},
      kept{values, on, store_use::serve},
      shared{values, on},
      people{values, on, kept, *shared.coordinator},
      objects{values, on, people.keys.secret_for(object_urls), on.io.at(0)},
      sockets{cores_of(on.io), on.time, on.random, socket_options(values, on, shared.rooms)},
      told{on, kept, people, *shared.coordinator, sockets},
      watch{on.io.at(0), on.time, people.revocations, values.max_sockets_per_account},
      floor{values, on, kept, people, told.channel},
      outside{values, on.time, *shared.coordinator},
      training{values, on, kept, *shared.coordinator, outside},
      bodies{values, on, kept, people.bodies, objects, outside, [this] { return door.port(); }},
      diets{values, on, kept, *shared.coordinator, outside},
      diaries{values, on, kept, *shared.coordinator, objects, outside},
      diary{on, kept, floor, training},
      events{kept.database, on.io.at(on.io.size() - 1)},
      jobs{on.io.at(on.io.size() - 1), on.time, kept.leases, on.metrics, on.log},
      cursors{people.keys},
      authentication{people.tokens, people.attempts},
      limits{shared.coordinator->rate_limiter(), authentication, limits_of(values)},
      keyed{kept.keyed_operations},
      door{on.io, on.time, routes, door_of(values, values.bind_address, values.port)},
      admin_door{on.io, on.time, admin_routes, admin_door_of(values)} {
  declare_sockets();
  declare_routes();
  watch_health();
  events::handle_account_events(events, people.accounts);
  events::handle_floor_events(events, {.machines = kept.machines,
                                       .workouts = kept.workouts,
                                       .links = floor.links,
                                       .visits = floor.visits,
                                       .floor = floor.who_is_where,
                                       .summaries = floor.summaries,
                                       .rows = floor.rows,
                                       .points = floor.points,
                                       .live = told.channel,
                                       .time = on.time});
  diets.handle_events(events, told.channel);
  events::handle_planning_events(events, {.plans = training.plans, .live = told.channel});
  bodies.handle_events(events, told.channel);
  events::handle_nutrition_events(
      events,
      {.balance = diaries.balance, .pictures = diaries.pictures, .awards = diaries.awards, .live = told.channel});
  diary.handle(events, told.channel);
  events::handle_body_events(events, {.metrics = people.bodies, .live = told.channel});
  events.on_dead_letter(
      [log = on.log, dead = on.metrics.make_counter("nxg_dead_letters_total", "Events no handler would take")](
          const store::dead_letter& letter) {
        dead.increment();
        log.error("an event became a dead letter",
                  {{"event", letter.type}, {"collection", letter.collection}, {"lastError", letter.last_error}});
      });
  events.on_failed_sweep([log = on.log](const std::string& collection, const std::string& why) {
    log.warn("the events of a collection cannot be looked for", {{"collection", collection}, {"why", why}});
  });
  jobs::add_floor_jobs(jobs, {.segments = kept.journal,
                              .journal = floor.journal,
                              .folder = floor.folder,
                              .presence = floor.presence,
                              .links = floor.links,
                              .visits = floor.visits,
                              .time = on.time,
                              .log = on.log});
  bodies.add_jobs(jobs);
  diets.add_jobs(jobs);
  jobs::add_nutrition_jobs(jobs, diaries.pictures, on.log);
  jobs::add_orphan_job(jobs,
                       {.files = objects.store(), .families = object_families(kept), .time = on.time, .log = on.log});
  diary.add(jobs);
  jobs.add({.name = "keys", .every = 60s, .work = [this] { return maintain_keys(); }, .alone = false});
  jobs.add({.name = "objects", .every = 15s, .work = [this] { return objects.look(); }, .alone = false});
  jobs.add({.name = "expired documents", .every = 300s, .work = [this]() -> task<> {
              co_await store::sweep_expired(kept.database);
            }});
}

task<> backend::parts::maintain_keys() {
  const auto rotated = co_await people.keys.maintain();
  for (const auto purpose : rotated) {
    const std::string of = boost::describe::enum_to_string(purpose, "");
    on.log.info("another key signs now", {{"purpose", of}});
  }
}

void backend::parts::declare_sockets() {
  const realtime::parts with{.tokens = people.tokens,
                             .watch = watch,
                             .machines = floor.registry,
                             .presence = floor.presence,
                             .upkeep = floor.upkeep,
                             .floor = floor.who_is_where,
                             .intake = floor.intake,
                             .events = socket_events,
                             .inboxes = told.inboxes,
                             .post = told.post,
                             .pace = pace_of(values),
                             .people = people_limit(shared.coordinator->rate_limiter(), values),
                             .time = on.time,
                             .log = on.log};
  realtime::declare_machines(sockets, with);
  realtime::declare_members(sockets, with);
  realtime::declare_staff(sockets, with);
  mount_sockets(sockets, door);
}

void backend::parts::declare_routes() {
  routes.use(http::standard_chain({.time = on.time,
                                   .random = on.random,
                                   .on_answer = observe_requests(on.log, on.metrics),
                                   .translate = translate,
                                   .on_failure = report_failures(on.log, *on.reports),
                                   .on_undeclared = log_undeclared(on.log),
                                   .cors = origins_of(values),
                                   .security = {},
                                   .authentication = &authentication,
                                   .limits = &limits,
                                   .keyed_operations = &keyed}));
  routes.use(audit_privileged(people.audit));
  routes.cursors(cursors);

  declare_public_routes(routes, values, state, on.time, [this] { return outside.shown(); });
  routes::declare_auth(routes, people.accounts, people.sessions);
  routes::declare_users(routes, people.accounts, [this](uuid member) { return bodies.avatar_of(member); });
  routes::declare_body_metrics(routes, people.bodies, people.audit);
  routes::declare_member_settings(routes, people.member_preferences, people.audit);
  routes::declare_jwks(routes, people.keys);
  routes::declare_branches(routes, floor.branches);
  routes::declare_sessions(routes, floor.visits);
  routes::declare_machines(routes, {.registry = floor.registry,
                                    .presence = floor.presence,
                                    .upkeep = floor.upkeep,
                                    .links = floor.links,
                                    .intake = floor.intake,
                                    .time = on.time});
  routes::declare_workouts_history(routes, floor.history, on.time);
  routes::declare_events(routes, told.inboxes);
  routes::declare_points(routes, floor.points);
  if (values.s3_url.empty())
    routes::declare_objects(routes, objects.store(), people.keys.secret_for(object_urls), on.time);
  routes::declare_formulas(routes);
  routes::declare_scans(routes, bodies.scans, people.audit);
  routes::declare_planning(routes, training.plans, on.time, [this](http::request& incoming, uuid member) {
    return people.audit.record(plan_for_other(incoming, member));
  });
  diets.declare_routes(routes, [this](http::request& incoming, uuid member) {
    return people.audit.record(plan_for_other(incoming, member));
  });
  routes::declare_nutrition_meals(
      routes, {.diary = diaries.diary, .pictures = diaries.pictures, .balance = diaries.balance, .time = on.time});
  diary.declare(routes, floor, [this](const http::request& incoming) { return caller_of(authentication, incoming); });
  declare_event_documents(routes, socket_events);
  http::mount_reference(routes, describe_api(),
                        {.assets = docs_assets(values),
                         .links = {{"Events over sockets", "/api/docs/events"},
                                   {"Events over sockets (AsyncAPI document)", "/api/asyncapi.json"}},
                         .style = std::string{page_style()}});
  routes.seal();

  admin_routes.use(http::error_boundary(translate, report_failures(on.log, *on.reports), {}));
  declare_admin_routes(admin_routes, state, on.metrics, on.time);
  admin_routes.seal();
}

void backend::parts::watch_health() {
  state.add([this]() -> health_check {
    // Said long before callers cannot be told from those who were sent away: others may reach the store.
    if (people.revocations.read_within(store_answers_within)) return {"store", health_status::ok, ""};
    return {"store", health_status::failing, "the store does not answer"};
  });
  state.add([this]() -> health_check {
    if (floor.journal.accepts()) return {"journal", health_status::ok, ""};
    return {"journal", health_status::degraded, "samples are not taken: the store does not keep up"};
  });
  state.add([this]() -> health_check {
    if (!shared.coordinator->degraded()) return {"coordination", health_status::ok, ""};
    return {"coordination", health_status::degraded, "other processes cannot be reached"};
  });
  state.add([this]() -> health_check { return objects.state(); });
  outside.watch(state);
}

task<> backend::parts::open_store() {
  if (values.migrate) {
    co_await store::migrate(kept.database);
  } else {
    co_await store::prepare(kept.database);
  }
  co_await people.keys.start();
  co_await people.revocations.refresh();
}

/// The first line of the log: whoever started us reads the ports there. Nothing that has something to say runs yet.
void backend::parts::tell_ports() const {
  on.log.info("serving", {{"http", door.port()},
                          {"admin", admin_door.port()},
                          {"environment", name_of(values.env)},
                          {"version", version},
                          {"processId", on.process_id},
                          {"cores", on.io.size()}});
}

/// Before anything is served: what will never work is told now. The connections of `objects` live on a core that does
/// not run yet, so the first look is that of another.
void backend::parts::look_at_objects() {
  object_storage first{values, on, people.keys.secret_for(object_urls), on.here.get_executor()};
  on.run_to_end(first.look());
  objects.begin_as(first);
}

backend::backend(const settings& values, platform& on) : parts_{std::make_unique<parts>(values, on)} {}
backend::~backend() = default;

void backend::start() {
  auto& all = *parts_;
  if (all.kept.documents.is_new) all.people.keys.make_ahead();
  all.on.run_to_end(all.open_store());
  all.look_at_objects();
  all.on.io.start();
  all.people.revocations.start(all.on.io.at(0));
  all.told.post.start();
  try {
    all.door.start();
    all.admin_door.start();
  } catch (...) {
    // What runs by now would go on without a store, and complain.
    stop();
    throw;
  }
  all.tell_ports();
  all.events.start();
  all.jobs.start();
  all.registrations = server_metrics(all.door, all.on.metrics);
  all.registrations.push_back(all.on.metrics.gauge_from("nxg_sockets", "Socket.IO sockets connected", {}, [&all] {
    return static_cast<double>(all.sockets.statistics().sockets);
  }));
  all.state.enter(health::phase::serving);
}

void backend::stop() {
  auto& all = *parts_;
  const auto grace = std::chrono::duration_cast<std::chrono::milliseconds>(all.values.drain);
  const auto last = all.on.io.at(all.on.io.size() - 1);
  all.state.enter(health::phase::draining);
  wait_on(last, all.jobs.stop(grace));
  wait_on(all.on.io.at(0), all.sockets.stop(grace));
  all.door.stop(grace);
  wait_on(all.on.io.at(0), all.floor.journal.stop());
  wait_on(last, all.events.stop(grace));
  all.told.post.stop();
  all.watch.stop();
  all.people.revocations.stop();
  all.admin_door.stop(1s);
  all.on.io.stop();
}

backend::ports backend::listening_on() const { return {parts_->door.port(), parts_->admin_door.port()}; }

const live::catalogue& backend::socket_events() const { return parts_->socket_events; }
std::string backend::openapi() const { return http::openapi_document(parts_->routes, describe_api()); }

}  // namespace nxg::app
