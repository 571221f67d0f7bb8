#include "http_client/detail/engine.hpp"

#include <algorithm>
#include <mutex>
#include <new>
#include <utility>

namespace nxg::http {

namespace asio = boost::asio;

namespace {

/// libcurl wants this once per process, before anything else.
void require_libcurl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error{"libcurl could not be started"};
  });
}

std::exception_ptr error_of(client_failure how, const char* what) {
  return std::make_exception_ptr(client_error{how, what});
}

CURLM* make_multi() {
  require_libcurl();
  auto* multi = curl_multi_init();
  if (multi == nullptr) throw std::bad_alloc{};
  return multi;
}

}  // namespace

engine::engine(executor where, runtime::clock& time, client_options options)
    : where_{std::move(where)}, time_{time}, options_{std::move(options)}, multi_{make_multi()}, timer_{where_} {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &engine::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &engine::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.max_idle_connections));
}

engine::~engine() { stop(); }

void engine::start(std::uint64_t id, client_request request, done then) {
  if (multi_ == nullptr) return then(error_of(client_failure::stopped, "the client is stopped"), {});
  if (exchanges_.size() >= options_.max_running) {
    return then(error_of(client_failure::busy, "too many requests are under way"), {});
  }
  std::unique_ptr<exchange> made;
  try {
    made = std::make_unique<exchange>(id, std::move(request), nullptr, options_, runtime::timer{where_, time_});
  } catch (...) {
    return then(std::current_exception(), {});
  }
  made->then = std::move(then);
  auto& one = *exchanges_.emplace(id, std::move(made)).first->second;
  running_ = exchanges_.size();
  one.limit.async_wait(time_.steady() + one.with.request().timeout, [weak = weak_from_this(), id](bool fired) {
    if (const auto self = weak.lock(); self && fired)
      self->fail(id, client_failure::timeout, "no complete answer in time");
  });
  if (curl_multi_add_handle(multi_, one.with.handle()) != CURLM_OK)
    fail(id, client_failure::protocol, "libcurl refused the request");
}

void engine::abort(std::uint64_t id) { remove(id); }

void engine::stop() {
  if (multi_ == nullptr) return;
  while (!exchanges_.empty()) fail(exchanges_.begin()->first, client_failure::stopped, "the client is stopped");
  // The callbacks go on until libcurl has closed its connections: the watches must be there.
  curl_multi_cleanup(std::exchange(multi_, nullptr));
  for (const auto& [socket, one] : watches_) one->descriptor.release();
  watches_.clear();
  timer_.cancel();
}

std::unique_ptr<engine::exchange> engine::remove(std::uint64_t id) {
  const auto known = exchanges_.find(id);
  if (known == exchanges_.end()) return nullptr;
  auto gone = std::move(known->second);
  exchanges_.erase(known);
  running_ = exchanges_.size();
  opened_ += gone->with.connections_opened();
  curl_multi_remove_handle(multi_, gone->with.handle());
  return gone;
}

void engine::fail(std::uint64_t id, client_failure how, const char* what) {
  if (const auto gone = remove(id)) gone->then(error_of(how, what), {});
}

/// Answers whoever libcurl says is done.
void engine::collect() {
  int left = 0;
  while (const auto* message = multi_ == nullptr ? nullptr : curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    void* owner = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
    const auto done_one =
        std::ranges::find_if(exchanges_, [owner](const auto& one) { return &one.second->with == owner; });
    if (done_one == exchanges_.end()) continue;
    const auto gone = remove(done_one->first);
    if (code == CURLE_OK) {
      gone->then(nullptr, gone->with.take_response());
    } else {
      gone->then(gone->with.error(code), {});
    }
  }
}

int engine::on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) {
  try {
    static_cast<engine*>(self)->set_wanted(socket, what);
    return 0;
  } catch (...) {
    return -1;  // no exception may pass through libcurl; it gives up what it was doing
  }
}

void engine::set_wanted(curl_socket_t socket, int what) {
  if (what == CURL_POLL_REMOVE) {
    if (auto known = watches_.extract(socket)) known.mapped()->descriptor.release();
    return;
  }
  auto& one = watches_[socket];
  if (!one) one = std::make_shared<watch>(where_, socket);
  one->wanted = what;
  wait(socket, one);
}

void engine::wait(curl_socket_t socket, const shared_watch& one) {
  const auto arm = [&](bool& pending, int wanted, int event, auto kind) {
    if (pending || (one->wanted & wanted) == 0) return;
    pending = true;
    one->descriptor.async_wait(
        kind, [self = weak_from_this(), &pending, one, socket, wanted, event](boost::system::error_code error) {
          pending = false;
          const auto alive = self.lock();
          if (!alive || error == asio::error::operation_aborted) return;
          const auto known = alive->watches_.find(socket);
          if (known == alive->watches_.end() || known->second != one) return;
          if ((one->wanted & wanted) != 0) alive->ready(socket, error ? CURL_CSELECT_ERR : event);
          // libcurl may have dropped the socket meanwhile, or another may have its number.
          const auto still = alive->watches_.find(socket);
          if (still != alive->watches_.end() && still->second == one) alive->wait(socket, one);
        });
  };
  arm(one->reading, CURL_POLL_IN, CURL_CSELECT_IN, asio::posix::descriptor_base::wait_read);
  arm(one->writing, CURL_POLL_OUT, CURL_CSELECT_OUT, asio::posix::descriptor_base::wait_write);
}

void engine::ready(curl_socket_t socket, int event) {
  if (multi_ == nullptr) return;
  int active = 0;
  curl_multi_socket_action(multi_, socket, event, &active);
  collect();
}

int engine::on_timer(CURLM*, long milliseconds, void* self) {
  static_cast<engine*>(self)->set_timer(milliseconds);
  return 0;
}

void engine::set_timer(long milliseconds) {
  const auto set = ++timer_set_;
  if (milliseconds < 0) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::chrono::milliseconds{milliseconds});
  timer_.async_wait([self = weak_from_this(), set](boost::system::error_code) {
    const auto alive = self.lock();
    if (alive && alive->timer_set_ == set) alive->ready(CURL_SOCKET_TIMEOUT, 0);
  });
}

}  // namespace nxg::http
