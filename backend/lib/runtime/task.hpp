#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace nxg {

/// A coroutine. It runs on the executor of whoever started it and never blocks that thread.
/// Cancelling it (Asio's per-operation cancellation, how request deadlines arrive) makes the operation
/// it waits for end with `boost::asio::error::operation_aborted`.
template <class T = void>
using task = boost::asio::awaitable<T>;

using executor = boost::asio::any_io_executor;

}  // namespace nxg
