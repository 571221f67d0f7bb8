#pragma once

#include "objects/detail/counters.hpp"
#include "runtime/task.hpp"

#include <memory>
#include <type_traits>
#include <utility>

namespace nxg::objects::detail {

/// Counts a call and how it ended.
template <class T>
task<T> counted(std::shared_ptr<counters> in, task<T> call) {
  try {
    if constexpr (std::is_void_v<T>) {
      co_await std::move(call);
      in->call_ended(nullptr);
    } else {
      T result = co_await std::move(call);
      in->call_ended(nullptr);
      co_return result;
    }
  } catch (const error& why) {
    const auto how = why.failed();
    in->call_ended(&how);
    throw;
  }
}

}  // namespace nxg::objects::detail
