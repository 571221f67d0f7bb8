#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::load {

/// Many Socket.IO clients over WebSocket in one epoll loop, as bare as they can be so that little of a measurement is
/// theirs: they know frames, pings and the connect packet, and hand over the rest as it is. What they are told that
/// they do not understand ends them. In `bare` mode they speak with bench/floor: no handshake, messages of one size.
class wire_clients {
 public:
  enum class speech : std::uint8_t { socketio, bare };
  using clock = std::chrono::steady_clock;

  /// Messages of the floor have this size.
  static constexpr std::size_t bare_bytes = 256;

  class client {
   public:
    [[nodiscard]] bool is_in() const noexcept { return state_ == state::in; }
    [[nodiscard]] bool is_gone() const noexcept { return state_ == state::gone; }
    [[nodiscard]] std::size_t number() const noexcept { return number_; }
    /// Of the caller's, for what it wants to know of this one.
    clock::time_point since{};
    std::uint64_t count = 0;

   private:
    friend class wire_clients;
    enum class state : std::uint8_t { connecting, upgrading, opening, in, gone };
    std::size_t number_ = 0;
    int fd_ = -1;
    state state_ = state::connecting;
    bool is_deaf_ = false;
    std::string read_;
    std::string unsent_;
  };

  /// `heard` gets each event as its packet ("2[…]" follows "4", acks likewise), `ended` a client that went away without
  /// being told to.
  struct hooks {
    std::function<void(client&)> came_in = [](client&) {};
    std::function<void(client&, std::string_view packet)> heard = [](client&, std::string_view) {};
    std::function<void(client&)> ended = [](client&) {};
  };

  wire_clients(std::uint16_t port, speech how, hooks to);
  ~wire_clients();
  wire_clients(const wire_clients&) = delete;
  wire_clients& operator=(const wire_clients&) = delete;

  client& connect();
  /// An Engine.IO message, such as `42["event",1]`; anything in `bare` mode.
  void send(client& by, std::string_view packet);
  /// Bytes as they are.
  void send_raw(client& by, std::string_view bytes);
  enum class manner : std::uint8_t { politely, without_a_word, by_reset };
  void leave(client& one, manner how);
  /// Hears and answers nothing any more, like a phone that lost its network.
  void go_deaf(client& one);

  /// Handles what there is, waiting at most that long.
  void run_for(std::chrono::milliseconds at_most);
  /// Until `done`, at most so long; false when it took longer.
  bool run_until(const std::function<bool()>& done, std::chrono::milliseconds at_most);

  [[nodiscard]] std::size_t in() const noexcept { return in_; }
  /// Neither gone nor told to go.
  [[nodiscard]] std::size_t open() const noexcept { return open_; }
  [[nodiscard]] client& at(std::size_t number) { return *clients_[number]; }
  [[nodiscard]] std::size_t size() const noexcept { return clients_.size(); }

 private:
  void drop(client& one, bool tell);
  void flush(client& one);
  void readable(client& one);
  void connected(client& one);
  void understand(client& one);
  bool take_frame(client& one, std::size_t& at);
  void message(client& one, std::string_view text);
  void watch(client& one, bool writes, bool is_new = false) const;

  std::uint16_t port_;
  speech how_;
  hooks to_;
  int epoll_;
  std::vector<std::unique_ptr<client>> clients_;
  std::vector<std::size_t> free_;
  std::vector<std::size_t> freed_now_;
  std::size_t in_ = 0;
  std::size_t open_ = 0;
  std::uint32_t source_ = 0;
};

}  // namespace nxg::load
