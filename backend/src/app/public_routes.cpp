#include "app/public_routes.hpp"

#include "app/pages.hpp"
#include "app/version.hpp"
#include "http/route.hpp"

#include <boost/describe/class.hpp>
#include <fmt/format.h>

namespace nxg::app {

BOOST_DESCRIBE_STRUCT(dependency_shown, (), (name, configured, breaker))

namespace {

struct public_health {
  std::string status;
  std::string version;
  instant timestamp{};

  static constexpr std::string_view schema_name = "Health";
};
BOOST_DESCRIBE_STRUCT(public_health, (), (status, version, timestamp))

/// A dumbbell.
constexpr std::string_view icon =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/>)"
    R"(<path d="M3 6v4M5 4v8M11 4v8M13 6v4M5 8h6" stroke="#fff" stroke-width="1.5"/></svg>)";

std::string start_page(const settings& values, health_status status) {
  const auto link = [](std::string_view text, std::string_view path) {
    return fmt::format("<li><a href=\"{0}\"><span>{1}</span><code>{0}</code></a></li>\n", path, text);
  };
  return fmt::format(
             "<h1>NXG Connect</h1>\n<p class=\"sub\">The backend of a chain of connected gyms. Version {0}, {1}, <span "
             "class=\"{2}\">{2}</span>.</p>\n<ul>\n",
             version, name_of(values.env), name_of(status)) +
         link("API reference", "/api/docs") + link("Error codes", "/api/docs/errors") +
         link("Events over sockets", "/api/docs/events") + link("OpenAPI document", "/api/openapi.json") +
         link("Events as an AsyncAPI document", "/api/asyncapi.json") + link("Health", "/api/health") +
         link("Outside services", "/api/health/dependencies") + link("Exercise library", "/api/workouts/library") +
         "</ul>\n<p class=\"sub\">Socket.IO at <code>/socket.io/</code>: <code>/machines</code>, "
         "<code>/workouts</code>, <code>/notifications</code>, <code>/staff</code>. Plain WebSockets at "
         "<code>/api/ws/machines</code>, <code>/api/ws/workouts</code>.</p>\n";
}

}  // namespace

void declare_public_routes(http::router& routes, const settings& values, const health& state, runtime::clock& time,
                           std::function<std::vector<dependency_shown>()> dependencies) {
  routes.get("/").open().hidden().handle([&values, &state]() -> http::response {
    return page_answer("NXG Connect", start_page(values, state.overall()));
  });
  routes.get("/favicon.ico").open().hidden().cache("public, max-age=86400").handle([]() -> http::response {
    return http::make_response(200, "image/svg+xml", std::string{icon});
  });
  routes.get("/api/health")
      .open()
      .tag("Health")
      .operation_id("getHealth")
      .summary("Whether the gym's backend is well")
      .handle([&state, &time]() -> public_health {
        return {std::string{name_of(state.overall())}, std::string{version}, time.now()};
      });
  routes.get("/api/health/dependencies")
      .open()
      .tag("Health")
      .operation_id("listDependencies")
      .summary("Outside services: whether calls to them go through")
      .handle([look = std::move(dependencies)]() -> std::vector<dependency_shown> { return look(); });
}

}  // namespace nxg::app
