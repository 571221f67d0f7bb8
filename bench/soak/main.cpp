// socketio_soak: thousands of sockets that connect, join, emit and die at random for a while, against a server in a
// process of its own. Ends with 1 when the server's memory grew, a session stuck, or its counters do not add up.
//
//   socketio_soak [SOCKETS [SECONDS]]      10,000 sockets, 1,200 seconds
#include "load/measure.hpp"
#include "load/wire_clients.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/signals.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <csignal>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace nxg;
using namespace std::chrono_literals;
using load::wire_clients;
using clock = std::chrono::steady_clock;

struct counters {
  std::atomic<std::uint64_t> came{0};
  std::atomic<std::uint64_t> went{0};
};

std::string statistics(const socketio::server& server, const counters& seen) {
  const auto all = server.statistics();
  return fmt::format(R"({{"sessions":{},"sockets":{},"came":{},"went":{},"events":{}}})", all.engine.sessions,
                     all.sockets, seen.came.load(), seen.went.load(), all.events_received);
}

void handle(socketio::server& server, counters& seen) {
  auto& everyone = server.namespace_("/");
  everyone.on_connect([&seen](const std::shared_ptr<socketio::socket>&) { ++seen.came; })
      .on_disconnect([&seen](const std::shared_ptr<socketio::socket>&, socketio::close_reason) { ++seen.went; })
      .on("join", [](const std::shared_ptr<socketio::socket>& who,
                     socketio::event_args args) { who->join(std::string{args[0]}); })
      .on("leave", [](const std::shared_ptr<socketio::socket>& who,
                      socketio::event_args args) { who->leave(std::string{args[0]}); })
      .on("say", [](const std::shared_ptr<socketio::socket>& who,
                    socketio::event_args args) { who->to(std::string{args[0]}).emit("said", args[1]); })
      .on("echo",
          [](const std::shared_ptr<socketio::socket>&, socketio::event_args args) { args.ack(args.to_payload()); })
      .on("dismiss", [](const std::shared_ptr<socketio::socket>& who, socketio::event_args) { who->disconnect(true); })
      .on("statistics", [&](const std::shared_ptr<socketio::socket>&, socketio::event_args args) {
        args.ack(statistics(server, seen));
      });
}

/// On two cores, clients may come back; says its port on `to` and serves until it is told to end.
int serve(int to) {
  runtime::prepare_signals();
  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{2};
  socketio::server_options options;
  options.engine.ping_interval = 2s;
  options.engine.ping_timeout = 2s;
  // All come from here.
  options.engine.max_strangers_per_address = options.engine.max_sessions;
  options.connect_timeout = 5s;
  options.recovery.emplace().max_events = 1'000;
  options.recovery->max_disconnection = 5s;
  options.recovery->max_clients = 1'000;
  const std::vector<executor> cores{pool.at(0), pool.at(1)};
  socketio::server server{cores, time, random, options};
  counters seen;
  handle(server, seen);
  socketio::listener door{cores, time, {.port = 0}, socketio::doors_of(server)};
  pool.start();
  const auto port = door.port();
  if (write(to, &port, sizeof port) != sizeof port) return 1;
  runtime::wait_for_stop();
  door.close();
  pool.stop();
  return 0;
}

/// What clients do at random. Some 60 of 100 times they talk; the rest of it is coming and going in all manners.
class crowd {
 public:
  crowd(std::uint16_t port, std::size_t size) : size_{size}, clients_{port, wire_clients::speech::socketio, hooks()} {}

  void live_for(std::chrono::seconds time) {
    const auto until = clock::now() + time;
    while (clock::now() < until) {
      const auto begun = clock::now();
      for (int i = 0; i < per_tick; ++i) act();
      do {
        clients_.run_for(2ms);
      } while (clock::now() - begun < tick);
    }
  }

