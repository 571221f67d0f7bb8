#pragma once

#include "socketio/io_core.hpp"
#include "socketio/membership.hpp"
#include "socketio/namespace_table.hpp"
#include "socketio/on_core.hpp"
#include "socketio/pending_acks.hpp"
#include "socketio/recovery_journal.hpp"
#include "socketio/room_cores.hpp"
#include "socketio/server.hpp"
#include "socketio/shared_recovery.hpp"

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>

#include <any>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

/// The insides of the Socket.IO server. Not for users of the library.
namespace nxg::socketio {

namespace detail {

/// One namespace's sockets in this process: a table per core.
class namespace_sockets final : public local_sockets {
 public:
  namespace_sockets(std::string name, server_state& of);

  void emit(const selection& to, std::string_view event, const payload& content, const delivery& how) override;
  void ask(const selection& to, std::string_view event, const payload& content, std::chrono::milliseconds timeout,
           std::shared_ptr<answer_sink> into) override;
  void server_event(event_args what) override;
  [[nodiscard]] runtime::clock& clock() const noexcept override;
  [[nodiscard]] executor home() const override { return cores_.front()->where; }
  /// Null when clients cannot come back.
  [[nodiscard]] recovery_journal* journal() const noexcept { return journal_.get(); }
  /// Null when it is this process that numbers, or nobody.
  [[nodiscard]] shared_recovery* shared() const noexcept { return shared_; }
  /// The last numbered event that core has delivered; on that core.
  [[nodiscard]] const event_position& delivered(std::size_t core) const noexcept { return cores_[core]->delivered; }
  /// Runs `work` on that loop, behind what this thread emitted before.
  template <class Work>
  void in_order(const executor& where, Work work);

  [[nodiscard]] const recovery_options* recovery() const noexcept override {
    return journal_ ? &journal_->options() : nullptr;
  }
  void number_elsewhere(shared_recovery& by) override { shared_ = &by; }
  void deliver(const event_position& at, std::string_view offset, const selection& to, std::string_view event,
               const payload& content) override;
  void deliver_unnumbered(const selection& to, std::string_view event, const payload& content) override;
  [[nodiscard]] bool remembers(const event_position& after) override { return journal_->reaches_back_to(after); }
  void start_over(const event_position& behind) override;
  void forget_ways_back() override;

  void send(const selection& to, shared_frames frames, const delivery& how) override;
  void join(const selection& who, std::vector<std::string> rooms) override;
  void leave(const selection& who, std::vector<std::string> rooms) override;
  void disconnect(const selection& who, bool close_connection) override;
  task<std::vector<socket_info>> sockets(selection who) override;
  [[nodiscard]] const std::string& namespace_name() const noexcept override { return name_; }

  /// That core's table; on that core.
  [[nodiscard]] namespace_table& table(std::size_t core) noexcept { return cores_[core]->table; }
  void count_changed(std::size_t core) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;
  /// Held by a socket's wish to join a room until that core has come to it.
  [[nodiscard]] on_its_way joining(std::size_t core) noexcept { return on_its_way{cores_[core]->joining}; }

 private:
  struct per_core {
    per_core(executor on, std::size_t index, room_cores& known) : where{std::move(on)}, table{index, known} {}

    executor where;
    namespace_table table;
    event_position delivered;
    std::atomic<std::size_t> joining{0};
    alignas(64) std::atomic<std::size_t> count{0};
  };
  void emit_numbered(const selection& to, std::string_view event, const payload& content);
  /// `journal_->mutex()` is held.
  void post_numbered(const event_position& at, const selection& to, const shared_frames& frames);
  template <class Work>
  void on_each_core(Work work);
  template <class Work>
  void on_cores(room_cores::core_set which, Work work);
  /// Where sockets that are meant may be; never too few.
  [[nodiscard]] room_cores::core_set cores_of(const selection& who);

