#pragma once

#include "models/scan.hpp"
#include "models/user.hpp"
#include "objects/object_store.hpp"
#include "repositories/scans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <optional>
#include <vector>

namespace nxg::scanning {

/// Members' avatars: what their scans made, and our own figures where nothing better is there. Thread-safe.
class avatars {
 public:
  /// Both outlive it.
  avatars(repositories::scans& scans, objects::object_store& files) : scans_{scans}, files_{files} {}

  /// Keeps files of a figure made of what is known of the member; empty when height or weight is not.
  task<std::vector<scan_file>> draw(const user& member, uuid scan);
  /// The avatar of a finished scan becomes the member's. Repeating it changes nothing; the scan's own later, better
  /// files replace its earlier ones.
  task<void> add(const scan& from);
  /// The versions of a scan go; the newest of the others becomes the present one.
  task<void> remove(uuid member, uuid scan);
  task<std::optional<avatar_version>> present(uuid member);

 private:
  repositories::scans& scans_;
  objects::object_store& files_;
};

}  // namespace nxg::scanning
