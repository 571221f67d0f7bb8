#include "objects/tests/s3_host.hpp"

#include <boost/json.hpp>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <stdexcept>
#include <vector>

extern char** environ;

namespace nxg::objects::testing {

namespace {

/// The node that tools/deps.sh chose.
std::string node() {
  const std::filesystem::path ours = std::filesystem::path{NXG_TOP} / ".deps/bin/node";
  return std::filesystem::exists(ours) ? ours.string() : "node";
}

}  // namespace

s3_host::s3_host() {
  std::vector<std::string> words{node(), std::string{NXG_TOP} + "/backend/tests/support/s3/host.mjs",
                                 folder_.path().string(), bucket()};
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> input{};
  std::array<int, 2> output{};
  if (::pipe2(input.data(), O_CLOEXEC) != 0 || ::pipe2(output.data(), O_CLOEXEC) != 0)
    throw std::runtime_error{"no pipe"};
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
  const int failed = ::posix_spawnp(&process_, arguments[0], &files, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&files);
  ::close(input[0]);
  ::close(output[1]);
  input_ = input[1];
  output_ = output[0];
  if (failed != 0) throw std::runtime_error{"there is no " + words[0] + " (tools/deps.sh)"};
  const auto line = read_line();
  if (!line.starts_with("ready ")) throw std::runtime_error{"s3rver did not start: " + line};
  port_ = std::stoi(line.substr(6));
}

s3_host::~s3_host() {
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  ::close(input_);
  ::close(output_);
}

s3_host::seen s3_host::look() {
  const auto question = bucket() + "\n";
  if (::write(input_, question.data(), question.size()) < 0) throw std::runtime_error{"s3rver is gone"};
  const auto answer = boost::json::parse(read_line()).as_object();
  const auto number = [&](const char* name) { return answer.at(name).to_number<std::size_t>(); };
  return {number("requests"), number("refused"), number("longestBody"), number("unfinishedUploads")};
}

std::string s3_host::read_line() {
  std::string line;
  char c = 0;
  while (::read(output_, &c, 1) == 1 && c != '\n') line += c;
  return line;
}

}  // namespace nxg::objects::testing
