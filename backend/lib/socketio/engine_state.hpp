#pragma once

#include "runtime/random.hpp"
#include "socketio/engine.hpp"
#include "socketio/heartbeat.hpp"
#include "socketio/io_core.hpp"
#include "socketio/plain_door.hpp"
#include "socketio/polling.hpp"
#include "socketio/transport.hpp"
#include "socketio/websocket_handshake.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The insides of the Engine.IO server. Not for users of the library.
namespace nxg::socketio {
class websocket_connection;
}

namespace nxg::socketio::detail {

class session;
class upgrade_probe;

/// Of nested JSON in the frames of a plain door.
inline constexpr std::size_t max_plain_depth = 64;

/// Written by one core, read by anyone.
struct engine_counters {
  std::atomic<std::uint64_t> opened{0};
  std::atomic<std::uint64_t> upgraded{0};
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

/// How many sessions of one core nobody vouches for as yet, by what of their address is one client's.
class stranger_registry {
 public:
  void add(const std::string& subscriber) { ++by_subscriber_[subscriber]; }
  void remove(const std::string& subscriber);
  [[nodiscard]] std::size_t of(const std::string& subscriber) const;

 private:
  std::unordered_map<std::string, std::size_t> by_subscriber_;
};

struct engine_core;

/// What the next poll of a session that is no more is to get: its last messages and the close packet.
class farewell final : public deadline {
 public:
  farewell(engine_core& on, std::string sid, std::string payload);
  ~farewell() override;
  void expired(steady_instant now) override;
  [[nodiscard]] std::string take_payload() { return std::move(payload_); }

 private:
  engine_core& core_;
  std::string sid_;
  std::string payload_;
  std::shared_ptr<everyone_gone> connection_;
};

/// The requests of one core that wait for what another core, the home of their session, says of them. Used on that core
/// only: who asks must not lie about in the queue of another loop.
class pending_answers {
 public:
  using taker = std::move_only_function<void(http_answer)>;
  std::uint64_t add(taker then) {
    waiting_.emplace(++last_, std::move(then));
    return last_;
  }
  /// Nothing when it has its answer.
  [[nodiscard]] taker take(std::uint64_t number);
  /// Tells them all that nothing will come.
  void give_up();

 private:
  std::unordered_map<std::uint64_t, taker> waiting_;
  std::uint64_t last_ = 0;
};

struct engine_core {
  std::size_t index = 0;
  std::shared_ptr<io_core> io;
  session_registry sessions;
  stranger_registry strangers;
  std::unordered_map<std::string, std::unique_ptr<farewell>> farewells;
  pending_answers answers;
  std::shared_ptr<everyone_gone> connections;
  alignas(64) engine_counters counters;
};

class engine_state final : public http_responder, public std::enable_shared_from_this<engine_state> {
 public:
  engine_state(const std::vector<executor>& cores, runtime::clock& time, runtime::random& random,
               engine_options options, session_handler_factory on_session);

  /// On that core, the home of the session when the request names one.
  void admit(engine_core& core, upgrade&& request);
  /// The same by a plain door.
  void admit_plain(engine_core& core, upgrade&& request, std::shared_ptr<const plain_door> by);
  // On the core of the request.
  void ask(const std::shared_ptr<http_asker>& by) override;
  void bring(const std::shared_ptr<http_asker>& by, http_body body) override;
  void left(const std::shared_ptr<http_asker>& by) override;
  /// Where requests of that session are to go.
  [[nodiscard]] std::size_t home_of(std::string_view sid, std::size_t otherwise) const noexcept;
  /// A session without transport as yet.
  std::shared_ptr<session> open(engine_core& core, std::shared_ptr<const request_info> request);

  [[nodiscard]] engine_core& core(std::size_t index) noexcept { return *cores_[index % cores_.size()]; }
  [[nodiscard]] std::shared_ptr<engine_core> shared_core(std::size_t index) noexcept {
    return cores_[index % cores_.size()];
  }
  [[nodiscard]] std::size_t core_count() const noexcept { return cores_.size(); }
  [[nodiscard]] runtime::clock& time() const noexcept { return time_; }
  [[nodiscard]] const engine_options& options() const noexcept { return options_; }
  /// What of its address belongs to one client.
  [[nodiscard]] std::string subscriber_of(const request_info& from) const;
  [[nodiscard]] const shared_frames& ping_frame() const noexcept { return ping_frame_; }
  [[nodiscard]] engine_statistics statistics() const;
  /// Drops all sessions, without a word to their clients. Only while no loop runs.
  void abandon();
  /// No session is made from now on. Returns what tells of the last connection's end; nothing when called again.
  std::shared_ptr<everyone_gone> stop();

