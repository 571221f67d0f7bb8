#include "services/telemetry/fold.hpp"

#include "models/sample_text.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <stdexcept>

namespace nxg::samples {
namespace {

constexpr std::size_t buckets_at_once = 200;

std::vector<folded_line> lines_of(const sample_bucket& bucket) {
  std::vector<folded_line> lines;
  lines.reserve(samples_per_bucket);
  std::string_view rest = bucket.text;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto line = rest.substr(0, end);
    const auto seq = seq_of_line(line);
    if (end == std::string_view::npos || !seq)
      throw std::runtime_error{"a bucket of samples holds a line this version cannot read"};
    lines.push_back({*seq, {}, line});
    rest.remove_prefix(end + 1);
  }
  return lines;
}

/// In the order of the seqs, of each the last.
void sort_by_seq(std::vector<folded_line>& lines) {
  const auto not_rising = [](const folded_line& one, const folded_line& next) { return one.seq >= next.seq; };
  if (std::ranges::adjacent_find(lines, not_rising) == lines.end()) return;
  std::ranges::stable_sort(lines, {}, &folded_line::seq);
  std::ranges::reverse(lines);
  const auto repeated = std::ranges::unique(lines, {}, &folded_line::seq);
  lines.erase(repeated.begin(), repeated.end());
  std::ranges::reverse(lines);
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
  uuid last;
  for (const auto& [place, lines] : additions) {
    for (const auto& one : lines) {
      if (!one.link_id.is_nil() && one.link_id != last) links.insert(one.link_id);
      last = one.link_id;
    }
  }
  return {links.begin(), links.end()};
}

std::string id_of(const bucket_place& place) { return bucket_id(place.from, place.number * samples_per_bucket); }

/// When it was, on the server's clock.
instant time_of(const folded_line& one) {
  const auto read = parse_sample(one.line);
  if (!read) throw std::runtime_error{"a journal segment holds a line this version cannot read"};
  return read->corrected_at();
}

}  // namespace

void add_segment(bucket_additions& to, std::string_view text) {
  segment_lines lines{text};
  while (const auto entry = lines.next()) {
    to[{entry->from, entry->seq / samples_per_bucket}].push_back({entry->seq, entry->link_id, entry->line});
  }
}

bool merge(sample_bucket& into, std::vector<folded_line> what) {
  sort_by_seq(what);
  const auto known = lines_of(into);
  std::string text;
  text.reserve(into.text.size() + what.size() * 128);
  auto old = known.begin();
  const auto keep_before = [&](std::int64_t seq) {
    for (; old != known.end() && old->seq < seq; ++old) text.append(old->line).push_back(';');
  };
  for (const auto& one : what) {
    keep_before(one.seq);
    if (old != known.end() && old->seq == one.seq) ++old;
    append_line_with_link(text, one.line, one.link_id);
    text += ';';
    if (!one.link_id.is_nil() && std::ranges::find(into.links, one.link_id) == into.links.end())
      into.links.push_back(one.link_id);
  }
  keep_before(std::numeric_limits<std::int64_t>::max());
  const bool changed = text != into.text;
  into.text = std::move(text);
  return changed;
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
  struct unattributed {
    folded_line* line;
    instant when;
  };
  std::map<uuid, std::vector<unattributed>> without_link;
  for (auto& [place, lines] : additions) {
    for (auto& one : lines) {
      if (one.link_id.is_nil()) without_link[place.from.machine_id].push_back({&one, time_of(one)});
    }
  }
  for (auto& [machine, lines] : without_link) {
    const auto [oldest, newest] = std::ranges::minmax(lines, {}, &unattributed::when);
    const auto from = std::max(oldest.when, time_.now() - options_.samples_kept);
    const auto known = co_await workouts_.of_machine_between(machine, from, newest.when);
    for (const auto& one : lines) one.line->link_id = workout_at(known, one.when);
  }
}

task<void> folder::write(const bucket_additions& additions) {
  std::vector<std::string> left;
  std::map<std::string, const bucket_additions::value_type*> by_id;
  for (const auto& addition : additions) by_id.emplace(left.emplace_back(id_of(addition.first)), &addition);
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
      const auto& [place, lines] = *by_id.at(id);
      auto& row = rows.try_emplace(id, sample_bucket{.id = id,
                                                     .machine_id = place.from.machine_id,
                                                     .epoch = place.from.epoch.to_string(),
                                                     .number = place.number})
                      .first->second;
      if (!merge(row, lines)) continue;
      row.expires_at = time_.now() + options_.samples_kept;
      changed.push_back(std::move(row));
    }
    if (changed.empty()) continue;
    auto again = co_await buckets_.save(std::move(changed));
    left.insert(left.end(), std::make_move_iterator(again.begin()), std::make_move_iterator(again.end()));
  }
}

}  // namespace nxg::samples
