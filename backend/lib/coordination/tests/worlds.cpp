#include "coordination/tests/contract.hpp"
#include "coordination/tests/redis_world.hpp"
#include "resilience/tests/spawned.hpp"

namespace nxg::coordination {

namespace {

class in_process_world final : public world {
 public:
  explicit in_process_world(in_process_options options) : all_{make_in_process(time_, options)} {}
  coordinator& here() override { return *all_; }
  coordinator& there() override { return *all_; }
  runtime::clock& time() override { return time_; }
  void pass(std::chrono::milliseconds how_long) override { time_.advance(how_long); }
  void deliver() override {}
  void settle(boost::asio::io_context& context) override { testing_support::settle(context); }

 private:
  runtime::clock time_{runtime::clock::mode::adjustable};
  std::unique_ptr<coordinator> all_;
};

}  // namespace

std::vector<world_maker> worlds() {
  return {
      {"in_process", [](in_process_options options) { return std::make_unique<in_process_world>(options); }},
      {"redis", [](in_process_options options) { return make_redis_world(false, options); }, false},
      {"redis_with_tls_and_password", [](in_process_options options) { return make_redis_world(true, options); },
       false},
  };
}

std::vector<world_maker> worlds_with_bounded_cache() {
  auto all = worlds();
  std::erase_if(all, [](const world_maker& one) { return !one.bounds_its_cache; });
  return all;
}

}  // namespace nxg::coordination
