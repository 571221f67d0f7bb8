#pragma once

#include "gym/machine.hpp"
#include "gym/outages.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace nxg::gym {

/// A member with a phone: registers, checks in, links a machine, trains, links again, checks out. The phone watches
/// every workout live, reconnects when the backend went away, asks then for what it missed, and keeps its tokens fresh.
class member : public std::enable_shared_from_this<member> {
 public:
  member(surroundings& around, std::size_t index);

  /// Makes the account and opens the phone's sockets.
  task<> join();
  /// Opens a visit with the code the branch's screen shows.
  task<> check_in(std::string check_in_code);
  /// Trains on that machine until `until` or until `interrupted`, in one or more workouts.
  task<> train(std::shared_ptr<machine> on, steady_instant until, const std::vector<recording>& recordings,
               const std::atomic<bool>& interrupted);
  task<> check_out();
  void stop();

  [[nodiscard]] task<std::string> token();
  [[nodiscard]] const std::string& name() const noexcept { return username_; }
  [[nodiscard]] bool watching() const noexcept { return socket_ != nullptr; }
  [[nodiscard]] std::uint64_t reconnects() const noexcept { return reconnects_; }

 private:
  task<> keep_connected();
  task<> connect_once();
  task<> keep_token_fresh();
  task<> lose_network();
  task<> one_workout(std::shared_ptr<machine> on, steady_instant until, const std::vector<recording>& recordings,
                     const std::atomic<bool>& interrupted);
  void keep_tokens(const boost::json::value& tokens);
  [[nodiscard]] phone_record& phone() const { return around_.book.phones[index_]; }
  task<std::shared_ptr<socketio::client_socket>> listen(std::shared_ptr<socketio::client> over, std::string channel,
                                                        std::string token, std::int64_t phone_record::* seen,
                                                        std::uint64_t number);
  void lost(std::uint64_t number);
  void on_event(std::string_view event, std::string_view payload, std::int64_t phone_record::* seen);

  surroundings& around_;
  std::size_t index_;
  std::mt19937_64 random_;
  std::string username_;
  std::string access_token_;
  std::string refresh_token_;
  steady_instant renew_at_{};
  std::shared_ptr<socketio::client> connection_;
  std::shared_ptr<socketio::client_socket> socket_;
  std::shared_ptr<socketio::client_socket> notifications_;
  std::uint64_t connection_number_ = 0;
  std::uint64_t reconnects_ = 0;
  outages outages_{around_.settings.drop_network};
  std::optional<std::size_t> last_workout_;
  bool stopped_ = false;
};

}  // namespace nxg::gym
