#include "gym/ledger.hpp"

#include "gym/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nxg::gym {

std::string told_event::about() const {
  auto workout = text(what, "workoutId");
  return workout.empty() ? text(what, "sourceId") : workout;
}

void latency_histogram::add(double milliseconds) {
  const double position = 4 * std::log2(std::max(milliseconds, 0.0625) / 0.0625);
  classes_[std::min(classes_.size() - 1, static_cast<std::size_t>(position))] += 1;
  ++count_;
}

double latency_histogram::quantile(double share) const {
  if (count_ == 0) return 0;
  auto left = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    if (classes_[i] >= left) return 0.0625 * std::exp2(static_cast<double>(i + 1) / 4);
    left -= classes_[i];
  }
  return 0;
}

void ledger::add_machine(std::string id, std::string machine_class) {
  machine_by_id_.emplace(id, machines.size());
  machines.push_back({std::move(id), std::move(machine_class), {}});
}

void ledger::trouble_at(std::size_t place) {
  if (troubles_.size() <= place) troubles_.resize(place + 1);
  ++troubles_[place];
}

std::uint64_t ledger::troubles_at(std::size_t place) const { return place < troubles_.size() ? troubles_[place] : 0; }

stream* ledger::find(std::size_t machine, std::string_view epoch) {
  auto& streams = machines[machine].streams;
  const auto found = std::ranges::find(streams, epoch, &stream::epoch);
  return found == streams.end() ? nullptr : &*found;
}

void ledger::on_event(std::string_view event, const boost::json::object& what, std::size_t member, std::int64_t& seen) {
  // What is about the connection itself ("token_expired") is in no inbox.
  if (event.find(':') == std::string_view::npos) return;
  const auto* at = what.if_contains("cursor");
  if (at == nullptr || !at->is_int64())
    return false_deliveries.add(fmt::format("member {}: {} without a cursor", member, event));
  const auto cursor = at->get_int64();
  if (cursor <= seen)
    return false_deliveries.add(
        fmt::format("member {}: {} with cursor {} after {}: again, or out of order", member, event, cursor, seen));
  seen = cursor;
  told_event got{cursor, std::string{event}, what};
  got.what.erase("cursor");
  phones[member].events.push_back(std::move(got));
  ++events_told;
}

void ledger::on_progress(const boost::json::object& progress, std::size_t member, std::int64_t now_ms) {
  const auto machine = machine_by_id_.find(text(progress, "machineId"));
  const auto workout_id = text(progress, "workoutId");
  const auto known = std::ranges::find(workouts, workout_id, &workout::id);
  if (machine == machine_by_id_.end()) return false_deliveries.add("progress of a machine that is not ours");
  // A machine begins when its link's answer is there.
  if (known == workouts.end() || known->member != member)
    return false_deliveries.add("progress of workout " + workout_id + ", which is none of the member's");
  auto* from = find(machine->second, text(progress, "epoch"));
  const auto* samples = progress.if_contains("samples");
  if (from == nullptr || samples == nullptr || !samples->is_array())
    return false_deliveries.add("progress without a known epoch or samples");
  for (const auto& one : samples->get_array()) {
    const auto got = read_wire(one.as_object());
    if (got.seq < 1 || got.seq > static_cast<std::int64_t>(from->sent.size()) ||
        !same(got, from->sent[static_cast<std::size_t>(got.seq - 1)])) {
      false_deliveries.add(fmt::format("sample {} of {} differs from the one sent", got.seq, from->epoch));
      continue;
    }
    const auto made_in = from->sent[static_cast<std::size_t>(got.seq - 1)].workout;
    if (made_in != static_cast<std::size_t>(known - workouts.begin())) {
      false_deliveries.add(fmt::format("sample {} of {} is told of another workout", got.seq, from->epoch));
      continue;
    }
    on_live_sample(*from, got, now_ms);
  }
}

void ledger::on_live_sample(stream& from, const sample& got, std::int64_t now_ms) {
  const auto index = static_cast<std::size_t>(got.seq - 1);
  if (from.live[index]) {
    ++workouts[from.sent[index].workout].live_again;
    return;
  }
  from.live[index] = true;
  ++delivered_live;
  delivery.add(static_cast<double>(now_ms - got.at_ms));
}

}  // namespace nxg::gym
