#pragma once

#include "app/object_storage.hpp"
#include "app/outside_services.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "events/scan_handlers.hpp"
#include "integrations/scan_processing/scan_service.hpp"
#include "jobs/periodic.hpp"
#include "services/accounts/views.hpp"
#include "services/body/metrics.hpp"
#include "services/live/live_channel.hpp"
#include "services/scans/avatars.hpp"
#include "services/scans/processing.hpp"
#include "services/scans/scans.hpp"
#include "store/outbox.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nxg::app {

/// Body scans, and the outside service that measures them.
struct body_scans {
  /// `port` is that of the API, once it is served.
  body_scans(const settings& values, platform& on, storage& kept, body::metrics& metrics, object_storage& objects,
             outside_services& outside, std::function<std::uint16_t()> port);

  /// For the member's profile.
  task<std::optional<account_avatar>> avatar_of(uuid member);
  void handle_events(store::dispatcher& by, live_channel& live);
  void add_jobs(jobs::runner& to);

  outside_way orders;
  outside_way results;
  std::unique_ptr<integrations::scan_service> service;
  scanning::avatars figures;
  scanning::processing process;
  scanning::scans scans;

 private:
  storage& kept_;
  object_storage& objects_;
};

}  // namespace nxg::app