  std::string name_;
  server_state& server_;
  room_cores rooms_;
  std::vector<std::unique_ptr<per_core>> cores_;
  std::unique_ptr<recovery_journal> journal_;
  shared_recovery* shared_ = nullptr;
  std::atomic<std::uint64_t> asked_{0};
};

class server_state : public std::enable_shared_from_this<server_state> {
 public:
  server_state(std::vector<executor> cores, runtime::clock& time, runtime::random& random, server_options options);

  name_space& declare(std::string name);
  name_space& declare_pattern(std::function<bool(std::string_view)> matches);
  /// The same as `find`, but a name that matches a pattern becomes a namespace.
  [[nodiscard]] std::optional<std::size_t> find_or_make(std::string_view name);
  /// Its number, or nothing when it was never declared.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const;
  [[nodiscard]] name_space& at(std::size_t index) const { return *namespaces_[index]; }

  [[nodiscard]] const std::vector<executor>& cores() const noexcept { return cores_; }
  [[nodiscard]] const server_options& options() const noexcept { return options_; }
  [[nodiscard]] runtime::clock& time() const noexcept { return time_; }
  [[nodiscard]] runtime::random& random() const noexcept { return random_; }
  void report(const name_space& in, std::string_view handler, std::exception_ptr error) const;
  void forget_handlers();
  [[nodiscard]] std::uint64_t sockets() const noexcept;

  std::atomic<std::uint64_t> events_received{0};
  std::atomic<std::uint64_t> acks_received{0};
  std::atomic<std::uint64_t> connects_refused{0};

 private:
  /// The places of namespaces are not to move while others look at them.
  void keep_places();

  struct pattern {
    std::function<bool(std::string_view)> matches;
    std::unique_ptr<name_space> like;
  };
  std::vector<executor> cores_;
  runtime::clock& time_;
  runtime::random& random_;
  server_options options_;
  std::vector<std::unique_ptr<name_space>> namespaces_;
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> by_name_;
  std::vector<pattern> patterns_;
  std::size_t made_by_pattern_ = 0;
  mutable std::shared_mutex growing_;  // namespaces by pattern; without patterns nothing grows
};

/// One connection's Socket.IO side: its sockets, whatever namespaces they are in. Used on its core only.
class client_session final : public engine_handler, public std::enable_shared_from_this<client_session> {
 public:
  client_session(std::shared_ptr<server_state> server, std::shared_ptr<engine_session> engine);
  ~client_session() override;
  /// Starts the connect time-out.
  void begin();
  /// Ends the connection unless somebody comes into a namespace in time.
  void expect_a_join();

  void text(std::string_view message) override;
  void binary(std::string_view message) override;
  void closed(close_reason why) override;

  void send(const shared_frames& frames, const delivery& how);
  void prefetch() const noexcept;
  /// Our own decision; the client is told.
  void disconnect(socket& one, bool close_connection);
  void pause();
  void resume();
  [[nodiscard]] const executor& where() const noexcept { return io_->get_executor(); }
  [[nodiscard]] std::size_t core() const noexcept { return core_; }
  [[nodiscard]] io_core& io() const noexcept { return *io_; }
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return engine_ ? engine_->queued_bytes() : 0; }
  [[nodiscard]] server_state& server() const noexcept { return *server_; }

 private:
  /// A client at the door of a namespace while its authenticator runs.
  struct joining;
  struct connect_deadline final : deadline {
    explicit connect_deadline(client_session& of) : session{of} {}
    void expired(steady_instant now) override;
    client_session& session;
  };

