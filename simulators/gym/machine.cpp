#include "gym/machine.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nxg::gym {

namespace asio = boost::asio;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr int max_in_flight = 2;
constexpr std::size_t max_batch = 500;
constexpr auto ack_timeout = 15s;
constexpr auto token_lifetime_used = 45min;
/// Above this many samples per second a machine collects a tenth of a second in one message.
constexpr double one_by_one_up_to = 10;

std::string new_epoch(runtime::random& random) {
  std::array<std::byte, 16> bytes;
  random.fill(bytes);
  std::string text;
  for (const auto byte : bytes) fmt::format_to(std::back_inserter(text), "{:02x}", static_cast<unsigned>(byte));
  return text;
}

std::string token_text(const std::string& token) { return json::serialize(json::object{{"token", token}}); }

template <class Machine>
void spawn(const surroundings& around, std::shared_ptr<Machine> self, task<> (Machine::*job)()) {
  auto run = [](std::shared_ptr<Machine> kept, task<> (Machine::*what)()) -> task<> { co_await ((*kept).*what)(); };
  asio::co_spawn(around.where, run(std::move(self), job), asio::detached);
}

}  // namespace

machine::machine(surroundings& around, std::size_t index, std::string id, std::string secret, std::string machine_class)
    : around_{around},
      index_{index},
      id_{std::move(id)},
      secret_{std::move(secret)},
      class_{std::move(machine_class)},
      random_{around.settings.seed * 7919 + index} {
  reboot();
}

void machine::reboot() {
  if (!record().streams.empty() && current().sent.empty()) return;
  record().streams.push_back({.epoch = new_epoch(around_.random), .sent = {}, .live = {}, .through = 0, .refused = {}});
}

void machine::begin(std::size_t workout, std::unique_ptr<exercise_source> source) {
  workout_ = workout;
  source_ = std::move(source);
}

void machine::end() {
  workout_.reset();
  source_.reset();
}

void machine::stop() {
  stopped_ = true;
  if (connection_) connection_->close();
}

std::size_t machine::waiting() const {
  std::size_t count = 0;
  for (const auto& one : record().streams) count += one.sent.size() - static_cast<std::size_t>(one.through);
  return count;
}

bool machine::drained() const { return waiting() == 0; }

task<> machine::live() {
  const auto self = shared_from_this();
  spawn(around_, self, &machine::make_samples);
  spawn(around_, self, &machine::heartbeat);
  if (around_.settings.drop_network > 0) spawn(around_, self, &machine::lose_network);
  while (!stopped_) {
    if (!socket_ && outages_.over(around_.time.steady())) {
      std::string trouble;
      try {
        co_await connect_once();
      } catch (const std::exception& error) {
        trouble = error.what();
      }
      if (!trouble.empty()) co_await runtime::sleep_for(around_.time, std::chrono::milliseconds{100 + random_() % 200});
    }
    pump();
    co_await runtime::sleep_for(around_.time, 50ms);
  }
}

task<> machine::renew_token() {
  json::object body{{"machineId", id_}, {"secret", secret_}};
  const auto data = co_await around_.backend.post("/api/machines/token", {}, std::move(body));
  token_ = data.at("accessToken").as_string();
  token_renewal_ = around_.time.steady() + token_lifetime_used;
}

task<> machine::connect_once() {
  if (around_.time.steady() >= token_renewal_) co_await renew_token();
  auto opened = co_await socketio::client::open(around_.sockets, around_.backend.url());
  auto socket = opened->of("/machines");
  const auto number = ++connection_number_;
  opened->on_close([weak = weak_from_this(), number](std::string_view) {
    if (const auto self = weak.lock(); self && self->connection_number_ == number) self->lost_connection();
  });
  socket->on_disconnect([weak = weak_from_this(), number](std::string_view) {
    if (const auto self = weak.lock(); self && self->connection_number_ == number) {
      self->token_renewal_ = {};
      self->lost_connection();
    }
  });
  connection_ = opened;
  std::string refusal;
  try {
    co_await socket->connect(token_text(token_));
  } catch (const socketio::connect_refused& refused) {
    refusal = refused.what();
  }
  if (!refusal.empty()) {
    token_renewal_ = {};
    throw std::runtime_error{refusal};
  }
  socket_ = socket;
  send_again();
}

void machine::lost_connection() {
  if (!stopped_) around_.book.trouble_at(index_);
  socket_.reset();
  connection_.reset();
  in_flight_ = 0;
  send_again();
}

void machine::send_again() {
  sending_ = 0;
  const auto& streams = record().streams;
  while (sending_ + 1 < streams.size() &&
         static_cast<std::size_t>(streams[sending_].through) == streams[sending_].sent.size())
    ++sending_;
  next_ = static_cast<std::size_t>(streams[sending_].through);
}

