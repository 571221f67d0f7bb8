#include "http_client/client.hpp"

#include "http_client/detail/engine.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <curl/curl.h>
#include <utility>

namespace nxg::http {

namespace asio = boost::asio;

std::string_view name_of(client_failure how) noexcept {
  switch (how) {
    case client_failure::invalid_request: return "invalid_request";
    case client_failure::busy: return "busy";
    case client_failure::resolve: return "resolve";
    case client_failure::connect: return "connect";
    case client_failure::tls: return "tls";
    case client_failure::timeout: return "timeout";
    case client_failure::cut: return "cut";
    case client_failure::too_large: return "too_large";
    case client_failure::protocol: return "protocol";
    case client_failure::stopped: return "stopped";
  }
  std::unreachable();
}

std::optional<std::string_view> client_response::header(std::string_view name) const noexcept {
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a + 32 : a) == (b >= 'A' && b <= 'Z' ? b + 32 : b);
  };
  const auto found =
      std::ranges::find_if(headers, [&](const auto& one) { return std::ranges::equal(one.first, name, same); });
  if (found == headers.end()) return std::nullopt;
  return found->second;
}

std::optional<std::chrono::milliseconds> client_response::retry_after(instant now) const noexcept {
  constexpr std::chrono::seconds longest{86'400};
  const auto value = header("retry-after");
  if (!value) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  if (error == std::errc{} && end == value->data() + value->size() && seconds >= 0) {
    return std::min(std::chrono::seconds{std::min(seconds, longest.count())}, longest);
  }
  const std::string date{*value};  // curl_getdate wants an end
  const auto when = curl_getdate(date.c_str(), nullptr);
  if (when < 0) return std::nullopt;
  const instant at{std::chrono::seconds{when}};
  return std::clamp<std::chrono::milliseconds>(at - now, std::chrono::milliseconds{0}, longest);
}

struct client::state {
  std::shared_ptr<engine> driver;
  std::atomic<std::uint64_t> last_id{0};
};

namespace {

/// The caller of one `send`: answered once, by whoever comes first.
template <class Handler>
struct caller {
  explicit caller(Handler h) : handler{std::move(h)}, where{asio::get_associated_executor(handler)} {}

  void answer(std::exception_ptr error, client_response response) {
    if (answered.exchange(true)) return;
    asio::post(where, [h = std::move(handler), error = std::move(error), response = std::move(response)]() mutable {
      asio::get_associated_cancellation_slot(h).clear();
      std::move(h)(std::move(error), std::move(response));
    });
  }

  std::atomic<bool> answered{false};
  Handler handler;
  asio::associated_executor_t<Handler> where;
};

}  // namespace

client::client(executor where, runtime::clock& time, client_options options)
    : state_{std::make_shared<state>(std::make_shared<engine>(std::move(where), time, std::move(options)))} {}

client::~client() { state_->driver->stop(); }

task<client_response> client::send(client_request request) {
  auto start = [driver = state_->driver, id = ++state_->last_id]<class Handler>(Handler resume, client_request wanted) {
    const auto slot = asio::get_associated_cancellation_slot(resume);
    const auto waiting = std::make_shared<caller<Handler>>(std::move(resume));
    if (slot.is_connected()) {
      auto assigned = slot;
      assigned.assign([weak = std::weak_ptr{waiting}, driver, id](asio::cancellation_type) {
        const auto alive = weak.lock();
        if (!alive) return;
        alive->answer(std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted}), {});
        asio::post(driver->where(), [driver, id] { driver->abort(id); });
      });
    }
    asio::post(driver->where(), [driver, id, waiting, wanted = std::move(wanted)]() mutable {
      if (waiting->answered) return;
      driver->start(id, std::move(wanted), [waiting](std::exception_ptr error, client_response response) {
        waiting->answer(std::move(error), std::move(response));
      });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, client_response)>(
      start, asio::use_awaitable, std::move(request));
}

std::size_t client::running() const noexcept { return state_->driver->running(); }
std::uint64_t client::connections_opened() const noexcept { return state_->driver->connections_opened(); }

}  // namespace nxg::http
