#pragma once

#include "gym/complaints.hpp"
#include "gym/sample.hpp"

#include <boost/json/object.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::gym {

/// The samples of one boot of a machine, numbered from 1.
struct stream {
  std::string epoch;
  std::vector<sample> sent;
  /// Which of them reached a device of the member live.
  std::vector<bool> live;
  /// All up to this number are acknowledged.
  std::int64_t through = 0;
  std::vector<std::string> refused;
};

/// One link of a member to a machine.
struct workout {
  std::string id;
  std::size_t machine = 0;
  std::size_t member = 0;
  bool ended = false;
  /// Samples that came live once more.
  std::uint64_t live_again = 0;
  /// Whether a device of the member was told the final summary.
  bool summary_seen = false;
  /// Whether phone and machine were connected when it began.
  bool began_connected = false;
  /// Of the place (`ledger::troubles_at`): when it began, and when the next one did or all was through.
  std::uint64_t troubles_before = 0;
  std::optional<std::uint64_t> troubles_after;

  /// Nothing went wrong while it lasted: then all of it must have come live.
  [[nodiscard]] bool undisturbed() const { return began_connected && troubles_after == troubles_before; }
};

/// An event of a member's inbox, as a device got it.
struct told_event {
  std::int64_t cursor = 0;
  std::string event;
  /// All it says but the cursor.
  boost::json::object what;

  /// `workoutId`, `sourceId`: what it is about, where it says so.
  [[nodiscard]] std::string about() const;
};

/// What a member's phone was told, over all its connections.
struct phone_record {
  std::vector<told_event> events;
  /// The last cursor of each namespace: what it asks with when it comes back.
  std::int64_t workouts_seen = 0;
  std::int64_t notifications_seen = 0;
};

/// Delivery times by powers of 2^(1/4) of a millisecond.
class latency_histogram {
 public:
  void add(double milliseconds);
  /// Upper bound of the class the quantile falls in; 0 while empty.
  [[nodiscard]] double quantile(double share) const;
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  std::array<std::uint64_t, 96> classes_{};
  std::uint64_t count_ = 0;
};

/// What really happened, kept beside the backend: every sample made, every acknowledgement, every delivery.
class ledger {
 public:
  struct machine_record {
    std::string id;
    std::string machine_class;
    std::vector<stream> streams;
  };

  std::vector<machine_record> machines;
  std::vector<workout> workouts;
  std::vector<phone_record> phones;
  latency_histogram delivery;

  std::uint64_t made = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t delivered_live = 0;
  std::uint64_t events_told = 0;
  /// What a member's device was told that cannot be right: it differs from what was sent, or nobody sent it.
  complaints false_deliveries{20};

  void add_machine(std::string id, std::string machine_class);
  /// The member or the machine of that place lost its connection.
  void trouble_at(std::size_t place);
  [[nodiscard]] std::uint64_t troubles_at(std::size_t place) const;
  /// A member's device received `workout:progress`.
  void on_progress(const boost::json::object& progress, std::size_t member, std::int64_t now_ms);

  /// A member's device was told something else; `seen` is that of its namespace.
  void on_event(std::string_view event, const boost::json::object& what, std::size_t member, std::int64_t& seen);

  /// Null when this machine never had that epoch.
  [[nodiscard]] stream* find(std::size_t machine, std::string_view epoch);

 private:
  void on_live_sample(stream& from, const sample& got, std::int64_t now_ms);

  std::unordered_map<std::string, std::size_t> machine_by_id_;
  std::vector<std::uint64_t> troubles_;
};

}  // namespace nxg::gym
