#include "app/event_documents.hpp"

#include "app/backend.hpp"
#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/pages.hpp"
#include "app/platform.hpp"
#include "app/version.hpp"
#include "http/html.hpp"
#include "http/route.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace nxg::app {

namespace {

constexpr std::string_view introduction =
    "<h1>Events</h1>\n<p class=\"sub\">What goes over sockets, by namespace: Socket.IO at <code>/socket.io/</code>; "
    "those of <code>/machines</code> and <code>/workouts</code> also over the plain WebSockets "
    "<code>/api/ws/machines</code> and <code>/api/ws/workouts</code>. The <a href=\"/api/asyncapi.json\">AsyncAPI "
    "document</a> has every schema. A <code>?</code> marks a member that may be absent.</p>\n";

}  // namespace

void declare_event_documents(http::router& routes, const live::catalogue& events) {
  routes.get("/api/asyncapi.json").open().hidden().handle([&events]() -> http::response {
    return http::make_response(200, "application/json", live::asyncapi_document(events, version));
  });
  routes.get("/api/docs/events").open().hidden().handle([&events]() -> http::response {
    return page_answer("NXG Connect: events",
                       std::string{introduction} + http::html_of_markdown(live::events_listing(events)));
  });
}

int print_events(bool markdown) {
  // The catalogue needs every namespace, and those their services: an empty gym.
  const empty_folder folder{"events"};
  const auto values = folder.values();
  platform on{values, telemetry::make_null_sink()};
  const backend gym{values, on};
  fmt::print("{}\n",
             markdown ? live::events_page(gym.socket_events()) : live::asyncapi_document(gym.socket_events(), version));
  return 0;
}

}  // namespace nxg::app
