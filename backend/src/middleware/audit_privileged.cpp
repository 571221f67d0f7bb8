#include "middleware/audit_privileged.hpp"

#include "http/route_info.hpp"
#include "middleware/arguments.hpp"
#include "middleware/translate.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg {

namespace {

constexpr unsigned bit(role one) { return 1U << static_cast<unsigned>(one); }
constexpr unsigned staff_roles = bit(role::trainer) | bit(role::staff) | bit(role::admin);

bool is_privileged(const http::request& incoming) {
  if (incoming.route == nullptr || !incoming.who) return false;
  if (incoming.method == http::verb::get || incoming.method == http::verb::head) return false;
  const bool by_staff = (bit(static_cast<role>(incoming.who->role)) & staff_roles) != 0;
  return by_staff && (incoming.route->roles & bit(role::member)) == 0;
}

std::string code_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const http::problem& known) {
    return known.code();
  } catch (...) {
    const auto known = translate(error);
    return known ? known->code() : "internal_error";
  }
}

/// What the path names: an account is the subject and a branch the place, whatever else has an id goes into the detail.
void add_named(audit_entry& act, const std::vector<http::parameter>& in_path) {
  for (const auto& one : in_path) {
    const auto id = uuid::parse(one.value);
    if (!id) continue;
    if (one.name == "userId") {
      act.subject = id;
    } else if (one.name == "branchId") {
      act.branch_id = id;
    } else {
      act.detail += " " + one.name + "=" + id->to_string();
    }
  }
}

task<http::response> recorded(audit_log& log, http::request& incoming, http::next rest) {
  std::exception_ptr error;
  http::response answer;
  try {
    answer = co_await rest(incoming);
  } catch (...) {
    error = std::current_exception();
  }
  // Also after the deadline struck: then it was done in part.
  co_await boost::asio::this_coro::reset_cancellation_state();
  const auto who = http::argument<caller>::get(incoming);
  audit_entry act{.event = audit_event::privileged_request,
                  .actor = who.id,
                  .actor_role = who.role,
                  .success = !error,
                  .detail = incoming.route->operation_id,
                  .origin = http::argument<request_origin>::get(incoming)};
  add_named(act, incoming.path_parameters);
  if (error) act.detail += " " + code_of(error);
  co_await log.record(std::move(act));
  if (error) std::rethrow_exception(error);
  co_return answer;
}

}  // namespace

http::middleware audit_privileged(audit_log& log) {
  return [&log](http::request& incoming, http::next rest) -> task<http::response> {
    if (!is_privileged(incoming)) return rest(incoming);
    return recorded(log, incoming, rest);
  };
}

}  // namespace nxg
