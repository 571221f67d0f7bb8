#include "http_client/client.hpp"

#include "http_client/tests/scripted_server.hpp"
#include "resilience/tests/spawned.hpp"
#include "runtime/io_pool.hpp"

#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <future>
#include <vector>

namespace nxg::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using testing_support::spawned;

class client_test : public testing::Test {
 protected:
  client_test() { renew({}); }
  void renew(client_options options) { client_.emplace(context_.get_executor(), time_, std::move(options)); }

  auto start(client_request request) {
    return spawned{executor{context_.get_executor()}, client_->send(std::move(request))};
  }
  auto start(std::string url) { return start(client_request{.url = std::move(url)}); }

  /// Runs until then, within ten seconds.
  template <class Done>
  void run_until(Done done) {
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    context_.restart();
    while (!done() && std::chrono::steady_clock::now() < give_up) context_.run_one_for(10ms);
    ASSERT_TRUE(done());
  }
  template <class Request>
  client_response get(Request request) {
    auto one = start(std::move(request));
    run_until([&] { return one.ended(); });
    return one.ended() ? one.result() : client_response{};
  }
  template <class Request>
  client_failure failure(Request request) {
    auto one = start(std::move(request));
    run_until([&] { return one.ended(); });
    return failure_of(one);
  }
  static client_failure failure_of(spawned<client_response>& one) {
    try {
      ADD_FAILURE() << "an answer came, of status " << one.result().status;
    } catch (const client_error& error) {
      return error.how;
    }
    return client_failure::stopped;
  }

  runtime::clock time_{runtime::clock::mode::adjustable};
  asio::io_context context_;
  std::optional<client> client_;
};

TEST_F(client_test, gives_status_headers_and_body) {
  scripted_server server{
      always("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nX-Thing:  a b \r\nX-Thing: c\r\n\r\nnone")};
  const auto answer = get(server.url("/x"));
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, "none");
  EXPECT_EQ(answer.header("x-thing"), "a b");
  EXPECT_EQ(answer.header("X-THING"), "a b");
  EXPECT_EQ(answer.header("absent"), std::nullopt);
  EXPECT_THAT(answer.headers, testing::Contains(std::pair<std::string, std::string>{"x-thing", "c"}));
}

