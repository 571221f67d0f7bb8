#include "socketio/redis_adapter.hpp"

#include "socketio/redis_message.hpp"

#include <fmt/format.h>

#include <mutex>
#include <utility>

namespace nxg::socketio {

namespace {

/// Shared with the subscription: a call that has begun may outlast the adapter, whose sockets are gone then.
struct door {
  std::mutex mutex;
  local_sockets* here;
};

class redis_adapter final : public adapter {
 public:
  redis_adapter(local_sockets& here, redis_pub_sub& through, std::string uid, redis_adapter_options options)
      : in_process_{here},
        here_{here},
        through_{through},
        uid_{std::move(uid)},
        options_{std::move(options)},
        door_{std::make_shared<door>()} {
    door_->here = &here;
    listening_ =
        through_.listen(redis_pattern(options_.key, here.namespace_name()),
                        [into = door_, uid = uid_, name = here.namespace_name(), with = options_](
                            std::string_view, std::string_view message) { hear(*into, uid, name, with, message); });
  }
  ~redis_adapter() override {
    listening_.reset();
    const std::lock_guard lock{door_->mutex};
    door_->here = nullptr;
  }

  void broadcast(const selection& to, std::string_view event, const payload& content, const delivery& how) override {
    in_process_.broadcast(to, event, content, how);
    if (to.local) return;
    const auto message = encode_redis_message(uid_, here_.namespace_name(), event, content, to, how);
    if (!message || message->size() > options_.max_message_bytes) {
      complain(options_, "a broadcast that is no JSON, or too large, stayed in this process");
      return;
    }
    through_.publish(redis_channel(options_.key, here_.namespace_name(), to), *message);
  }
  void ask(const selection& to, std::string_view event, const payload& content, std::chrono::milliseconds timeout,
           std::shared_ptr<answer_sink> into) override {
    in_process_.ask(to, event, content, timeout, std::move(into));
  }
  void server_side_emit(std::string_view, const payload&) override {}
  task<std::vector<std::string>> server_side_ask(std::string event, payload content,
                                                 std::chrono::milliseconds timeout) override {
    return in_process_.server_side_ask(std::move(event), std::move(content), timeout);
  }
  [[nodiscard]] runtime::clock& clock() const noexcept override { return here_.clock(); }
  void join(const selection& who, std::vector<std::string> rooms) override { in_process_.join(who, std::move(rooms)); }
  void leave(const selection& who, std::vector<std::string> rooms) override {
    in_process_.leave(who, std::move(rooms));
  }
  void disconnect(const selection& who, bool close_connection) override {
    in_process_.disconnect(who, close_connection);
  }
  task<std::vector<socket_info>> sockets(selection who) override { return in_process_.sockets(std::move(who)); }

 private:
  static void complain(const redis_adapter_options& with, std::string_view why) {
    if (with.on_malformed) with.on_malformed(why);
  }
  static void hear(door& into, const std::string& uid, const std::string& name, const redis_adapter_options& with,
                   std::string_view bytes) {
    if (bytes.size() > with.max_message_bytes) return complain(with, "a message that is too large");
    const auto message = decode_redis_message(bytes);
    if (!message) return complain(with, "a message that is no broadcast");
    if (message->sender == uid || message->namespace_name != name || message->local) return;
    const std::lock_guard lock{into.mutex};
    if (into.here != nullptr) into.here->emit(message->to, message->event, message->content, message->how);
  }

  in_process_adapter in_process_;
  local_sockets& here_;
  redis_pub_sub& through_;
  const std::string uid_;
  const redis_adapter_options options_;
  std::shared_ptr<door> door_;
  std::shared_ptr<void> listening_;
};

std::string make_uid(runtime::random& random) { return fmt::format("{:016x}", random.below(std::uint64_t{1} << 63)); }

}  // namespace

adapter_factory make_redis_adapter(redis_pub_sub& through, runtime::random& random, redis_adapter_options options) {
  return [&through, &random, options = std::move(options)](local_sockets& here) {
    return std::make_unique<redis_adapter>(here, through, make_uid(random), options);
  };
}

}  // namespace nxg::socketio