 private:
  struct asked;
  [[nodiscard]] std::optional<websocket::refusal> check(const asked& request) const;
  /// Whether no session can be opened now: none at all, or none of that address.
  [[nodiscard]] bool is_full(const engine_core& core, const request_info& info) const;
  [[nodiscard]] std::optional<websocket::refusal> check_plain(const upgrade& request, const engine_core& core,
                                                              const request_info& info) const;
  [[nodiscard]] std::optional<websocket::refusal> check_new(const asked& request, const engine_core& core,
                                                            const request_info& info) const;
  [[nodiscard]] std::shared_ptr<request_info> describe(const asked& request, std::string_view remote_address,
                                                       std::size_t core) const;
  [[nodiscard]] std::string open_packet(const session& one, bool may_upgrade) const;
  [[nodiscard]] websocket::header_list greeting_headers(const session& one) const;
  [[nodiscard]] bool may_deflate(const websocket::header_list& offered) const;
  [[nodiscard]] std::shared_ptr<websocket_connection> connect(engine_core& core, upgrade& request) const;
  void admit_upgrade(engine_core& core, upgrade&& request, const engine_query& query);

  // On the core of the session.
  [[nodiscard]] http_answer open_polling(engine_core& core, const http_request& request, const asked& what);
  static void poll(engine_core& core, const std::string& sid, bool right_version, std::shared_ptr<http_exchange> reply);
  [[nodiscard]] static std::optional<http_answer> begin_post(engine_core& core, const std::string& sid,
                                                             bool right_version, bool is_text);
  static void end_post(engine_core& core, const std::string& sid, http_body body, std::shared_ptr<http_exchange> reply);

  // On the core of the request.
  void fetch(const std::shared_ptr<http_asker>& by, bool right_version);
  void announce(const std::shared_ptr<http_asker>& by, bool right_version);
  [[nodiscard]] bool is_at_home(const http_asker& one) const noexcept;
  /// For the core of its session, when that is another one.
  [[nodiscard]] std::shared_ptr<http_exchange> stand_in(http_asker& of, pending_answers::taker then);
  [[nodiscard]] std::shared_ptr<http_exchange> stand_in(const std::shared_ptr<http_asker>& of);
  void add_headers(http_asker& to) const;
  [[nodiscard]] static websocket::header_list headers_of_all(const engine_options& with);
  [[nodiscard]] http_answer preflight(const http_request& request) const;

  std::vector<std::shared_ptr<engine_core>> cores_;
  runtime::clock& time_;
  runtime::random& random_;
  engine_options options_;
  session_handler_factory on_session_;
  shared_frames ping_frame_;
  std::shared_ptr<const websocket::header_list> common_headers_;  // of all answers
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
  void begin_polling(std::shared_ptr<polling_transport> carrier, std::shared_ptr<engine_handler> handler);
  /// Null when it does not poll, or no more.
  [[nodiscard]] polling_transport* polling() const noexcept { return polling_.get(); }
  /// Whether what is fetched now could no longer be answered before it times out.
  [[nodiscard]] bool is_overdue() const noexcept { return beat_.is_hopeless(io().now()); }

  /// Whether a WebSocket may try to take over.
  [[nodiscard]] bool may_upgrade() const noexcept { return polling_ && !probe_; }
  /// Lets it try; polling goes on until its client says that the change is done.
  std::shared_ptr<transport_handler> begin_upgrade(const std::shared_ptr<websocket_connection>& to);
  void upgraded(std::shared_ptr<websocket_connection> to);
  void upgrade_failed() noexcept { probe_.reset(); }

  [[nodiscard]] const std::string& id() const noexcept override { return id_; }
  [[nodiscard]] const std::shared_ptr<const request_info>& request() const noexcept override { return request_; }
  [[nodiscard]] std::size_t core() const noexcept override { return core_->index; }
  [[nodiscard]] const std::shared_ptr<io_core>& shared_io() const noexcept override { return core_->io; }
  void send_text(std::string_view message) override;
  void send_binary(std::string_view message) override;
  void send(const shared_frames& frames, const delivery& how) override;
  void prefetch() const noexcept override;
  void close(close_reason why) override;
  void vouch() override;
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
  void say_farewell();

  std::shared_ptr<engine_state> state_;
  std::shared_ptr<engine_core> core_;
  std::shared_ptr<const request_info> request_;
  std::string id_;
  std::shared_ptr<transport> transport_;
  std::shared_ptr<polling_transport> polling_;  // the same one while it polls
  std::shared_ptr<upgrade_probe> probe_;
  std::shared_ptr<engine_handler> handler_;
  heartbeat beat_;
  std::uint32_t pauses_ = 0;
  bool is_stranger_ = false;
};

/// Counts where one core writes: no locked instruction is needed.
inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

/// A new id: two characters say which core it belongs to, twenty hold 120 random bits.
[[nodiscard]] std::string make_id(std::size_t core, runtime::random& random);

}  // namespace nxg::socketio::detail
