#include "socketio/client.hpp"

#include "runtime/timer.hpp"
#include "socketio/client_connection.hpp"
#include "socketio/on_core.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::size_t max_response_head = 16 * 1024;

struct address {
  std::string host;
  std::string port = "80";
};

/// `http://host[:port][/]`, also with ws, and IPv6 hosts in brackets.
std::optional<address> parse_url(std::string_view url) {
  if (url.starts_with("http://")) {
    url.remove_prefix(7);
  } else if (url.starts_with("ws://")) {
    url.remove_prefix(5);
  } else {
    return std::nullopt;
  }
  url = url.substr(0, url.find('/'));
  const auto bracket = url.starts_with('[') ? url.find(']') : 0;
  if (bracket == std::string_view::npos) return std::nullopt;
  const auto colon = url.find(':', bracket);
  address result{.host = std::string{url.substr(0, colon)}};
  if (colon != std::string_view::npos) result.port = std::string{url.substr(colon + 1)};
  if (bracket > 0) result.host = result.host.substr(1, bracket - 1);
  unsigned number = 0;
  const auto [end, error] = std::from_chars(result.port.data(), result.port.data() + result.port.size(), number);
  if (result.host.empty() || error != std::errc{} || end != result.port.data() + result.port.size() || number > 65'535)
    return std::nullopt;
  return result;
}

/// What the time-out of one attempt to connect has to end, whatever stage it is at.
struct attempt {
  tcp::socket socket;
  std::shared_ptr<detail::client_connection> connection;
  bool timed_out = false;

  void time_out() {
    timed_out = true;
    boost::system::error_code ignored;
    socket.close(ignored);
    if (connection) connection->close("timeout", false);
  }
};

task<> connect_tcp(tcp::socket& socket, const address& to) {
  boost::system::error_code not_a_number;
  const auto ip = asio::ip::make_address(to.host, not_a_number);
  if (!not_a_number) {
    co_await socket.async_connect({ip, static_cast<std::uint16_t>(std::stoul(to.port))}, asio::use_awaitable);
    co_return;
  }
  tcp::resolver resolver{socket.get_executor()};
  const auto found = co_await resolver.async_resolve(to.host, to.port, asio::use_awaitable);
  co_await asio::async_connect(socket, found, asio::use_awaitable);
}

/// Does the WebSocket handshake; returns what came behind its answer.
task<std::string> upgrade_to_websocket(tcp::socket& socket, std::string host, const client_options& options,
                                       runtime::random& random) {
  std::array<char, 16> bytes;
  random.fill(std::as_writable_bytes(std::span{bytes}));
  const auto key = websocket::base64({bytes.data(), bytes.size()});
  const auto request =
      websocket::client_request(host, options.path + "?EIO=4&transport=websocket", key, options.headers);
  co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
  std::string received;
  std::array<char, 1024> piece;
  for (;;) {
    const auto count = co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable);
    received.append(piece.data(), count);
    const auto end = received.find("\r\n\r\n");
    if (end == std::string::npos) {
      if (received.size() > max_response_head) throw disconnected{"the answer has no end"};
      continue;
    }
    const auto head = websocket::parse_head(std::string_view{received}.substr(0, end + 4));
    if (!head) throw disconnected{"the answer is not HTTP"};
    if (const auto why = websocket::check_response(*head, key)) throw disconnected{*why};
    co_return received.substr(end + 4);
  }
}

task<> establish(std::shared_ptr<attempt> one, const address& to, const client_options& options,
                 runtime::random& random) {
  co_await connect_tcp(one->socket, to);
  auto surplus = co_await upgrade_to_websocket(one->socket, to.host + ':' + to.port, options, random);
  co_await detail::await_ack([&](std::shared_ptr<detail::ack_wait> opened) {
    one->connection->begin(std::move(one->socket), std::move(surplus), std::move(opened));
  });
}

}  // namespace

client_environment::client_environment(executor where, runtime::clock& time, runtime::random& random)
    : state_{std::make_shared<detail::client_environment_state>(std::move(where), time, random)} {}
client_environment::~client_environment() = default;

struct client::key {};

client::client(const key&, std::shared_ptr<detail::client_connection> connection)
    : connection_{std::move(connection)} {}

client::~client() {
  run_on(connection_->environment()->io()->get_executor(),
         [connection = connection_] { connection->close("io client disconnect", false); });
}

task<std::shared_ptr<client>> client::open(client_environment& in, std::string url) {
  return open_with(in, std::move(url), std::make_shared<const client_options>());
}

task<std::shared_ptr<client>> client::open(client_environment& in, std::string url, const client_options& options) {
  return open_with(in, std::move(url), std::make_shared<const client_options>(options));
}

task<std::shared_ptr<client>> client::open_with(client_environment& in, std::string url,
                                                std::shared_ptr<const client_options> options) {
  const auto to = parse_url(url);
  if (!to) throw std::invalid_argument{"not an address of the form http://host:port: " + url};
  const auto state = in.state_;
  const auto one =
      std::make_shared<attempt>(attempt{.socket = tcp::socket{state->io()->get_executor()},
                                        .connection = std::make_shared<detail::client_connection>(state, *options)});
  runtime::timer limit{state->io()->get_executor(), state->time()};
  limit.async_wait(state->time().steady() + options->connect_timeout, [one](bool fired) {
    if (fired) one->time_out();
  });
  try {
    co_await establish(one, *to, *options, state->random());
  } catch (...) {
    one->connection->close("transport error", false);
    if (one->timed_out) throw boost::system::system_error{asio::error::timed_out};
    throw;
  }
  co_return std::make_shared<client>(key{}, one->connection);
}

std::shared_ptr<client_socket> client::of(const std::string& namespace_name) { return connection_->of(namespace_name); }
void client::on_close(std::function<void(std::string_view)> handler) { connection_->on_close(std::move(handler)); }
void client::close() { connection_->close("io client disconnect", true); }
void client::drop() { connection_->close("transport close", false); }
bool client::is_open() const noexcept { return connection_->is_open(); }

namespace {
task<joined_client> join(task<std::shared_ptr<client>> opening, std::string namespace_name, std::string auth) {
  joined_client result;
  result.connection = co_await std::move(opening);
  result.socket = result.connection->of(namespace_name);
  co_await result.socket->connect(std::move(auth));
  co_return result;
}
}  // namespace

task<joined_client> connect(client_environment& in, std::string url, std::string namespace_name, std::string auth) {
  return join(client::open(in, std::move(url)), std::move(namespace_name), std::move(auth));
}

task<joined_client> connect(client_environment& in, std::string url, std::string namespace_name, std::string auth,
                            const client_options& options) {
  return join(client::open(in, std::move(url), options), std::move(namespace_name), std::move(auth));
}

}  // namespace nxg::socketio
