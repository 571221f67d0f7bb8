#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/recovery_record.hpp"
#include "socketio/redis_commands.hpp"
#include "socketio/redis_message.hpp"
#include "socketio/shared_recovery.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {

/// Clients of one namespace that come back at another process, over Redis.
///
/// An event goes to Redis first, where a script puts it into a bounded stream and publishes it with the id it got
/// there. Every process, also the sender, delivers it when it hears it, in the order of the ids: each message names the
/// one before, and what is missing in between is read from the stream. So all processes deliver the same events in the
/// same order, and a client that shows the last id it saw is known to have all before.
///
/// Where Redis does not take an event it is delivered here at once, without a number; whoever may have missed one of
/// those is refused when it comes back. The same goes for what Node's servers send.
class redis_recovery final : public shared_recovery, public std::enable_shared_from_this<redis_recovery> {
 public:
  struct environment {
    local_sockets& here;
    redis_commands& commands;
    runtime::random& random;
    std::string sender;
    /// In front of its keys.
    std::string key;
    std::size_t max_message_bytes;
    std::function<void(std::string_view channel, std::string_view message)> publish;
    std::function<void(std::string_view why)> complain;
  };
  redis_recovery(environment in, const recovery_options& options);

  /// After the constructor, once.
  void start();
  /// The sockets go away: nothing is done with them any more.
  void close();

  void emit(const selection& to, std::string_view event, const payload& content, const std::string& channel);
  void heard(redis_message message);
  /// Something without a number was sent by somebody else.
  void doubt();
  /// Messages may have been lost.
  void gap();

  [[nodiscard]] bool is_ready() const override;
  [[nodiscard]] std::uint64_t doubts() const override;
  void keep(const std::string& private_id, const absent_client& who, const std::string& data) override;
  task<std::optional<returning_client>> take(std::string private_id, std::string offset) override;
  bool after_emitted(std::move_only_function<void()>& then) override;

 private:
  struct emitted {
    std::uint64_t number;
    steady_instant at;
    selection to;
    std::string event;
    payload content;
    std::string channel;
  };
  struct fence {
    std::uint64_t behind;
    std::move_only_function<void()> then;
  };
  /// What is to run when the lock is not held any more.
  using released = std::vector<std::move_only_function<void()>>;

  template <class Work>
  void locked(Work work);
  void call(std::vector<std::string> command, std::uint64_t over, std::function<void(redis_answer)> then);
  [[nodiscard]] std::vector<std::string> script(std::string_view text, std::vector<std::string> arguments,
                                                const std::string& session = {}) const;
  // All below with `mutex_` held.
  void open();
  void opened(const redis_answer& answer);
  void miss_until(const std::string& epoch, const event_position& begins_behind);
  void read_missing();
  void missing_read(const redis_answer& answer, released& then);
  /// False where the chain is broken.
  bool read_entry(const std::string& id, const std::string& head, const std::string& after, released& then);
  void deliver(redis_message message, const event_position& at, released& then);
  void settle(std::uint64_t through, released& then);
  /// What was emitted before may have reached others; that number only is published when it has not.
  void deliver_unnumbered_through(std::uint64_t number, bool publish, released& then);
  void note_doubt();
  void look_after();
  task<> watch();
  bool look(released& then);
  [[nodiscard]] std::optional<returning_client> returned(const redis_answer& answer, const shared_offset& from,
                                                         bool with_entries);
  task<redis_answer> ask(std::vector<std::string> command);

  environment in_;
  const recovery_options options_;
  const std::string stream_key_;
  const std::string known_key_;
  mutable std::mutex mutex_;
  bool closed_ = false;
  std::string epoch_;  // of what is emitted; empty while Redis has not said one
  std::uint64_t connection_ = 0;
  bool opening_ = false;
  bool reading_ = false;
  bool behind_ = false;  // there is something in the stream that was not delivered
  bool watching_ = false;
  event_position delivered_;
  std::string delivered_epoch_;
  std::uint64_t last_number_ = 0;
  std::uint64_t settled_ = 0;
  std::deque<emitted> outstanding_;
  std::deque<fence> fences_;
  std::uint64_t doubts_ = 0;
  bool doubt_to_tell_ = false;
};

}  // namespace nxg::socketio
