#include "coordination/redis/subscriber.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <span>
#include <utility>

namespace nxg::coordination::redis {

namespace asio = boost::asio;

namespace {

/// Channels in one command.
constexpr std::size_t at_a_time = 500;

/// A PING behind it: subscriptions are answered by pushes, the PONG follows them.
std::shared_ptr<exchange> telling(std::string_view command_name, std::span<const std::string> channels) {
  auto made = std::make_shared<exchange>();
  made->request.push_range(command_name, channels);
  made->request.push("PING");
  made->done = [](exchange::outcome) {};
  return made;
}

/// What a listener throws must not get into the reader of the connection, which would end it for all.
template <class Call>
void guarded(Call call) {
  try {
    call();
  } catch (...) {
    // It has heard what it was told, and nobody else waits for what it makes of it.
  }
}

template <class Send>
void in_parts(const std::vector<std::string>& all, Send send) {
  for (std::size_t from = 0; from < all.size(); from += at_a_time) {
    send(std::span{all}.subspan(from, std::min(at_a_time, all.size() - from)));
  }
}

}  // namespace

class subscriber::ticket final : public subscription {
 public:
  ticket(std::shared_ptr<registry> in, name what, shared_listener mine)
      : in_{std::move(in)}, what_{std::move(what)}, mine_{std::move(mine)} {}
  ~ticket() override {
    const std::lock_guard lock{in_->mutex};
    const auto known = in_->wanted.find(what_);
    std::erase(known->second, mine_);
    if (!known->second.empty()) return;
    in_->wanted.erase(known);
    in_->changed.insert(what_);
    if (in_->tell) in_->tell();
  }

