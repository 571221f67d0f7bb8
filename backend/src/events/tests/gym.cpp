#include "gym.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

namespace nxg::testing {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {
constexpr auto samples_kept = samples::fold_options{}.samples_kept;
}

process::process(const std::filesystem::path& where, runtime::clock& clock)
    : time{clock},
      engine{store::sqlite_engine::open({.folder = where, .strict = true})},
      database{engine, time, random},
      branches{database},
      machines{database},
      visits_kept{database},
      workouts_kept{database},
      segments{database},
      buckets{database},
      rows_kept{database},
      points_kept{database},
      users_kept{database},
      keys{key_repository{database}, utilities::sealing_key{std::string(32, 'k')}, pool, time, random},
      seals{keys, random},
      audit{audit_repository{database}, time, random, telemetry::logger::none()},
      samples_of{buckets, segments, time},
      closing{workouts_kept, samples_of, samples_kept, time},
      rows{workouts_kept, rows_kept, time},
      history{workouts_kept, samples_of, closing, rows_kept},
      ledger{points_kept, workouts_kept, time},
      links{machines, visits_kept, workouts_kept, closing, facts, audit, time, telemetry::logger::none()},
      presence{machines, time},
      visits{visits_kept, branches, keys, links, users_kept, time, random, telemetry::logger::none()},
      who_is_where{visits_kept, branches, users_kept},
      journal{io.get_executor(), segments, time, random, metrics, telemetry::logger::none(), "test"},
      intake{machines, workouts_kept, journal, live, time, random, metrics, telemetry::logger::none()},
      folder{segments, buckets, workouts_kept, closing, time} {
  database.use_keyring(&seals);
  dispatcher.emplace(database, io.get_executor());
  events::handle_floor_events(
      *dispatcher, {machines, workouts_kept, links, visits, who_is_where, closing, rows, ledger, live, time});
  run(store::prepare(database));
  dispatcher->start();
}

process::~process() {
  run(journal.stop());
  run(dispatcher->stop(1s));
  dispatcher.reset();
}

void process::turn_until(const std::function<bool()>& so) {
  const auto work = asio::make_work_guard(io);
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while (!so()) {
    if (std::chrono::steady_clock::now() > give_up) throw std::runtime_error{"what was waited for did not happen"};
    io.restart();
    io.run_one_for(50ms);
  }
}

void process::settle() { run(dispatcher->drain()); }

uuid process::new_id() { return uuid::version_7(time.now(), random); }

branch process::open_branch(std::vector<opening_hours> hours) {
  const branch made{.id = new_id(),
                    .name = "Branch " + new_id().to_string(),
                    .time_zone = "Europe/Berlin",
                    .hours = std::move(hours),
                    .created_at = time.now()};
  run(branches.insert(made));
  return made;
}

machine process::enrol(const branch& at, machine_class kind, std::string name) {
  const machine made{.id = new_id(),
                     .branch_id = at.id,
                     .name = std::move(name),
                     .class_ = kind,
                     .status_since = time.now(),
                     .created_at = time.now()};
  run(machines.insert(made));
  return made;
}

uuid process::new_member() {
  const auto member = new_id();
  run(keys.make_data_key(member));
  const auto name = "m" + member.to_string().substr(24);
  run(users_kept.insert({.id = member,
                         .username = std::string{name},
                         .username_key = name,
                         .email = name + "@example.org",
                         .name = std::string{"Kim Lee"}}));
  return member;
}

visit process::check_in(const uuid& member, const branch& at) {
  const caller screen{new_id(), role::screen, {}, {at.id}};
  const auto code = run(visits.code(screen, at.id));
  return run(visits.start(member, code.token, new_id()));
}

std::shared_ptr<samples::stream> process::stream_of(const uuid& machine) {
  return run(intake.open(machine, io.get_executor()));
}

samples::ack process::send(const std::shared_ptr<samples::stream>& by, const epoch& of, std::vector<sample> what) {
  std::optional<samples::ack> answered;
  by->offer({of, std::move(what), {}}, [&answered](const samples::ack& told) { answered = told; });
  turn_until([&] { return answered.has_value(); });
  return *answered;
}

sample running(std::int64_t seq, const uuid& link, instant at) {
  sample made;
  made.seq = seq;
  made.at = at;
  made.link_id = link;
  made.elapsed_seconds = static_cast<double>(seq);
  made.values.set(measure::speed_kmh, 9.0);
  made.values.set(measure::distance_meters, static_cast<double>(seq) * 2.5);
  made.values.set(measure::heart_rate_bpm, 130.0);
  return made;
}

std::vector<sample> run_of(std::int64_t from, std::int64_t to, const uuid& link, instant at) {
  std::vector<sample> made;
  for (auto seq = from; seq <= to; ++seq) made.push_back(running(seq, link, at + std::chrono::seconds{seq}));
  return made;
}

}  // namespace nxg::testing