  [[nodiscard]] bool taken_at_first_look(std::string_view message);
  void decoded(packet_decoder::status status);
  void handle(packet received);
  void join(std::size_t in, std::string auth);
  void authenticate_or_come_in(std::size_t in, std::shared_ptr<const handshake> from);
  /// False when the client shows nothing of an earlier connection, or too little.
  bool come_back(std::size_t in, const std::shared_ptr<const handshake>& from);
  /// The same where it may have been at another process; `otherwise` is called when it is a new client.
  void come_back_from_anywhere(std::size_t in, const std::shared_ptr<const handshake>& from,
                               std::function<void()> otherwise);
  bool enter_returned(std::size_t in, const std::shared_ptr<const handshake>& from, returning_client who);
  void enter_again(std::size_t in, const std::shared_ptr<const handshake>& from, absent_client who,
                   const std::vector<shared_frames>& missed);
  void let_in_new(std::size_t in, std::shared_ptr<const handshake> from, accepted as);
  void remember(socket& one, close_reason why);
  std::shared_ptr<socket> enter(std::size_t in, std::shared_ptr<const handshake> from, std::string id, std::any data,
                                std::vector<std::string> rooms, std::unique_ptr<way_back> back);
  void greet(const std::shared_ptr<socket>& one);
  void authenticate(std::size_t in, std::shared_ptr<const handshake> from);
  void authenticated(const std::shared_ptr<joining>& who, const authentication& result);
  void come_in(std::size_t in, std::shared_ptr<const handshake> from, accepted as);
  void refuse(std::string_view namespace_name, std::string_view message, std::string_view data);
  void deliver(name_space& in, packet received);
  void timed_out(std::size_t in);
  void run_handler(name_space& in, const std::shared_ptr<socket>& to, const event_handler& handler,
                   event_args arguments);
  void handler_ended();
  void leave(std::size_t in, close_reason why);
  void forget_joining(std::size_t in);
  [[nodiscard]] std::shared_ptr<socket> find(const name_space& in) const;
  [[nodiscard]] std::shared_ptr<socket> find(std::string_view namespace_name) const;

  std::shared_ptr<server_state> server_;
  std::shared_ptr<engine_session> engine_;  // gone once closed
  std::shared_ptr<io_core> io_;
  std::size_t core_;
  packet_decoder decoder_;
  membership members_;
  std::vector<std::shared_ptr<socket>> sockets_;
  bool has_first_looks_ = false;
  std::vector<std::shared_ptr<joining>> joining_;
  std::unique_ptr<connect_deadline> connect_by_;
  std::size_t events_in_flight_ = 0;
  bool paused_by_handlers_ = false;
};

}  // namespace detail

struct name_space::state {
  state(std::string called, std::size_t number, detail::server_state& of)
      : name{std::move(called)}, index{number}, sockets{name, of} {}

  std::string name;
  std::size_t index;
  detail::namespace_sockets sockets;
  std::unique_ptr<adapter> through;
  std::vector<middleware> before;
  authenticator authenticate;
  connect_handler connected;
  disconnect_handler disconnected;
  struct handler {
    plain_event_handler plain;
    event_handler coroutine;
  };
  std::unordered_map<std::string, handler, detail::text_hash, std::equal_to<>> handlers;
  std::unordered_map<std::string, first_look, detail::text_hash, std::equal_to<>> first_looks;
  std::unordered_map<std::string, std::function<void(event_args)>, detail::text_hash, std::equal_to<>> server_handlers;
  std::function<std::string(const std::any&)> show_data;
  std::function<std::string(const std::any&)> data_to_text;
  std::function<std::any(std::string_view)> data_from_text;

  void behave_like(const state& other) {
    before = other.before;
    authenticate = other.authenticate;
    connected = other.connected;
    disconnected = other.disconnected;
    handlers = other.handlers;
    first_looks = other.first_looks;
    server_handlers = other.server_handlers;
    show_data = other.show_data;
    data_to_text = other.data_to_text;
    data_from_text = other.data_from_text;
  }
};

template <class Work>
void detail::namespace_sockets::in_order(const executor& where, Work work) {
  if (!journal_) return run_on(where, std::move(work));
  // What is numbered arrives by posts, so all else has to.
  std::move_only_function<void()> posted = [where, work = std::move(work)]() mutable {
    boost::asio::post(where, std::move(work));
  };
  if (shared_ == nullptr || !shared_->after_emitted(posted)) posted();
}

/// The library's own way to make a socket.
struct socket::key {};

}  // namespace nxg::socketio
