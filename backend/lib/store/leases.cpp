#include "store/leases.hpp"

#include "runtime/timer.hpp"
#include "store/race.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace nxg::store {

declaration<lease> declare(tag<lease>) {
  return {.name = "leases",
          .schema = 1,
          .shard = unsharded("a handful of documents"),
          .owner = nobodys("names of jobs and processes"),
          .exported = not_exported("nobody's"),
          .erased = not_erased("nobody's"),
          .kept = kept_for_good("their tokens must go on growing")};
}

leases::leases(database& in, std::string holder) : database_{&in}, leases_{in}, holder_{std::move(holder)} {}

task<std::optional<lease>> leases::acquire(std::string name, std::chrono::milliseconds how_long) {
  const instant now = database_->clock().now();
  const lease fresh{.id = name, .holder = holder_, .expires_at = now + how_long, .token = 1};
  std::optional<lease> mine;
  // One who holds it already keeps the token: nobody else had it in between.
  filter<lease> still_mine = eq<&lease::id>(name) && eq<&lease::holder>(holder_) && gt<&lease::expires_at>(now);
  mine =
      co_await leases_.update_get_after(std::move(still_mine), change<lease>().set<&lease::expires_at>(now + how_long));
  if (mine) co_return mine;
  filter<lease> free = lte<&lease::expires_at>(now);
  changes<lease> take =
      change<lease>().set<&lease::holder>(holder_).set<&lease::expires_at>(now + how_long).inc<&lease::token>(1);
  try {
    mine = co_await leases_.upsert_get_after(fresh, std::move(free), std::move(take));
  } catch (const error& why) {
    if (!why.is(failure::duplicate)) throw;  // a duplicate: it is there, and not free
  }
  co_return mine;
}

task<bool> leases::renew(const lease& held, std::chrono::milliseconds how_long) {
  const instant now = database_->clock().now();
  filter<lease> still_mine = eq<&lease::id>(held.id) && eq<&lease::token>(held.token) && gt<&lease::expires_at>(now);
  co_return co_await leases_.update(std::move(still_mine), change<lease>().set<&lease::expires_at>(now + how_long));
}

task<void> leases::release(lease held) {
  // It stays, expired, so that its token goes on growing.
  filter<lease> still_mine = eq<&lease::id>(held.id) && eq<&lease::token>(held.token);
  co_await leases_.update(std::move(still_mine), change<lease>().set<&lease::expires_at>(database_->clock().now()));
}

namespace {

/// Ends when the lease is lost: somebody else has it, or may have it because it could not be renewed in time.
task<void> keep(leases& of, const lease& held, std::chrono::milliseconds how_long, runtime::clock& time) {
  instant ours_until = held.expires_at;
  for (;;) {
    co_await runtime::sleep_for(time, how_long / 3);
    const instant asked = time.now();
    bool kept = asked < ours_until;
    if (!kept) co_return;
    try {
      kept = co_await of.renew(held, how_long);
      ours_until = asked + how_long;
    } catch (const error&) {
      // Not renewed this time.
    }
    if (!kept) co_return;
  }
}

}  // namespace

task<bool> leases::run(std::string name, std::chrono::milliseconds how_long,
                       std::function<task<void>(const lease&)> work) {
  const std::optional<lease> held = co_await acquire(std::move(name), how_long);
  if (!held) co_return false;
  const detail::race_result first =
      co_await detail::race(work(*held), keep(*this, *held, how_long, database_->clock()));
  // A cancelled caller gives it back all the same.
  co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
  try {
    co_await release(*held);
  } catch (const error&) {
    // It expires by itself.
  }
  if (first.thrown) std::rethrow_exception(first.thrown);
  if (!first.work_ended) throw error{failure::busy, "the lease '" + held->id + "' was lost while its work ran"};
  co_return true;
}

}  // namespace nxg::store
