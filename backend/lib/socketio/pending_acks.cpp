#include "socketio/pending_acks.hpp"

#include "socketio/errors.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <atomic>
#include <utility>
#include <vector>

namespace nxg::socketio::detail {

namespace asio = boost::asio;

namespace {

template <class Handler>
class waiting_coroutine final : public ack_wait {
 public:
  explicit waiting_coroutine(Handler resume)
      : resume_{std::move(resume)}, where_{asio::get_associated_executor(resume_)} {}

  void answer(event_args what) override { complete(nullptr, std::move(what)); }
  void fail(std::exception_ptr why) override { complete(std::move(why), {}); }

 private:
  void complete(std::exception_ptr error, event_args what) {
    if (done_.exchange(true)) return;
    asio::post(where_, [resume = std::move(resume_), error = std::move(error), what = std::move(what)]() mutable {
      asio::get_associated_cancellation_slot(resume).clear();
      std::move(resume)(std::move(error), std::move(what));
    });
  }

  std::atomic<bool> done_{false};
  Handler resume_;
  asio::associated_executor_t<Handler> where_;
};

}  // namespace

task<event_args> await_ack(std::move_only_function<void(std::shared_ptr<ack_wait>)> begin) {
  auto start = [&begin]<class Handler>(Handler resume) {
    auto cancellation = asio::get_associated_cancellation_slot(resume);
    auto waiting = std::make_shared<waiting_coroutine<Handler>>(std::move(resume));
    if (cancellation.is_connected()) {
      cancellation.assign([weak = std::weak_ptr<ack_wait>{waiting}](asio::cancellation_type) {
        const auto self = weak.lock();
        if (self) self->fail(std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted}));
      });
    }
    begin(std::move(waiting));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, event_args)>(
      start, asio::use_awaitable);
}

pending_acks::~pending_acks() { fail_all(std::make_exception_ptr(disconnected{"the socket is gone"})); }

void pending_acks::wait::expired(steady_instant) {
  const auto someone = owner.take(id);  // destroys this
  someone->fail(std::make_exception_ptr(ack_timeout{}));
}

void pending_acks::add(std::uint64_t id, std::shared_ptr<ack_wait> who, steady_instant until) {
  auto entry = std::make_unique<wait>(*this, id, std::move(who));
  deadlines_.set(*entry, until);
  waits_.emplace(id, std::move(entry));
}

std::shared_ptr<ack_wait> pending_acks::take(std::uint64_t id) {
  const auto it = waits_.find(id);
  if (it == waits_.end()) return nullptr;
  deadlines_.cancel(*it->second);
  auto who = std::move(it->second->who);
  waits_.erase(it);
  return who;
}

bool pending_acks::answer(std::uint64_t id, event_args what) {
  const auto who = take(id);
  if (who) who->answer(std::move(what));
  return who != nullptr;
}

void pending_acks::fail(std::uint64_t id, std::exception_ptr why) {
  if (const auto who = take(id)) who->fail(std::move(why));
}

void pending_acks::fail_all(const std::exception_ptr& why) {
  for (auto& [id, entry] : waits_) {
    deadlines_.cancel(*entry);
    entry->who->fail(why);
  }
  waits_.clear();
}

}  // namespace nxg::socketio::detail