  /// Everybody goes, in whatever manner.
  void end() {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      const auto how = static_cast<wire_clients::manner>(random_() % 3);
      if (&clients_.at(i) != observer_) clients_.leave(clients_.at(i), how);
    }
  }

  /// What the server says of itself; nothing when it does not.
  std::optional<std::string> ask() {
    answer_.clear();
    if (observer_ == nullptr || observer_->is_gone()) {
      observer_ = &clients_.connect();
      if (!clients_.run_until([this] { return observer_->is_in(); }, 20s)) return std::nullopt;
    }
    clients_.send(*observer_, R"(427["statistics"])");
    if (!clients_.run_until([this] { return !answer_.empty(); }, 20s)) return std::nullopt;
    return answer_;
  }
  void wait(std::chrono::milliseconds time) {
    clients_.run_until([] { return false; }, time);
  }
  [[nodiscard]] std::uint64_t acts() const noexcept { return acts_; }
  [[nodiscard]] std::uint64_t heard() const noexcept { return heard_; }
  [[nodiscard]] std::size_t open() const noexcept { return clients_.open(); }

 private:
  static constexpr auto tick = 10ms;
  static constexpr int per_tick = 40;

  wire_clients::hooks hooks() {
    wire_clients::hooks all;
    all.ended = [this](wire_clients::client& who) {
      if (&who == observer_) observer_ = nullptr;
    };
    all.heard = [this](wire_clients::client& by, std::string_view packet) {
      ++heard_;
      if (&by == observer_ && packet.starts_with("437[")) answer_ = packet.substr(4, packet.size() - 5);
    };
    return all;
  }

  void act() {
    ++acts_;
    if (clients_.open() < size_ && random_() % 100 < 40) {
      clients_.connect();
      return;
    }
    if (clients_.size() == 0) return;
    auto& one = clients_.at(random_() % clients_.size());
    if (&one == observer_ || !one.is_in()) return;
    const auto room = random_() % 500;
    switch (random_() % 20) {
      case 0: return clients_.leave(one, wire_clients::manner::politely);
      case 1: return clients_.leave(one, wire_clients::manner::without_a_word);
      case 2: return clients_.leave(one, wire_clients::manner::by_reset);
      case 3: return clients_.send(one, R"(42["dismiss"])");
      case 4: return random_() % 4 == 0 ? clients_.go_deaf(one) : clients_.send(one, "no packet");
      case 5: return clients_.send_raw(one, std::string("\x81\xff\xff", 3));
      case 6:
      case 7: return clients_.send(one, fmt::format(R"(42["leave","{}"])", room));
      case 8:
      case 9:
      case 10:
      case 11: return clients_.send(one, fmt::format(R"(42["join","{}"])", room));
      case 12:
      case 13:
      case 14:
        return clients_.send(one, fmt::format(R"(42["say","{}","{}"])", room, std::string(random_() % 2'000, 's')));
      default: return clients_.send(one, fmt::format(R"(42{}["echo",{}])", random_() % 1'000, random_()));
    }
  }

  std::size_t size_;
  std::mt19937 random_{20'240'501};  // the same story each time
  std::uint64_t acts_ = 0;
  std::uint64_t heard_ = 0;
  std::string answer_;
  wire_clients::client* observer_ = nullptr;
  wire_clients clients_;
};

std::uint64_t number_in(const std::string& json, std::string_view name) {
  const auto at = json.find(fmt::format("\"{}\":", name));
  return at == std::string::npos ? ~0ull : std::strtoull(json.c_str() + at + name.size() + 3, nullptr, 10);
}

/// All is as it should be when nobody is left: the observer is the one session and the one socket.
bool is_balanced(const std::string& said) {
  return number_in(said, "sessions") == 1 && number_in(said, "sockets") == 1 &&
         number_in(said, "came") == number_in(said, "went") + 1;
}

double mebibytes(std::uint64_t bytes) { return static_cast<double>(bytes) / (1 << 20); }

/// Resident memory of the fullest moments of the second and of the last part of the time: what grows with it leaks.
struct memory {
  std::uint64_t early = 0;
  std::uint64_t late = 0;
  [[nodiscard]] bool grew() const { return late > early + early / 10 + (8 << 20); }
};

int soak(int server, std::uint16_t port, std::size_t sockets, std::chrono::seconds time) {
  constexpr int parts = 10;
  crowd people{port, sockets};
  memory seen;
  for (int part = 0; part < parts; ++part) {
    people.live_for(std::max(time / parts, 1s));
    const auto resident = load::resident_bytes(server);
    if (part >= 2 && part <= 4) seen.early = std::max(seen.early, resident);
    if (part >= parts - 3) seen.late = std::max(seen.late, resident);
    const auto said = people.ask();
    fmt::print("{:3} %  {} open, {} acts, {} heard, {:.1f} MiB  {}\n", (part + 1) * 100 / parts, people.open(),
               people.acts(), people.heard(), mebibytes(resident), said.value_or("no answer"));
    std::fflush(stdout);
    if (!said) return 1;
  }
  people.end();
  std::string said;
  for (int i = 0; i < 150 && !is_balanced(said); ++i) {
    people.wait(200ms);
    said = people.ask().value_or("no answer");
  }
  fmt::print("at the end {}\nresident {:.1f} MiB early, {:.1f} MiB late\n", said, mebibytes(seen.early),
             mebibytes(seen.late));
  if (!is_balanced(said)) return fmt::print("sessions are stuck, or counters do not add up\n"), 1;
  if (seen.grew()) return fmt::print("its memory grew\n"), 1;
  fmt::print("well\n");
  return 0;
}

}  // namespace

int main(int count, char** values) {
  const std::size_t sockets = count > 1 ? std::strtoul(values[1], nullptr, 10) : 10'000;
  const std::chrono::seconds time{count > 2 ? std::strtol(values[2], nullptr, 10) : 1'200};
  rlimit files{65'536, 65'536};
  setrlimit(RLIMIT_NOFILE, &files);
  int ends[2];
  if (pipe(ends) != 0) return 2;
  const pid_t server = fork();  // before any thread
  if (server == 0) return serve(ends[1]);
  std::uint16_t port = 0;
  int result = 2;
  if (read(ends[0], &port, sizeof port) == sizeof port) {
    try {
      result = soak(server, port, sockets, time);
    } catch (const std::exception& error) {
      fmt::print("{}\n", error.what());
    }
  }
  kill(server, SIGTERM);
  int ended = 0;
  waitpid(server, &ended, 0);
  if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) fmt::print("the server did not end well\n");
  return ended == 0 ? result : 1;
}
