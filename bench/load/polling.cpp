// Sessions of long-polling: each posts a message, fetches what comes back, and so on, over a connection of its own.
#include "load/load.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nxg::load {

namespace {

using clock = std::chrono::steady_clock;

class session {
 public:
  explicit session(std::uint16_t port) : fd_{socket(AF_INET, SOCK_STREAM, 0)} {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) throw std::runtime_error{"cannot connect"};
    get();
  }
  ~session() { close(fd_); }
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] clock::time_point asked() const noexcept { return asked_; }

  /// True when a request was answered; another one is under way then.
  bool readable() {
    std::array<char, 16384> buffer;
    const auto count = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) throw std::runtime_error{"a session was cut off"};
    read_.append(buffer.data(), static_cast<std::size_t>(count));
    const auto body = take_body();
    if (!body) return false;
    answered(*body);
    return true;
  }

 private:
  std::optional<std::string> take_body() {
    const auto end = read_.find("\r\n\r\n");
    if (end == std::string::npos) return std::nullopt;
    std::string head = read_.substr(0, end);
    for (auto& c : head) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!head.starts_with("http/1.1 200")) throw std::runtime_error{"answered: " + head.substr(0, 40)};
    constexpr std::string_view name = "content-length:";
    const auto at = head.find(name);
    if (at == std::string::npos) throw std::runtime_error{"an answer without its length"};
    const auto digits = head.find_first_of("0123456789", at);
    std::size_t size = 0;
    std::from_chars(head.data() + digits, head.data() + head.size(), size);
    if (read_.size() < end + 4 + size) return std::nullopt;
    std::string body = read_.substr(end + 4, size);
    read_.erase(0, end + 4 + size);
    return body;
  }

  void answered(const std::string& body) {
    if (sid_.empty()) {
      constexpr std::string_view name = R"("sid":")";
      const auto at = body.find(name) + name.size();
      sid_ = body.substr(at, body.find('"', at) - at);
      return post("40");
    }
    if (was_post_) return get();
    const bool pinged = body.starts_with('2') || body.find(
                                                     "\x1e"
                                                     "2") != std::string::npos;
    static const auto message = fmt::format(R"(42["message","{}"])", std::string(200, 'x'));
    // A ping alone is answered, and the message fetched with the next one.
    if (body == "2") return post("3");
    post(pinged ? "3\x1e" + message : message);
  }

  void get() {
    was_post_ = false;
    say(fmt::format("GET /socket.io/?EIO=4&transport=polling{} HTTP/1.1\r\nHost: bench\r\n\r\n", sid_text()));
  }
  void post(const std::string& body) {
    was_post_ = true;
    say(
        fmt::format("POST /socket.io/?EIO=4&transport=polling{} HTTP/1.1\r\nHost: bench\r\n"
                    "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: {}\r\n\r\n{}",
                    sid_text(), body.size(), body));
  }
  [[nodiscard]] std::string sid_text() const { return sid_.empty() ? "" : "&sid=" + sid_; }
  void say(const std::string& request) {
    asked_ = clock::now();
    if (::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
      throw std::runtime_error{"a session was cut off"};
  }

  int fd_;
  bool was_post_ = false;
  std::string sid_;
  std::string read_;
  clock::time_point asked_{};
};

}  // namespace

outcome socketio_polling(const socketio_options& options) {
  if (options.bare) return socketio_echo(options);
  outcome result;
  const int epoll = epoll_create1(0);
  std::vector<std::unique_ptr<session>> all;
  for (std::size_t i = 0; i < options.clients; ++i) {
    all.push_back(std::make_unique<session>(options.port));
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, all.back()->fd(), &event);
  }
  const auto run = [&](double seconds, bool is_measured) {
    const auto begun = clock::now();
    const auto elapsed = [&] { return std::chrono::duration<double>(clock::now() - begun).count(); };
    std::array<epoll_event, 256> ready;
    while (elapsed() < seconds) {
      const int count = epoll_wait(epoll, ready.data(), static_cast<int>(ready.size()), 10);
      for (int i = 0; i < count; ++i) {
        auto& one = *all[ready[static_cast<std::size_t>(i)].data.u64];
        const auto asked = one.asked();
        if (!one.readable() || !is_measured) continue;
        ++result.delivered;
        result.delivery_ms.push_back(std::chrono::duration<float, std::milli>(clock::now() - asked).count());
      }
    }
    return elapsed();
  };
  run(1, false);
  const auto before = cpu_of(options.pid);
  result.seconds = run(options.seconds, true);
  const auto after = cpu_of(options.pid);
  result.cpu_user_seconds = after.user_seconds - before.user_seconds;
  result.cpu_system_seconds = after.system_seconds - before.system_seconds;
  close(epoll);
  return result;
}

}  // namespace nxg::load
