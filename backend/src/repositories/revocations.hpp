#pragma once

#include "models/revocation.hpp"
#include "store/collection.hpp"

#include <functional>

namespace nxg {

class revocation_repository {
 public:
  explicit revocation_repository(store::database& in) : revocations_{in} {}

  /// Repeating it moves the moment on.
  task<void> record(revocation made);
  /// Every one recorded at `since` or later, in order, to `take`.
  task<void> each_since(instant since, std::function<void(const revocation&)> take);

 private:
  store::collection<revocation> revocations_;
};

}  // namespace nxg
