#include "app/observability.hpp"

#include "http/route_info.hpp"
#include "middleware/translate.hpp"

#include <fmt/format.h>

#include <array>
#include <mutex>
#include <span>
#include <string>
#include <unordered_map>

namespace nxg::app {

namespace {

using telemetry::labels;

/// The series of one route, made when it is first asked for; one per status class keeps their number small.
struct route_series {
  std::array<telemetry::counter, 6> requests;
  telemetry::histogram duration;
};

class request_figures {
 public:
  explicit request_figures(telemetry::metrics& into) : into_{into} {}

  void note(const http::request& request, int status, std::chrono::nanoseconds took) {
    const auto& series = series_of(request.route);
    series.requests[static_cast<std::size_t>(std::clamp(status / 100, 0, 5))].increment();
    series.duration.observe(std::chrono::duration<double>(took).count());
  }

 private:
  const route_series& series_of(const http::route_info* route) {
    const std::lock_guard lock{mutex_};
    const auto found = by_route_.find(route);
    return found != by_route_.end() ? found->second : by_route_.emplace(route, make_series(route)).first->second;
  }

  route_series make_series(const http::route_info* route) {
    const labels base{{"method", route == nullptr ? "none" : std::string{to_string(route->method)}},
                      {"route", route == nullptr ? "none" : route->path}};
    route_series made;
    for (std::size_t status_class = 0; status_class < made.requests.size(); ++status_class) {
      auto with = base;
      with["status"] = fmt::format("{}xx", status_class);
      if (status_class >= 1)
        made.requests[status_class] = into_.make_counter("nxg_http_requests_total", "Requests answered", with);
    }
    made.duration = into_.make_histogram("nxg_http_request_duration_seconds", "From the whole request to its answer",
                                         telemetry::latency_buckets(), base);
    return made;
  }

  telemetry::metrics& into_;
  std::mutex mutex_;
  std::unordered_map<const http::route_info*, route_series> by_route_;
};

}  // namespace

http::observer observe_requests(telemetry::logger log, telemetry::metrics& figures) {
  return [log, series = std::make_shared<request_figures>(figures)](
             const http::request& request, const http::response& answer, std::chrono::nanoseconds took) {
    series->note(request, answer.status, took);
    if (!log.enabled(telemetry::log_level::info)) return;
    const auto trace = telemetry::trace_id_text(request.trace);
    const std::string_view route = request.route == nullptr ? "none" : std::string_view{request.route->path};
    std::array<telemetry::field, 8> fields{{{"requestId", request.id},
                                            {"traceId", trace},
                                            {"method", to_string(request.method)},
                                            {"route", route},
                                            {"status", answer.status},
                                            {"ms", took},
                                            {"code", nullptr},
                                            {"userId", nullptr}}};
    // What there is none of is left out.
    std::size_t used = 6;
    if (!answer.code.empty()) fields[used++] = {"code", answer.code};
    if (request.who) fields[used++] = {"userId", request.who->id};
    log.write(telemetry::log_level::info, "request", std::span{fields}.first(used));
  };
}

http::failure_listener report_failures(telemetry::logger log, telemetry::error_reporter& reports) {
  return [log, &reports](const http::request& request, std::exception_ptr error) {
    const std::string route = request.route == nullptr ? "none" : request.route->path;
    log.error("a handler failed", {{"requestId", request.id}, {"route", route}, {"error", telemetry::text_of(error)}});
    telemetry::error_report about;
    about.request_id = request.id.to_string();
    about.method = to_string(request.method);
    about.route = route;
    about.query = request.query;
    if (request.who) about.user_id = request.who->id.to_string();
    reports.report("a handler failed", error, std::move(about));
  };
}

http::undeclared_listener log_undeclared(telemetry::logger log) {
  return [log](const http::route_info& route, const http::problem& problem) {
    if (may_come_from_anywhere(problem.code())) return;
    log.repeated(telemetry::log_level::warn, "a route answered with a code it does not declare",
                 {{"route", route.path}, {"code", problem.code()}});
  };
}

std::vector<telemetry::metrics::registration> server_metrics(const http::server& server, telemetry::metrics& figures) {
  std::vector<telemetry::metrics::registration> result;
  const auto counted = [&](std::string_view name, std::string_view help, std::uint64_t http::server_counters::* which) {
    result.push_back(figures.counter_from(name, help, {},
                                          [&server, which] { return static_cast<double>(server.counters().*which); }));
  };
  result.push_back(figures.gauge_from("nxg_http_connections", "Open connections", {},
                                      [&server] { return static_cast<double>(server.counters().open); }));
  result.push_back(figures.gauge_from("nxg_http_connections_held", "Open connections and WebSockets", {},
                                      [&server] { return static_cast<double>(server.counters().held); }));
  counted("nxg_http_connections_accepted_total", "Connections accepted", &http::server_counters::accepted);
  counted("nxg_http_connections_refused_total", "Connections refused because the process was full",
          &http::server_counters::refused_full);
  counted("nxg_http_time_outs_total", "Connections closed because a client was too slow",
          &http::server_counters::timed_out);
  counted("nxg_http_malformed_total", "Requests that were no HTTP", &http::server_counters::malformed);
  return result;
}

}  // namespace nxg::app
