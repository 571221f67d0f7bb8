#pragma once

#include "models/refresh_family.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// Login sessions. Each step is one compare-and-set on the family's document.
class refresh_family_repository {
 public:
  explicit refresh_family_repository(store::database& in) : families_{in} {}

  task<void> insert(refresh_family family);
  task<std::optional<refresh_family>> find(uuid id);
  /// Newest first, those that can still be used; at most 100.
  task<std::vector<refresh_family>> active_of(uuid user_id);

  /// Uses `presented` up, with those beside it, and makes `successor` the one that counts; false when the family is
  /// another one by now.
  task<bool> rotate(const refresh_family& as_read, std::string presented, std::string successor, instant at,
                    instant expires_at);
  /// Adds another successor of the token rotated last; false when that token no longer is the last.
  task<bool> add_successor(uuid id, std::string rotated, std::string successor, instant at, instant expires_at);
  /// Ends it, if it has not ended. The document stays until its expiry, to know its tokens again.
  task<void> revoke(uuid id, instant at);

 private:
  store::collection<refresh_family> families_;
};

}  // namespace nxg
