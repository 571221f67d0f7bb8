#pragma once

#include "http/route.hpp"
#include "models/role.hpp"
#include "routes/plan_views.hpp"
#include "routes/prefer.hpp"
#include "runtime/clock.hpp"
#include "services/api_error.hpp"

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What the routes of workout and of diet plans have in common.
namespace nxg::routes {

inline constexpr std::chrono::seconds plan_deadline{25};

/// Notes that an admin had a plan made for somebody else. Throws what keeping the record throws: then nothing is done.
using audit_plan_for_other = std::function<task<void>(http::request& incoming, uuid member)>;

struct plan_path {
  uuid plan_id;
};
BOOST_DESCRIBE_STRUCT(plan_path, (), (plan_id))

/// The values that `words` of `customPreferences` name; those that name none are noted in `wrong`.
template <class Value, class Words, class Named>
std::vector<Value> understood(const Words& words, std::string_view pointer, std::string_view allowed, Named named,
                              std::vector<field_error>& wrong) {
  std::vector<Value> values;
  if (!words) return values;
  for (std::size_t i = 0; i < words->size(); ++i) {
    if (const std::optional<Value> value = named((*words)[i].value())) {
      values.push_back(*value);
    } else {
      wrong.push_back({fmt::format("/customPreferences/{}/{}", pointer, i), "not_one_of",
                       fmt::format("must be one of {}", allowed)});
    }
  }
  return values;
}

/// What a POST for a plan ends with: 201 a new one, 200 the present one, 202 one that will come.
template <class Given>
struct plan_outcome {
  int status = 201;
  Given value;
  /// Where the member's plan stands.
  std::string location;
};

/// Makes and puts away plans of one kind. `Plans` is its `planning::plan_maker`; a body has `target_user_id` and
/// `force_refresh`. All outlive the router.
template <class Plans, class Body, class Given>
struct plan_operations {
  std::string path;
  Plans& plans;
  runtime::clock& time;
  audit_plan_for_other audit;
  typename Plans::wishes_type (*wishes_of)(const Body& asked);
  Given (*view_of)(const typename Plans::answer& answer);

  task<plan_outcome<Given>> make(http::principal who, Body asked, http::new_ids ids, http::request& incoming) const {
    auto wishes = wishes_of(asked);
    const auto member = asked.target_user_id.value_or(who.id);
    if (member != who.id) {
      if (who.role != static_cast<unsigned>(role::admin))
        throw forbidden("Only an admin may ask for another member's plan.");
      if (audit) co_await audit(incoming, member);
    }
    plan_outcome<Given> outcome{.location = path + "/status"};
    if (prefers_no_wait(incoming)) {
      const auto request = co_await plans.request(member, std::move(wishes), asked.force_refresh, ids.next());
      outcome.status = 202;
      outcome.value.pending_request = pending_of(request);
      co_return outcome;
    }
    const auto deadline = incoming.deadline.value_or(time.steady() + plan_deadline);
    const auto answer = co_await plans.generate(member, std::move(wishes), asked.force_refresh, ids.next(), deadline);
    outcome.status = answer.is_new ? 201 : 200;
    outcome.value = view_of(answer);
    co_return outcome;
  }

  /// POST of the path; the caller adds what is said about it.
  http::route& declare_make(http::router& in) const {
    auto& route = in.post(path)
                      .allow(role::member, role::trainer, role::staff, role::admin)
                      .errors(error_code::profile_incomplete, error_code::forbidden, error_code::not_found,
                              error_code::plan_in_progress, error_code::plan_service_unavailable)
                      .deadline(plan_deadline)
                      .idempotent()
                      .limit("plans");
    route.handle(
        [with = *this](http::principal who, http::body<Body> asked, http::new_ids ids, http::request& incoming) {
          return with.make(std::move(who), std::move(asked.value), ids, incoming);
        });
    return route;
  }

  /// DELETE of the path's plan; likewise.
  http::route& declare_withdraw(http::router& in) const {
    auto& route = in.del(path + "/{planId}")
                      .allow(role::member, role::trainer, role::staff, role::admin)
                      .errors(error_code::plan_not_found);
    route.handle([&all = plans](http::principal who, http::path<plan_path> which) -> task<void> {
      return all.withdraw(who.id, which->plan_id);
    });
    return route;
  }
};

}  // namespace nxg::routes

/// One operation, three successful statuses: declared by its usual one.
template <class Given>
struct nxg::http::detail::result<nxg::routes::plan_outcome<Given>> {
  static void declare(route_info& info) {
    result<Given>::declare(info);
    info.success_status = 201;
    info.located = true;
  }
  static response answer(const request& to, nxg::routes::plan_outcome<Given>&& outcome) {
    auto made = result<Given>::answer(to, std::move(outcome.value));
    made.status = outcome.status;
    if (outcome.status == 202) made.headers.add("Preference-Applied", "respond-async");
    add_location(made, outcome.status, outcome.location);
    return made;
  }
};
