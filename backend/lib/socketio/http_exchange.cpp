#include "socketio/http_exchange.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <optional>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;

void http_asker::answer(http_answer with) {
  stage_ = stage::idle;
  number_ = 0;
  with.headers.insert(with.headers.end(), std::move_iterator{headers_.begin()}, std::move_iterator{headers_.end()});
  headers_.clear();
  with.common_headers = std::move(common_headers_);
  answered(std::move(with));
}

namespace {

/// A coroutine that waits to be asked for a body, or answered. It goes on in a later turn of its loop.
class awaiting_asker final : public http_asker, public std::enable_shared_from_this<awaiting_asker> {
 public:
  awaiting_asker(executor where, http_request request) : where_{std::move(where)} { request_ = std::move(request); }

  void want_body(std::size_t most) override {
    wanted_ = most;
    go_on({});
  }
  /// The most its body may have, once it is wanted.
  [[nodiscard]] std::optional<std::size_t> take_wanted() noexcept { return std::exchange(wanted_, std::nullopt); }
  [[nodiscard]] http_answer take_answer() { return std::move(*answer_); }

  /// Until there is something of either kind.
  task<> changed() {
    if (wanted_ || answer_) co_return;
    auto start = [this]<class Handler>(Handler handler) {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) {
        slot.assign([weak = weak_from_this()](asio::cancellation_type) {
          if (const auto self = weak.lock()) self->go_on(asio::error::operation_aborted);
        });
      }
      resume_ = [handler = std::move(handler)](boost::system::error_code error) mutable { std::move(handler)(error); };
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(start,
                                                                                                  asio::use_awaitable);
  }

 private:
  void answered(http_answer with) override {
    answer_ = std::move(with);
    go_on({});
  }
  void go_on(boost::system::error_code error) {
    auto then = std::exchange(resume_, nullptr);
    if (then) asio::post(where_, [then = std::move(then), error]() mutable { then(error); });
  }

  executor where_;
  std::move_only_function<void(boost::system::error_code)> resume_;
  std::optional<std::size_t> wanted_;
  std::optional<http_answer> answer_;
};

}  // namespace

task<http_answer> ask(std::shared_ptr<http_responder> whom, http_request request,
                      std::function<task<http_body>(std::size_t most)> body) {
  auto where = co_await asio::this_coro::executor;
  const auto by = std::make_shared<awaiting_asker>(std::move(where), std::move(request));
  std::exception_ptr gone;
  try {
    whom->ask(by);
    co_await by->changed();
    if (const auto most = by->take_wanted()) {
      http_body whole;
      if (body) whole = co_await body(*most);
      whom->bring(by, std::move(whole));
      co_await by->changed();
    }
  } catch (...) {
    gone = std::current_exception();
  }
  if (gone) {
    whom->left(by);
    std::rethrow_exception(gone);
  }
  auto answer = by->take_answer();
  if (const auto common = std::exchange(answer.common_headers, nullptr))
    answer.headers.insert(answer.headers.end(), common->begin(), common->end());
  co_return answer;
}

}  // namespace nxg::socketio
