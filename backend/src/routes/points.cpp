#include "routes/points.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "services/points/awards.hpp"

#include <boost/describe/class.hpp>

#include <utility>

namespace nxg::routes {

struct points_entry_view {
  uuid id;
  std::int64_t amount = 0;
  std::string reason;
  points_source source_type = points_source::workout;
  uuid source_id;
  instant at{};
  static constexpr std::string_view schema_name = "PointsEntry";
};
BOOST_DESCRIBE_STRUCT(points_entry_view, (), (id, amount, reason, source_type, source_id, at))

struct balance_view {
  std::int64_t balance = 0;
  std::int64_t lifetime = 0;
  std::vector<points_entry_view> transactions;
  static constexpr std::string_view schema_name = "PointsBalance";
  static constexpr schema::note descriptions[] = {
      {"lifetime", "All that was ever earned"},
      {"transactions", "The newest 100; the rest by /api/nxg-points/transactions"}};
};
BOOST_DESCRIBE_STRUCT(balance_view, (), (balance, lifetime, transactions))

namespace {

points_entry_view view_of(const points_entry& one) {
  return {one.id, one.points, one.reason, one.source_type, one.source_id, one.at};
}

}  // namespace

void declare_points(http::router& routes, points::ledger& ledger) {
  routes.get("/api/nxg-points/awards")
      .summary("What points are given for")
      .tag("Points")
      .operation_id("listPointsAwards")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([]() -> std::vector<points::award> { return points::table(); });

  routes.get("/api/nxg-points/balance")
      .summary("The caller's points")
      .tag("Points")
      .operation_id("getPointsBalance")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&ledger](caller who) -> task<balance_view> {
        constexpr std::size_t shown = 100;
        const auto balance = co_await ledger.balance_of(who.id);
        const auto newest = co_await ledger.entries(who.id, shown, std::nullopt);
        balance_view answer{balance.balance, balance.earned, {}};
        for (const auto& one : newest.items) answer.transactions.push_back(view_of(one));
        co_return answer;
      });

  routes.get("/api/nxg-points/transactions")
      .summary("The caller's points entries, newest first")
      .tag("Points")
      .operation_id("listPointsTransactions")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .handle([&ledger](caller who, http::page_request page) -> task<http::page<points_entry_view>> {
        const auto found = co_await ledger.entries(who.id, static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<points_entry_view> answer;
        for (const auto& one : found.items) answer.items.push_back(view_of(one));
        answer.next = found.next;
        co_return answer;
      });
}

}  // namespace nxg::routes
