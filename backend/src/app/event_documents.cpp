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

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::app {

namespace {

constexpr std::string_view introduction =
    "<h1>Events</h1>\n<p class=\"sub\">What goes over sockets, by namespace: Socket.IO at <code>/socket.io/</code>; "
    "those of <code>/machines</code> and <code>/workouts</code> also over the plain WebSockets "
    "<code>/api/ws/machines</code> and <code>/api/ws/workouts</code>. The <a href=\"/api/asyncapi.json\">AsyncAPI "
    "document</a> has every schema. A <code>?</code> marks a member that may be absent.</p>\n";

/// Made when one of them is first asked for: then every namespace is in the catalogue, and none comes after.
class documents {
 public:
  explicit documents(const live::catalogue& events) : events_{events} {}

  http::response asyncapi() { return made().asyncapi_; }
  http::response page() { return made().page_; }

 private:
  documents& made() {
    std::call_once(once_, [this] {
      asyncapi_ = shared(http::make_response(200, "application/json", live::asyncapi_document(events_, version)));
      page_ = shared(page_answer("NXG Connect: events",
                                 std::string{introduction} + http::html_of_markdown(live::events_listing(events_))));
    });
    return *this;
  }
  static http::response shared(http::response one) {
    one.shared_body = std::make_shared<const std::string>(std::move(one.body));
    return one;
  }

  const live::catalogue& events_;
  std::once_flag once_;
  http::response asyncapi_;
  http::response page_;
};

}  // namespace

void declare_event_documents(http::router& routes, const live::catalogue& events) {
  const auto both = std::make_shared<documents>(events);
  routes.get("/api/asyncapi.json").open().hidden().handle([both]() -> http::response { return both->asyncapi(); });
  routes.get("/api/docs/events").open().hidden().handle([both]() -> http::response { return both->page(); });
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
