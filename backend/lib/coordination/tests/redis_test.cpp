// What only the adapter for Redis has: settings, outages, and coming back.
#include "coordination/redis.hpp"
#include "coordination/shared_quota.hpp"

#include "coordination/redis/address.hpp"
#include "coordination/tests/redis_world.hpp"
#include "runtime/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nxg::coordination {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string refusal(const redis_options& options) {
  runtime::clock time;
  runtime::secure_random random;
  try {
    make_redis(time, random, options);
  } catch (const redis_unusable& error) {
    return error.what();
  }
  return "accepted";
}

redis_options with_url(std::string url) {
  redis_options options;
  options.url = std::move(url);
  options.start_timeout = 20s;
  return options;
}

TEST(redis_address, reads_all_parts) {
  const auto plain = redis::parse_address("redis://cache.example", "U");
  EXPECT_FALSE(plain.tls);
  EXPECT_EQ(plain.text(), "cache.example:6379");
  EXPECT_EQ(plain.database, 0);
  const auto full = redis::parse_address("rediss://us%3Aer:p%40ss@[::1]:6390/12", "U");
  EXPECT_TRUE(full.tls);
  EXPECT_EQ(full.user, "us:er");
  EXPECT_EQ(full.password, "p@ss");
  EXPECT_EQ(full.host, "::1");
  EXPECT_EQ(full.text(), "[::1]:6390");
  EXPECT_EQ(full.database, 12);
  EXPECT_EQ(redis::parse_address("redis://:only@h/", "U").password, "only");
}

TEST(redis_address, says_which_setting_is_wrong_and_repeats_no_password) {
  for (const auto* url : {"", "http://h", "redis:h", "redis://", "redis://h:0", "redis://h:x", "redis://h/one",
                          "redis://h/1/2", "redis://user@h", "redis://h?x=1", "redis://[::1", "redis://u:%zz@h",
                          "redis+unix:///run/redis", "rediss://:hunter2@h:99999"}) {
    const auto told = refusal(with_url(url));
    EXPECT_THAT(told, StartsWith("NXG_REDIS_URL: ")) << url;
    EXPECT_THAT(told, Not(HasSubstr("hunter2")));
  }
}

/// Why it starts degraded.
std::string first_trouble(redis_options options) {
  runtime::clock time;
  runtime::secure_random random;
  std::promise<std::string> told;
  options.start_timeout = 1ms;
  options.changed = [&, first = true](bool, const std::string& why) mutable {
    if (std::exchange(first, false)) told.set_value(why);
  };
  const auto made = make_redis(time, random, options);
  auto answer = told.get_future();
  return answer.wait_for(20s) == std::future_status::ready ? answer.get() : "nothing";
}

class redis_settings : public testing::Test {
 protected:
  redis_host server_{
      {.secured = true, .arguments = {"--user", "guest", "on", ">guest", "~*", "&*", "+@all", "-publish"}}};
  std::string with(const std::string& credentials, const std::string& rest = {}) const {
    auto options = options_for(server_);
    options.url = "rediss://" + credentials + "@localhost:" + std::to_string(server_.port()) + rest;
    return refusal(options);
  }
  std::string right_ = ":s3cret%2Fwith%40marks";
};

TEST_F(redis_settings, wrong_ones_stop_the_start_and_say_why) {
  EXPECT_EQ(with(right_), "accepted");
  EXPECT_THAT(with(":wrong"), StartsWith("NXG_REDIS_URL: localhost:"));
  EXPECT_THAT(with(":wrong"), HasSubstr("refuses the user or the password"));
  EXPECT_THAT(with(right_, "/99"), HasSubstr("has no database 99"));
  EXPECT_THAT(with("guest:guest"), HasSubstr("does not let this user do what it has to"));
}

