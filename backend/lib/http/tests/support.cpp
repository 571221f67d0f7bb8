#include "support.hpp"

#include "http/head_parser.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace nxg::http::testing {

namespace asio = boost::asio;

response answer(const router& routes, request& incoming) {
  asio::io_context loop{1};
  std::exception_ptr error;
  std::optional<response> result;
  asio::co_spawn(loop, routes.answer(incoming), [&](std::exception_ptr failed, response made) {
    error = failed;
    result = std::move(made);
  });
  loop.run();
  if (error) std::rethrow_exception(error);
  return std::move(*result);
}

request make_request(verb method, std::string_view target, std::string body) {
  request made;
  made.method = method;
  made.target = target;
  const auto question = target.find('?');
  made.path = target.substr(0, question);
  if (question != std::string_view::npos) made.query = target.substr(question + 1);
  if (!body.empty()) made.headers.add("Content-Type", "application/json");
  made.body = std::move(body);
  made.remote_address = "192.0.2.1";
  return made;
}

std::string wire_answer::header(std::string_view name) const {
  std::string_view left = head;
  while (!left.empty()) {
    const auto line = left.substr(0, left.find("\r\n"));
    left.remove_prefix(std::min(line.size() + 2, left.size()));
    const auto colon = line.find(':');
    if (colon != std::string_view::npos && equal_ignoring_case(line.substr(0, colon), name)) {
      return std::string{line.substr(std::min(colon + 2, line.size()))};
    }
  }
  return {};
}

bool wire_answer::has(std::string_view name) const { return !header(name).empty(); }

raw_client::raw_client(std::uint16_t port, int receive_buffer) : socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  timeval patience{5, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::system_error{errno, std::generic_category(), "connect"};
  }
}

raw_client::~raw_client() { ::close(socket_); }

void raw_client::send(std::string_view octets) const {
  while (!octets.empty()) {
    const auto sent = ::send(socket_, octets.data(), octets.size(), MSG_NOSIGNAL);
    // The server may have closed already: what it answered is still to be read.
    if (sent <= 0) return;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool raw_client::fill() {
  char piece[16 * 1024];
  const auto count = ::recv(socket_, piece, sizeof piece, 0);
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    throw std::runtime_error{"the server said nothing for 5 s"};
  if (count <= 0) return false;
  read_.append(piece, static_cast<std::size_t>(count));
  return true;
}

wire_answer raw_client::receive(bool to_head) {
  std::size_t end = 0;
  while ((end = read_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) throw std::runtime_error{"closed before an answer: '" + read_ + "'"};
  }
  wire_answer got;
  got.head = read_.substr(0, end + 2);
  got.status = std::stoi(got.head.substr(9, 3));
  read_.erase(0, end + 4);
  const auto length = got.header("content-length");
  const auto size = to_head || length.empty() ? 0 : std::stoul(length);
  while (read_.size() < size) {
    if (!fill()) throw std::runtime_error{"closed in the middle of a body"};
  }
  got.body = read_.substr(0, size);
  read_.erase(0, size);
  return got;
}

wire_answer raw_client::ask(std::string_view octets) {
  send(octets);
  return receive();
}

bool raw_client::closed() {
  rest();
  return true;
}

std::string raw_client::rest() {
  while (fill()) {
  }
  return std::exchange(read_, {});
}

void raw_client::finish_sending() const { ::shutdown(socket_, SHUT_WR); }

namespace {
server_options local(server_options options) {
  options.address = "127.0.0.1";
  return options;
}
}  // namespace

running_server::running_server(server_options options, std::size_t cores)
    : pool{cores}, server_{pool, clock, routes_, local(std::move(options))} {}

running_server::~running_server() {
  server_.stop(std::chrono::milliseconds{0});
  pool.stop();
}

void running_server::start() {
  routes_.seal();
  pool.start();
  server_.start();
}

void running_server::settle() {
  for (std::size_t core = 0; core < pool.size(); ++core) {
    // Twice: what was queued may itself have queued its continuation.
    for (int i = 0; i < 2; ++i) {
      std::promise<void> reached;
      asio::post(pool.at(core), [&] { reached.set_value(); });
      reached.get_future().wait();
    }
  }
}

struct gate::state {
  std::mutex mutex;
  std::condition_variable changed;
  bool is_open = false;
  int waiting = 0;
  std::vector<std::move_only_function<void(boost::system::error_code)>> resume;
};

gate::gate() : state_{std::make_shared<state>()} {}
gate::~gate() = default;

task<> gate::pass() {
  const auto shared = state_;
  auto start = [shared](auto handler) {
    using handler_type = decltype(handler);
    auto where = asio::get_associated_executor(handler);
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto kept = std::make_shared<std::optional<handler_type>>(std::move(handler));
    auto finish = [kept, where](boost::system::error_code error) {
      asio::post(where, [kept, error] {
        if (!*kept) return;
        auto one = std::move(**kept);
        kept->reset();
        std::move(one)(error);
      });
    };
    if (slot.is_connected()) slot.assign([finish](asio::cancellation_type) { finish(asio::error::operation_aborted); });
    const std::lock_guard lock{shared->mutex};
    ++shared->waiting;
    shared->changed.notify_all();
    if (shared->is_open) {
      finish({});
    } else {
      shared->resume.emplace_back(finish);
    }
  };
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code)>(start,
                                                                                                asio::use_awaitable);
}

void gate::open() {
  const std::lock_guard lock{state_->mutex};
  state_->is_open = true;
  for (auto& one : std::exchange(state_->resume, {})) one({});
}

void gate::wait_for_arrival() {
  std::unique_lock lock{state_->mutex};
  state_->changed.wait(lock, [&] { return state_->waiting > 0; });
}

}  // namespace nxg::http::testing
