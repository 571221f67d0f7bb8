#include "socketio_http/mount.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace nxg::socketio_http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::StartsWith;

/// Both servers on one port, two cores, an echo in the main namespace.
class mounted : public testing::Test {
 protected:
  mounted()
      : sockets{{pool.at(0), pool.at(1)}, time, random, options()}, door{pool, time, routes, {.address = "127.0.0.1"}} {
    sockets.namespace_("/").on("say", [](const std::shared_ptr<socketio::socket>& who, socketio::event_args args) {
      who->emit("said", args.to_payload());
    });
    sockets.namespace_("/").on_disconnect(
        [this](const std::shared_ptr<socketio::socket>&, socketio::close_reason why) { ended.set_value(why); });
    routes.get("/plain").open().handle([] { return http::make_response(200, "text/plain", "routed"); });
    routes.seal();
    mount(sockets, door);
    pool.start();
    door.start();
  }
  ~mounted() override {
    door.stop(1s);
    pool.stop();
  }
  static socketio::server_options options() {
    socketio::server_options with;
    with.engine.max_payload = 1000;
    with.engine.cors.emplace();
    return with;
  }

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{2};
  http::router routes;
  socketio::server sockets;
  http::server door;
  std::promise<socketio::close_reason> ended;
};

/// A blocking client on one connection.
struct client {
  explicit client(std::uint16_t port) { socket.connect({asio::ip::make_address("127.0.0.1"), port}); }
  std::string ask(const std::string& head, const std::string& body = {}) {
    send(head, body);
    return receive();
  }
  void send(const std::string& head, const std::string& body = {}) {
    std::string all = head + " HTTP/1.1\r\nHost: h\r\n";
    if (!body.empty()) all += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    asio::write(socket, asio::buffer(all + "\r\n" + body));
  }
  std::string receive() {
    const auto end = asio::read_until(socket, asio::dynamic_buffer(read), "\r\n\r\n");
    auto head = read.substr(0, end);
    read.erase(0, end);
    std::size_t length = 0;
    if (const auto at = head.find("Content-Length: "); at != std::string::npos)
      std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
    if (read.size() < length)
      asio::read(socket, asio::dynamic_buffer(read), asio::transfer_exactly(length - read.size()));
    auto body = read.substr(0, length);
    read.erase(0, length);
    return head.substr(9, 3) + ' ' + body;
  }
  asio::io_context loop;
  asio::ip::tcp::socket socket{loop};
  std::string read;
};

std::string open(client& with) {
  const auto answer = with.ask("GET /socket.io/?EIO=4&transport=polling");
  EXPECT_THAT(answer, StartsWith("200 0{\"sid\":\""));
  return "/socket.io/?EIO=4&transport=polling&sid=" + answer.substr(13, 22);
}

TEST_F(mounted, a_client_polls_on_the_connections_that_other_requests_use) {
  client one{door.port()};
  client other{door.port()};
  const auto session = open(one);
  EXPECT_EQ(one.ask("POST " + session, "40"), "200 ok");
  EXPECT_THAT(other.ask("GET " + session), StartsWith("200 40{\"sid\""));
  EXPECT_EQ(one.ask("GET /plain"), "200 routed");
  other.send("GET " + session);
  EXPECT_EQ(one.ask("POST " + session, "42[\"say\",1]"), "200 ok");
  EXPECT_EQ(other.receive(), "200 42[\"said\",1]");
  EXPECT_EQ(other.ask("GET /plain"), "200 routed");
}

TEST_F(mounted, a_body_that_is_too_large_is_refused_and_one_that_breaks_off_ends_the_session) {
  client one{door.port()};
  const auto session = open(one);
  EXPECT_EQ(one.ask("POST " + session, "40"), "200 ok");
  EXPECT_THAT(one.ask("GET " + session), StartsWith("200 40"));
  client large{door.port()};
  EXPECT_THAT(large.ask("POST " + session, "4" + std::string(2000, 'x')), StartsWith("413"));
  client half{door.port()};
  asio::write(half.socket, asio::buffer("POST " + session + " HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n42["));
  half.socket.close();
  EXPECT_EQ(ended.get_future().get(), socketio::close_reason::transport_error);
  EXPECT_THAT(one.ask("GET " + session), HasSubstr("\"code\":1"));
}

TEST_F(mounted, a_client_that_leaves_its_poll_ends_its_session) {
  client one{door.port()};
  const auto session = open(one);
  EXPECT_EQ(one.ask("POST " + session, "40"), "200 ok");
  EXPECT_THAT(one.ask("GET " + session), StartsWith("200 40"));
  {
    client waits{door.port()};
    waits.send("GET " + session);
    // Only an answer to a second request shows that the first has come: it is a second poll's, if it came too early.
    EXPECT_EQ(one.ask("POST " + session, "42[\"say\",1]"), "200 ok");
    EXPECT_EQ(waits.receive(), "200 42[\"said\",1]");
    waits.send("GET " + session);
  }
  EXPECT_EQ(ended.get_future().get(), socketio::close_reason::transport_error);
}

TEST_F(mounted, an_upgrade_takes_the_session_over) {
  client one{door.port()};
  const auto session = open(one);
  client upgrade{door.port()};
  auto target = session;
  target.replace(target.find("polling"), 7, "websocket");
  asio::write(upgrade.socket,
              asio::buffer("GET " + target +
                           " HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
  EXPECT_THAT(upgrade.receive(), StartsWith("101"));
}

}  // namespace
}  // namespace nxg::socketio_http
