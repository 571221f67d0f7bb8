#include "runtime/signals.hpp"

#include <csignal>

namespace nxg::runtime {

namespace {
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}
}  // namespace

void prepare_signals() {
  const auto set = stop_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int wait_for_stop() {
  const auto set = stop_signals();
  int received = 0;
  sigwait(&set, &received);
  return received;
}

}  // namespace nxg::runtime
