#pragma once

#include "runtime/random.hpp"
#include "socketio/engine.hpp"
#include "socketio/heartbeat.hpp"
#include "socketio/io_core.hpp"
#include "socketio/transport.hpp"
#include "socketio/websocket_handshake.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The insides of the Engine.IO server. Not for users of the library.
namespace nxg::socketio::detail {

class session;

/// Written by one core, read by anyone.
struct engine_counters {
  std::atomic<std::uint64_t> opened{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> received{0};
  std::atomic<std::uint64_t> sent{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> open{0};
  std::array<std::atomic<std::uint64_t>, 10> closed{};
};

/// Says when the last connection is gone: each holds one of these, and each core one more.
struct everyone_gone {
  ~everyone_gone() {
    if (then) then();
  }
  std::function<void()> then;
};

/// The sessions of one core by their id.
class session_registry {
 public:
  void add(const std::shared_ptr<session>& one);
  void remove(const session& one) noexcept;
  /// Null when there is none.
  [[nodiscard]] std::shared_ptr<session> find(std::string_view id) const;
  [[nodiscard]] std::vector<std::shared_ptr<session>> all() const;
  [[nodiscard]] std::size_t size() const noexcept { return by_id_.size(); }

 private:
  std::unordered_map<std::string_view, std::shared_ptr<session>> by_id_;  // keys lie in the sessions
};

struct engine_core {
  std::size_t index = 0;
  std::shared_ptr<io_core> io;
  session_registry sessions;
  std::shared_ptr<everyone_gone> connections;
  alignas(64) engine_counters counters;
};

class engine_state : public std::enable_shared_from_this<engine_state> {
 public:
  engine_state(const std::vector<executor>& cores, runtime::clock& time, runtime::random& random,
               engine_options options, session_handler_factory on_session);

  /// On that core.
  void admit(engine_core& core, upgrade&& request);
  /// A session without transport as yet.
  std::shared_ptr<session> open(engine_core& core, std::shared_ptr<const request_info> request);

  [[nodiscard]] engine_core& core(std::size_t index) noexcept { return *cores_[index % cores_.size()]; }
  [[nodiscard]] std::shared_ptr<engine_core> shared_core(std::size_t index) noexcept {
    return cores_[index % cores_.size()];
  }
  [[nodiscard]] std::size_t core_count() const noexcept { return cores_.size(); }
  [[nodiscard]] runtime::clock& time() const noexcept { return time_; }
  [[nodiscard]] const engine_options& options() const noexcept { return options_; }
  [[nodiscard]] const shared_frames& ping_frame() const noexcept { return ping_frame_; }
  [[nodiscard]] engine_statistics statistics() const;
  /// Drops all sessions, without a word to their clients. Only while no loop runs.
  void abandon();
  /// No session is made from now on. Returns what tells of the last connection's end; nothing when called again.
  std::shared_ptr<everyone_gone> stop();

 private:
  [[nodiscard]] std::optional<websocket::refusal> check(const upgrade& request) const;
  [[nodiscard]] std::optional<websocket::refusal> ask_application(const upgrade& request,
                                                                  const request_info& info) const;

  std::vector<std::shared_ptr<engine_core>> cores_;
  runtime::clock& time_;
  runtime::random& random_;
  engine_options options_;
  session_handler_factory on_session_;
  shared_frames ping_frame_;
  std::shared_ptr<everyone_gone> connections_ = std::make_shared<everyone_gone>();
  std::atomic<bool> stopping_{false};
};

/// One Engine.IO session: heartbeat and packets on whatever transport it was given.
class session final : public engine_session,
                      public transport_handler,
                      private deadline,
                      public std::enable_shared_from_this<session> {
 public:
  session(std::shared_ptr<engine_state> of, std::shared_ptr<engine_core> core,
          std::shared_ptr<const request_info> request, std::string id);
  ~session() override;

  /// Ends it at once; the client sees its connection cut.
  void drop();
  /// From now on it can send; `handler` gets what comes.
  void begin(std::shared_ptr<transport> carrier, std::shared_ptr<engine_handler> handler);

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::shared_ptr<const request_info>& request() const noexcept override { return request_; }
  [[nodiscard]] std::size_t core() const noexcept override { return core_->index; }
  [[nodiscard]] const std::shared_ptr<io_core>& shared_io() const noexcept override { return core_->io; }
  void send_text(std::string_view message) override;
  void send_binary(std::string_view message) override;
  void send(const shared_frames& frames, const delivery& how) override;
  void close(close_reason why) override;
  void pause_reading() override;
  void resume_reading() override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override;

  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void ended(const transport_end& end) override;

 private:
  [[nodiscard]] io_core& io() const noexcept { return *core_->io; }
  void expired(steady_instant now) override;
  void watch_heartbeat();
  void finish(close_reason why);

  std::shared_ptr<engine_state> state_;
  std::shared_ptr<engine_core> core_;
  std::shared_ptr<const request_info> request_;
  std::string id_;
  std::shared_ptr<transport> transport_;
  std::shared_ptr<engine_handler> handler_;
  heartbeat beat_;
  std::uint32_t pauses_ = 0;
};

/// A new id: two characters say which core it belongs to, twenty hold 120 random bits.
[[nodiscard]] std::string make_id(std::size_t core, runtime::random& random);

}  // namespace nxg::socketio::detail
