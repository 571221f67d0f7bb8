#include "store/mongodb/workers.hpp"

#include "store/mongodb/session.hpp"

#include <utility>

namespace nxg::store::mongodb {

workers::workers(driver& with, const mongodb_options& options)
    : driver_{&with},
      number_{options.workers},
      most_bytes_{options.max_queued_bytes},
      stalled_after_{options.stalled_after},
      command_time_{options.time_out},
      threads_{"MongoDB", options.workers, options.max_queued} {}

void workers::check_stalled() const {
  if (working_ < number_) return;
  const std::chrono::steady_clock::time_point last{std::chrono::steady_clock::duration{progress_}};
  if (std::chrono::steady_clock::now() - last < stalled_after_) return;
  throw error{failure::unavailable, "MongoDB at " + driver_->where().hosts + " does not answer any of our workers"};
}

void workers::submit(std::shared_ptr<call> one) {
  bool probe = false;
  const std::size_t bytes = one->bytes();
  try {
    check_stalled();
    if (!driver_->reachable()) {
      probe = !probing_.exchange(true);
      if (!probe) throw error{failure::unavailable, "MongoDB at " + driver_->where().hosts + " is away"};
    }
    if (bytes_.fetch_add(bytes) + bytes > most_bytes_ && bytes_ > bytes) {
      bytes_.fetch_sub(bytes);
      throw error{failure::busy, "too many bytes wait for MongoDB"};
    }
    try {
      threads_.post([this, one = std::move(one), bytes, probe] {
        carry_out(*one);
        bytes_.fetch_sub(bytes);
        if (probe) probing_ = false;
      });
    } catch (const runtime::pool_exhausted&) {
      bytes_.fetch_sub(bytes);
      throw error{failure::busy, "the queue for MongoDB is full"};
    }
  } catch (const error&) {
    if (probe) probing_ = false;
    refused_.fetch_add(1, std::memory_order_relaxed);
    throw;
  }
}

void workers::carry_out(call& one) {
  // Begun with no time left, a write that could be refused would become one whose outcome is unknown.
  if (one.deadline() - std::chrono::steady_clock::now() < command_time_ / 20) one.expire();
  if (!one.begin()) return;
  working_.fetch_add(1);
  note_progress();
  {
    const driver::lent_client client = driver_->lend();
    session on{*driver_, client.get(), one.deadline(), command_time_};
    one.run(on);
  }
  note_progress();
  working_.fetch_sub(1);
}

}  // namespace nxg::store::mongodb
