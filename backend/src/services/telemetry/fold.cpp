#include "services/telemetry/fold.hpp"

#include "models/sample_text.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <stdexcept>

namespace nxg::samples {
namespace {

constexpr std::size_t buckets_at_once = 200;

std::map<std::int64_t, std::string_view> lines_of(const sample_bucket& bucket) {
  std::map<std::int64_t, std::string_view> lines;
  std::string_view rest = bucket.text;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto line = rest.substr(0, end);
    const auto read = parse_sample(line);
    if (end == std::string_view::npos || !read)
      throw std::runtime_error{"a bucket of samples holds a line this version cannot read"};
    lines[read->seq] = line;
    rest.remove_prefix(end + 1);
  }
  return lines;
}

/// The workout a machine had at that moment.
uuid workout_at(const std::vector<workout>& newest_first, instant when) {
  for (const auto& one : newest_first) {
    if (one.started_at <= when && (!one.ended_at || when <= *one.ended_at)) return one.id;
  }
  return {};
}

std::vector<uuid> links_of(const bucket_additions& additions) {
  std::set<uuid> links;
  for (const auto& [id, addition] : additions) {
    for (const auto& [seq, sample] : addition.samples) {
      if (!sample.link_id.is_nil()) links.insert(sample.link_id);
    }
  }
  return {links.begin(), links.end()};
}

}  // namespace

void add_segment(bucket_additions& to, std::string_view text) {
  segment_reader reader{text};
  while (auto entry = reader.next()) {
    const auto number = entry->sample.seq / samples_per_bucket;
    auto& addition = to[bucket_id(entry->from, entry->sample.seq)];
    addition.machine_id = entry->from.machine_id;
    addition.epoch = entry->from.epoch;
    addition.number = number;
    addition.samples.insert_or_assign(entry->sample.seq, std::move(entry->sample));
  }
}

void merge(sample_bucket& into, const bucket_addition& what) {
  auto lines = lines_of(into);
  std::vector<std::string> made;
  made.reserve(what.samples.size());
  for (const auto& [seq, sample] : what.samples) {
    append_sample(made.emplace_back(), sample, true);
    lines[seq] = made.back();
    if (!sample.link_id.is_nil() && std::ranges::find(into.links, sample.link_id) == into.links.end())
      into.links.push_back(sample.link_id);
  }
  std::string text;
  for (const auto& [seq, line] : lines) text.append(line).push_back(';');
  into.text = std::move(text);
}

folder::folder(journal_repository& journal, sample_bucket_repository& buckets, workout_repository& workouts,
               workouts::closing& closing, runtime::clock& time, fold_options options)
    : journal_{journal}, buckets_{buckets}, workouts_{workouts}, closing_{closing}, time_{time}, options_{options} {}

task<folder::report> folder::fold() {
  report done;
  const auto until = time_.now();
  while (true) {
    auto page = co_await journal_.oldest(until, options_.segments);
    if (page.items.empty()) break;
    co_await fold_some(std::move(page.items), done);
  }
  done.finalized = co_await closing_.finalize_due(until);
  co_return done;
}

task<void> folder::fold_some(std::vector<journal_segment> segments, report& into) {
  bucket_additions additions;
  std::vector<uuid> ids;
  for (const auto& segment : segments) {
    add_segment(additions, segment.text);
    ids.push_back(segment.id);
    into.samples += static_cast<std::size_t>(segment.samples);
  }
  into.segments += segments.size();
  co_await attribute(additions);
  co_await write(additions);
  // Before the segments go: should this process die in between, whoever folds them again comes by here again.
  const auto recomputed = co_await closing_.take_in_late(links_of(additions));
  into.recomputed += recomputed;
  co_await journal_.remove(std::move(ids));
}

task<void> folder::attribute(bucket_additions& additions) {
  std::map<uuid, std::vector<sample*>> without_link;
  for (auto& [id, addition] : additions) {
    for (auto& [seq, sample] : addition.samples) {
      if (sample.link_id.is_nil()) without_link[addition.machine_id].push_back(&sample);
    }
  }
  for (auto& [machine, samples] : without_link) {
    const auto newest =
        std::ranges::max(samples, {}, [](const sample* one) { return one->corrected_at(); })->corrected_at();
    const auto known = co_await workouts_.of_machine(machine, newest);
    for (auto* one : samples) one->link_id = workout_at(known, one->corrected_at());
  }
}

task<void> folder::write(bucket_additions& additions) {
  std::vector<std::string> left;
  for (const auto& [id, addition] : additions) left.push_back(id);
  constexpr int most_rounds = 100;
  int rounds = 0;
  while (!left.empty()) {
    if (++rounds > most_rounds + static_cast<int>(additions.size() / buckets_at_once)) {
      throw store::error{store::failure::busy, "buckets of samples are being changed by others"};
    }
    const auto count = std::min(left.size(), buckets_at_once);
    const std::vector<std::string> ids(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    std::map<std::string, sample_bucket> rows;
    auto found = co_await buckets_.find(ids);
    for (auto& row : found) rows.emplace(row.id, std::move(row));
    std::vector<sample_bucket> changed;
    for (const auto& id : ids) {
      const auto& addition = additions.at(id);
      auto& row = rows.try_emplace(id, sample_bucket{.id = id,
                                                     .machine_id = addition.machine_id,
                                                     .epoch = addition.epoch.to_string(),
                                                     .number = addition.number})
                      .first->second;
      auto before = row.text;
      merge(row, addition);
      if (row.text == before) continue;
      row.expires_at = time_.now() + options_.samples_kept;
      changed.push_back(std::move(row));
    }
    if (changed.empty()) continue;
    auto again = co_await buckets_.save(std::move(changed));
    left.insert(left.end(), std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
  }
}

}  // namespace nxg::samples
