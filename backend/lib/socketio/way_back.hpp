#pragma once

#include "socketio/absent_client.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace nxg::socketio::detail {

/// What a socket remembers so that its client may come back as it.
struct way_back {
  static constexpr std::size_t max_changes = 64;

  void changed(const event_position& after, std::string room, bool entered) {
    changes.push_back({after, std::move(room), entered});
    if (changes.size() <= max_changes) return;
    since = std::max(since, changes.front().after);
    changes.erase(changes.begin());
  }

  std::string private_id;
  std::vector<room_change> changes = {};
  event_position since = {};
};

}  // namespace nxg::socketio::detail
