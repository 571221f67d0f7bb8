#include "socketio/redis_recovery.hpp"

#include "runtime/timer.hpp"
#include "socketio/recovery_record.hpp"
#include "socketio/redis_recovery_scripts.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t per_read = 500;
/// An event that Redis took and that was not heard for so long is looked for in the stream; after the second it is
/// delivered without a number.
constexpr auto soon = 100ms;
constexpr auto too_late = 2s;
constexpr std::size_t max_outstanding = 10'000;
constexpr std::string_view unused_for_ms = "86400000";
constexpr std::size_t longest_private_id = 64;
/// A client may be faster than the news that it is gone.
constexpr std::array<std::chrono::milliseconds, 4> looks_for_record{0ms, 50ms, 150ms, 400ms};

/// Answers of `read` and `take`: what comes before the entries, and the parts of one.
constexpr std::size_t read_head = 3;
constexpr std::size_t taken_head = 3;
constexpr std::size_t entry_parts = 3;

std::optional<redis_message> message_of(const std::string& epoch, const std::string& id, const std::string& head,
                                        const std::string& after) {
  return decode_redis_message(head + redis_numbering_tail(epoch + ':' + id, after));
}

}  // namespace

redis_recovery::redis_recovery(environment in, const recovery_options& options)
    : in_{std::move(in)},
      options_{options},
      stream_key_{'{' + in_.key + '}' + ":events"},
      known_key_{'{' + in_.key + '}' + ":recovery"} {}

void redis_recovery::start() {
  const std::lock_guard lock{mutex_};
  look_after();
}

void redis_recovery::close() {
  released then;
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
    outstanding_.clear();
    for (auto& one : fences_) then.push_back(std::move(one.then));
    fences_.clear();
  }
}

template <class Work>
void redis_recovery::locked(Work work) {
  released then;
  {
    const std::lock_guard lock{mutex_};
    if (!closed_) work(then);
  }
  for (auto& one : then) one();
}

void redis_recovery::call(std::vector<std::string> command, std::uint64_t over,
                          std::function<void(redis_answer)> then) {
  std::vector<std::vector<std::string>> all;
  all.push_back(std::move(command));
  in_.commands.call(std::move(all), over, std::move(then));
}

std::vector<std::string> redis_recovery::script(std::string_view text, std::vector<std::string> arguments,
                                                const std::string& session) const {
  std::vector<std::string> command{"EVAL", std::string{text}, session.empty() ? "2" : "3", stream_key_, known_key_};
  if (!session.empty()) command.push_back(session);
  std::ranges::move(arguments, std::back_inserter(command));
  return command;
}

// What is sent.

void redis_recovery::emit(const selection& to, std::string_view event, const payload& content,
                          const std::string& channel) {
  locked([&](released& then) {
    const auto number = ++last_number_;
    const auto message =
        encode_numbered_redis_message(in_.sender, in_.here.namespace_name(), event, content, to, number);
    outstanding_.push_back({number, in_.here.clock().steady(), to, std::string{event}, content, channel});
    if (!message || message->size() > in_.max_message_bytes) {
      in_.complain("a broadcast that is no JSON, or too large, stayed in this process");
      return deliver_unnumbered_through(number, false, then);
    }
    if (epoch_.empty() || outstanding_.size() > max_outstanding) return deliver_unnumbered_through(number, true, then);
    if (doubt_to_tell_) note_doubt();
    call(script(redis_scripts::emit,
                {epoch_, *message, channel, std::to_string(options_.max_events), std::to_string(options_.max_bytes),
                 std::to_string(options_.max_disconnection.count()), std::string{unused_for_ms}}),
         connection_, [weak = weak_from_this(), number](const redis_answer& answer) {
           const auto self = weak.lock();
           if (!self || (answer.is_known && !answer.values.empty())) return;
           // Refused by the script: nobody has it. No answer: others may have it.
           self->locked([&](released& all) {
             self->epoch_.clear();
             self->look_after();
             self->deliver_unnumbered_through(number, answer.is_known, all);
           });
         });
    look_after();
  });
}

