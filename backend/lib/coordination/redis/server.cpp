#include "coordination/redis/server.hpp"

#include "resilience/one_shot.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace nxg::coordination::redis {

namespace asio = boost::asio;
using std::chrono::microseconds;
using std::chrono::steady_clock;

namespace {
constexpr std::chrono::seconds longest_goodbye{1};

std::shared_ptr<exchange> calling(std::string_view how, std::string_view script, const std::vector<std::string>& keys,
                                  const std::vector<std::string>& arguments) {
  const auto count = std::to_string(keys.size());
  std::vector<std::string_view> words{script, count};
  words.insert(words.end(), keys.begin(), keys.end());
  words.insert(words.end(), arguments.begin(), arguments.end());
  auto made = std::make_shared<exchange>();
  made->request.push_range(how, words);
  return made;
}

bool is_unknown_script(const reply& answer) {
  const auto* error = answer.error();
  return error != nullptr && error->text.starts_with("NOSCRIPT");
}

}  // namespace

link_settings settings_of(const redis_options& options) {
  return {parse_address(options.url, options.url_setting),
          options.authorities_file,
          options.url_setting,
          options.authorities_setting,
          options.connect_timeout,
          options.command_timeout,
          options.heartbeat,
          options.first_pause,
          options.longest_pause};
}

server::server(runtime::clock& time, runtime::random& random, const redis_options& options)
    : time_{time}, options_{options}, settings_{settings_of(options)} {
  make_tls(settings_);  // tells at once what is wrong with its files
  link::hooks hooks;
  hooks.prepare = [this](link& over) { return prepare(over); };
  hooks.up = [this] {
    for (const auto& then : on_up_) then();
    on_state();
  };
  hooks.down = [this](const trouble& why) { on_trouble(why); };
  hooks.message = [](auto&&...) {};
  hooks.beat = [this] { return ask_time(); };
  commands_ = std::make_shared<link>(context_, random, settings_, std::move(hooks));
}

server::~server() { stop(); }

void server::start() {
  commands_->start();
  thread_ = std::thread{[this] { run_thread(); }};
}

void server::stop() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] { commands_->stop(); });
  busy_.reset();
  // Whatever the driver still holds on to then, it will not let go of.
  if (drained_.get_future().wait_for(longest_goodbye) != std::future_status::ready) context_.stop();
  thread_.join();
}

/// An exception can only come out of a driver that did not understand the server. Its connection is dead then, which
/// the next time-out finds.
void server::run_thread() {
  for (;;) {
    try {
      context_.run();
      drained_.set_value();
      return;
    } catch (...) {
      ++failures_;
    }
  }
}

std::string server::key(std::string_view kind, std::string_view name) const {
  std::string result = options_.prefix;
  result.append(kind).append(":").append(name);
  return result;
}

microseconds server::now() const noexcept {
  const auto steady = std::chrono::duration_cast<microseconds>(time_.steady().time_since_epoch());
  return steady + microseconds{offset_us_.load(std::memory_order_relaxed)};
}

void server::learn_time(const reply& from, std::size_t first, steady_clock::time_point asked) {
  const auto* seconds = from.value(first);
  const auto* part = from.value(first + 1);
  if (seconds == nullptr || part == nullptr) return;
  // The real clock on purpose: what a test moved its own by is added again in `now`.
  const auto middle = asked + (steady_clock::now() - asked) / 2;
  const auto here = std::chrono::duration_cast<microseconds>(middle.time_since_epoch()).count();
  offset_us_.store(seconds->number() * 1'000'000 + part->number() - here, std::memory_order_relaxed);
}

std::shared_ptr<exchange> server::ask_time() {
  auto made = command("TIME");
  made->done = [this, asked = steady_clock::now(), what = std::weak_ptr{made}](exchange::outcome how) {
    if (const auto self = what.lock(); self && how == exchange::outcome::answered) learn_time(self->answer, 0, asked);
  };
  return made;
}

