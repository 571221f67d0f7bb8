#pragma once

#include "coordination/coordinator.hpp"
#include "coordination/in_process.hpp"
#include "runtime/clock.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::coordination {

/// What the contract suite runs on. An adapter joins by adding a maker of these to `worlds`.
class world {
 public:
  world() = default;
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  virtual ~world() = default;

  /// Two processes of one deployment; the same twice where an adapter knows only one.
  virtual coordinator& here() = 0;
  virtual coordinator& there() = 0;
  virtual runtime::clock& time() = 0;
  /// Makes that much time pass for here and there.
  virtual void pass(std::chrono::milliseconds how_long) = 0;
  /// Waits, within a bound, until subscriptions are known and what was published has reached the executors of its
  /// subscribers.
  virtual void deliver() = 0;
  /// Runs what is ready, and what becomes ready by the answers of the engine.
  virtual void settle(boost::asio::io_context& context) = 0;
};

struct world_maker {
  std::string name;
  /// With those bounds, as far as the adapter keeps anything in this process.
  std::function<std::unique_ptr<world>(in_process_options)> make;
  /// False where another server holds the values of the cache and bounds them its own way.
  bool bounds_its_cache = true;
};

/// All engines the suite runs on.
std::vector<world_maker> worlds();
/// Those of them that bound their cache themselves.
std::vector<world_maker> worlds_with_bounded_cache();

}  // namespace nxg::coordination