void redis_recovery::deliver_unnumbered_through(std::uint64_t number, bool publish, released& then) {
  while (!outstanding_.empty() && outstanding_.front().number <= number) {
    const auto& one = outstanding_.front();
    in_.here.deliver_unnumbered(one.to, one.event, one.content);
    if (publish && one.number == number) {
      const auto message =
          encode_redis_message(in_.sender, in_.here.namespace_name(), one.event, one.content, one.to, {});
      if (message) in_.publish(one.channel, *message);
    }
    settle(one.number, then);
    ++doubts_;
    doubt_to_tell_ = true;
  }
  if (doubt_to_tell_) note_doubt();
}

void redis_recovery::settle(std::uint64_t through, released& then) {
  settled_ = std::max(settled_, through);
  while (!outstanding_.empty() && outstanding_.front().number <= through) outstanding_.pop_front();
  while (!fences_.empty() && fences_.front().behind <= through) {
    then.push_back(std::move(fences_.front().then));
    fences_.pop_front();
  }
}

bool redis_recovery::after_emitted(std::move_only_function<void()>& then) {
  const std::lock_guard lock{mutex_};
  if (outstanding_.empty() || closed_) return false;
  fences_.push_back({outstanding_.back().number, std::move(then)});
  return true;
}

// What is not sure.

void redis_recovery::doubt() {
  locked([&](released&) {
    ++doubts_;
    note_doubt();
  });
}

void redis_recovery::note_doubt() {
  if (epoch_.empty()) {
    doubt_to_tell_ = true;
    return look_after();
  }
  doubt_to_tell_ = false;
  call(script(redis_scripts::doubt, {epoch_}), 0, [weak = weak_from_this()](const redis_answer& answer) {
    const auto self = weak.lock();
    if (!self || answer.is_known) return;
    self->locked([&](released&) {
      self->doubt_to_tell_ = true;
      self->look_after();
    });
  });
}

void redis_recovery::gap() {
  locked([&](released&) {
    behind_ = true;
    if (connection_ != in_.commands.connection()) epoch_.clear();
    look_after();
  });
}

bool redis_recovery::is_ready() const {
  const std::lock_guard lock{mutex_};
  return !epoch_.empty() && epoch_ == delivered_epoch_;
}

std::uint64_t redis_recovery::doubts() const {
  const std::lock_guard lock{mutex_};
  return doubts_;
}

// Being in touch with Redis.

void redis_recovery::look_after() {
  if (watching_ || closed_) return;
  watching_ = true;
  // Posted: it may begin at once otherwise, and the lock is held.
  asio::post(in_.here.home(),
             [self = shared_from_this()] { asio::co_spawn(self->in_.here.home(), self->watch(), asio::detached); });
}

task<> redis_recovery::watch() {
  const auto self = shared_from_this();
  auto& time = in_.here.clock();
  for (;;) {
    bool more = false;
    locked([&](released& then) { more = look(then); });
    if (!more) co_return;
    co_await runtime::sleep_for(time, soon / 2);
  }
}

/// False when all is well, and nobody needs to look again.
bool redis_recovery::look(released& then) {
  const auto now = in_.here.clock().steady();
  if (epoch_.empty() && !opening_) open();
  if (!outstanding_.empty()) {
    const auto waited = now - outstanding_.front().at;
    if (waited > too_late) {
      auto last = outstanding_.front().number;
      for (const auto& one : outstanding_) {
        if (now - one.at > too_late) last = one.number;
      }
      deliver_unnumbered_through(last, false, then);
    } else if (waited > soon) {
      behind_ = true;
    }
  }
  if (behind_ && !reading_ && !epoch_.empty()) read_missing();
  if (doubt_to_tell_ && !epoch_.empty()) note_doubt();
  watching_ = epoch_.empty() || behind_ || reading_ || doubt_to_tell_ || !outstanding_.empty();
  return watching_;
}

void redis_recovery::open() {
  opening_ = true;
  const auto over = in_.commands.connection();
  const auto name = fmt::format("{:012x}", in_.random.below(std::uint64_t{1} << 48));
  call(script(redis_scripts::open, {name, std::string{unused_for_ms}}), over,
       [weak = weak_from_this(), over](const redis_answer& answer) {
         const auto self = weak.lock();
         if (!self) return;
         self->locked([&](released&) {
           self->opening_ = false;
           self->connection_ = over;
           self->opened(answer);
         });
       });
}

