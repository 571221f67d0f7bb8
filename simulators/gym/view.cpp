#include "gym/view.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include <unistd.h>

namespace nxg::gym {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t shown_machines = 24;

std::string value_text(const sample& from, field what, std::string_view unit) {
  return from.has(what) ? fmt::format("{:>7.1f} {:<5}", from[what], unit) : fmt::format("{:>7} {:<5}", "-", unit);
}
}  // namespace

view::view(surroundings& around, std::FILE* out) : around_{around}, out_{out}, terminal_{isatty(fileno(out)) != 0} {}

void view::say(const std::string& line) {
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
  drawn_lines_ = 0;
}

std::string view::totals_line() {
  const auto now = around_.time.steady();
  const double passed = std::chrono::duration<double>(now - last_).count();
  const double rate = last_ == steady_instant{} ? 0 : static_cast<double>(around_.book.made - last_made_) / passed;
  last_ = now;
  last_made_ = around_.book.made;
  return fmt::format("{:>8.1f} samples/s   made {}   acknowledged {}   live {}   delivery p50 {:.1f} ms  p99 {:.1f} ms",
                     rate, around_.book.made, around_.book.acknowledged, around_.book.delivered_live,
                     around_.book.delivery.quantile(0.5), around_.book.delivery.quantile(0.99));
}

void view::draw(const std::vector<std::shared_ptr<machine>>& machines,
                const std::vector<std::shared_ptr<member>>& members) {
  if (!terminal_) {
    if (around_.time.steady() - last_ >= 5s) say(totals_line());
    return;
  }
  std::string frame;
  if (drawn_lines_ > 0) fmt::format_to(std::back_inserter(frame), "\033[{}A", drawn_lines_);
  const auto line = [&frame](const std::string& text) {
    fmt::format_to(std::back_inserter(frame), "\033[2K{}\n", text);
  };
  line(fmt::format("{:<4}{:<15}{:<22}{:<10}{:>13}{:>14}{:>14}{:>10}", "#", "machine", "member", "network", "heart rate",
                   "power", "speed", "unacked"));
  const auto shown = std::min({machines.size(), members.size(), shown_machines});
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& one = *machines[i];
    line(fmt::format("{:<4}{:<15}{:<22}{:<10}{}{}{}{:>9}", i + 1, one.machine_class(),
                     one.in_use() ? members[i]->name() : "(free)", one.connected() ? "on" : "away",
                     value_text(one.latest(), field::heart_rate_bpm, "bpm"),
                     value_text(one.latest(), field::power_watts, "W"),
                     value_text(one.latest(), field::speed_kmh, "km/h"), one.waiting()));
  }
  line(machines.size() > shown ? fmt::format("... and {} more machines", machines.size() - shown) : "");
  line(totals_line());
  drawn_lines_ = shown + 3;
  fmt::print(out_, "{}", frame);
  std::fflush(out_);
}

void view::show(const verdict& result) {
  say("");
  say(fmt::format("Reconciliation: {}", result.exact() ? "exact" : "NOT EXACT"));
  say(fmt::format("  samples      made {}, acknowledged {}, refused {}, stored {}, live {}", result.samples_made,
                  result.samples_acknowledged, result.samples_refused, result.samples_stored, result.samples_live));
  say(fmt::format("  workouts     {}, final {}, undisturbed {}, summaries seen live {}, points entries {}",
                  result.workouts, result.workouts_final, result.workouts_undisturbed, result.summaries_live,
                  result.points_entries));
  say(fmt::format("  events       {} told", result.events_told));
  say(fmt::format("  network      phones reconnected {} times, {} requests repeated", result.reconnects,
                  result.requests_repeated));
  say(fmt::format("  delivery     p50 {:.1f} ms, p99 {:.1f} ms", result.delivery_p50_ms, result.delivery_p99_ms));
  for (const auto& problem : result.problems) say("  problem      " + problem);
}

std::string to_json(const verdict& result) {
  boost::json::array problems;
  for (const auto& problem : result.problems) problems.emplace_back(problem);
  return boost::json::serialize(boost::json::object{
      {"exact", result.exact()},
      {"samples",
       {{"made", result.samples_made},
        {"acknowledged", result.samples_acknowledged},
        {"refused", result.samples_refused},
        {"stored", result.samples_stored},
        {"live", result.samples_live}}},
      {"workouts",
       {{"count", result.workouts},
        {"final", result.workouts_final},
        {"undisturbed", result.workouts_undisturbed},
        {"summariesLive", result.summaries_live}}},
      {"pointsEntries", result.points_entries},
      {"eventsTold", result.events_told},
      {"reconnects", result.reconnects},
      {"requestsRepeated", result.requests_repeated},
      {"delivery", {{"p50Ms", result.delivery_p50_ms}, {"p99Ms", result.delivery_p99_ms}}},
      {"problems", problems},
  });
}

}  // namespace nxg::gym