 private:
  std::shared_ptr<registry> in_;
  name what_;
  shared_listener mine_;
};

subscriber::subscriber(server& with, runtime::random& random) : with_{with}, registry_{std::make_shared<registry>()} {
  registry_->tell = [this] { asio::post(with_.context(), [this] { synchronise(); }); };
  link::hooks hooks;
  hooks.prepare = [this](link& over) { return prepare(over); };
  hooks.up = [this] {
    synchronise();  // what changed while it was preparing
    tell_gap();
    with_.on_state();
  };
  hooks.down = [this](const trouble& why) { with_.on_trouble(why); };
  hooks.message = [this](std::string_view channel, std::string_view payload, std::string_view pattern) {
    hand_on(channel, payload, pattern);
  };
  hooks.beat = [] {
    auto made = command("PING");
    made->done = [](exchange::outcome) {};
    return made;
  };
  link_ = std::make_shared<link>(with.context(), random, with.settings(), std::move(hooks));
}

subscriber::~subscriber() {
  const std::lock_guard lock{registry_->mutex};
  registry_->tell = nullptr;
}

bool subscriber::publish(std::string_view channel, std::string_view payload) {
  if (!with_.up()) return false;
  auto what = command("PUBLISH", channel, payload);
  what->done = [](exchange::outcome) {};
  with_.post(std::move(what));
  return true;
}

void subscriber::publish_counted(std::string_view channel, std::string_view payload,
                                 std::function<void(std::optional<std::size_t>)> then) {
  if (!with_.up()) return then(std::nullopt);
  auto what = command("PUBLISH", channel, payload);
  what->done = [of = what.get(), then = std::move(then)](exchange::outcome how) {
    const auto* const count = how == exchange::outcome::answered ? of->answer.value(0) : nullptr;
    if (count == nullptr || count->is_error()) return then(std::nullopt);
    then(static_cast<std::size_t>(count->number()));
  };
  with_.post(std::move(what));
}

std::unique_ptr<subscription> subscriber::listen(std::string channel, listener to) {
  return add({false, std::move(channel)}, std::move(to));
}

std::unique_ptr<subscription> subscriber::listen_pattern(std::string pattern, listener to) {
  return add({true, std::move(pattern)}, std::move(to));
}

std::unique_ptr<subscription> subscriber::add(name what, listener to) {
  auto mine = std::make_shared<const listener>(std::move(to));
  const std::lock_guard lock{registry_->mutex};
  auto& all = registry_->wanted[what];
  all.push_back(mine);
  if (all.size() == 1) {
    registry_->changed.insert(what);
    registry_->tell();
  }
  return std::make_unique<ticket>(registry_, std::move(what), std::move(mine));
}

std::vector<subscriber::shared_listener> subscriber::listeners_of(const name& what) const {
  const std::lock_guard lock{registry_->mutex};
  const auto known = registry_->wanted.find(what);
  return known == registry_->wanted.end() ? std::vector<shared_listener>{} : known->second;
}

void subscriber::hand_on(std::string_view channel, std::string_view payload, std::string_view pattern) {
  const name heard = pattern.empty() ? name{false, channel} : name{true, pattern};
  for (const auto& one : listeners_of(heard)) guarded([&] { one->message(channel, payload); });
}

void subscriber::tell_gap() {
  std::vector<shared_listener> all;
  {
    const std::lock_guard lock{registry_->mutex};
    for (const auto& [what, some] : registry_->wanted) all.insert(all.end(), some.begin(), some.end());
  }
  for (const auto& one : all) guarded([&] { one->gap(); });
}

/// Tells the server what changed. Patterns stay once they are known: Boost.Redis waits for an answer to PUNSUBSCRIBE
/// that never comes.
void subscriber::synchronise() {
  if (!link_->up()) return;  // then `prepare` tells everything
  std::vector<std::string> come;
  std::vector<std::string> come_patterns;
  std::vector<std::string> gone;
  {
    const std::lock_guard lock{registry_->mutex};
    for (const auto& one : std::exchange(registry_->changed, {})) {
      if (registry_->wanted.contains(one)) {
        if (active_.insert(one).second) (one.first ? come_patterns : come).push_back(one.second);
      } else if (!one.first && active_.erase(one) > 0) {
        gone.push_back(one.second);
      }
    }
  }
  const auto tell = [this](std::string_view how, const std::vector<std::string>& channels) {
    in_parts(channels, [&](auto part) { tell_server(how, part); });
  };
  tell("UNSUBSCRIBE", gone);
  tell("SUBSCRIBE", come);
  tell("PSUBSCRIBE", come_patterns);
}

void subscriber::tell_server(std::string_view how, std::span<const std::string> channels) {
  auto what = telling(how, channels);
  what->done = [this, asked = std::weak_ptr{what}](exchange::outcome) {
    const auto self = asked.lock();
    if (const auto* error = self ? self->answer.error() : nullptr) link_->drop(refusal(*error));
  };
  link_->send(std::move(what));
}

trouble subscriber::refusal(const reply::node& error) const {
  return {true, with_.settings().url_setting + ": " + with_.settings().server.text() +
                    " does not let this user subscribe: " + error.text};
}

task<void> subscriber::prepare(link& over) {
  std::vector<std::string> channels;
  std::vector<std::string> patterns;
  {
    const std::lock_guard lock{registry_->mutex};
    registry_->changed.clear();
    active_.clear();
    for (const auto& [what, some] : registry_->wanted) {
      active_.insert(what);
      (what.first ? patterns : channels).push_back(what.second);
    }
  }
  std::vector<std::shared_ptr<exchange>> all;
  in_parts(channels, [&](auto part) { all.push_back(telling("SUBSCRIBE", part)); });
  in_parts(patterns, [&](auto part) { all.push_back(telling("PSUBSCRIBE", part)); });
  if (all.empty()) all.push_back(command("PING"));
  for (const auto& one : all) {
    co_await over.ask(one);
    if (const auto* error = one->answer.error()) throw refusal(*error);
  }
}

void subscriber::barrier(std::function<void(bool)> then) {
  asio::post(with_.context(), [to = link_, then = std::move(then)]() mutable {
    auto what = command("PING");
    what->done = [then = std::move(then)](exchange::outcome how) { then(how == exchange::outcome::answered); };
    to->send(std::move(what));
  });
}

}  // namespace nxg::coordination::redis