task<> machine::make_samples() {
  const double speed = around_.settings.speed;
  const auto tick = speed > one_by_one_up_to ? std::chrono::nanoseconds{100ms}
                                             : std::chrono::nanoseconds{static_cast<std::int64_t>(1e9 / speed)};
  const double per_tick = speed > one_by_one_up_to ? speed / 10 : 1;
  // Machines do not tick together.
  auto next_tick =
      around_.time.steady() +
      std::chrono::nanoseconds{static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(tick.count()))};
  double owed = 0;
  while (!stopped_) {
    runtime::timer until{around_.where, around_.time};
    co_await until.wait_until(next_tick);
    next_tick += tick;
    if (!workout_) continue;
    for (owed += per_tick; owed >= 1 && workout_; owed -= 1) make_one();
    pump();
  }
}

void machine::make_one() {
  auto one = source_->next();
  auto& into = current();
  one.seq = static_cast<std::int64_t>(into.sent.size()) + 1;
  one.at_ms = around_.time.now().time_since_epoch().count();
  one.workout = *workout_;
  latest_ = one;
  into.sent.push_back(one);
  into.live.push_back(false);
  ++around_.book.made;
}

void machine::pump() {
  if (around_.time.steady() < send_not_before_) return;
  while (socket_ && in_flight_ < max_in_flight) {
    auto& streams = record().streams;
    if (next_ == streams[sending_].sent.size()) {
      const bool settled = static_cast<std::size_t>(streams[sending_].through) == next_;
      if (sending_ + 1 == streams.size() || !settled) return;
      ++sending_;
      next_ = 0;
      continue;
    }
    const auto count = std::min(streams[sending_].sent.size() - next_, max_batch);
    ++in_flight_;
    asio::co_spawn(around_.where, send(sending_, next_, count), asio::detached);
    next_ += count;
  }
}

task<> machine::send(std::size_t stream_index, std::size_t first, std::size_t count) {
  const auto self = shared_from_this();
  const auto number = connection_number_;
  const auto socket = socket_;
  const auto& from = record().streams[stream_index];
  const bool single = count == 1;
  std::string text = fmt::format(R"({{"epoch":"{}","{}":)", from.epoch, single ? "sample" : "samples");
  if (!single) text += '[';
  for (std::size_t i = first; i < first + count; ++i) {
    if (i > first) text += ',';
    append_wire(text, from.sent[i], around_.book.workouts[from.sent[i].workout].id);
  }
  text += single ? "}" : "]}";

  const std::string event = single ? "telemetry" : "telemetry:batch";
  std::string answer;
  try {
    const auto ack = co_await socket->emit_with_ack(event, std::move(text), ack_timeout);
    answer = ack[0];
  } catch (const std::exception&) {
    // No acknowledgement: the samples are still ours, and are sent again.
  }
  if (number != connection_number_ || !socket_) co_return;
  --in_flight_;
  if (answer.empty()) {
    send_again();
  } else {
    on_ack(stream_index, answer);
  }
  pump();
}

void machine::on_ack(std::size_t stream_index, std::string_view answer) {
  auto& from = record().streams[stream_index];
  boost::system::error_code error;
  const auto value = json::parse(answer, error);
  const auto* ack = error ? nullptr : value.if_object();
  const auto* through = ack == nullptr ? nullptr : ack->if_contains("through");
  if (through == nullptr || !through->is_int64()) {
    from.refused.push_back(fmt::format("no acknowledgement but {}", answer));
    send_not_before_ = around_.time.steady() + 1s;
    return send_again();
  }
  if (through->get_int64() > static_cast<std::int64_t>(from.sent.size()))
    from.refused.push_back(fmt::format("acknowledged through {}, which was never made", through->get_int64()));
  const auto reached =
      std::clamp<std::int64_t>(through->get_int64(), from.through, static_cast<std::int64_t>(from.sent.size()));
  around_.book.acknowledged += static_cast<std::uint64_t>(reached - from.through);
  from.through = reached;
  if (const auto* refusals = ack->if_contains("refused"); refusals != nullptr && refusals->is_array()) {
    for (const auto& one : refusals->get_array()) from.refused.push_back(json::serialize(one));
  }
  if (const auto* later = ack->if_contains("retryAfterMs"); later != nullptr && later->is_int64()) {
    send_not_before_ = around_.time.steady() + std::chrono::milliseconds{later->get_int64()};
    send_again();
  }
}

task<> machine::heartbeat() {
  while (!stopped_) {
    co_await runtime::sleep_for(around_.time, 14s + std::chrono::milliseconds{random_() % 2'000});
    if (!socket_ || stopped_) continue;
    const auto socket = socket_;
    try {
      if (around_.time.steady() >= token_renewal_) {
        co_await renew_token();
        co_await socket->emit_with_ack("auth:renew", token_text(token_), 5s);
      }
      const auto now = around_.time.now().time_since_epoch().count();
      const json::object beat{{"status", workout_ ? "in_use" : "idle"}, {"firmware", "1.0.0"}, {"at", rfc3339(now)}};
      co_await socket->emit_with_ack("heartbeat", json::serialize(beat), 5s);
    } catch (const std::exception&) {
      // A lost heartbeat is what the next one is for.
    }
  }
}

task<> machine::lose_network() {
  while (!stopped_) {
    co_await runtime::sleep_for(around_.time, 1s);
    if (connection_ && outages_.begins(around_.time.steady(), random_)) connection_->drop();
  }
}

}  // namespace nxg::gym
