#include "host.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace nxg::store::testing {

namespace {

std::unique_ptr<mongodb_server> server;

constexpr int most_crashes = 3;
constexpr const char* crashes = "NXG_ENGINE_CRASHES";

/// Tests that ask for what this engine has not: authentication, sessions, sharding.
constexpr int tests_skipped = 3;

/// The engine of the tests is an alpha that crashes now and then: then everything is run again with a fresh one, for
/// what failed says nothing about us.
[[noreturn]] void run_again(char** arguments) {
  const char* before = std::getenv(crashes);
  const int number = (before ? std::atoi(before) : 0) + 1;
  std::fprintf(stderr, "The MongoDB test engine crashed, which is no failure of ours (%d of %d times): %s\n", number,
               most_crashes, mongodb_server::crashes().back().c_str());
  if (number >= most_crashes) std::_Exit(1);
  setenv(crashes, std::to_string(number).c_str(), 1);
  execv("/proc/self/exe", arguments);
  std::_Exit(1);
}

}  // namespace

mongodb_server& shared_server() {
  if (!server) server = std::make_unique<mongodb_server>();
  return *server;
}

std::string url_of_new_database() {
  static std::atomic<int> number{0};
  return url_of(shared_server().socket(), "test" + std::to_string(++number));
}

INSTANTIATE_TEST_SUITE_P(mongodb, store_contract,
                         ::testing::Values(engine_factory{"mongodb", [] { return std::make_unique<mongodb_host>(); }}),
                         [](const auto& one) { return one.param.name; });

int run_tests(char** arguments) {
  int failed = RUN_ALL_TESTS();
  server.reset();
  if (failed && !mongodb_server::crashes().empty()) run_again(arguments);
  const auto& all = *::testing::UnitTest::GetInstance();
  if (all.test_to_run_count() == all.total_test_count() && all.skipped_test_count() != tests_skipped) {
    std::fprintf(stderr, "%d tests were skipped, not %d\n", all.skipped_test_count(), tests_skipped);
    failed = 1;
  }
  return failed;
}

}  // namespace nxg::store::testing

int main(int count, char** arguments) {
  std::vector<char*> as_given{arguments, arguments + count + 1};  // GoogleTest takes away what is meant for it
  ::testing::InitGoogleTest(&count, arguments);
  return nxg::store::testing::run_tests(as_given.data());
}
