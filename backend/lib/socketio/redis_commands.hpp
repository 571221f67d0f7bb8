#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace nxg::socketio {

/// What Redis answered to some commands: their values without the arrays around them.
struct redis_answer {
  /// False: whether they were carried out is not known.
  bool is_known = false;
  /// Of the first that Redis refused.
  std::string error = {};
  std::vector<std::string> values = {};
};

/// Commands of Redis beyond publishing, for clients that come back at other processes. Must outlive the server.
class redis_commands {
 public:
  virtual ~redis_commands() = default;

  /// Which connection there is; grows with each. What an earlier one did may be forgotten by the server.
  [[nodiscard]] virtual std::uint64_t connection() const noexcept = 0;
  /// Sends them in this order, and in the order of the calls of one thread; only over that connection, unless it is 0.
  /// Calls `then` from a thread that has not called, in the order of the answers.
  virtual void call(std::vector<std::vector<std::string>> commands, std::uint64_t over,
                    std::function<void(redis_answer)> then) = 0;
};

}  // namespace nxg::socketio
