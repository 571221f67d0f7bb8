#include "services/scans/views.hpp"

#include "schema/reflection.hpp"

#include <boost/mp11/algorithm.hpp>

#include <cmath>

namespace nxg::scanning {

namespace {

std::vector<file_view> views_of(const std::vector<scan_file>& all, const objects::object_store& files) {
  std::vector<file_view> views;
  for (const auto& one : all) {
    objects::presign_get_options how;
    how.valid = link_life;
    auto link = files.presign_get(one.key, how);
    views.push_back({one.kind, std::move(link.url), link.expires, one.content_type, one.size_bytes, one.sha256});
  }
  return views;
}

double hundredths(double value) { return std::round(value * 100) / 100; }

template <class Value>
std::optional<double> number_of(const std::optional<Value>& of) {
  return of ? std::optional{of->value()} : std::nullopt;
}

measure_change change_of(std::string_view measure, std::optional<double> from, std::optional<double> to) {
  measure_change made{std::string{measure}, from, to, {}, {}};
  if (!from || !to) return made;
  made.change = hundredths(*to - *from);
  if (*from != 0) made.change_percent = hundredths((*to - *from) / *from * 100);
  return made;
}

scan_measurements measured(const scan& one) {
  return one.measurements ? one.measurements->value() : scan_measurements{};
}

}  // namespace

scan_summary summary_of(const scan& one) {
  return {one.id,         one.status,      one.progress, one.origin, one.scan_date,
          one.created_at, one.device_used, one.format,   one.source, one.confirmed_at};
}

scan_view view_of(const scan& one, const objects::object_store& files) {
  scan_view view;
  view.scan_id = one.id;
  view.processing_status = one.status;
  view.progress = one.progress;
  view.origin = one.origin;
  view.scan_date = one.scan_date;
  view.created_at = one.created_at;
  view.device_used = one.device_used;
  if (one.notes) view.notes = one.notes->value().value();
  view.format = one.format;
  if (one.measurements) view.measurements = one.measurements->value();
  view.ai_model_version = one.model_version;
  view.source = one.source;
  view.files = views_of(one.files, files);
  view.last_error = one.last_error;
  view.next_attempt_at = one.due_at;
  view.finished_at = one.finished_at;
  view.confirmed_at = one.confirmed_at;
  return view;
}

avatar_view view_of(const avatar_version& one, const objects::object_store& files) {
  return {one.scan_id, one.number, one.source, one.made_at, views_of(one.files, files)};
}

scan_comparison compare(const scan& from, const scan& to) {
  scan_comparison made{summary_of(from), summary_of(to), {}};
  const auto a = measured(from);
  const auto b = measured(to);
  boost::mp11::mp_for_each<schema::detail::members_of<scan_measurements>>([&](auto member) {
    const auto before = number_of(a.*member.pointer);
    const auto after = number_of(b.*member.pointer);
    if (before || after)
      made.changes.push_back(change_of(schema::detail::key_of<decltype(member)>::key, before, after));
  });
  return made;
}

}  // namespace nxg::scanning
