#include "socketio/redis_adapter.hpp"

#include "socketio/redis_message.hpp"
#include "socketio/redis_recovery.hpp"
#include "socketio/redis_requests.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;
using type = redis_request_type;

namespace {

constexpr std::size_t max_unanswered = 1'000;

std::string make_id(runtime::random& random) { return fmt::format("{:016x}", random.below(std::uint64_t{1} << 63)); }

/// What the subscriptions have of the adapter: a call that has begun may outlast it, whose sockets are gone then.
class redis_ear final : public acknowledgement_sink, public std::enable_shared_from_this<redis_ear> {
 public:
  redis_ear(local_sockets& here, redis_pub_sub& through, std::string uid, redis_adapter_options options)
      : here_{&here},
        through_{through},
        name_{here.namespace_name()},
        uid_{std::move(uid)},
        options_{std::move(options)} {}

  void close() {
    if (recovery_) recovery_->close();
    const std::lock_guard lock{mutex_};
    here_ = nullptr;
  }
  /// Before it hears anything.
  void recover(std::shared_ptr<redis_recovery> with) { recovery_ = std::move(with); }
  [[nodiscard]] redis_recovery* recovery() const noexcept { return recovery_.get(); }
  void hear_gap() const {
    if (recovery_) recovery_->gap();
  }
  [[nodiscard]] const std::string& uid() const noexcept { return uid_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const redis_adapter_options& options() const noexcept { return options_; }
  [[nodiscard]] detail::open_requests& requests() noexcept { return requests_; }
  void complain(std::string_view why) const {
    if (options_.on_malformed) options_.on_malformed(why);
  }

  void hear_broadcast(std::string_view bytes) {
    if (bytes.size() > options_.max_message_bytes) return complain("a message that is too large");
    auto message = decode_redis_message(bytes);
    if (!message) return complain("a message that is no broadcast");
    if (message->namespace_name != name_ || message->local) return;
    if (message->numbered && recovery_) return recovery_->heard(std::move(*message));
    if (message->sender == uid_) return;
    if (recovery_ && !message->how.is_volatile && message->how.coalesce.empty()) recovery_->doubt();
    with_sockets([&](local_sockets& here) { here.emit(message->to, message->event, message->content, message->how); });
  }

  void hear_response(std::string_view bytes) {
    if (bytes.size() > options_.max_message_bytes) return complain("an answer that is too large");
    auto response = decode_redis_response(bytes);
    if (!response) return complain("an answer that is none");
    requests_.answered(std::move(*response));
  }

  void hear_request(std::string_view bytes) {
    if (bytes.size() > options_.max_message_bytes) return complain("a request that is too large");
    auto request = decode_redis_request(bytes);
    if (!request) return complain("a request that is none");
    if (request->sender == uid_ || (!request->id.empty() && requests_.knows(request->id))) return;
    with_sockets([&](local_sockets& here) { answer(here, std::move(*request)); });
  }

  /// The answer of this process to `server_side_emit`.
  void send_acknowledgement(std::uint64_t number, const payload& answer) override {
    std::string id;
    {
      const std::lock_guard lock{mutex_};
      const auto it = std::ranges::find(unanswered_, number, &unanswered::number);
      if (it == unanswered_.end()) return;
      id = std::move(it->id);
      unanswered_.erase(it);
    }
    const auto all = json_text::elements('[' + answer.arguments() + ']', {});
    const auto first = all && !all->empty() ? answer.arguments().substr(all->front().offset - 1, all->front().length)
                                            : std::string{"null"};
    respond(encode_redis_server_answer(id, first));
  }

 private:
  /// How this process's sockets answer a broadcast of another.
  struct remote_answers final : answer_sink {
    remote_answers(std::shared_ptr<redis_ear> by, std::string request) : ear{std::move(by)}, id{std::move(request)} {}
    void expect_processes(std::size_t) override {}
    void expect_sockets(std::size_t count) override { ear->respond(encode_redis_client_count(id, count)); }
    void answered(event_args what) override {
      if (const auto answer = encode_redis_client_answer(id, what)) ear->respond(*answer);
    }
    void missed() override {}
    std::shared_ptr<redis_ear> ear;
    std::string id;
  };
  struct unanswered {
    std::uint64_t number;
    std::string id;
  };

  template <class Work>
  void with_sockets(Work work) {
    const std::lock_guard lock{mutex_};
    if (here_ != nullptr) work(*here_);
  }
  void respond(std::string_view with) { through_.publish(redis_response_channel(options_.key, name_), with); }

  /// `mutex_` is held.
  void answer(local_sockets& here, redis_request asked) {
    switch (asked.type) {
      case type::remote_join:
        if (asked.to) return here.join(*asked.to, std::move(asked.rooms));
        here.join({.rooms = {asked.socket_id}, .except = {}}, {asked.room});
        return respond_if_here(here, asked);
      case type::remote_leave:
        if (asked.to) return here.leave(*asked.to, std::move(asked.rooms));
        here.leave({.rooms = {asked.socket_id}, .except = {}}, {asked.room});
        return respond_if_here(here, asked);
      case type::remote_disconnect: {
        if (asked.to) return here.disconnect(*asked.to, asked.close);
        const bool close = asked.close;
        respond_if_here(here, asked);
        return here.disconnect({.rooms = {asked.socket_id}, .except = {}}, close);
      }
      case type::sockets: return list(here, {.rooms = asked.rooms, .except = {}}, asked.id, encode_redis_ids);
      case type::all_rooms: return list(here, {}, asked.id, encode_redis_rooms);
      case type::remote_fetch: return list(here, asked.to.value_or(selection{}), asked.id, encode_redis_sockets);
      case type::server_side_emit: return server_event(here, std::move(asked));
      case type::broadcast: {
        const auto timeout = asked.timeout.value_or(options_.request_timeout);
        return here.ask(asked.to.value_or(selection{}), asked.event.name(), asked.event.to_payload(), timeout,
                        std::make_shared<remote_answers>(shared_from_this(), asked.id));
      }
      case type::broadcast_client_count:
      case type::broadcast_ack: return;
    }
  }

  using encoder = std::string (*)(std::string_view id, const std::vector<socket_info>& sockets);
  void list(local_sockets& here, selection who, const std::string& id, encoder encode) {
    if (id.empty()) return;
    asio::co_spawn(here.home(), tell_sockets(shared_from_this(), here, std::move(who), id, encode), asio::detached);
  }
  static task<> tell_sockets(std::shared_ptr<redis_ear> self, local_sockets& here, selection who, std::string id,
                             encoder encode) {
    const auto found = co_await here.sockets(std::move(who));
    self->respond(encode(id, found));
  }

  /// Requests for one socket are answered by the process that has it.
  void respond_if_here(local_sockets& here, const redis_request& asked) {
    if (asked.id.empty()) return;
    selection who{.rooms = {asked.socket_id}, .except = {}};
    asio::co_spawn(here.home(), tell_done(shared_from_this(), here, std::move(who), asked.id), asio::detached);
  }
  static task<> tell_done(std::shared_ptr<redis_ear> self, local_sockets& here, selection who, std::string id) {
    const auto found = co_await here.sockets(std::move(who));
    if (!found.empty()) self->respond(encode_redis_done(id));
  }

  void server_event(local_sockets& here, redis_request asked) {
    if (!asked.id.empty()) {
      unanswered_.push_back({++last_number_, std::move(asked.id)});
      if (unanswered_.size() > max_unanswered) unanswered_.pop_front();
      asked.event.set_ack({weak_from_this(), last_number_});
    }
    here.server_event(std::move(asked.event));
  }

  std::shared_ptr<redis_recovery> recovery_;
  std::mutex mutex_;
  local_sockets* here_;
  redis_pub_sub& through_;
  const std::string name_;
  const std::string uid_;
  const redis_adapter_options options_;
  detail::open_requests requests_;
  std::deque<unanswered> unanswered_;
  std::uint64_t last_number_ = 0;
};

class redis_adapter final : public adapter {
 public:
  redis_adapter(local_sockets& here, redis_pub_sub& through, runtime::random& random, redis_adapter_options options)
      : in_process_{here},
        here_{here},
        through_{through},
        random_{random},
        ear_{std::make_shared<redis_ear>(here, through, make_id(random), std::move(options))},
        request_channel_{redis_request_channel(ear_->options().key, ear_->name())} {
    const auto& key = ear_->options().key;
    recover_with(ear_->options().commands);
    listening_.reserve(4);
    listening_.push_back(through_.listen(
        redis_pattern(key, ear_->name()), [ear = ear_](auto, std::string_view bytes) { ear->hear_broadcast(bytes); },
        [ear = ear_] { ear->hear_gap(); }));
    listening_.push_back(
        through_.subscribe(request_channel_, [ear = ear_](auto, std::string_view bytes) { ear->hear_request(bytes); }));
    for (const auto& to : {std::string{}, ear_->uid()}) {
      listening_.push_back(
          through_.subscribe(redis_response_channel(key, ear_->name(), to),
                             [ear = ear_](auto, std::string_view bytes) { ear->hear_response(bytes); }));
    }
  }
  ~redis_adapter() override {
    listening_.clear();
    ear_->close();
  }

