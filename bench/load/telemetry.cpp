#include "load/load.hpp"
#include "runtime/timer.hpp"
#include "socketio/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <memory>

namespace nxg::load {

namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

/// Messages a machine may have on their way.
constexpr int in_flight = 2;

/// One machine and the device that watches it.
struct pair {
  std::string epoch;
  std::string link_id;
  socketio::joined_client machine;
  socketio::joined_client device;
  std::int64_t seq = 0;
  /// When each sample was sent; index seq - 1.
  std::vector<steady_instant> sent_at;
};

class run {
 public:
  explicit run(const telemetry_options& options) : options_{options}, sockets_{loop_.get_executor(), time_, random_} {}

  outcome whole() {
    std::exception_ptr failure;
    asio::co_spawn(loop_, all(), [&](std::exception_ptr error) {
      failure = error;
      loop_.stop();
    });
    loop_.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(result_);
  }

 private:
  task<> all() {
    co_await connect_all();
    const auto cpu_before = cpu_of(options_.pids);
    const auto begun = time_.steady();
    end_ =
        begun + std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>{options_.seconds});
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      if (options_.rate > 0) {
        asio::co_spawn(loop_, paced(i), asio::detached);
      } else {
        for (int flight = 0; flight < in_flight; ++flight) asio::co_spawn(loop_, saturating(i), asio::detached);
      }
    }
    co_await runtime::sleep_for(time_, end_ - time_.steady());
    const auto give_up = time_.steady() + 10s;
    while ((result_.acknowledged < result_.sent || result_.delivered < result_.sent) && time_.steady() < give_up)
      co_await runtime::sleep_for(time_, 20ms);
    const auto cpu_after = cpu_of(options_.pids);
    result_.seconds = std::chrono::duration<double>(time_.steady() - begun).count();
    result_.cpu_user_seconds = cpu_after.user_seconds - cpu_before.user_seconds;
    result_.cpu_system_seconds = cpu_after.system_seconds - cpu_before.system_seconds;
    for (auto& one : pairs_) {
      one->machine.connection->close();
      one->device.connection->close();
    }
  }

  task<> connect_all() {
    std::ifstream file{options_.credentials_file};
    const auto credentials = json::parse(std::string{std::istreambuf_iterator<char>{file}, {}});
    const auto& machines = credentials.at("machines").as_array();
    const auto& devices = credentials.at("devices").as_array();
    for (std::size_t i = 0; i < machines.size(); ++i) {
      auto one = std::make_unique<pair>();
      one->epoch = fmt::format("{:016x}{:016x}", random_.below(UINT64_MAX), i);
      one->link_id = machines[i].at("linkId").as_string();
      one->machine =
          co_await socketio::connect(sockets_, options_.url, "/machines", json::serialize(machines[i].at("auth")));
      one->device =
          co_await socketio::connect(sockets_, options_.url, "/workouts", json::serialize(devices[i].at("auth")));
      one->device.socket->on("workout:progress",
                             [this, watched = one.get()](socketio::event_args args) { delivered(*watched, args[0]); });
      pairs_.push_back(std::move(one));
    }
  }

  void delivered(pair& watched, std::string_view progress) {
    constexpr std::string_view key = "\"seq\":";
    const auto now = time_.steady();
    for (auto at = progress.find(key); at != std::string_view::npos; at = progress.find(key, at)) {
      at += key.size();
      std::size_t seq = 0;
      std::from_chars(progress.data() + at, progress.data() + progress.size(), seq);
      if (seq == 0 || seq > watched.sent_at.size()) continue;
      ++result_.delivered;
      result_.delivery_ms.push_back(std::chrono::duration<float, std::milli>(now - watched.sent_at[seq - 1]).count());
    }
  }

  std::string next_sample(pair& of) {
    ++of.seq;
    of.sent_at.push_back(time_.steady());
    const auto at = time_.now().time_since_epoch().count();
    return fmt::format(
        R"({{"epoch":"{}","sample":{{"seq":{},"at":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","linkId":"{}","elapsedSeconds":{},"speedKmh":9.31,"inclinePercent":1,"distanceMeters":{},"heartRateBpm":141,"powerWatts":212}}}})",
        of.epoch, of.seq, fmt::gmtime(static_cast<std::time_t>(at / 1000)), at % 1000, of.link_id, of.seq, of.seq * 2);
  }

  task<> one_exchange(pair& of) {
    const auto begun = time_.steady();
    ++result_.sent;
    bool taken = true;
    try {
      const auto answer = co_await of.machine.socket->emit_with_ack("telemetry", next_sample(of), 15s);
      taken = answer[0].find("retryAfterMs") == std::string_view::npos;  // told to send it again: not taken
    } catch (const std::exception&) {
      taken = false;
    }
    if (!taken) co_return;
    ++result_.acknowledged;
    result_.ack_ms.push_back(std::chrono::duration<float, std::milli>(time_.steady() - begun).count());
  }

  task<> saturating(std::size_t index) {
    while (time_.steady() < end_) co_await one_exchange(*pairs_[index]);
  }

  /// Sends at its pace whatever the server does, at most a hundred ahead of its acknowledgements.
  task<> paced(std::size_t index) {
    const std::chrono::nanoseconds step{
        static_cast<std::int64_t>(1e9 * static_cast<double>(pairs_.size()) / options_.rate)};
    auto next = time_.steady() + step * static_cast<std::int64_t>(index) / static_cast<std::int64_t>(pairs_.size());
    while (next < end_) {
      runtime::timer until{loop_.get_executor(), time_};
      co_await until.wait_until(next);
      next += step;
      asio::co_spawn(loop_, one_exchange(*pairs_[index]), asio::detached);
    }
  }

  const telemetry_options& options_;
  asio::io_context loop_{1};
  runtime::clock time_;
  runtime::secure_random random_;
  socketio::client_environment sockets_;
  std::vector<std::unique_ptr<pair>> pairs_;
  steady_instant end_{};
  outcome result_;
};

}  // namespace

outcome telemetry(const telemetry_options& options) { return run{options}.whole(); }

}  // namespace nxg::load
