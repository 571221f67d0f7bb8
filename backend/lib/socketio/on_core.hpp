#pragma once

#include "runtime/task.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>

#include <utility>

namespace nxg::socketio {

/// Whether the calling thread runs that loop.
inline bool runs_here(const executor& where) noexcept {
  // Asked directly: going through the type-erased executor costs an allocation even when the work runs at once.
  const auto* const loop = where.target<boost::asio::io_context::executor_type>();
  return loop != nullptr && loop->running_in_this_thread();
}

/// Runs `work` on that loop: at once when the calling thread runs it, else posted.
template <class Work>
void run_on(const executor& where, Work work) {
  if (runs_here(where)) return work();
  boost::asio::dispatch(where, std::move(work));
}

}  // namespace nxg::socketio
