#include "realtime/events.hpp"

#include "realtime/answers.hpp"
#include "schema/json.hpp"

namespace nxg::realtime {

declared_namespace::declared_namespace(socketio::name_space& in, live::catalogue& into) : in_{in}, into_{into} {
  in_.on("*", [](const std::shared_ptr<socketio::socket>&, socketio::event_args args) {
    const refusal unknown{.code = "unknown_event", .detail = "There is no such event here."};
    args.ack(schema::to_json(unknown));
  });
}

}  // namespace nxg::realtime
