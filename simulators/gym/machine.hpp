#pragma once

#include "gym/api.hpp"
#include "gym/exercise_source.hpp"
#include "gym/ledger.hpp"
#include "gym/options.hpp"
#include "gym/outages.hpp"
#include "runtime/timer.hpp"
#include "socketio/client.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace nxg::gym {

/// What the parts of a simulated gym share.
struct surroundings {
  const options& settings;
  api& backend;
  ledger& book;
  runtime::clock& time;
  runtime::random& random;
  socketio::client_environment& sockets;
  executor where;

  /// What went wrong so far for a member and the machine of the same number, or for everybody.
  [[nodiscard]] std::uint64_t troubles_at(std::size_t place) const {
    return book.troubles_at(place) + backend.repeated();
  }
};

/// A machine as its maker would build it: it numbers its samples, keeps each until it is acknowledged, has at most two
/// messages on their way, loses its network, and sends again what was not acknowledged.
class machine : public std::enable_shared_from_this<machine> {
 public:
  machine(surroundings& around, std::size_t index, std::string id, std::string secret, std::string machine_class);

  /// Connects, stays connected, heartbeats; until `stop`.
  task<> live();
  /// From now on seconds of `source` are sent as samples of that workout's link.
  void begin(std::size_t workout, std::unique_ptr<exercise_source> source);
  void end();
  /// A new epoch: what was not acknowledged of the old one is still kept and sent.
  void reboot();
  /// Every sample made was acknowledged (or refused for good).
  [[nodiscard]] bool drained() const;
  void stop();

  [[nodiscard]] std::size_t index() const noexcept { return index_; }
  [[nodiscard]] bool in_use() const noexcept { return workout_.has_value(); }
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const std::string& machine_class() const noexcept { return class_; }
  [[nodiscard]] bool connected() const noexcept { return socket_ != nullptr; }
  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] const sample& latest() const noexcept { return latest_; }

 private:
  task<> renew_token();
  task<> connect_once();
  task<> make_samples();
  task<> heartbeat();
  task<> lose_network();
  void make_one();
  void pump();
  task<> send(std::size_t stream_index, std::size_t first, std::size_t count);
  void on_ack(std::size_t stream_index, std::string_view answer);
  void send_again();
  void lost_connection();
  [[nodiscard]] stream& current() { return record().streams.back(); }
  [[nodiscard]] ledger::machine_record& record() const { return around_.book.machines[index_]; }

  surroundings& around_;
  std::size_t index_;
  std::string id_;
  std::string secret_;
  std::string class_;
  std::string token_;
  steady_instant token_renewal_{};
  std::mt19937_64 random_;

  std::shared_ptr<socketio::client> connection_;
  std::shared_ptr<socketio::client_socket> socket_;
  std::uint64_t connection_number_ = 0;
  outages outages_{around_.settings.drop_network};
  bool stopped_ = false;

  std::unique_ptr<exercise_source> source_;
  std::optional<std::size_t> workout_;
  sample latest_;

  /// The oldest stream with unacknowledged samples, and the next sample of it to send (index).
  std::size_t sending_ = 0;
  std::size_t next_ = 0;
  int in_flight_ = 0;
  steady_instant send_not_before_{};
};

}  // namespace nxg::gym
