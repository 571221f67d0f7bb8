#pragma once

#include "models.hpp"
#include "store/collection.hpp"

#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <gtest/gtest.h>

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nxg::store::testing {

/// An engine with an empty store of its own, in the mode where a query that no index serves is an error.
class engine_host {
 public:
  engine_host() = default;
  engine_host(const engine_host&) = delete;
  engine_host& operator=(const engine_host&) = delete;
  virtual ~engine_host() = default;
  virtual std::shared_ptr<engine> open() = 0;
};

struct engine_factory {
  std::string name;
  std::function<std::unique_ptr<engine_host>()> make;
  friend void PrintTo(const engine_factory& one, std::ostream* out) { *out << one.name; }
};

/// Runs a task to its end; what else runs on the loop (a dispatcher) goes on in the next run.
template <class T>
T run_on(boost::asio::io_context& loop, task<T> work) {
  std::exception_ptr thrown;
  loop.restart();
  if constexpr (std::is_void_v<T>) {
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e) {
      thrown = e;
      loop.stop();
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
  } else {
    std::optional<T> result;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr e, T value) {
      thrown = e;
      if (!e) result.emplace(std::move(value));
      loop.stop();
    });
    loop.run();
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*result);
  }
}

/// Seals by writing backwards, with the place in front.
struct reversing_keys final : keyring {
  struct reversed final : schema::cipher {
    explicit reversed(std::string key) : key_{std::move(key)} {}
    std::string seal(std::string_view field, std::string_view plain) override {
      return key_ + std::string{field} + std::string{plain.rbegin(), plain.rend()};
    }
    std::optional<std::string> open(std::string_view field, std::string_view sealed) override {
      const std::string start = key_ + std::string{field};
      if (!sealed.starts_with(start)) throw std::runtime_error{"sealed for something else"};
      sealed.remove_prefix(start.size());
      return std::string{sealed.rbegin(), sealed.rend()};
    }
    std::string key_;
  };
  task<std::shared_ptr<schema::cipher>> cipher_for(std::string of, std::string id, std::string owner) override {
    std::shared_ptr<schema::cipher> made = std::make_shared<reversed>(of + "/" + id + "/" + owner + "/");
    co_return made;
  }
};

inline constexpr instant start_of_test{std::chrono::milliseconds{1'767'225'600'123}};

/// The same tests for every engine: INSTANTIATE_TEST_SUITE_P(name, store_contract, Values(engine_factory{...})).
class store_contract : public ::testing::TestWithParam<engine_factory> {
 protected:
  store_contract() : host{GetParam().make()}, on{host->open()}, base{on, time, random} { base.use_keyring(&keys); }

  template <class T>
  T run(task<T> work) {
    return run_on(loop, std::move(work));
  }
  /// The failure a task ends with.
  template <class T>
  error failure_of(task<T> work) {
    try {
      run(std::move(work));
    } catch (const error& why) {
      return why;
    }
    ADD_FAILURE() << "it did not fail";
    return {failure::unavailable, "it did not fail"};
  }
  template <class T>
  collection<T> open() {
    collection<T> made{base};
    run(prepare(base));
    return made;
  }
  uuid new_id() { return uuid::version_7(time.now(), random); }
  loan a_loan() { return {.id = new_id(), .reader = new_id(), .title = "Ulysses", .since = start_of_test}; }

  boost::asio::io_context loop;
  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  reversing_keys keys;
  std::unique_ptr<engine_host> host;
  std::shared_ptr<engine> on;
  database base;
};

}  // namespace nxg::store::testing
