// resilience_bench: what the chain around a call to an outside service (place, breaker, quota, time-out, retry) costs
// where the service answers at once. Prints {"addedMicroseconds":…}: the difference to calling it bare.

#include "resilience/policy.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <string>

namespace {

using namespace nxg;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int calls = 200'000;

/// As an answer that arrives on this thread's loop.
task<std::string> answered_at_once(resilience::attempt_info) {
  co_await asio::post(asio::use_awaitable);
  co_return "plan";
}

task<> bare(std::size_t& octets) {
  for (int i = 0; i < calls; ++i) {
    const resilience::attempt_info info;
    const auto answer = co_await answered_at_once(info);
    octets += answer.size();
  }
}

task<> through(resilience::policy& policy, runtime::clock& time, std::size_t& octets) {
  for (int i = 0; i < calls; ++i) {
    const auto answer = co_await resilience::call(policy, time.steady() + 25s, answered_at_once);
    octets += answer.size();
  }
}

double microseconds_each(task<> job) {
  asio::io_context context{1};
  const auto began = clock_type::now();
  asio::co_spawn(context, std::move(job), asio::detached);
  context.run();
  return std::chrono::duration<double, std::micro>(clock_type::now() - began).count() / calls;
}

}  // namespace

int main() {
  runtime::clock time;
  runtime::secure_random random;
  resilience::policy_options options;
  options.service = "bench";
  options.quota.granted = {.count = 1'000'000'000, .period = 1h, .burst = 1'000'000'000};
  resilience::policy policy{options, time, random};
  std::size_t octets = 0;
  const auto alone = microseconds_each(bare(octets));
  const auto chained = microseconds_each(through(policy, time, octets));
  if (octets != 2 * calls * std::string{"plan"}.size()) return 1;
  fmt::print("{{\"bareMicroseconds\":{:.3f},\"addedMicroseconds\":{:.3f}}}\n", alone, chained - alone);
  return 0;
}
