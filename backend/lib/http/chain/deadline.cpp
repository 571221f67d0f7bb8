#include "http/chain.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace nxg::http {

middleware deadline(runtime::clock& time) {
  return [&time](request& incoming, next rest) -> task<response> {
    if (incoming.route == nullptr) co_return co_await rest(incoming);
    incoming.deadline = time.steady() + incoming.route->deadline;
    if (incoming.interrupt == nullptr) co_return co_await rest(incoming);

    incoming.interrupt->arm(*incoming.deadline);
    std::exception_ptr error;
    response answer;
    try {
      answer = co_await rest(incoming);
    } catch (...) {
      error = std::current_exception();
    }
    const bool struck = incoming.interrupt->disarm();
    if (struck) {
      // The coroutine counts as cancelled from here on; what remains is to answer.
      co_await boost::asio::this_coro::reset_cancellation_state();
    }
    if (!error) co_return answer;
    if (struck) {
      try {
        std::rethrow_exception(error);
      } catch (const problem&) {
        // An answer all the same: it says more than "too late".
        throw;
      } catch (...) {
        // Whatever the interrupted operation made of its cancellation.
      }
      throw problem{protocol_error::deadline_exceeded, "This took too long and was given up."}.with_retry_after(
          std::chrono::seconds{1});
    }
    std::rethrow_exception(error);
  };
}

}  // namespace nxg::http