void redis_recovery::opened(const redis_answer& answer) {
  if (!answer.error.empty()) in_.complain("clients cannot come back: " + answer.error);
  if (!answer.is_known || answer.values.size() < 2 || !stream_position(answer.values[1], 0)) return;
  epoch_ = answer.values[0];
  behind_ = true;
  look_after();
}

// What is heard.

void redis_recovery::heard(redis_message message) {
  locked([&](released& then) {
    const auto offset = parse_shared_offset(message.numbered->offset);
    const auto at = offset ? stream_position(offset->id, delivered_.generation) : std::nullopt;
    const auto after = stream_position(message.numbered->after, delivered_.generation);
    if (!at || !after) return in_.complain("a number that is none");
    const bool is_known_epoch = offset->epoch == delivered_epoch_;
    if (is_known_epoch && *after == delivered_) return deliver(std::move(message), *at, then);
    if (is_known_epoch && *at <= delivered_) return;
    behind_ = true;
    if (!reading_ && !epoch_.empty()) read_missing();
    look_after();
  });
}

void redis_recovery::deliver(redis_message message, const event_position& at, released& then) {
  delivered_ = at;
  const bool is_own = message.sender == in_.sender;
  // Delivered before, when it was not sure that Redis would.
  const bool is_settled = is_own && message.numbered->number <= settled_;
  if (!is_settled) in_.here.deliver(at, message.numbered->offset, message.to, message.event, message.content);
  if (is_own) settle(message.numbered->number, then);
}

void redis_recovery::read_missing() {
  reading_ = true;
  behind_ = false;
  call(script(redis_scripts::read, {delivered_epoch_, stream_id(delivered_), std::to_string(per_read)}), 0,
       [weak = weak_from_this()](const redis_answer& answer) {
         const auto self = weak.lock();
         if (!self) return;
         self->locked([&](released& then) {
           self->reading_ = false;
           self->missing_read(answer, then);
         });
       });
}

void redis_recovery::missing_read(const redis_answer& answer, released& then) {
  const auto& values = answer.values;
  const auto last = values.size() < read_head ? std::nullopt : stream_position(values[1], 0);
  const auto forgotten = values.size() < read_head ? std::nullopt : stream_position(values[2], 0);
  if (!answer.is_known || !answer.error.empty() || !last || !forgotten) {
    if (answer.is_known) epoch_.clear();  // there is no stream
    behind_ = true;
    return look_after();
  }
  const auto is_before = [this](const event_position& one) {
    return std::pair{delivered_.time, delivered_.number} < std::pair{one.time, one.number};
  };
  if (values[0] != epoch_) epoch_.clear();
  if (delivered_epoch_.empty()) return miss_until(values[0], *last);  // it begins: nobody waits for what was before
  if (values[0] != delivered_epoch_ || is_before(*forgotten)) {
    miss_until(values[0], *forgotten);
    return read_missing();
  }
  const auto had = delivered_;
  for (std::size_t i = read_head; i + entry_parts <= values.size(); i += entry_parts) {
    if (!read_entry(values[i], values[i + 1], values[i + 2], then)) break;
  }
  if (!is_before(*last)) return behind_ ? read_missing() : void();
  if (had == delivered_) miss_until(values[0], *last);  // its entries do not follow one another
  read_missing();
}

/// What was before is lost for good: who is here now cannot be sure to have it.
void redis_recovery::miss_until(const std::string& epoch, const event_position& behind) {
  delivered_epoch_ = epoch;
  delivered_ = {delivered_.generation + 1, behind.time, behind.number};
  ++doubts_;
  in_.here.start_over(delivered_);
  in_.here.forget_ways_back();
  look_after();
}