TEST_F(client_test, sends_what_it_is_told_and_little_else) {
  std::promise<std::string> seen;
  scripted_server server{[&](connection& with) {
    seen.set_value(*with.read_request());
    with.write(ok(""));
  }};
  get(client_request{.method = "POST",
                     .url = server.url("/a%20b?c=d"),
                     .headers = {{"X-Api-Key", "k"}, {"Content-Type", "application/json"}, {"X-Empty", ""}},
                     .body = std::string{"{\0}", 3}});
  const auto request = seen.get_future().get();
  EXPECT_THAT(request, testing::StartsWith("POST /a%20b?c=d HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Api-Key: k\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nContent-Length: 3\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\nUser-Agent: nxg-connect\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("Expect")));
  EXPECT_TRUE(request.ends_with(std::string_view{"\r\n\r\n{\0}", 7}));
}

TEST_F(client_test, knows_the_methods) {
  std::mutex mutex;
  std::vector<std::string> lines;
  scripted_server server{[&](connection& with) {
    while (const auto request = with.read_request()) {
      {
        const std::lock_guard lock{mutex};
        lines.push_back(request->substr(0, request->find(' ')) +
                        (request->find("Content-Length: 0") != std::string::npos ? " 0" : ""));
      }
      with.write(request->starts_with("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : ok("x"));
    }
  }};
  for (const auto* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(get(client_request{.method = method, .url = server.url("/")}).status, 200) << method;
  }
  EXPECT_THAT(lines, testing::ElementsAre("GET", "HEAD", "POST 0", "PUT 0", "PATCH 0", "DELETE", "OPTIONS"));
}

TEST_F(client_test, a_connection_is_kept_but_for_what_must_not_be_done_twice) {
  scripted_server server{always(ok("x"))};
  for (int i = 0; i < 5; ++i) get(server.url("/"));
  EXPECT_EQ(server.accepted(), 1);
  EXPECT_EQ(client_->connections_opened(), 1u);
  get(client_request{.method = "POST", .url = server.url("/"), .headers = {{"Idempotency-Key", "1"}}});
  get(client_request{.method = "POST", .url = server.url("/"), .repeatable = true});
  EXPECT_EQ(server.accepted(), 1);
  get(client_request{.method = "POST", .url = server.url("/")});
  EXPECT_EQ(server.accepted(), 2);
}

TEST_F(client_test, a_name_is_resolved_without_blocking) {
  scripted_server server{always(ok("x"))};
  EXPECT_EQ(get(server.url("/", "localhost")).body, "x");
}

TEST_F(client_test, redirects_and_interim_answers_are_not_confused_with_the_answer) {
  scripted_server server{
      always("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
             "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")};
  const auto answer = get(server.url("/"));
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(answer.header("location"), "http://127.0.0.1:1/");
  EXPECT_EQ(answer.header("link"), std::nullopt);
}

TEST_F(client_test, chunks_are_joined) {
  scripted_server server{
      always("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")};
  EXPECT_EQ(get(server.url("/")).body, "abcde");
}

TEST_F(client_test, a_server_that_hangs_is_left_at_the_time_out) {
  std::promise<void> got;
  std::promise<void> closed;
  scripted_server server{[&](connection& with) {
    with.read_request();
    got.set_value();
    with.wait_for_close();
    closed.set_value();
  }};
  auto one = start(client_request{.url = server.url("/"), .timeout = 10s});
  auto arrived = got.get_future();
  run_until([&] { return arrived.wait_for(0s) == std::future_status::ready; });
  time_.advance(9s);
  testing_support::settle(context_);
  EXPECT_FALSE(one.ended());
  EXPECT_EQ(client_->running(), 1u);
  time_.advance(1s);
  run_until([&] { return one.ended(); });
  EXPECT_EQ(failure_of(one), client_failure::timeout);
  EXPECT_EQ(client_->running(), 0u);
  EXPECT_EQ(closed.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(client_test, a_server_that_drips_is_left_at_the_time_out_too) {
  scripted_server server{[&](connection& with) {
    with.read_request();
    with.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
    with.wait_for_close();
  }};
  auto one = start(client_request{.url = server.url("/"), .timeout = 10s});
  run_until([&] { return server.accepted() == 1; });
  time_.advance(10s);
  run_until([&] { return one.ended(); });
  EXPECT_EQ(failure_of(one), client_failure::timeout);
}

TEST_F(client_test, cancelling_resumes_the_caller_and_closes_the_connection_at_once) {
  std::promise<void> got;
  std::promise<void> closed;
  scripted_server server{[&](connection& with) {
    with.read_request();
    got.set_value();
    with.wait_for_close();
    closed.set_value();
  }};
  auto one = start(server.url("/"));
  auto arrived = got.get_future();
  run_until([&] { return arrived.wait_for(0s) == std::future_status::ready; });
  one.cancel();
  testing_support::settle(context_);
  EXPECT_TRUE(one.aborted());
  EXPECT_EQ(client_->running(), 0u);
  EXPECT_EQ(closed.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(client_test, cancelling_before_it_began_sends_nothing) {
  scripted_server server{always(ok("x"))};
  auto one = start(server.url("/"));
  one.cancel();
  testing_support::settle(context_);
  EXPECT_TRUE(one.aborted());
  EXPECT_EQ(get(server.url("/")).status, 200);
  EXPECT_EQ(server.accepted(), 1);
}

TEST_F(client_test, nobody_listening_is_told) {
  std::uint16_t port = 0;
  {
    const scripted_server gone{always("")};
    port = gone.port();
  }
  EXPECT_EQ(failure("http://127.0.0.1:" + std::to_string(port) + "/"), client_failure::connect);
}

TEST_F(client_test, an_answer_that_ends_early_is_cut) {
  scripted_server half{[](connection& with) {
    with.read_request();
    with.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
  }};
  EXPECT_EQ(failure(half.url("/")), client_failure::cut);
  scripted_server none{[](connection& with) { with.read_request(); }};
  EXPECT_EQ(failure(none.url("/")), client_failure::cut);
  scripted_server chunk{[](connection& with) {
    with.read_request();
    with.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc");
  }};
  EXPECT_EQ(failure(chunk.url("/")), client_failure::cut);
}

TEST_F(client_test, what_is_no_http_is_refused) {
  scripted_server server{[](connection& with) {
    with.read_request();
    with.write("hello there, this is no HTTP at all\r\n\r\n");
  }};
  EXPECT_EQ(failure(server.url("/")), client_failure::protocol);
}

TEST_F(client_test, an_answer_larger_than_its_bound_is_not_taken) {
  scripted_server server{always(ok(std::string(3 << 20, 'x')))};
  EXPECT_EQ(failure(server.url("/")), client_failure::too_large);
  EXPECT_EQ(get(client_request{.url = server.url("/"), .max_response_bytes = 3 << 20}).body.size(), 3u << 20);
  scripted_server head{always(ok("x", "X-Long: " + std::string(70'000, 'h') + "\r\n"))};
  EXPECT_EQ(failure(head.url("/")), client_failure::too_large);
}

std::string gzip(const std::string& text) {
  std::string packed(compressBound(static_cast<uLong>(text.size())) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

TEST_F(client_test, a_compressed_answer_is_unpacked_and_bounded_by_its_real_size) {
  scripted_server small{always(ok(gzip("hello"), "Content-Encoding: gzip\r\n"))};
  EXPECT_EQ(get(small.url("/")).body, "hello");
  scripted_server bomb{always(ok(gzip(std::string(50 << 20, '\0')), "Content-Encoding: gzip\r\n"))};
  EXPECT_EQ(failure(bomb.url("/")), client_failure::too_large);
  scripted_server lie{always(ok("no gzip", "Content-Encoding: gzip\r\n"))};
  EXPECT_EQ(failure(lie.url("/")), client_failure::protocol);
}

TEST_F(client_test, what_cannot_be_sent_is_refused_before) {
  for (const auto* url : {"", "nonsense", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1/a b",
                          "http://127.0.0.1/\r\nX: y", "http://[::1/", "http://"}) {
    EXPECT_EQ(failure(std::string{url}), client_failure::invalid_request) << url;
  }
  EXPECT_EQ(failure(client_request{.url = "http://127.0.0.1/", .headers = {{"X", "a\r\nY: b"}}}),
            client_failure::invalid_request);
  EXPECT_EQ(failure(client_request{.url = "http://127.0.0.1/", .headers = {{"X: y", "a"}}}),
            client_failure::invalid_request);
  EXPECT_EQ(failure(client_request{.method = "GET /", .url = "http://127.0.0.1/"}), client_failure::invalid_request);
}

TEST_F(client_test, more_requests_than_allowed_are_refused_at_once) {
  renew({.max_running = 2});
  scripted_server server{[](connection& with) { with.wait_for_close(); }};
  auto one = start(server.url("/"));
  auto two = start(server.url("/"));
  EXPECT_EQ(failure(server.url("/")), client_failure::busy);
  EXPECT_FALSE(one.ended() || two.ended());
  one.cancel();
  testing_support::settle(context_);
  EXPECT_EQ(client_->running(), 1u);
}

TEST_F(client_test, requests_under_way_end_with_the_client) {
  scripted_server server{[](connection& with) { with.wait_for_close(); }};
  auto one = start(server.url("/"));
  run_until([&] { return server.accepted() == 1; });
  client_.reset();
  testing_support::settle(context_);
  ASSERT_TRUE(one.ended());
  EXPECT_EQ(failure_of(one), client_failure::stopped);
}

TEST(client, may_be_used_from_all_cores) {
  scripted_server server{always(ok("answer"))};
  runtime::clock time;
  runtime::io_pool pool{3};
  client all{pool.at(0), time};
  std::atomic<int> right_core{0};
  auto job = [&](std::size_t core) -> task<void> {
    for (int i = 0; i < 20; ++i) {
      client_request request{.url = server.url("/")};
      const auto answer = co_await all.send(std::move(request));
      EXPECT_EQ(answer.body, "answer");
      if (pool.current() == core) ++right_core;
    }
  };
  std::vector<std::future<void>> done;
  for (std::size_t i = 0; i < 30; ++i) done.push_back(asio::co_spawn(pool.at(i), job(i % 3), asio::use_future));
  pool.start();
  for (auto& one : done) one.get();
  EXPECT_EQ(right_core, 600);
  EXPECT_LE(all.connections_opened(), 30u);
  pool.stop();
}

TEST(client_response, reads_retry_after_in_both_forms) {
  const auto pause = [](std::string value, instant now = instant{}) {
    client_response answer;
    answer.headers.emplace_back("retry-after", std::move(value));
    return answer.retry_after(now);
  };
  EXPECT_EQ(pause("120"), 120s);
  EXPECT_EQ(pause("0"), 0s);
  EXPECT_EQ(pause("999999999999"), 24h);
  const instant now{std::chrono::seconds{1'445'412'420}};  // Wed, 21 Oct 2015 07:27:00 GMT
  EXPECT_EQ(pause("Wed, 21 Oct 2015 07:28:00 GMT", now), 60s);
  EXPECT_EQ(pause("Wed, 21 Oct 2015 07:26:00 GMT", now), 0s);
  for (const auto* bad : {"", "-1", "soon", "1.5"}) EXPECT_EQ(pause(bad), std::nullopt) << bad;
  EXPECT_EQ(client_response{}.retry_after(now), std::nullopt);
}

}  // namespace
}  // namespace nxg::http
