#include "routes/events.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>

namespace nxg::routes {

struct events_query {
  std::optional<schema::bounded<std::int64_t, 0, schema::max_integer>> after;
  std::optional<schema::bounded<std::int32_t, 1, static_cast<std::int32_t>(inbox_events)>> limit;

  static constexpr schema::note descriptions[] = {
      {"after", "The `cursor` of the last event seen; 0 or left out: all there is."},
      {"limit", "So many events at most; 100 when left out."}};
};
BOOST_DESCRIBE_STRUCT(events_query, (), (after, limit))

void declare_events(http::router& routes, live::inbox_service& inboxes) {
  routes.get("/api/events")
      .summary("What the caller was told, after a cursor")
      .description(
          "The last 256 events of both namespaces, in order, for devices that were away. Each event has its `cursor`; "
          "`gap` says that events after the cursor asked with are no more to be had.")
      .tag("Events")
      .operation_id("listEvents")
      .allow(role::member, role::trainer, role::staff, role::admin)
      .cache("no-store")
      .handle([&inboxes](caller who, http::query<events_query> asked) -> task<live::missed_events> {
        std::optional<std::int64_t> after;
        if (asked->after) after = asked->after->value();
        const std::size_t limit = asked->limit ? static_cast<std::size_t>(asked->limit->value()) : live::usual_limit;
        co_return co_await inboxes.after(who.id, after, std::string{}, limit);
      });
}

}  // namespace nxg::routes
