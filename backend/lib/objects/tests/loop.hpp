#pragma once

#include "objects/errors.hpp"
#include "resilience/tests/spawned.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace nxg::objects::testing {

/// Runs coroutines to their end, and says how they ended.
class loop {
 public:
  boost::asio::io_context context;

  template <class T>
  auto start(task<T> work) {
    return testing_support::spawned{executor{context.get_executor()}, std::move(work)};
  }
  auto start(task<void> work) { return start(finished(std::move(work))); }

  /// Within half a minute.
  void run_until(const std::function<bool()>& done) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    context.restart();
    while (!done() && std::chrono::steady_clock::now() < give_up) context.run_one_for(std::chrono::milliseconds{10});
    if (!done()) throw std::runtime_error{"it does not end"};
  }

  template <class T>
  T get(task<T> work) {
    auto one = start(std::move(work));
    run_until([&] { return one.ended(); });
    return std::move(one.result());
  }
  void run(task<void> work) { get(finished(std::move(work))); }

  /// How it fails; nothing where it does not. `call` starts it.
  template <class Call>
  std::optional<failure> failure_of(Call call) {
    try {
      ended(call());
    } catch (const error& why) {
      last_text = why.what();
      return why.failed();
    }
    return std::nullopt;
  }
  std::string last_text;

  static task<bool> finished(task<void> work) {
    co_await std::move(work);
    co_return true;
  }

 private:
  template <class T>
  void ended(task<T> work) {
    if constexpr (std::is_void_v<T>) {
      run(std::move(work));
    } else {
      get(std::move(work));
    }
  }
};

inline std::ostream& operator<<(std::ostream& out, failure how) { return out << to_string(how); }

}  // namespace nxg::objects::testing
