#pragma once

#include "store/engine.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::store {

/// One command that went to the server, for metrics.
struct mongodb_command {
  std::string_view name;  ///< "find", "insert", ...
  std::chrono::microseconds took{0};
  bool failed = false;  ///< the server refused it, or no answer came
};

struct mongodb_options {
  /// mongodb://[user:password@]host[:port][,host...]/[database][?replicaSet=...&tls=true&tlsCAFile=...],
  /// mongodb+srv://, or a unix socket as host (%2Frun%2Fmongodb.sock). Without a database: "nxg". It cannot weaken what
  /// the store promises: w, journal=false and readPreference are refused, time-outs beyond `time_out` are cut.
  std::string url;
  std::size_t workers = 48;  ///< threads, each with its connection
  std::size_t max_queued = 4'096;
  std::size_t max_queued_bytes = 64u << 20;
  /// Of a call, and of each command to the server; at most 5 s. A call with less than a twentieth of it left is not
  /// begun.
  std::chrono::milliseconds time_out{5'000};
  std::chrono::milliseconds stalled_after{1'000};   ///< no worker got an answer for so long: calls are refused at once
  std::chrono::milliseconds index_time{1'800'000};  ///< how long `prepare` may build one index
  bool strict = false;  ///< a query no declared index serves is an std::logic_error instead of a scan
  /// Called on threads of the engine after each command, the driver's own included; must not block.
  std::function<void(const mongodb_command&)> on_command = {};
};

/// Figures for metrics and health; counts are since the start.
struct mongodb_figures {
  std::uint64_t commands = 0;
  std::uint64_t failed_commands = 0;
  std::uint64_t refused = 0;  ///< calls turned away at once: queue full, workers stalled, server away
  std::size_t workers = 0;
  std::size_t working = 0;
  std::size_t queued = 0;
  bool reachable = false;  ///< a server that takes writes is known
};

/// Documents in MongoDB (5.0 or later): a collection per collection, `id` as `_id`, dates as dates. Writes are
/// journaled and confirmed by a majority of the replica set. Blocking work runs on threads of the engine; a caller's
/// wait ends at its deadline whatever the server does.
class mongodb_engine : public engine {
 public:
  /// Connects. Throws `error` (unavailable) with a sentence, without credentials: the URL is wrong, nobody answers, the
  /// credentials are refused, the server is too old. Takes at most `time_out`.
  static std::shared_ptr<mongodb_engine> open(mongodb_options options);

  [[nodiscard]] virtual mongodb_figures figures() const = 0;
};

}  // namespace nxg::store
