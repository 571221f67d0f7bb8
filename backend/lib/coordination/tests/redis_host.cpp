#include "coordination/tests/redis_host.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace nxg::coordination {

namespace {

int free_port() {
  const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(probe, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error{"no free port"};
  }
  ::close(probe);
  return ntohs(address.sin_port);
}

/// What it wrote reaches `output`; it ends when this process does.
int spawn(const std::vector<std::string>& words, int* output) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw std::runtime_error{"no pipe"};
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(pipe[1], STDOUT_FILENO);
    ::dup2(pipe[1], STDERR_FILENO);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(pipe[1]);
  *output = pipe[0];
  return child;
}

/// Reads until `text` came or the writer has gone; says which.
bool wait_for(int output, std::string_view text) {
  std::string all;
  std::array<char, 4096> part{};
  for (;;) {
    const auto count = ::read(output, part.data(), part.size());
    if (count <= 0) return false;
    all.append(part.data(), static_cast<std::size_t>(count));
    if (all.contains(text)) return true;
  }
}

void run(const std::vector<std::string>& words) {
  int output = -1;
  int status = 0;
  const int process = spawn(words, &output);
  wait_for(output, "never written");
  ::close(output);
  if (::waitpid(process, &status, 0) != process || status != 0) throw std::runtime_error{words[0] + " failed"};
}

}  // namespace

redis_host::redis_host(redis_host_options how) : how_{std::move(how)} { start(); }

redis_host::~redis_host() { kill(); }

void redis_host::start() {
  const bool again = port_ != 0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    if (!again) port_ = free_port();
    if (try_start()) return;
    kill();
  }
  throw std::runtime_error{"redis-server does not start; is it installed?"};
}

bool redis_host::try_start() {
  const auto number = std::to_string(port_);
  std::vector<std::string> words{
      "redis-server",          "--bind",    "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
      folder_.path().string(), "--logfile", ""};
  const auto add = [&](std::initializer_list<std::string> more) { words.insert(words.end(), more); };
  if (how_.secured) {
    add({"--port", "0", "--tls-port", number, "--tls-auth-clients", "no", "--requirepass", password()});
    add({"--tls-cert-file", certificate_.file(), "--tls-key-file", certificate_.key_file()});
    add({"--tls-ca-cert-file", certificate_.file()});
  } else {
    add({"--port", number});
  }
  words.insert(words.end(), how_.arguments.begin(), how_.arguments.end());
  process_ = spawn(words, &output_);
  return wait_for(output_, "Ready to accept connections");
}

void redis_host::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  ::close(output_);
  process_ = 0;
}

void redis_host::pause() { ::kill(process_, SIGSTOP); }
void redis_host::resume() { ::kill(process_, SIGCONT); }

void redis_host::command(std::vector<std::string> words) const {
  words.insert(words.begin(), {"redis-cli", "-p", std::to_string(port_)});
  run(words);
}

std::string redis_host::url() const {
  const auto number = std::to_string(port_);
  if (!how_.secured) return "redis://127.0.0.1:" + number + "/1";
  return "rediss://:s3cret%2Fwith%40marks@localhost:" + number + "/3";
}

std::string redis_host::authorities_file() const { return how_.secured ? certificate_.file() : std::string{}; }

}  // namespace nxg::coordination
