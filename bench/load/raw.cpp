#include "load/load.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nxg::load {

namespace {

using clock = std::chrono::steady_clock;

// The sizes of bench/floor/floor.c.
constexpr std::size_t message_bytes = 256;
constexpr std::size_t ack_bytes = 96;
constexpr std::size_t live_bytes = 384;

int connect_as(const std::string& host_port, char kind, std::uint16_t number) {
  const auto colon = host_port.rfind(':');
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(host_port.substr(colon + 1))));
  inet_pton(AF_INET, host_port.substr(0, colon).c_str(), &address.sin_addr);
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error{"cannot connect to the floor"};
  std::array<char, 3> hello{kind};
  std::memcpy(hello.data() + 1, &number, sizeof number);
  if (send(fd, hello.data(), hello.size(), MSG_NOSIGNAL) != 3) throw std::runtime_error{"the floor hung up"};
  return fd;
}

class connections {
 public:
  connections() : epoll_{epoll_create1(0)} {}
  ~connections() {
    for (const int fd : fds_) close(fd);
    close(epoll_);
  }
  connections(const connections&) = delete;
  connections& operator=(const connections&) = delete;

  void add(int fd, bool counts_acks) {
    fds_.push_back(fd);
    epoll_event event{.events = EPOLLIN,
                      .data = {.u64 = static_cast<std::uint64_t>(fd) << 1 | (counts_acks ? 1u : 0u)}};
    epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  /// Reads what has come, for at most that long; adds up bytes of acknowledgements and of everything else.
  void read_some(int milliseconds, std::uint64_t& ack_total, std::uint64_t& other_total) {
    std::array<epoll_event, 256> ready;
    std::array<char, 65536> buffer;
    const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), milliseconds);
    for (int i = 0; i < count; ++i) {
      const auto tag = ready[static_cast<std::size_t>(i)].data.u64;
      const auto n = recv(static_cast<int>(tag >> 1), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (n > 0) ((tag & 1) != 0 ? ack_total : other_total) += static_cast<std::uint64_t>(n);
    }
  }

 private:
  int epoll_;
  std::vector<int> fds_;
};

}  // namespace

outcome raw_telemetry(const std::string& host_port, std::size_t machines, double rate, double seconds, int pid) {
  connections all;
  std::vector<int> machine_fds;
  for (std::size_t i = 0; i < machines; ++i) {
    all.add(connect_as(host_port, 'D', static_cast<std::uint16_t>(i + 1)), false);
    machine_fds.push_back(connect_as(host_port, 'M', static_cast<std::uint16_t>(i + 1)));
    all.add(machine_fds.back(), true);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds{100});

  outcome result;
  std::uint64_t ack_total = 0;
  std::uint64_t live_total = 0;
  const std::string message(message_bytes, 'x');
  const auto cpu_before = cpu_of(pid);
  const auto begun = clock::now();
  const auto elapsed = [&] { return std::chrono::duration<double>(clock::now() - begun).count(); };
  while (elapsed() < seconds) {
    const auto due = static_cast<std::uint64_t>(elapsed() * rate);
    while (result.sent < due) {
      if (send(machine_fds[result.sent % machines], message.data(), message.size(), MSG_NOSIGNAL) < 0)
        throw std::runtime_error{"the floor hung up"};
      ++result.sent;
    }
    all.read_some(1, ack_total, live_total);
  }
  while (live_total < result.sent * live_bytes && elapsed() < seconds + 10) all.read_some(10, ack_total, live_total);
  const auto cpu_after = cpu_of(pid);
  result.seconds = elapsed();
  result.acknowledged = ack_total / ack_bytes;
  result.delivered = live_total / live_bytes;
  result.cpu_user_seconds = cpu_after.user_seconds - cpu_before.user_seconds;
  result.cpu_system_seconds = cpu_after.system_seconds - cpu_before.system_seconds;
  return result;
}

outcome raw_broadcast(const std::string& host_port, std::size_t listeners, int times, int rounds, int pid) {
  connections all;
  for (std::size_t i = 0; i < listeners; ++i)
    all.add(connect_as(host_port, 'D', static_cast<std::uint16_t>(i + 1)), false);
  const int asker = connect_as(host_port, 'B', 0);
  all.add(asker, true);
  std::this_thread::sleep_for(std::chrono::milliseconds{200});

  outcome result;
  std::uint64_t done_total = 0;
  std::uint64_t news_total = 0;
  const auto cpu_before = cpu_of(pid);
  const auto begun = clock::now();
  for (int round = 1; round <= rounds; ++round) {
    const auto count = static_cast<std::uint16_t>(times);
    if (send(asker, &count, sizeof count, MSG_NOSIGNAL) < 0) throw std::runtime_error{"the floor hung up"};
    const auto expected = static_cast<std::uint64_t>(round * times) * listeners * message_bytes;
    while (news_total < expected && clock::now() - begun < std::chrono::seconds{120})
      all.read_some(10, done_total, news_total);
  }
  const auto cpu_after = cpu_of(pid);
  result.seconds = std::chrono::duration<double>(clock::now() - begun).count();
  result.sent = static_cast<std::uint64_t>(times * rounds);
  result.delivered = news_total / message_bytes;
  result.cpu_user_seconds = cpu_after.user_seconds - cpu_before.user_seconds;
  result.cpu_system_seconds = cpu_after.system_seconds - cpu_before.system_seconds;
  return result;
}

}  // namespace nxg::load
