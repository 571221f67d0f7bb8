#pragma once

#include "runtime/clock.hpp"
#include "store/collection.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nxg::store {

/// Collection `leases`: who may do a thing that one process at a time should do.
struct lease {
  std::string id;  ///< the name of the thing
  std::int64_t version = 0;
  std::string holder;  ///< a process
  instant expires_at;
  std::int64_t token = 0;  ///< grows with every change of holder
};
BOOST_DESCRIBE_STRUCT(lease, (), (id, version, holder, expires_at, token))
declaration<lease> declare(tag<lease>);

/// Leases with fencing tokens. A holder that stalled past its expiry may still believe it holds one, so a job checks
/// its token in its own checkpoint document (`filter: token <= mine`) and makes its other writes idempotent.
class leases {
 public:
  /// `holder` tells processes apart: an id made at start.
  leases(database& in, std::string holder);

  /// Takes or renews `name` for that long. Nothing while another holder has it.
  task<std::optional<lease>> acquire(std::string name, std::chrono::milliseconds how_long);
  /// False when it was lost meanwhile.
  task<bool> renew(const lease& held, std::chrono::milliseconds how_long);
  /// Gives it back; nothing happens when it was lost.
  task<void> release(lease held);

  /// Runs `work` while holding `name`, renewing every third of `how_long`; cancels `work` when the lease is lost.
  /// False, without running it, while another holder has it. What `work` throws comes out, after the release.
  task<bool> run(std::string name, std::chrono::milliseconds how_long, std::function<task<void>(const lease&)> work);

 private:
  database* database_;
  collection<lease> leases_;
  std::string holder_;
};

}  // namespace nxg::store
