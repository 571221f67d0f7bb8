#include "proxy.hpp"

#include "runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace nxg::store::testing {

namespace asio = boost::asio;
using local = asio::local::stream_protocol;

namespace {

struct link {
  explicit link(asio::io_context& on) : front{on}, back{on} {}
  void close() {
    boost::system::error_code ignored;
    front.close(ignored);
    back.close(ignored);
  }
  local::socket front, back;
  bool met = false;  ///< the request under way has the word in it
};

}  // namespace

struct unix_proxy::state {
  state(std::filesystem::path at, std::filesystem::path to) : front{std::move(at)}, back{std::move(to)} {}

  std::filesystem::path front, back;
  asio::io_context loop{1};
  local::acceptor acceptor{loop};
  std::list<std::weak_ptr<link>> links;
  bool is_open = true;
  std::string word;
  fate what = fate::passed;
  std::atomic<std::size_t> met{0};
  std::thread thread;

  task<void> accept() {
    for (;;) {
      auto one = std::make_shared<link>(loop);
      co_await acceptor.async_accept(one->front, asio::use_awaitable);
      if (!is_open) continue;
      boost::system::error_code refused;
      one->back.connect(local::endpoint{back.string()}, refused);
      if (refused) continue;
      links.push_back(one);
      asio::co_spawn(loop, requests(this, one), asio::detached);
      asio::co_spawn(loop, replies(this, one), asio::detached);
    }
  }

  static task<void> requests(state* self, std::shared_ptr<link> one) {
    std::array<char, 65'536> part{};
    try {
      for (;;) {
        const std::size_t got = co_await one->front.async_read_some(asio::buffer(part), asio::use_awaitable);
        const std::string_view text{part.data(), got};
        if (!self->word.empty() && text.find(self->word) != std::string_view::npos) {
          one->met = true;
          ++self->met;
        }
        co_await asio::async_write(one->back, asio::buffer(part, got), asio::use_awaitable);
      }
    } catch (const boost::system::system_error&) {
      one->close();
    }
  }

  static task<void> replies(state* self, std::shared_ptr<link> one) {
    std::array<char, 65'536> part{};
    try {
      for (;;) {
        const std::size_t got = co_await one->back.async_read_some(asio::buffer(part), asio::use_awaitable);
        const fate what = one->met ? self->what : fate::passed;
        one->met = false;
        if (what == fate::cut) one->close();
        if (what != fate::passed) continue;
        co_await asio::async_write(one->front, asio::buffer(part, got), asio::use_awaitable);
      }
    } catch (const boost::system::system_error&) {
      one->close();
    }
  }

  /// On the proxy's thread, and done when this returns.
  template <class Work>
  void now(Work work) {
    asio::post(loop, asio::use_future(std::move(work))).get();
  }
};

unix_proxy::unix_proxy(std::filesystem::path front, std::filesystem::path back)
    : state_{std::make_unique<state>(std::move(front), std::move(back))} {
  state_->acceptor.open();
  state_->acceptor.bind(local::endpoint{state_->front.string()});
  state_->acceptor.listen();
  asio::co_spawn(state_->loop, state_->accept(), asio::detached);
  state_->thread = std::thread{[one = state_.get()] { one->loop.run(); }};
}

unix_proxy::~unix_proxy() {
  state_->loop.stop();
  state_->thread.join();
}

void unix_proxy::replies_to(std::string command, fate what) {
  state_->now([&] {
    state_->word = std::move(command);
    state_->what = what;
    state_->met = 0;
  });
}

void unix_proxy::cut_off() {
  state_->now([&] {
    state_->is_open = false;
    for (const auto& one : state_->links) {
      if (const auto there = one.lock()) there->close();
    }
    state_->links.clear();
  });
}

void unix_proxy::open() {
  state_->now([&] { state_->is_open = true; });
}

std::size_t unix_proxy::met() const { return state_->met; }

}  // namespace nxg::store::testing