  void broadcast(const selection& to, std::string_view event, const payload& content, const delivery& how) override {
    if (ear_->recovery() != nullptr && !to.local && !how.is_volatile && how.coalesce.empty()) {
      return ear_->recovery()->emit(to, event, content, redis_channel(ear_->options().key, ear_->name(), to));
    }
    in_process_.broadcast(to, event, content, how);
    if (to.local) return;
    const auto message = encode_redis_message(ear_->uid(), ear_->name(), event, content, to, how);
    if (!message || is_too_large(*message))
      return ear_->complain("a broadcast that is no JSON, or too large, stayed in this process");
    through_.publish(redis_channel(ear_->options().key, ear_->name(), to), *message);
  }

  void ask(const selection& to, std::string_view event, const payload& content, std::chrono::milliseconds timeout,
           std::shared_ptr<answer_sink> into) override {
    if (to.local) return in_process_.ask(to, event, content, timeout, std::move(into));
    const auto id = make_id(random_);
    const auto message = encode_redis_ask(ear_->uid(), id, ear_->name(), event, content, to, timeout);
    if (!message || is_too_large(*message)) {
      ear_->complain("a broadcast that is no JSON, or too large, stayed in this process");
      return in_process_.ask(to, event, content, timeout, std::move(into));
    }
    const auto now = clock().steady();
    ear_->requests().add(id, into, now, now + timeout + std::chrono::seconds{1});
    here_.ask(to, event, content, timeout, into);
    through_.publish_counted(request_channel_, *message, [into = std::move(into)](std::optional<std::size_t> heard) {
      into->expect_processes(std::max<std::size_t>(heard.value_or(1), 1));
    });
  }