TEST_F(redis_settings, a_right_that_is_missed_later_is_told) {
  server_.kill();
  redis_host strict{
      {.secured = false, .arguments = {"--user", "guest", "on", ">guest", "~*", "+@all", "resetchannels", "&test*"}}};
  auto options = options_for(strict);
  options.url = "redis://guest:guest@127.0.0.1:" + std::to_string(strict.port());
  std::promise<std::string> told;
  options.changed = [&, calls = 0](bool, const std::string& why) mutable {
    if (++calls == 2) told.set_value(why);
  };
  runtime::clock time;
  runtime::secure_random random;
  const auto made = make_redis(time, random, options);
  EXPECT_FALSE(made->degraded());
  const auto forbidden = made->channels().listen_pattern("socket.io#*", {[](auto, auto) {}, [] {}});
  auto answer = told.get_future();
  ASSERT_EQ(answer.wait_for(20s), std::future_status::ready);
  EXPECT_THAT(answer.get(), HasSubstr("does not let this user subscribe"));
}

TEST_F(redis_settings, a_missing_password_is_told) {
  auto options = options_for(server_);
  options.url = "rediss://localhost:" + std::to_string(server_.port());
  EXPECT_THAT(refusal(options), HasSubstr("wants a password"));
}

TEST_F(redis_settings, the_certificate_must_be_of_the_host_and_signed_by_an_authority) {
  auto options = options_for(server_);
  options.authorities_file.clear();
  EXPECT_THAT(refusal(options), StartsWith("NXG_REDIS_CA_FILE: "));
  options.authorities_file = "/nowhere.pem";
  EXPECT_THAT(refusal(options), HasSubstr("'/nowhere.pem'"));
  options = options_for(server_);
  options.url.replace(options.url.find("localhost"), 9, "127.0.0.1");
  EXPECT_THAT(refusal(options), HasSubstr("for another name"));
}

TEST_F(redis_settings, a_server_that_speaks_with_or_without_tls_unlike_the_setting_is_told_as_such) {
  const redis_host plain;
  auto options = options_for(plain);
  options.url.replace(0, 8, "rediss://");
  options.connect_timeout = 100ms;
  EXPECT_THAT(first_trouble(options), HasSubstr("redis:// is without TLS"));
  options = options_for(server_);
  options.url = "redis://" + right_ + "@localhost:" + std::to_string(server_.port());
  EXPECT_THAT(first_trouble(options), HasSubstr("rediss:// is with TLS"));
}

/// Answers everything with the same.
class impostor {
 public:
  explicit impostor(std::string answer) : answer_{std::move(answer)} {
    accept();
    thread_ = std::thread{[this] { context_.run(); }};
  }
  ~impostor() {
    context_.stop();
    thread_.join();
  }
  std::string url() const { return "redis://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

 private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, asio::ip::tcp::socket socket) {
      if (error) return;
      asio::write(socket, asio::buffer(answer_), error);
      held_.push_back(std::move(socket));
      accept();
    });
  }

  std::string answer_;
  asio::io_context context_;
  asio::ip::tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  std::vector<asio::ip::tcp::socket> held_;
  std::thread thread_;
};