/// Selects the database and tries what will be needed, so that a missing right is told at the start.
task<void> server::prepare(link& over) {
  const auto fail = [this](const reply::node& error, const std::string& what) {
    const bool passing = error.text.starts_with("LOADING") || error.text.starts_with("BUSY") ||
                         error.text.starts_with("OOM") || error.text.starts_with("MASTERDOWN") ||
                         error.text.starts_with("MISCONF");
    throw trouble{!passing, settings_.url_setting + ": " + settings_.server.text() + " " + what + ": " + error.text};
  };
  auto choose = command("SELECT", settings_.server.database);
  if (settings_.server.database != 0) {
    co_await over.ask(choose);
    if (const auto* error = choose->answer.error()) {
      fail(*error, "has no database " + std::to_string(settings_.server.database));
    }
  }
  const auto asked = steady_clock::now();
  auto ask = command("TIME");
  ask->request.push("SET", key("probe", "write"), "1", "PX", 1000);
  ask->request.push("EVAL", "return redis.call('GET', KEYS[1])", 1, key("probe", "write"));
  ask->request.push("PUBLISH", key("probe", "publish"), "1");
  co_await over.ask(ask);
  if (const auto* error = ask->answer.error()) fail(*error, "does not let this user do what it has to");
  // Two for the time, one for each of the others.
  const auto values = ask->answer.values();
  if (values.size() != 5 || values[0]->number() <= 0 || values[3]->text != "1") {
    throw trouble{true, settings_.url_setting + ": what answers at " + settings_.server.text() + " is no Redis"};
  }
  learn_time(ask->answer, 0, asked);
}

bool server::admit(exchange& what) {
  const auto size = what.request.payload().size();
  const auto others = underway_.fetch_add(1);
  const auto bytes = underway_bytes_.fetch_add(size);
  if (commands_->up() && others < options_.max_underway && bytes + size <= options_.max_underway_bytes) {
    ++calls_;
    return true;
  }
  ++failures_;
  underway_bytes_ -= size;
  --underway_;
  return false;
}

void server::post(std::shared_ptr<exchange> what) {
  if (!admit(*what)) return what->done(exchange::outcome::unanswered);
  send_admitted(std::move(what));
}

void server::post_later(std::shared_ptr<exchange> what) {
  if (admit(*what)) return send_admitted(std::move(what));
  asio::post(context_, [what = std::move(what)] { what->done(exchange::outcome::unanswered); });
}

void server::send_admitted(std::shared_ptr<exchange> what) {
  what->done = [this, size = what->request.payload().size(),
                then = std::move(what->done)](exchange::outcome how) mutable {
    if (how != exchange::outcome::answered) ++failures_;
    then(how);
    underway_bytes_ -= size;
    --underway_;
  };
  asio::post(context_, [to = commands_, what = std::move(what)]() mutable { to->send(std::move(what)); });
}

task<std::shared_ptr<exchange>> server::call(std::shared_ptr<exchange> what) {
  const resilience::one_shot answered;
  what->done = [answered](exchange::outcome how) { answered.fire(static_cast<int>(how)); };
  post(what);
  const int how = co_await answered.wait();
  if (how != static_cast<int>(exchange::outcome::answered)) co_return nullptr;
  co_return what;
}

task<std::shared_ptr<exchange>> server::run(const script& what, const std::vector<std::string>& keys,
                                            const std::vector<std::string>& arguments) {
  auto answer = co_await call(calling("EVALSHA", what.hash, keys, arguments));
  if (!answer || !is_unknown_script(answer->answer)) co_return answer;
  co_return co_await call(calling("EVAL", what.text, keys, arguments));
}

void server::start(const script& what, const std::vector<std::string>& keys,
                   const std::vector<std::string>& arguments) {
  auto by_hash = calling("EVALSHA", what.hash, keys, arguments);
  by_hash->done = [this, asked = std::weak_ptr{by_hash},
                   by_text = calling("EVAL", what.text, keys, arguments)](exchange::outcome how) mutable {
    const auto self = asked.lock();
    if (how != exchange::outcome::answered || !self || !is_unknown_script(self->answer)) return;
    by_text->done = [](exchange::outcome) {};
    post(std::move(by_text));
  };
  post(std::move(by_hash));
}

void server::barrier(std::function<void(bool)> then) {
  auto what = command("PING");
  what->done = [then = std::move(then)](exchange::outcome how) { then(how == exchange::outcome::answered); };
  post(std::move(what));
}

redis_figures server::figures() const {
  redis_figures result;
  result.commands = calls_;
  result.failures = failures_;
  result.connects = commands_->connects();
  result.underway = underway_;
  return result;
}

}  // namespace nxg::coordination::redis
