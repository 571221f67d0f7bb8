#pragma once

#include "models/machine.hpp"
#include "models/sample.hpp"
#include "runtime/clock.hpp"
#include "services/telemetry/plausibility.hpp"
#include "services/telemetry/seq_set.hpp"

#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::samples {

/// What became of a sample when it was judged.
struct verdict {
  /// Set: refused for good, by this code.
  std::optional<std::string_view> refused;
  /// Judged for the first time in this process: it may be shown live.
  bool fresh = false;
};

/// Whose a link is. A link never changes hands, so this may be remembered; `show` tells whether samples are shown live.
struct link_holder {
  uuid member_id;
  bool show = true;
  /// When the link's expiry is to be written again; at once when it was just looked up.
  instant renew_at{};
  /// When it is looked up again: its workout may have ended meanwhile.
  instant good_until{};
};

/// What a process remembers of one machine over all its connections. It spares double live updates and look-ups;
/// nothing depends on it: a process that knows nothing does the same things, at worst twice. Lock it while using it,
/// but for its clock.
class machine_state {
 public:
  explicit machine_state(const plausibility_limits& limits) : limits_{limits} {}

  std::mutex mutex;

  /// Judges a sample; one that was judged before gets the same verdict and flags as then.
  verdict judge(const epoch& of, sample& what);
  void use_limits(const plausibility_limits& limits);

  [[nodiscard]] const link_holder* find_link(const uuid& id) const;
  link_holder* find_link(const uuid& id);
  /// Looked up again, a link keeps when it is to be renewed.
  void remember_link(const uuid& id, link_holder holder);
  void forget_link(const uuid& id);

  std::atomic<std::int64_t> clock_offset_ms{0};

 private:
  struct epoch_state {
    nxg::epoch id;
    plausibility judge;
    seq_set judged;  // bounded: of the lowest it is forgotten first
    /// Verdicts that were not plain: flags or a code, by seq. Bounded.
    struct odd {
      std::uint8_t flags = 0;
      std::optional<std::string_view> refused;
    };
    std::map<std::int64_t, odd> oddities;
  };
  epoch_state& state_of(const epoch& id);

  plausibility_limits limits_;
  std::list<epoch_state> epochs_;                    // newest use first; a few
  std::vector<std::pair<uuid, link_holder>> links_;  // newest last; a few
};

/// The machines a process has heard of lately, bounded: the one unused longest is forgotten. Thread-safe.
class machine_states {
 public:
  explicit machine_states(std::size_t most = 20'000) : most_{most} {}

  [[nodiscard]] std::shared_ptr<machine_state> find(const uuid& machine);
  /// The one that is there, or a new one.
  std::shared_ptr<machine_state> make(const uuid& machine, const plausibility_limits& limits);

 private:
  struct entry {
    std::shared_ptr<machine_state> state;
    std::list<uuid>::iterator used;
  };
  std::size_t most_;
  std::mutex mutex_;
  std::list<uuid> by_use_;  // newest first
  std::unordered_map<uuid, entry> machines_;
};

}  // namespace nxg::samples
