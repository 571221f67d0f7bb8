#include "services/workouts/samples_of_workout.hpp"

#include "models/sample_text.hpp"

#include <stdexcept>
#include <string_view>

namespace nxg::workouts {
namespace {

void add_lines(sample_set& to, const sample_bucket& bucket, const uuid& workout_id) {
  const auto of = epoch::parse(bucket.epoch);
  if (!of) throw std::runtime_error{"a bucket of samples has no epoch"};
  auto& samples = to[{bucket.machine_id, *of}];
  std::string_view rest = bucket.text;
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto line = parse_sample(rest.substr(0, end));
    if (!line || end == std::string_view::npos)
      throw std::runtime_error{"a bucket of samples holds a line this version cannot read"};
    rest.remove_prefix(end + 1);
    if (line->link_id == workout_id) samples.insert_or_assign(line->seq, *line);
  }
  if (samples.empty()) to.erase({bucket.machine_id, *of});
}

void add_segment(sample_set& to, const journal_segment& segment, const uuid& workout_id, const std::string& id_text) {
  // Most segments hold nothing of this workout: a search is much cheaper than reading them.
  if (segment.text.find(id_text) == std::string::npos) return;
  segment_reader reader{segment.text};
  while (auto entry = reader.next()) {
    if (entry->sample.link_id == workout_id)
      to[entry->from].insert_or_assign(entry->sample.seq, std::move(entry->sample));
  }
}

}  // namespace

task<sample_set> workout_samples::folded(uuid workout_id) {
  sample_set found;
  std::optional<std::string> after;
  do {
    auto page = co_await buckets_.of_link(workout_id, 200, after);
    for (const auto& bucket : page.items) add_lines(found, bucket, workout_id);
    after = std::move(page.next);
  } while (after);
  co_return found;
}

task<sample_set> workout_samples::all(uuid workout_id) {
  // Segments first: what is folded between the two reads is then seen twice rather than not at all.
  sample_set unfolded;
  const auto id_text = workout_id.to_string();
  std::optional<std::string> after;
  do {
    auto page = co_await journal_.oldest(time_.now(), 200, after);
    for (const auto& segment : page.items) add_segment(unfolded, segment, workout_id, id_text);
    after = std::move(page.next);
  } while (after);
  auto found = co_await folded(workout_id);
  for (auto& [source, samples] : unfolded) {
    for (auto& [seq, sample] : samples) found[source].insert_or_assign(seq, std::move(sample));
  }
  co_return found;
}

}  // namespace nxg::workouts
