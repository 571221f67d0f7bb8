#pragma once

#include "runtime/task.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace nxg::testing_support {

/// A coroutine that was started, and how it ended.
template <class T>
class spawned {
 public:
  spawned(executor where, task<T> work) : state_{std::make_shared<state>()} {
    boost::asio::co_spawn(
        where, std::move(work),
        boost::asio::bind_cancellation_slot(state_->cancel.slot(), [s = state_](std::exception_ptr error, T value) {
          s->error = error;
          if (!error) s->value.emplace(std::move(value));
          s->ended = true;
        }));
  }
  void cancel() { state_->cancel.emit(boost::asio::cancellation_type::terminal); }
  [[nodiscard]] bool ended() const { return state_->ended; }
  /// What it returned; throws what it threw.
  T& result() {
    if (state_->error) std::rethrow_exception(state_->error);
    return state_->value.value();
  }
  [[nodiscard]] bool aborted() const {
    try {
      if (state_->error) std::rethrow_exception(state_->error);
    } catch (const boost::system::system_error& error) {
      return error.code() == boost::asio::error::operation_aborted;
    } catch (...) {
    }
    return false;
  }

 private:
  struct state {
    boost::asio::cancellation_signal cancel;
    std::exception_ptr error;
    std::optional<T> value;
    bool ended = false;
  };
  std::shared_ptr<state> state_;
};

template <class T>
spawned(executor, task<T>) -> spawned<T>;

/// Does all that can be done without time passing.
inline void settle(boost::asio::io_context& context) {
  context.restart();
  context.poll();
}

}  // namespace nxg::testing_support
