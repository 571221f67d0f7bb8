#include "services/workouts/history.hpp"

#include "services/api_error.hpp"

#include <charconv>

namespace nxg::workouts {
namespace {

struct position {
  sample_source source;
  std::int64_t seq = 0;
};

/// `machine epoch seq`
std::string text_of(const position& at) {
  return at.source.machine_id.to_string() + ' ' + at.source.epoch.to_string() + ' ' + std::to_string(at.seq);
}

std::optional<position> parse_position(std::string_view text) {
  constexpr std::size_t seq_begins = 36 + 1 + 32 + 1;
  if (text.size() <= seq_begins) return std::nullopt;
  const auto machine = uuid::parse(text.substr(0, 36));
  const auto of = epoch::parse(text.substr(37, 32));
  position at;
  const auto digits = text.substr(seq_begins);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), at.seq);
  if (!machine || !of || error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  at.source = {*machine, *of};
  return at;
}

}  // namespace

task<workout> history::own(uuid member, uuid workout_id) {
  auto found = co_await workouts_.find(workout_id);
  if (!found || found->member_id != member) throw api_error{error_code::workout_not_found, "You have no such workout."};
  co_return std::move(*found);
}

task<workout_view> history::get(uuid member, uuid workout_id) {
  const auto found = co_await own(member, workout_id);
  if (found.state == workout_state::final_) co_return view_of(found, final_figures_of(found));
  const auto so_far = co_await summaries_.provisional(found);
  co_return view_of(found, so_far);
}

task<sample_page> history::samples(uuid member, uuid workout_id, std::size_t limit, std::optional<std::string> after) {
  const auto found = co_await own(member, workout_id);
  std::optional<position> from;
  if (after) {
    from = parse_position(*after);
    if (!from) throw invalid_field("/query/cursor", "bad_format", "is not a position in this list");
  }
  const auto all = co_await samples_.all(found.id);
  sample_page page;
  for (auto source = from ? all.lower_bound(from->source) : all.begin(); source != all.end(); ++source) {
    const bool same = from && source->first == from->source;
    for (auto one = same ? source->second.upper_bound(from->seq) : source->second.begin(); one != source->second.end();
         ++one) {
      if (page.items.size() == limit) {
        const auto& last = page.items.back();
        page.next = text_of({last.from, last.what.seq});
        co_return page;
      }
      page.items.push_back({source->first, one->second});
    }
  }
  co_return page;
}

}  // namespace nxg::workouts
