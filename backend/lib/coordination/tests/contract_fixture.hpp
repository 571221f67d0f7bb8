#pragma once

#include "coordination/tests/contract.hpp"
#include "resilience/tests/spawned.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace nxg::coordination {

inline std::string name_of_world(const testing::TestParamInfo<world_maker>& info) { return info.param.name; }

class contract : public testing::TestWithParam<world_maker> {
 protected:
  coordinator& here() { return world_->here(); }
  coordinator& there() { return world_->there(); }
  void bounded_by(in_process_options options) { world_ = GetParam().make(options); }

  template <class T>
  auto start(task<T> work) {
    return testing_support::spawned{executor{context_.get_executor()}, std::move(work)};
  }
  /// The answer of what waits for nothing but its adapter.
  template <class T>
  T get(task<T> work) {
    auto one = start(std::move(work));
    settle();
    return one.result();
  }
  void run(task<void> work) { get(finished(std::move(work))); }
  void settle() { world_->settle(context_); }

  std::unique_ptr<world> world_ = GetParam().make({});
  boost::asio::io_context context_;  // ends first, with whoever still waits

 private:
  static task<bool> finished(task<void> work) {
    co_await std::move(work);
    co_return true;
  }
};

}  // namespace nxg::coordination