bool redis_recovery::read_entry(const std::string& id, const std::string& head, const std::string& after,
                                released& then) {
  const auto at = stream_position(id, delivered_.generation);
  const auto before = stream_position(after, delivered_.generation);
  if (!at || !before) return false;
  if (*at <= delivered_) return true;
  if (*before != delivered_) return false;
  auto message = message_of(delivered_epoch_, id, head, after);
  if (message && message->numbered) {
    deliver(std::move(*message), *at, then);
  } else {
    delivered_ = *at;  // the first of an epoch
  }
  return true;
}

// Clients that go and come.

void redis_recovery::keep(const std::string& private_id, const absent_client& who, const std::string& data) {
  locked([&](released&) {
    if (epoch_.empty()) return;
    if (doubt_to_tell_) note_doubt();
    const auto record = encode_recovery_record(delivered_epoch_, delivered_.generation, who, data);
    call({"SET", '{' + in_.key + "}:away:" + private_id, record, "PX",
          std::to_string(options_.max_disconnection.count())},
         0, [](const redis_answer&) {});
  });
}

task<redis_answer> redis_recovery::ask(std::vector<std::string> command) {
  auto start = [this, &command]<class Handler>(Handler resume) {
    const auto where = asio::get_associated_executor(resume);
    const auto shared = std::make_shared<Handler>(std::move(resume));
    call(std::move(command), 0, [where, shared](redis_answer answer) {
      asio::post(where, [shared, answer = std::move(answer)]() mutable { std::move (*shared)(std::move(answer)); });
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(redis_answer)>(start,
                                                                                             asio::use_awaitable);
}

task<std::optional<returning_client>> redis_recovery::take(std::string private_id, std::string offset) {
  const auto self = shared_from_this();
  auto& time = in_.here.clock();
  const auto from = parse_shared_offset(offset);
  std::optional<returning_client> result;
  if (!from || private_id.size() > longest_private_id) co_return result;
  bool with_entries = true;
  locked([&](released&) {
    const auto after = stream_position(from->id, delivered_.generation);
    with_entries = from->epoch != delivered_epoch_ || !after || !in_.here.remembers(*after);
  });
  const auto session = '{' + in_.key + "}:away:" + private_id;
  for (const auto pause : looks_for_record) {
    if (pause > 0ms) co_await runtime::sleep_for(time, pause);
    auto command = script(redis_scripts::take, {from->epoch, from->id, with_entries ? "1" : "0"}, session);
    const auto answer = co_await ask(std::move(command));
    if (answer.is_known && !answer.values.empty() && answer.values.front() == "absent") continue;
    if (!answer.values.empty() && !answer.values.front().empty()) {
      in_.complain("a client cannot come back: " + answer.values.front());
    }
    locked([&](released&) { result = returned(answer, *from, with_entries); });
    break;
  }
  co_return result;
}

std::optional<returning_client> redis_recovery::returned(const redis_answer& answer, const shared_offset& from,
                                                         bool with_entries) {
  const auto& values = answer.values;
  if (!answer.is_known || !answer.error.empty() || values.size() < taken_head || !values[0].empty())
    return std::nullopt;
  const auto generation = delivered_.generation;
  auto record = decode_recovery_record(values[1], generation);
  const auto last = stream_position(values[2], generation);
  const auto after = stream_position(from.id, generation);
  if (!record || !last || !after || record->epoch != delivered_epoch_ || from.epoch != delivered_epoch_)
    return std::nullopt;
  if (*after < record->who.since) return std::nullopt;
  returning_client result;
  result.who = std::move(record->who);
  result.data = std::move(record->data);
  result.after = *after;
  result.read_through = with_entries ? *last : *after;
  result.doubts = doubts_;
  for (std::size_t i = taken_head; i + entry_parts <= values.size(); i += entry_parts) {
    const auto at = stream_position(values[i], generation);
    auto message = message_of(delivered_epoch_, values[i], values[i + 1], values[i + 2]);
    if (!at || !message || !message->numbered) return std::nullopt;
    auto content = message->content;
    std::string offset{'"'};
    content.add(offset.append(message->numbered->offset) += '"');
    result.events.push_back({*at, message->to, event_frames(in_.here.namespace_name(), message->event, content)});
  }
  return result;
}

}  // namespace nxg::socketio
