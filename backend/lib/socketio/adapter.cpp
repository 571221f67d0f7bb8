#include "socketio/adapter.hpp"

#include <utility>

namespace nxg::socketio {

void in_process_adapter::broadcast(const selection& to, std::string_view event, const payload& content,
                                   const delivery& how) {
  here_.emit(to, event, content, how);
}

void in_process_adapter::ask(const selection& to, std::string_view event, const payload& content,
                             std::chrono::milliseconds timeout, std::shared_ptr<answer_sink> into) {
  into->expect_processes(1);
  here_.ask(to, event, content, timeout, std::move(into));
}

task<std::vector<std::string>> in_process_adapter::server_side_ask(std::string, payload, std::chrono::milliseconds) {
  co_return std::vector<std::string>{};
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
