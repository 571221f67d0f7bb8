#include "events/scan_handlers.hpp"

#include "services/live/scan_messages.hpp"

#include <memory>

namespace nxg::events {

namespace {

using store::event_info;

class scan_handlers {
 public:
  explicit scan_handlers(const scan_handler_parts& with) : with_{with} {}

  /// New ones at once; the job sees to the rest.
  task<void> process(scan_changed event) const {
    if (event.status == scan_status::queued) co_await with_.process.step(event.scan_id);
  }

  task<void> report(scan_reported event) const { return with_.process.step(event.scan_id); }

  task<void> show(scan_changed event) const {
    if (event.status != scan_status::completed && event.status != scan_status::failed) co_return;
    const auto one = co_await with_.scans.find(event.member_id, event.scan_id);
    if (one) co_await with_.figures.add(*one);
  }

  task<void> tell(scan_changed event, event_info info) const {
    const live::scan_status_message told{info.id, info.at, event.scan_id, event.status, event.progress};
    co_await with_.live.tell(event.member_id, told);
  }

  task<void> erase(scan_removed event) const {
    co_await with_.figures.remove(event.member_id, event.scan_id);
    for (const auto& key : event.keys) co_await with_.files.remove(key);
  }

 private:
  scan_handler_parts with_;
};

}  // namespace

void handle_scan_events(store::dispatcher& by, const scan_handler_parts& with) {
  const auto handlers = std::make_shared<const scan_handlers>(with);
  by.on<scan_changed>("process",
                      [handlers](const scan_changed& event, const event_info&) { return handlers->process(event); });
  by.on<scan_changed>("avatar",
                      [handlers](const scan_changed& event, const event_info&) { return handlers->show(event); });
  by.on<scan_changed>("tell_member", [handlers](const scan_changed& event, const event_info& info) {
    return handlers->tell(event, info);
  });
  by.on<scan_reported>("process",
                       [handlers](const scan_reported& event, const event_info&) { return handlers->report(event); });
  by.on<scan_removed>("erase_files",
                      [handlers](const scan_removed& event, const event_info&) { return handlers->erase(event); });
}

}  // namespace nxg::events