  void join(const selection& who, std::vector<std::string> rooms) override {
    if (!who.local) tell(encode_redis_request(type::remote_join, ear_->uid(), {}, who, rooms));
    in_process_.join(who, std::move(rooms));
  }
  void leave(const selection& who, std::vector<std::string> rooms) override {
    if (!who.local) tell(encode_redis_request(type::remote_leave, ear_->uid(), {}, who, rooms));
    in_process_.leave(who, std::move(rooms));
  }
  void disconnect(const selection& who, bool close_connection) override {
    if (!who.local) tell(encode_redis_request(type::remote_disconnect, ear_->uid(), {}, who, {}, close_connection));
    in_process_.disconnect(who, close_connection);
  }

  task<std::vector<socket_info>> sockets(selection who) override {
    auto all = co_await in_process_.sockets(who);
    if (who.local) co_return all;
    const auto id = make_id(random_);
    auto request = encode_redis_request(type::remote_fetch, ear_->uid(), id, who);
    auto responses = co_await collect(id, std::move(request), ear_->options().request_timeout);
    for (auto& one : responses) std::ranges::move(one.sockets, std::back_inserter(all));
    co_return all;
  }

  void server_side_emit(std::string_view event, const payload& content) override {
    tell(encode_redis_server_event(ear_->uid(), {}, event, content));
  }
  task<std::vector<std::string>> server_side_ask(std::string event, payload content,
                                                 std::chrono::milliseconds timeout) override {
    const auto id = make_id(random_);
    auto request = encode_redis_server_event(ear_->uid(), id, event, content);
    auto responses = co_await collect(id, std::move(request), timeout);
    std::vector<std::string> answers;
    for (auto& one : responses) answers.push_back(std::move(one.data).value_or("null"));
    co_return answers;
  }
  [[nodiscard]] runtime::clock& clock() const noexcept override { return here_.clock(); }

