#include "store/wrote_first.hpp"

#include "store/errors.hpp"

#include <utility>

namespace nxg::store {

task<bool> wrote_first(task<void> write) {
  try {
    co_await std::move(write);
    co_return true;
  } catch (const error& refused) {
    if (!refused.is(failure::version_conflict)) throw;
  }
  co_return false;
}

}  // namespace nxg::store
