#include "app/public_routes.hpp"

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

constexpr std::string_view page_style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 "
    "1rem;color:#1c2430;background:#fff}"
    "h1{font-size:1.6rem;margin-bottom:.2rem}p.sub{color:#5a6675;margin-top:0}"
    "ul{list-style:none;padding:0;border-top:1px solid #dde3ea}li{border-bottom:1px solid #dde3ea}"
    "a{display:flex;justify-content:space-between;gap:1rem;padding:.7rem .2rem;color:inherit;text-decoration:none}"
    "a:hover,a:focus{background:#f3f6f9}code{color:#0b5cad}.ok{color:#1a7f37}.degraded{color:#9a6700}.failing{color:#"
    "cf222e}"
    "@media(prefers-color-scheme:dark){body{color:#dfe6ee;background:#12171d}p.sub{color:#93a1b1}ul,li{border-color:#"
    "2b3540}"
    "a:hover,a:focus{background:#1b232c}code{color:#6cb6ff}}";

std::string start_page(const settings& values, health_status status) {
  const auto link = [](std::string_view text, std::string_view path) {
    return fmt::format("<li><a href=\"{0}\"><span>{1}</span><code>{0}</code></a></li>", path, text);
  };
  return fmt::format(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">"
      "<title>NXG Connect</title><style>{}</style></head><body><h1>NXG Connect</h1>"
      "<p class=\"sub\">The backend of a chain of connected gyms. Version {}, {}, <span "
      "class=\"{}\">{}</span>.</p><ul>{}{}{}{}{}{}</ul>"
      "<p class=\"sub\">Socket.IO at <code>/socket.io/</code>: <code>/machines</code>, <code>/workouts</code>, "
      "<code>/notifications</code>.</p>"
      "</body></html>",
      page_style, version, name_of(values.env), name_of(status), name_of(status), link("API reference", "/api/docs"),
      link("OpenAPI document", "/api/openapi.json"), link("Events over sockets (AsyncAPI)", "/api/asyncapi.json"),
      link("Health", "/api/health"), link("Outside services", "/api/health/dependencies"),
      link("Exercise library", "/api/workouts/library"));
}

}  // namespace

void declare_public_routes(http::router& routes, const settings& values, const health& state, runtime::clock& time,
                           std::function<std::vector<dependency_shown>()> dependencies) {
  routes.get("/").open().hidden().handle([&values, &state]() -> http::response {
    auto answer = http::make_response(200, "text/html; charset=utf-8", start_page(values, state.overall()));
    answer.headers.set("Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return answer;
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
