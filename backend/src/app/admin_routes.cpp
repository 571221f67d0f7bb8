#include "app/admin_routes.hpp"

#include "http/route.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace nxg::app {

namespace {

struct check_shown {
  std::string name;
  std::string status;
  std::string detail;
};
BOOST_DESCRIBE_STRUCT(check_shown, (), (name, status, detail))

struct health_shown {
  std::string status;
  std::vector<check_shown> checks;
};
BOOST_DESCRIBE_STRUCT(health_shown, (), (status, checks))

struct clock_move {
  schema::bounded<std::int64_t, 1, 366LL * 24 * 3600 * 1000> advance_ms;
};
BOOST_DESCRIBE_STRUCT(clock_move, (), (advance_ms))

struct clock_shown {
  instant now{};
};
BOOST_DESCRIBE_STRUCT(clock_shown, (), (now))

http::response health_answer(bool good, const health& state) {
  health_shown shown{.status = good ? "pass" : "fail", .checks = {}};
  for (const auto& one : state.checks())
    shown.checks.push_back({one.name, std::string{name_of(one.status)}, one.detail});
  return http::make_response(good ? 200 : 503, "application/health+json", schema::to_json(shown));
}

}  // namespace

void declare_admin_routes(http::router& routes, const health& state, const telemetry::metrics& figures,
                          runtime::clock& time) {
  routes.get("/health/live").open().summary("The process runs").handle([&state]() -> http::response {
    return health_answer(true, state);
  });
  routes.get("/health/ready").open().summary("Requests may be sent here").handle([&state]() -> http::response {
    return health_answer(state.ready(), state);
  });
  routes.get("/health/startup").open().summary("The start is complete").handle([&state]() -> http::response {
    return health_answer(state.current() != health::phase::starting, state);
  });
  routes.get("/metrics").open().summary("Prometheus").handle([&figures]() -> http::response {
    return http::make_response(200, telemetry::metrics::content_type, figures.render());
  });
  if (time.adjustable()) {
    routes.post("/clock")
        .open()
        .summary("Moves every clock and timer of this process forward")
        .handle([&time](http::body<clock_move> move) -> clock_shown {
          time.advance(std::chrono::milliseconds{move->advance_ms.value()});
          return {time.now()};
        });
  }
}

}  // namespace nxg::app
