#include "services/planning/plan_maker.hpp"

#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace nxg::planning {

using namespace std::chrono_literals;

bool was_not_asked(std::string_view reason) {
  constexpr auto spared = std::to_array<std::string_view>(
      {"breaker_open", "saturated", "quota_exhausted", "asked_to_pause", "not_configured"});
  return std::ranges::find(spared, reason) != spared.end();
}

namespace detail {

std::string cache_key(std::string_view prefix, uuid member, const std::string& need) {
  return std::string{prefix} + utilities::hex(utilities::sha256(member.to_string() + need));
}

plan_source source_of(coordination::freshness how) {
  switch (how) {
    case coordination::freshness::filled: return plan_source::service;
    case coordination::freshness::fresh: return plan_source::cache;
    case coordination::freshness::stale: return plan_source::stale_cache;
  }
  return plan_source::stale_cache;
}

bool is_final(error_code code) {
  return code == error_code::profile_incomplete || code == error_code::not_found ||
         code == error_code::plan_service_unavailable || code == error_code::plan_not_safe;
}

api_error no_plan_possible(std::string_view kind, std::string_view service, std::chrono::milliseconds retry_after) {
  return api_error{error_code::plan_service_unavailable,
                   fmt::format("No {} plan can be made right now: the {} gave none that can be used, and without it no "
                               "plan can be shown to be safe for this profile.",
                               kind, service)}
      .with_retry_after(std::max<std::chrono::seconds>(std::chrono::ceil<std::chrono::seconds>(retry_after), 30s));
}

void count_plan(telemetry::metrics& in, std::string_view kind, plan_source source) {
  in.make_counter(fmt::format("nxg_{}_plans_total", kind), "Plans of that kind given, by where they came from",
                  {{"source", boost::describe::enum_to_string(source, "")}})
      .increment();
}

void count_refused(telemetry::metrics& in, std::string_view kind, std::string_view why) {
  in.make_counter(fmt::format("nxg_{}_plans_refused_total", kind),
                  "Answers of the outside service that were of no use for a plan of that kind",
                  {{"reason", std::string{why}}})
      .increment();
}

}  // namespace detail
}  // namespace nxg::planning
