#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <spawn.h>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nxg::sandbox {
namespace {

// The real program, its output at the other end of a pipe.
class program {
 public:
  explicit program(std::vector<std::string> arguments) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error{"no pipe"};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    arguments.insert(arguments.begin(), NXG_SANDBOX_BINARY);
    std::vector<char*> words;
    for (auto& word : arguments) words.push_back(word.data());
    words.push_back(nullptr);
    const int failed = posix_spawn(&id_, NXG_SANDBOX_BINARY, &actions, nullptr, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
    if (failed != 0) throw std::runtime_error{"cannot start " NXG_SANDBOX_BINARY};
  }
  ~program() {
    if (!ended_) {
      kill(id_, SIGKILL);
      waitpid(id_, nullptr, 0);
    }
    std::fclose(output_);
  }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  /// Waits for it; "" at the end.
  std::string line() {
    std::array<char, 1024> text{};
    return std::fgets(text.data(), text.size(), output_) == nullptr ? "" : text.data();
  }
  void signal(int number) const { kill(id_, number); }
  /// Waits for the end; its exit code, -1 when a signal ended it.
  int wait() {
    int status = 0;
    waitpid(id_, &status, 0);
    ended_ = true;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t id_ = 0;
  std::FILE* output_ = nullptr;
  bool ended_ = false;
};

TEST(program, tells_where_it_listens_and_ends_when_told_to) {
  program sandbox{{"--port", "0", "--fault", "hang"}};
  const auto told = boost::json::parse(sandbox.line());
  EXPECT_GT(told.at("port").as_int64(), 0);
  EXPECT_EQ(told.at("url").as_string(), "http://127.0.0.1:" + std::to_string(told.at("port").as_int64()));
  sandbox.signal(SIGTERM);
  EXPECT_EQ(sandbox.wait(), 0);
}

TEST(program, refuses_what_it_does_not_understand) {
  EXPECT_NE(program({"--port", "0", "--fault", "nonsense"}).wait(), 0);
  EXPECT_NE(program({"--port", "0", "--exercises", "/nowhere/exercises.json"}).wait(), 0);
  EXPECT_NE(program{std::vector<std::string>{}}.wait(), 0);
}

TEST(program, names_the_faults_it_can_play) {
  program help{{"--help"}};
  std::string text;
  for (auto line = help.line(); !line.empty(); line = help.line()) text += line;
  EXPECT_EQ(help.wait(), 0);
  EXPECT_NE(text.find("{none,latency,hang,http_500,http_429,cut_body,wrong_json,unsafe,flapping}"), std::string::npos)
      << text;
}

}  // namespace
}  // namespace nxg::sandbox
