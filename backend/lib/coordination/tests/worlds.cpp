#include "coordination/tests/contract.hpp"

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

 private:
  runtime::clock time_{runtime::clock::mode::adjustable};
  std::unique_ptr<coordinator> all_;
};

}  // namespace

std::vector<world_maker> worlds() {
  return {{"in_process", [](in_process_options options) { return std::make_unique<in_process_world>(options); }}};
}

}  // namespace nxg::coordination