  [[nodiscard]] shared_recovery* recovery() noexcept override { return ear_->recovery(); }

 private:
  void recover_with(redis_commands* commands) {
    if (commands == nullptr) return;
    const auto& options = ear_->options();
    const auto make = [&](const recovery_options& recovery) {
      return std::make_shared<redis_recovery>(
          redis_recovery::environment{
              here_, *commands, random_, ear_->uid(), redis_channel(options.key, ear_->name()),
              options.max_message_bytes,
              [&through = through_](auto channel, auto message) { through.publish(channel, message); },
              [ear = ear_.get()](std::string_view why) { ear->complain(why); }},
          recovery);
    };
    const auto* const recovery = here_.recovery();
    if (recovery == nullptr) return;
    auto made = make(*recovery);
    here_.number_elsewhere(*made);
    made->start();
    ear_->recover(std::move(made));
  }
  [[nodiscard]] bool is_too_large(std::string_view message) const {
    return message.size() > ear_->options().max_message_bytes;
  }
  void tell(const std::string& request) {
    if (is_too_large(request)) return ear_->complain("a request that is too large stayed in this process");
    through_.publish(request_channel_, request);
  }

  /// What the other processes answer; those that do not in time are left out.
  task<std::vector<redis_response>> collect(std::string id, std::string request, std::chrono::milliseconds timeout) {
    const auto where = co_await asio::this_coro::executor;
    const auto waits = std::make_shared<detail::awaited_responses>(where, clock(), timeout);
    const auto ear = ear_;
    ear->requests().add(id, waits);
    through_.publish_counted(request_channel_, request, [waits](std::optional<std::size_t> heard) {
      waits->expect(heard && *heard > 0 ? *heard - 1 : 0);  // we hear it too
    });
    std::exception_ptr cancelled;
    try {
      co_await waits->wait();
    } catch (...) {
      cancelled = std::current_exception();
    }
    ear->requests().remove(id);
    if (cancelled) std::rethrow_exception(cancelled);
    co_return waits->take();
  }

  in_process_adapter in_process_;
  local_sockets& here_;
  redis_pub_sub& through_;
  runtime::random& random_;
  std::shared_ptr<redis_ear> ear_;
  const std::string request_channel_;
  std::vector<std::shared_ptr<void>> listening_;
};

}  // namespace

adapter_factory make_redis_adapter(redis_pub_sub& through, runtime::random& random, redis_adapter_options options) {
  return [&through, &random, options = std::move(options)](local_sockets& here) {
    return std::make_unique<redis_adapter>(here, through, random, options);
  };
}

}  // namespace nxg::socketio
