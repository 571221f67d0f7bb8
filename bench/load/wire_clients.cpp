#include "load/wire_clients.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nxg::load {

namespace {

constexpr std::string_view upgrade =
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
/// One address has some 28,000 ports to connect from.
constexpr std::uint32_t sources = 8;

/// Masked with zeros, which leave the bytes as they are.
void append_frame(std::string& to, unsigned opcode, std::string_view payload) {
  to += static_cast<char>(0x80u | opcode);
  if (payload.size() < 126) {
    to += static_cast<char>(0x80u | payload.size());
  } else {
    to += static_cast<char>(0x80u | 126u);
    to += static_cast<char>(payload.size() >> 8);
    to += static_cast<char>(payload.size());
  }
  to.append(4, '\0');
  to.append(payload);
}

}  // namespace

wire_clients::wire_clients(std::uint16_t port, speech how, hooks to)
    : port_{port}, how_{how}, to_{std::move(to)}, epoll_{epoll_create1(0)} {}

wire_clients::~wire_clients() {
  for (const auto& one : clients_) {
    if (one->fd_ >= 0) close(one->fd_);
  }
  close(epoll_);
}

wire_clients::client& wire_clients::connect() {
  std::size_t number = clients_.size();
  if (free_.empty()) {
    clients_.push_back(std::make_unique<client>());
  } else {
    number = free_.back();
    free_.pop_back();
    *clients_[number] = client{};
  }
  auto& one = *clients_[number];
  one.number_ = number;
  one.fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (one.fd_ < 0) throw std::runtime_error{"no more file descriptors"};
  const int on = 1;
  setsockopt(one.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(one.fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source_++ % sources);
  bind(one.fd_, reinterpret_cast<sockaddr*>(&from), sizeof from);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(one.fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
    throw std::runtime_error{std::string{"cannot connect: "} + std::strerror(errno)};
  ++open_;
  watch(one, true, true);
  return one;
}

void wire_clients::watch(client& one, bool writes, bool is_new) const {
  epoll_event event{.events = (one.is_deaf_ ? 0u : static_cast<std::uint32_t>(EPOLLIN)) |
                              (writes ? static_cast<std::uint32_t>(EPOLLOUT) : 0u),
                    .data = {.u64 = one.number_}};
  epoll_ctl(epoll_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, one.fd_, &event);
}

void wire_clients::send(client& by, std::string_view packet) {
  if (how_ == speech::bare) return send_raw(by, packet);
  std::string frame;
  append_frame(frame, 1, packet);
  send_raw(by, frame);
}

void wire_clients::send_raw(client& by, std::string_view bytes) {
  if (by.is_gone()) return;
  if (by.unsent_.empty()) {
    const auto sent = ::send(by.fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (bytes.empty()) return;
    watch(by, true);
  }
  by.unsent_.append(bytes);
}

void wire_clients::flush(client& one) {
  const auto sent = ::send(one.fd_, one.unsent_.data(), one.unsent_.size(), MSG_NOSIGNAL);
  if (sent > 0) one.unsent_.erase(0, static_cast<std::size_t>(sent));
  if (one.unsent_.empty()) watch(one, false);
}

void wire_clients::leave(client& one, manner how) {
  if (one.is_gone()) return;
  if (how == manner::politely) {
    send(one, "41");
    send(one, "1");
  }
  if (how == manner::by_reset) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    setsockopt(one.fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  drop(one, false);
}

void wire_clients::go_deaf(client& one) {
  if (one.is_gone()) return;
  one.is_deaf_ = true;
  watch(one, false);
}

void wire_clients::drop(client& one, bool tell) {
  if (one.is_gone()) return;
  if (one.is_in()) --in_;
  --open_;
  one.state_ = client::state::gone;
  close(one.fd_);
  one.fd_ = -1;
  freed_now_.push_back(one.number_);
  if (tell) to_.ended(one);
}

void wire_clients::run_for(std::chrono::milliseconds at_most) {
  std::array<epoll_event, 512> ready;
  const int count = epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), static_cast<int>(at_most.count()));
  for (int i = 0; i < count; ++i) {
    const auto& event = ready[static_cast<std::size_t>(i)];
    auto& one = *clients_[event.data.u64];
    if (one.is_gone()) continue;
    if ((event.events & EPOLLOUT) != 0) {
      if (one.state_ == client::state::connecting) {
        connected(one);
      } else {
        flush(one);
      }
    }
    if (!one.is_gone() && (event.events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0) readable(one);
  }
  // Not before: what was still to be handled may have meant the one that is gone.
  for (const auto number : freed_now_) free_.push_back(number);
  freed_now_.clear();
}

bool wire_clients::run_until(const std::function<bool()>& done, std::chrono::milliseconds at_most) {
  const auto until = clock::now() + at_most;
  while (!done()) {
    if (clock::now() > until) return false;
    run_for(std::chrono::milliseconds{5});
  }
  return true;
}

void wire_clients::connected(client& one) {
  watch(one, false);
  if (how_ == speech::socketio) {
    one.state_ = client::state::upgrading;
    return send_raw(one, upgrade);
  }
  one.state_ = client::state::opening;
  send_raw(one, std::string(bare_bytes, 'x'));
}

void wire_clients::readable(client& one) {
  std::array<char, 65536> buffer;
  const auto count = recv(one.fd_, buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    return drop(one, true);
  }
  one.read_.append(buffer.data(), static_cast<std::size_t>(count));
  understand(one);
}

void wire_clients::understand(client& one) {
  std::size_t at = 0;
  if (how_ == speech::bare) {
    for (; one.read_.size() - at >= bare_bytes && !one.is_gone(); at += bare_bytes) {
      if (one.state_ == client::state::opening) {
        one.state_ = client::state::in;
        ++in_;
        to_.came_in(one);
      } else {
        to_.heard(one, std::string_view{one.read_}.substr(at, bare_bytes));
      }
    }
  } else {
    if (one.state_ == client::state::upgrading) {
      const auto end = one.read_.find("\r\n\r\n");
      if (end == std::string::npos) return;
      if (!one.read_.starts_with("HTTP/1.1 101")) return drop(one, true);
      one.state_ = client::state::opening;
      at = end + 4;
    }
    while (!one.is_gone() && take_frame(one, at)) {
    }
  }
  if (!one.is_gone()) one.read_.erase(0, at);
}

bool wire_clients::take_frame(client& one, std::size_t& at) {
  const auto left = std::string_view{one.read_}.substr(at);
  const auto byte = [&left](std::size_t i) { return static_cast<unsigned char>(left[i]); };
  if (left.size() < 2) return false;
  std::size_t head = 2;
  std::size_t size = byte(1);
  if (size == 126) {
    if (left.size() < 4) return false;
    head = 4;
    size = static_cast<std::size_t>(byte(2)) << 8 | byte(3);
  } else if (size == 127) {
    if (left.size() < 10) return false;
    head = 10;
    size = 0;
    for (std::size_t i = 2; i < head; ++i) size = size << 8 | byte(i);
  }
  if (left.size() < head + size) return false;
  at += head + size;
  const unsigned opcode = byte(0) & 0x0fu;
  if (opcode == 8) {
    drop(one, true);
  } else if (opcode == 1) {
    message(one, left.substr(head, size));
  }
  return true;
}

void wire_clients::message(client& one, std::string_view text) {
  if (text.starts_with("42") || text.starts_with("43")) return to_.heard(one, text);
  if (text == "2") return send(one, "3");
  if (text.starts_with('0')) return send(one, "40");
  if (text.starts_with("40") && !one.is_in()) {
    one.state_ = client::state::in;
    ++in_;
    to_.came_in(one);
  } else if (text == "1") {
    drop(one, true);
  }
}

}  // namespace nxg::load
