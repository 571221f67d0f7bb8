#include "http/chain.hpp"
#include "http/form.hpp"

#include <utility>

namespace nxg::http {

namespace {

task<response> received(request& incoming, next rest) {
  static_cast<void>(detail::boundary_of(incoming));
  auto whole = co_await incoming.source->rest();
  incoming.body = std::move(whole);
  co_return co_await rest(incoming);
}

}  // namespace

middleware receive_forms() {
  return [](request& incoming, next rest) -> task<response> {
    const bool waits =
        incoming.source != nullptr && incoming.route != nullptr && incoming.route->body == body_form::form;
    return waits ? received(incoming, rest) : rest(incoming);
  };
}

}  // namespace nxg::http
