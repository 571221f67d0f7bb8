#pragma once

#include "app/health.hpp"
#include "app/platform.hpp"
#include "objects/object_store.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace nxg::app {

/// Pictures, scans and other content by key: in the data folder, or in S3 where the settings name one.
class object_storage {
 public:
  /// Throws `objects::unusable` where a setting makes no sense. What S3 says comes to `where`; end it there, or when
  /// that no longer runs.
  /// `url_secret` signs the URLs of a folder.
  object_storage(const settings& values, platform& on, const std::string& url_secret, executor where);

  [[nodiscard]] objects::object_store& store() { return *store_; }

  /// Whether it takes, gives and removes objects. Throws `objects::unusable` where it never will; being away is noted
  /// for `state`.
  task<void> look();
  /// As of the last look.
  [[nodiscard]] health_check state() const;
  /// Begins with what another one saw.
  void begin_as(const object_storage& other) noexcept { away_ = other.away_.load(); }

 private:
  telemetry::logger log_;
  std::shared_ptr<objects::object_store> store_;
  std::atomic<bool> away_{false};
  std::vector<telemetry::metrics::registration> registrations_;
};

}  // namespace nxg::app
