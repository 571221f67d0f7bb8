#pragma once

#include "models/keyed_operation.hpp"
#include "store/collection.hpp"

#include <optional>

namespace nxg {

/// Requests with an `Idempotency-Key`. Each step is one atomic write.
class keyed_operation_repository {
 public:
  explicit keyed_operation_repository(store::database& in) : operations_{in} {}

  struct claimed {
    /// The record as it is now: ours where `inserted` or `taken_over`.
    keyed_operation record;
    bool inserted = false;
    /// An earlier try's claim had ended; its seed and time stay.
    bool taken_over = false;
  };
  task<claimed> claim(keyed_operation wanted, instant now);
  task<void> finish(uuid id, kept_answer answer, instant expires_at);
  /// Both only while the claim is that one still: whoever took it over meanwhile is at work.
  task<void> release(uuid id, instant claimed_until, instant now);
  task<void> forget(uuid id, instant claimed_until);

 private:
  store::collection<keyed_operation> operations_;
};

}  // namespace nxg
