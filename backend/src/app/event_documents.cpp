#include "app/event_documents.hpp"

#include "app/backend.hpp"
#include "app/commands.hpp"
#include "app/empty_folder.hpp"
#include "app/platform.hpp"
#include "app/version.hpp"
#include "http/route.hpp"

#include <fmt/format.h>

namespace nxg::app {

void declare_event_documents(http::router& routes, const live::catalogue& events) {
  routes.get("/api/asyncapi.json").open().hidden().handle([&events]() -> http::response {
    return http::make_response(200, "application/json", live::asyncapi_document(events, version));
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
