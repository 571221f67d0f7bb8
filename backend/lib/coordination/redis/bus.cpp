#include "coordination/redis/bus.hpp"

#include <array>
#include <utility>

namespace nxg::coordination::redis {

namespace {

constexpr std::size_t origin_size = 16;

std::string make_origin(runtime::random& random) {
  std::array<std::byte, origin_size> bytes{};
  random.fill(bytes);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

in_process_options local_options(const redis_options& options) {
  in_process_options result;
  result.max_subscriptions = options.max_subscriptions;
  return result;
}

}  // namespace

class redis_bus::ticket final : public subscription {
 public:
  ticket(std::shared_ptr<subscription> elsewhere, std::unique_ptr<subscription> here)
      : elsewhere_{std::move(elsewhere)}, here_{std::move(here)} {}

 private:
  std::shared_ptr<subscription> elsewhere_;
  std::unique_ptr<subscription> here_;
};

redis_bus::redis_bus(server& with, subscriber& channels, runtime::random& random, const redis_options& options)
    : with_{with},
      channels_{channels},
      max_lost_{options.max_lost_topics},
      prefix_{with.key("bus", std::to_string(with.settings().server.database)) + ":"},
      control_{with.key("bus-control", std::to_string(with.settings().server.database))},
      origin_{make_origin(random)},
      local_{local_options(options)} {
  // Also so that a missing right to subscribe shows at the start.
  listening_to_control_ = channels_.listen(control_, {[this](std::string_view, std::string_view content) {
                                                        if (is_from_another(content)) local_.tell_gap();
                                                      },
                                                      [] {}});
  with_.when_up([this] { tell_losses(); });
}

std::string redis_bus::envelope(kind what, std::string_view payload) const {
  std::string result;
  result.reserve(1 + origin_size + payload.size());
  result += what;
  result += origin_;
  result += payload;
  return result;
}

/// Of another process of ours: whoever may publish may send anything.
bool redis_bus::is_from_another(std::string_view content) const {
  return content.size() >= 1 + origin_size && content.substr(1, origin_size) != origin_;
}

void redis_bus::publish(std::string_view topic, std::string payload) {
  auto content = envelope(message, payload);
  local_.publish(topic, std::move(payload));
  auto what = command("PUBLISH", channel_of(topic), content);
  what->done = [this, name = std::string{topic}](exchange::outcome how) {
    if (how != exchange::outcome::answered) {
      lost(name);
    } else if (has_lost_) {
      tell_losses();
    }
  };
  with_.post(std::move(what));
}

std::unique_ptr<subscription> redis_bus::subscribe(std::string_view topic, executor where, handler handle,
                                                   std::size_t max_queued) {
  auto here = local_.subscribe(topic, std::move(where), std::move(handle), max_queued);
  return std::make_unique<ticket>(listen(topic), std::move(here));
}

std::shared_ptr<subscription> redis_bus::listen(std::string_view topic) {
  const std::lock_guard lock{listening_mutex_};
  if (listening_.size() >= sweep_at_) {
    std::erase_if(listening_, [](const auto& one) { return one.second.expired(); });
    sweep_at_ = 64 + 2 * listening_.size();
  }
  auto& known = listening_[std::string{topic}];
  auto shared = known.lock();
  if (!shared) {
    shared = channels_.listen(
        channel_of(topic), {[this](std::string_view channel, std::string_view content) { received(channel, content); },
                            [this, name = std::string{topic}] { local_.tell_gap(name); }});
    known = shared;
  }
  return shared;
}

void redis_bus::received(std::string_view channel, std::string_view content) {
  const auto topic = channel.substr(prefix_.size());
  if (!is_from_another(content)) return;
  if (content.front() == gap) {
    local_.tell_gap(topic);
  } else {
    local_.publish(topic, std::string{content.substr(1 + origin_size)});
  }
}

void redis_bus::lost(const std::string& topic) {
  ++lost_messages_;
  const std::lock_guard lock{lost_mutex_};
  if (lost_topics_.size() < max_lost_) {
    lost_topics_.insert(topic);
  } else if (!lost_topics_.contains(topic)) {
    lost_more_ = true;
  }
  has_lost_ = true;
}

/// If this is lost too, its topics are lost again.
void redis_bus::tell_losses() {
  std::set<std::string> topics;
  bool more = false;
  {
    const std::lock_guard lock{lost_mutex_};
    topics.swap(lost_topics_);
    more = std::exchange(lost_more_, false);
    has_lost_ = false;
  }
  if (topics.empty() && !more) return;
  auto what = std::make_shared<exchange>();
  const auto notice = envelope(gap, {});
  if (more) what->request.push("PUBLISH", control_, notice);
  for (const auto& topic : topics) what->request.push("PUBLISH", channel_of(topic), notice);
  what->done = [this, topics = std::move(topics), more](exchange::outcome how) {
    if (how == exchange::outcome::answered) return;
    const std::lock_guard lock{lost_mutex_};
    lost_topics_.insert(topics.begin(), topics.end());
    lost_more_ = lost_more_ || more;
    has_lost_ = true;
  };
  with_.post(std::move(what));
}

}  // namespace nxg::coordination::redis
