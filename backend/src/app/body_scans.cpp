#include "app/body_scans.hpp"

#include "integrations/scan_processing/scs_client.hpp"
#include "jobs/scan_jobs.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace nxg::app {

namespace {

std::unique_ptr<integrations::scan_service> service_of(const settings& values, platform& on, outside_way& orders,
                                                       outside_way& results) {
  if (values.scs_url.empty()) return std::make_unique<integrations::no_scan_service>();
  integrations::scs_settings chosen{values.scs_url, values.scs_client_id, values.scs_client_secret,
                                    values.scs_webhook_secret, values.scs_file_origins};
  const integrations::scs_ways ways{results.client, orders.policy, results.policy};
  return std::make_unique<integrations::scs_client>(std::move(chosen), ways, on.time);
}

task<std::optional<uuid>> branch_of(visit_repository& visits, uuid member) {
  const auto now = co_await visits.active_of(member);
  std::optional<uuid> branch;
  if (now) branch = now->branch_id;
  co_return branch;
}

/// What a scanner may call muscle beyond any that was ever measured is left out, the rest taken.
body_composition composition_of(const scan_measurements& what) {
  body_composition found;
  if (what.body_fat_percentage) found.body_fat_percentage = what.body_fat_percentage->value();
  constexpr double most_muscle_kg = 100;
  if (what.skeletal_muscle_mass_kg && what.skeletal_muscle_mass_kg->value() <= most_muscle_kg)
    found.skeletal_muscle_mass_kg = what.skeletal_muscle_mass_kg->value();
  return found;
}

task<void> take_into_metrics(body::metrics& metrics, uuid member, uuid scan, scan_measurements what) {
  body::body_changes changes;
  if (what.height_cm) changes.height_cm = what.height_cm->value();
  if (what.weight_kg) changes.weight_kg = what.weight_kg->value();
  changes.composition = composition_of(what);
  if (what.chest_cm) changes.measurements.chest_cm = what.chest_cm->value();
  if (what.waist_cm) changes.measurements.waist_cm = what.waist_cm->value();
  if (what.hips_cm) changes.measurements.hip_cm = what.hips_cm->value();
  if (what.arms_cm) changes.measurements.arms_cm = what.arms_cm->value();
  if (what.thighs_cm) changes.measurements.thighs_cm = what.thighs_cm->value();
  if (body::names_of(changes).empty()) co_return;
  const auto kept = co_await metrics.record(member, std::move(changes), metric_source::body_scan, scan);
  static_cast<void>(kept);
}

scanning::scan_parts parts_of(body_scans& all, platform& on, storage& kept, body::metrics& metrics,
                              object_storage& objects) {
  return {.members = [&users = kept.users](uuid member) { return users.find(member); },
          .where = [&visits = kept.visits](uuid member) { return branch_of(visits, member); },
          .scans = kept.scans,
          .figures = all.figures,
          .files = objects.store(),
          .process = all.process,
          .service = *all.service,
          .metrics = [&metrics](uuid member, uuid scan, const scan_measurements& what,
                                instant) { return take_into_metrics(metrics, member, scan, what); },
          .time = on.time,
          .log = on.log};
}

}  // namespace

body_scans::body_scans(const settings& values, platform& on, storage& kept, body::metrics& metrics,
                       object_storage& objects, outside_services& outside, std::function<std::uint16_t()> port)
    : orders{integrations::scs_orders_policy(values.processes, static_cast<std::uint64_t>(values.scs_quota_per_hour)),
             on, outside},
      results{integrations::scs_results_policy(), on, outside},
      service{service_of(values, on, orders, results)},
      figures{kept.scans, objects.store()},
      process{{.members = [&users = kept.users](uuid member) { return users.find(member); },
               .scans = kept.scans,
               .figures = figures,
               .files = objects.store(),
               .service = *service,
               .own_url =
                   [known = values.public_url, port = std::move(port)] {
                     return known.empty() ? fmt::format("http://127.0.0.1:{}", port()) : known;
                   },
               .time = on.time,
               .metrics = on.metrics,
               .log = on.log}},
      scans{parts_of(*this, on, kept, metrics, objects)},
      kept_{kept},
      objects_{objects} {
  outside.add("scan service", "scans wait, and members see a figure of their height and weight",
              [this] { return service->condition(); });
}

task<std::optional<account_avatar>> body_scans::avatar_of(uuid member) {
  const auto found = co_await scans.present_avatar(member);
  std::optional<account_avatar> shown;
  if (!found) co_return shown;
  shown = account_avatar{found->scan_id, found->version, {}};
  for (const auto& file : found->files) {
    if (file.kind == scan_file_kind::mesh) shown->urls.mesh = file.url;
    if (file.kind == scan_file_kind::thumbnail) shown->urls.thumbnail = file.url;
    shown->urls.expires_at = file.expires_at;
  }
  co_return shown;
}

void body_scans::handle_events(store::dispatcher& by, live_channel& live) {
  events::handle_scan_events(
      by, {.process = process, .figures = figures, .scans = kept_.scans, .files = objects_.store(), .live = live});
}

void body_scans::add_jobs(jobs::runner& to) { jobs::add_scan_jobs(to, process, scans); }

}  // namespace nxg::app
