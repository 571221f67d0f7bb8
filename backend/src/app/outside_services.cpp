#include "app/outside_services.hpp"

#include "coordination/shared_quota.hpp"
#include "resilience/metrics.hpp"

#include <utility>

namespace nxg::app {
namespace {

double number_of(resilience::breaker_state state) {
  switch (state) {
    case resilience::breaker_state::closed: return 0;
    case resilience::breaker_state::half_open: return 1;
    case resilience::breaker_state::open: return 2;
  }
  return 2;
}

}  // namespace

outside_services::outside_services(const settings& values, runtime::clock& time, coordination::coordinator& shared)
    : time_{time}, shared_{values.redis_url.empty() ? nullptr : &shared} {}

resilience::policy_options outside_services::with_quota(resilience::policy_options options) const {
  if (shared_ != nullptr)
    options.shared_quota = coordination::shared_quota(*shared_, time_, options.service, options.quota);
  return options;
}

void outside_services::add(std::string name, std::string without, look how) {
  entries_.push_back({std::move(name), std::move(without), std::move(how)});
}

std::vector<dependency_shown> outside_services::shown() const {
  std::vector<dependency_shown> all;
  for (const auto& one : entries_) {
    const auto now = one.how();
    all.push_back({now.service, now.configured, now.breaker});
  }
  return all;
}

void outside_services::watch(health& state) const {
  for (const auto& one : entries_) {
    state.add([&one]() -> health_check {
      const auto now = one.how();
      if (!now.configured || now.breaker == "closed") return {one.name, health_status::ok, ""};
      return {one.name, health_status::degraded, "calls do not go through: " + one.without};
    });
  }
}

outside_way::outside_way(const resilience::policy_options& options, platform& on, const outside_services& all)
    : client{on.io.at(0), on.time},
      policy{all.with_quota(options), on.time, on.random,
             resilience::observe_with(on.metrics, on.log, options.service)} {
  registrations.push_back(on.metrics.gauge_from("nxg_breaker_state", "0 closed, 1 half-open, 2 open",
                                                {{"service", options.service}},
                                                [this] { return number_of(policy.breaker()); }));
}

}  // namespace nxg::app
