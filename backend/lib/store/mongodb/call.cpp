#include "store/mongodb/call.hpp"

#include "store/mongodb/workers.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include <utility>

namespace nxg::store::mongodb {

namespace asio = boost::asio;

void call::run(session& on) {
  try {
    finish(job_(on));
  } catch (...) {
    fail(std::current_exception());
  }
}

task<outcome> wait_for(std::shared_ptr<call> what, workers& in) {
  const auto here = co_await asio::this_coro::executor;
  asio::steady_timer timer{here, what->deadline()};
  timer.async_wait([weak = std::weak_ptr{what}](const boost::system::error_code& over) {
    if (const auto late = weak.lock(); late && !over) late->expire();
  });
  std::function<void()> hand_over = [&] { in.submit(what); };
  co_return co_await store::wait_for(what, std::move(hand_over));
}

}  // namespace nxg::store::mongodb
