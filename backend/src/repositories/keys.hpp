#pragma once

#include "models/stored_key.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

class key_repository {
 public:
  explicit key_repository(store::database& in) : keys_{in} {}

  /// `duplicate` of "id", "one_current" or "one_next": somebody else made it first.
  task<void> insert(stored_key key);
  task<std::optional<stored_key>> find(std::string kid);
  /// Every key of a scope, oldest first.
  task<std::vector<stored_key>> of_scope(std::string scope);
  /// One step of a rotation; false when the key was not in state `from` any more. `duplicate` where another is in `to`.
  task<bool> move(std::string kid, key_state from, key_state to, instant at, std::optional<instant> expires_at);

 private:
  store::collection<stored_key> keys_;
};

}  // namespace nxg
