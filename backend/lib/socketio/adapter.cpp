#include "socketio/adapter.hpp"

#include <utility>

namespace nxg::socketio {

void in_process_adapter::broadcast(const selection& to, std::string_view event, const payload& content,
                                   const delivery& how) {
  here_.send(to, event_frames(here_.namespace_name(), event, content), how);
}

void in_process_adapter::join(const selection& who, std::vector<std::string> rooms) {
  here_.join(who, std::move(rooms));
}
void in_process_adapter::leave(const selection& who, std::vector<std::string> rooms) {
  here_.leave(who, std::move(rooms));
}
void in_process_adapter::disconnect(const selection& who, bool close_connection) {
  here_.disconnect(who, close_connection);
}
task<std::vector<socket_info>> in_process_adapter::sockets(selection who) { return here_.sockets(std::move(who)); }

}  // namespace nxg::socketio
