#include "server.hpp"

#include <mongoc/mongoc.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>

extern char** environ;

namespace nxg::store::testing {

std::string url_of(const std::filesystem::path& socket, const std::string& database) {
  std::string host;
  for (const char c : socket.string()) host += c == '/' ? "%2F" : std::string{c};
  return "mongodb://" + host + "/" + database;
}

mongodb_server::mongodb_server() { start(); }

mongodb_server::~mongodb_server() {
  if (process_ > 0) kill();
}

void mongodb_server::start() {
  std::string program = NXG_MONGODB_ENGINE;
  std::string folder = folder_.path().string();
  const std::array<char*, 3> arguments{program.data(), folder.data(), nullptr};
  int input[2], output[2];
  if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, input[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, output[1], STDOUT_FILENO);
  const std::string log = (folder_.path() / "engine.log").string();
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int failed = posix_spawn(&process_, program.c_str(), &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  close(input[0]);
  close(output[1]);
  input_ = input[1];
  if (failed != 0) {
    close(output[0]);
    throw std::runtime_error{"the MongoDB engine cannot be started: is there " + program + "?"};
  }
  wait_until_ready(output[0]);
  close(output[0]);
  forbid_scans();
}

void mongodb_server::wait_until_ready(int from) {
  std::string told;
  char part[64];
  ssize_t got = 0;
  while (told.find("ready") == std::string::npos && (got = read(from, part, sizeof part)) > 0)
    told.append(part, static_cast<std::size_t>(got));
  if (got <= 0) {
    crashes().push_back(last_words());
    throw std::runtime_error{"the MongoDB engine did not start: " + last_words()};
  }
}

void mongodb_server::forbid_scans() {
  mongoc_init();
  const std::unique_ptr<mongoc_client_t, void (*)(mongoc_client_t*)> client{
      mongoc_client_new(url_of(socket(), "admin").c_str()), mongoc_client_destroy};
  bson_t* command = BCON_NEW("setParameter", BCON_INT32(1), "notablescan", BCON_BOOL(true));
  bson_error_t why{};
  const bool done = client && mongoc_client_command_simple(client.get(), "admin", command, nullptr, nullptr, &why);
  bson_destroy(command);
  if (!done) throw std::runtime_error{std::string{"the MongoDB engine does not answer: "} + why.message};
}

std::vector<std::string>& mongodb_server::crashes() {
  static std::vector<std::string> all;
  return all;
}

void mongodb_server::kill() {
  bool by_itself = crashed();
  ::kill(process_, SIGKILL);
  int status = 0;
  waitpid(process_, &status, 0);
  // One that was just ending took no notice of the signal.
  by_itself |= !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
  if (by_itself) crashes().push_back(last_words());
  close(input_);
  process_ = -1;
}

void mongodb_server::pause() {
  ::kill(process_, SIGSTOP);
  int status = 0;
  waitpid(process_, &status, WUNTRACED);
}

void mongodb_server::go_on() { ::kill(process_, SIGCONT); }

bool mongodb_server::crashed() const {
  if (process_ <= 0) return false;
  siginfo_t state{};
  return waitid(P_PID, static_cast<id_t>(process_), &state, WEXITED | WNOHANG | WNOWAIT) == 0 && state.si_pid != 0;
}

std::string mongodb_server::last_words() const {
  std::ifstream log{folder_.path() / "engine.log"};
  std::string all{std::istreambuf_iterator<char>{log}, {}};
  return all.size() > 2'000 ? all.substr(all.size() - 2'000) : all;
}

}  // namespace nxg::store::testing
