#include "coordination/in_process.hpp"

#include "coordination/in_process_bus.hpp"
#include "coordination/in_process_cache.hpp"
#include "coordination/in_process_presence.hpp"
#include "coordination/in_process_rate_limiter.hpp"

namespace nxg::coordination {

namespace {

class in_process final : public coordinator {
 public:
  in_process(runtime::clock& time, const in_process_options& options)
      : cache_{time, options}, rate_limiter_{time, options}, bus_{options}, presence_{time, options} {}

  coordination::cache& cache() override { return cache_; }
  coordination::rate_limiter& rate_limiter() override { return rate_limiter_; }
  coordination::bus& bus() override { return bus_; }
  coordination::presence& presence() override { return presence_; }
  bool degraded() const override { return false; }

 private:
  in_process_cache cache_;
  in_process_rate_limiter rate_limiter_;
  in_process_bus bus_;
  in_process_presence presence_;
};

}  // namespace

std::unique_ptr<coordinator> make_in_process(runtime::clock& time, in_process_options options) {
  return std::make_unique<in_process>(time, options);
}

}  // namespace nxg::coordination