/// Not among them: a `$` without a length, on which the parser of Boost.Redis 1.88 ends the process.
TEST(redis_impostor, what_is_no_redis_is_survived_and_told) {
  const std::string ok = "+OK\r\n";
  for (const auto& answer :
       {std::string{"HTTP/1.1 400 Bad Request\r\n\r\n"}, std::string{"*-1\r\n"}, std::string{":\r\n"},
        std::string{"_\r\n_\r\n_\r\n_\r\n_\r\n_\r\n"}, ok + ok + ok + ok + ok + ok + ok + ok, std::string{">3\r\n"},
        std::string{"%1\r\n+a\r\n"}, std::string{"*99999999999\r\n"}, std::string{"$5\r\nabc"},
        std::string(2'000, '*') + "\r\n",
        std::string{"+OK\r\n*2\r\n$1\r\n1\r\n$1\r\n1\r\n+OK\r\n$1\r\n1\r\n:0\r\n-ERR no\r\n?\r\n"}}) {
    const impostor server{answer};
    auto options = with_url(server.url());
    options.connect_timeout = 100ms;
    options.command_timeout = 100ms;
    options.start_timeout = 300ms;
    options.longest_pause = 50ms;
    runtime::clock time;
    runtime::secure_random random;
    try {
      const auto made = make_redis(time, random, options);
      EXPECT_TRUE(made->degraded()) << answer;
    } catch (const redis_unusable& error) {
      EXPECT_THAT(error.what(), StartsWith("NXG_REDIS_URL: "));
    }
  }
}

TEST_F(redis_settings, an_unknown_host_and_a_port_without_server_are_told) {
  auto options = with_url("redis://nowhere.invalid");
  EXPECT_THAT(first_trouble(options), StartsWith("NXG_REDIS_URL: "));
  auto gone = std::make_unique<redis_host>();
  options = options_for(*gone);
  gone.reset();
  EXPECT_THAT(first_trouble(options), HasSubstr("cannot be reached: Connection refused"));
}

/// Two processes whose server can be taken away.
class redis_outage : public testing::Test {
 protected:
  redis_outage() {
    here_ = make(here_told_);
    there_ = make(there_told_);
  }
  ~redis_outage() override { context_.poll(); }

  std::unique_ptr<redis_coordinator> make(std::vector<std::string>& told) {
    auto options = options_;
    options.changed = [&told, this](bool degraded, const std::string& why) {
      const std::lock_guard lock{told_mutex_};
      told.push_back(degraded ? why : "well");
    };
    return make_redis(time_, random_, options);
  }
  template <class T>
  T get(task<T> work) {
    auto future = asio::co_spawn(context_, std::move(work), asio::use_future);
    while (future.wait_for(0s) != std::future_status::ready) {
      context_.restart();
      context_.run_for(10ms);
    }
    return future.get();
  }
  void eventually(const std::function<bool()>& true_at_last) {
    const auto until = steady_clock::now() + 30s;
    while (!true_at_last()) {
      ASSERT_LT(steady_clock::now(), until) << "never came";
      context_.restart();
      context_.run_for(5ms);
      std::this_thread::yield();
    }
  }
  void until_degraded() {
    eventually([this] { return here_->degraded() && there_->degraded(); });
  }
  void until_well() {
    eventually([this] { return !here_->degraded() && !there_->degraded(); });
  }
  bus::handler into(std::vector<std::string>& list) {
    return [&list](const delivery& one) {
      list.push_back((one.gap ? std::string{"gap"} : "") + (one.payload ? *one.payload : ""));
    };
  }
  auto listen(coordinator& on, std::string_view topic, std::vector<std::string>& list) {
    return on.bus().subscribe(topic, context_.get_executor(), into(list));
  }
  void put(std::string value) {
    const lifetime how_long{.fresh = 1h, .stale = 1h};
    get(done(here_->cache().put("key", std::move(value), how_long)));
  }
  std::string look(coordinator& on) {
    const auto known = get(on.cache().get("key"));
    return known && known->value ? *known->value : "unknown";
  }
  static task<bool> done(task<void> work) {
    co_await std::move(work);
    co_return true;
  }
  /// How many of so many are allowed.
  int takes(coordinator& on, int count) {
    const rate limit{10, 1h, 0};
    int allowed = 0;
    for (int i = 0; i < count; ++i) allowed += get(on.rate_limiter().take("login", limit)).allowed ? 1 : 0;
    return allowed;
  }

  redis_host server_;
  redis_options options_ = quick(options_for(server_));
  runtime::clock time_{runtime::clock::mode::adjustable};
  runtime::secure_random random_;
  std::mutex told_mutex_;
  std::vector<std::string> here_told_;
  std::vector<std::string> there_told_;
  asio::io_context context_;
  std::unique_ptr<redis_coordinator> here_;
  std::unique_ptr<redis_coordinator> there_;

 private:
  static redis_options quick(redis_options options) {
    options.longest_pause = 200ms;
    return options;
  }
};

/// Their server is there all the time: a machine with much to do is no outage.
class redis_at_work : public redis_outage {
 protected:
  redis_at_work() {
    options_.command_timeout = 20s;
    here_ = make(here_told_);
    there_ = make(there_told_);
  }
};

TEST_F(redis_outage, killed_and_restarted_empty_everything_comes_back_by_itself) {
  std::vector<std::string> heard;
  const auto subscribed = listen(*there_, "topic", heard);
  put("kept");
  EXPECT_EQ(look(*there_), "kept");
  get(here_->presence().enter("floor", "ann", "1", 1h));
  EXPECT_EQ(takes(*here_, 6), 6);
  const auto before = here_->figures().connects;

  server_.kill();
  until_degraded();
  EXPECT_EQ(look(*here_), "unknown");
  EXPECT_EQ(takes(*here_, 10), 4) << "goes on from what it knew";
  EXPECT_TRUE(get(here_->presence().is_present("floor", "ann")));
  EXPECT_FALSE(get(there_->presence().is_present("floor", "ann"))) << "known where it entered only";

  server_.start();
  until_well();
  EXPECT_GT(here_->figures().connects, before);
  eventually([&] { return !heard.empty(); });
  EXPECT_THAT(heard, ElementsAre("gap"));
  here_->bus().publish("topic", "again");
  eventually([&] { return heard.size() == 2; });
  EXPECT_EQ(heard[1], "again");
  eventually([&] { return get(there_->presence().is_present("floor", "ann")); });
  EXPECT_EQ(look(*here_), "unknown");
  put("new");
  EXPECT_EQ(look(*there_), "new");
  EXPECT_EQ(takes(*here_, 1), 0) << "an empty server sets nobody free";
  EXPECT_EQ(takes(*there_, 1), 0);
  const std::lock_guard lock{told_mutex_};
  ASSERT_EQ(here_told_.size(), 3u);
  EXPECT_EQ(here_told_[0], "well");
  EXPECT_THAT(here_told_[1], StartsWith("NXG_REDIS_URL: "));
  EXPECT_EQ(here_told_[2], "well");
}

TEST_F(redis_outage, each_process_keeps_to_its_part_of_a_shared_quota) {
  const resilience::quota_options options{.granted = {101, 1h, 20}, .processes = 4};
  const auto here = shared_quota(*here_, time_, "wps", options);
  const auto there = shared_quota(*there_, time_, "wps", options);
  const auto granted = [&](const resilience::allowance& to) {
    int calls = 0;
    while (calls < 50 && get(to(false)).allowed) ++calls;
    return calls;
  };
  server_.kill();
  until_degraded();
  EXPECT_EQ(granted(here), 5);
  EXPECT_EQ(granted(there), 5);
}

TEST_F(redis_outage, a_stalled_server_holds_nobody_up_for_long) {
  put("kept");
  server_.pause();
  const auto began = steady_clock::now();
  EXPECT_EQ(look(*here_), "unknown");
  EXPECT_LT(steady_clock::now() - began, 5s);
  until_degraded();
  const auto later = steady_clock::now();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(look(*here_), "unknown");
  EXPECT_EQ(takes(*here_, 20), 10);
  EXPECT_LT(steady_clock::now() - later, 5s) << "nobody waits any more";
  EXPECT_EQ(here_->figures().underway, 0u);
  server_.resume();
  until_well();
  EXPECT_EQ(look(*here_), "kept");
}

TEST_F(redis_outage, messages_reach_the_own_process_meanwhile_and_the_others_are_told_of_the_gap) {
  std::vector<std::string> own;
  std::vector<std::string> others;
  std::vector<std::string> untouched;
  const auto first = listen(*here_, "topic", own);
  const auto second = listen(*there_, "topic", others);
  const auto third = listen(*there_, "quiet", untouched);
  server_.kill();
  until_degraded();
  here_->bus().publish("topic", "alone");
  eventually([&] { return !own.empty(); });
  EXPECT_EQ(own[0], "alone");
  server_.start();
  until_well();
  here_->bus().publish("topic", "together");
  eventually([&] { return !others.empty() && others.back().ends_with("together"); });
  EXPECT_THAT(others[0], StartsWith("gap"));
  eventually([&] { return !untouched.empty(); });
  EXPECT_EQ(untouched[0], "gap") << "who published in vain cannot be known";
  EXPECT_GE(here_->bus().dropped(), 1u);
}

TEST_F(redis_at_work, a_message_that_too_much_traffic_crowded_out_is_told_as_a_gap) {
  options_.max_underway_bytes = 100'000;
  std::vector<std::string> ignored;
  const auto small = make(ignored);
  std::vector<std::string> heard;
  const auto subscribed = listen(*there_, "topic", heard);
  ASSERT_TRUE(there_->flush(20s));
  small->bus().publish("topic", std::string(200'000, 'x'));
  EXPECT_EQ(small->bus().dropped(), 1u);
  small->bus().publish("topic", "small");
  const auto contains = [&](std::string_view text) {
    return std::ranges::any_of(heard, [&](const std::string& one) { return one.contains(text); });
  };
  eventually([&] { return contains("small") && contains("gap"); });
  EXPECT_FALSE(small->degraded());
}

TEST_F(redis_outage, what_is_asked_while_too_much_is_under_way_is_answered_at_once) {
  options_.max_underway = 4;
  std::vector<std::string> ignored;
  const auto small = make(ignored);
  server_.pause();
  std::vector<std::future<std::optional<cached>>> all;
  for (int i = 0; i < 100; ++i) all.push_back(asio::co_spawn(context_, small->cache().get("key"), asio::use_future));
  context_.restart();
  context_.poll();
  EXPECT_LE(small->figures().underway, 4u);
  EXPECT_GE(small->figures().failures, 96u);
  server_.resume();
  for (auto& one : all) eventually([&] { return one.wait_for(0s) == std::future_status::ready; });
}

TEST_F(redis_at_work, who_is_cancelled_leaves_the_connection_alone) {
  const auto before = here_->figures().connects;
  server_.pause();
  asio::cancellation_signal stop;
  bool ended = false;
  asio::co_spawn(
      context_, here_->cache().get("key"),
      asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr error, auto&&) { ended = error != nullptr; }));
  context_.restart();
  context_.poll();
  stop.emit(asio::cancellation_type::terminal);
  eventually([&] { return ended; });
  server_.resume();
  ASSERT_TRUE(here_->flush(20s));
  EXPECT_EQ(here_->figures().connects, before);
}

TEST_F(redis_outage, a_fill_needs_no_server) {
  server_.kill();
  until_degraded();
  cache::fill_function fill = []() -> task<std::optional<std::string>> { co_return "made"; };
  const lifetime how_long{.fresh = 1h};
  const auto made = get(here_->cache().get_or_fill("key", how_long, fill));
  EXPECT_EQ(*made.value, "made");
}

TEST_F(redis_outage, a_process_that_starts_without_its_server_joins_later) {
  server_.kill();
  options_.start_timeout = 10ms;
  std::vector<std::string> told;
  const auto late = make(told);
  EXPECT_TRUE(late->degraded());
  std::vector<std::string> heard;
  const auto subscribed = listen(*late, "topic", heard);
  server_.start();
  eventually([&] { return !late->degraded(); });
  until_well();
  here_->bus().publish("topic", "hello");
  eventually([&] { return !heard.empty() && heard.back() == "hello"; });
}

TEST_F(redis_outage, ends_while_its_server_is_stalled) {
  server_.pause();
  const auto began = steady_clock::now();
  there_.reset();
  EXPECT_LT(steady_clock::now() - began, 5s);
}

TEST_F(redis_at_work, scripts_that_the_server_forgot_are_sent_again) {
  EXPECT_EQ(takes(*here_, 1), 1);
  server_.command({"script", "flush"});
  EXPECT_EQ(takes(*here_, 1), 1);
  EXPECT_FALSE(here_->degraded());
}

TEST_F(redis_at_work, who_asks_often_is_answered_from_a_slice) {
  const rate limit{1000, 1h, 0};
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(get(here_->rate_limiter().take("often", limit)).allowed);
  EXPECT_GT(here_->figures().taken_locally, 400u);
  const auto left = get(there_->rate_limiter().peek("often", limit)).remaining;
  EXPECT_LE(left, 500u);
  EXPECT_GE(left, 400u) << "no more than a tenth is held";
}

TEST_F(redis_at_work, a_slice_outlives_other_keys_that_come_and_go) {
  const rate fast{1'000'000'000, 1h, 0};  // available again within microseconds
  const auto take = [&](const std::string& key) { EXPECT_TRUE(get(here_->rate_limiter().take(key, fast)).allowed); };
  for (int i = 0; i < 100; ++i) {
    take("often");
    take("once:" + std::to_string(i));
  }
  EXPECT_GT(here_->figures().taken_locally, 80u);
}

TEST_F(redis_outage, many_subscriptions_come_back) {
  constexpr int many = 3'000;
  int gaps = 0;
  int messages = 0;
  std::vector<std::unique_ptr<subscription>> all;
  for (int i = 0; i < many; ++i) {
    all.push_back(there_->bus().subscribe("t" + std::to_string(i), context_.get_executor(), [&](const delivery& one) {
      gaps += one.gap ? 1 : 0;
      messages += one.payload ? 1 : 0;
    }));
  }
  server_.kill();
  until_degraded();
  server_.start();
  until_well();
  eventually([&] { return gaps >= many; });
  for (int i = 0; i < many; ++i) here_->bus().publish("t" + std::to_string(i), "x");
  eventually([&] { return messages >= many; });
}

TEST_F(redis_at_work, channels_carry_bytes_as_they_are_also_by_pattern) {
  std::mutex mutex;
  std::vector<std::string> heard;
  const auto note = [&](const std::string& how) {
    return [&, how](std::string_view channel, std::string_view payload) {
      const std::lock_guard lock{mutex};
      heard.push_back(how + std::string{channel} + "=" + std::string{payload});
    };
  };
  const auto exact = there_->channels().listen("a#b", {note("is "), [] {}});
  const auto pattern = there_->channels().listen_pattern("a#*", {note("like "), [] {}});
  ASSERT_TRUE(there_->flush(20s));
  EXPECT_TRUE(here_->channels().publish("a#b", std::string("\0\xff", 2)));
  EXPECT_TRUE(here_->channels().publish("a#c", "1"));
  ASSERT_TRUE(here_->flush(20s));
  ASSERT_TRUE(there_->flush(20s));
  const std::lock_guard lock{mutex};
  const std::string bytes("\0\xff", 2);
  EXPECT_THAT(heard, ElementsAre("is a#b=" + bytes, "like a#b=" + bytes, "like a#c=1"));
}

TEST_F(redis_at_work, what_others_publish_and_what_a_listener_throws_end_no_subscription) {
  std::vector<std::string> seen;
  const auto listening = listen(*there_, "t", seen);
  const auto throwing =
      there_->channels().listen("x", {[](auto, auto) { throw std::runtime_error{"not today"}; }, [] {}});
  ASSERT_TRUE(there_->flush(20s));
  const auto connects = there_->figures().connects;
  for (const auto* no_message_of_ours : {"", "g", "too short"}) {
    EXPECT_TRUE(here_->channels().publish(options_.prefix + "bus-control:0", no_message_of_ours));
    EXPECT_TRUE(here_->channels().publish(options_.prefix + "bus:0:t", no_message_of_ours));
  }
  EXPECT_TRUE(here_->channels().publish("x", "1"));
  here_->bus().publish("t", "message");
  eventually([&] { return !seen.empty(); });
  EXPECT_THAT(seen, ElementsAre("message"));  // a connection that was lost would have told a gap
  EXPECT_EQ(there_->figures().connects, connects);
}

TEST_F(redis_at_work, commands_are_carried_out_in_order_and_only_over_the_connection_they_were_meant_for) {
  const auto ask = [&](std::vector<std::vector<std::string>> commands, std::uint64_t over = 0) {
    auto told = std::make_shared<std::promise<redis_result>>();
    auto answer = told->get_future();
    here_->commands().call(commands, over, [told](redis_result&& result) { told->set_value(std::move(result)); });
    return answer.get();
  };
  const std::string bytes("\0\xff", 2);
  const auto answer = ask({{"SET", "k", bytes}, {"GET", "k"}, {"EVAL", "return {1, {'a'}, {}}", "0"}});
  EXPECT_TRUE(answer.is_known);
  EXPECT_THAT(answer.values, ElementsAre("OK", bytes, "1", "a"));
  EXPECT_EQ(answer.error, "");
  EXPECT_THAT(ask({{"INCR", "k"}}).error, HasSubstr("not an integer"));
  const auto connection = here_->commands().connection();
  EXPECT_TRUE(ask({{"PING"}}, connection).is_known);
  EXPECT_FALSE(ask({{"PING"}}, connection + 1).is_known);
}

TEST_F(redis_at_work, a_large_value_is_answered_but_not_kept) {
  put(std::string((1 << 20) + 1, 'x'));
  EXPECT_EQ(look(*here_), "unknown");
  put(std::string(1 << 19, 'x'));
  EXPECT_EQ(look(*there_).size(), std::size_t{1 << 19});
}

}  // namespace
}  // namespace nxg::coordination
