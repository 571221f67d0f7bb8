#include "socketio/on_core.hpp"
#include "socketio/server_state.hpp"
#include "socketio/way_back.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <any>
#include <functional>
#include <iterator>
#include <utility>

namespace nxg::socketio::detail {

namespace asio = boost::asio;

namespace_sockets::namespace_sockets(std::string name, server_state& of) : name_{std::move(name)}, server_{of} {
  const auto& recovery = of.options().recovery;
  if (recovery) journal_ = std::make_unique<recovery_journal>(*recovery, of.time(), of.random());
  for (const auto& where : of.cores()) {
    cores_.push_back(std::make_unique<per_core>(where, cores_.size(), rooms_));
  }
}

void namespace_sockets::count_changed(std::size_t core) noexcept {
  cores_[core]->count.store(cores_[core]->table.size(), std::memory_order_relaxed);
}

std::size_t namespace_sockets::size() const noexcept {
  std::size_t sum = 0;
  for (const auto& core : cores_) sum += core->count.load(std::memory_order_relaxed);
  return sum;
}

/// `work` is called with each core's table, on that core; cores without sockets are spared.
template <class Work>
void namespace_sockets::on_each_core(Work work) {
  on_cores(~room_cores::core_set{0}, std::move(work));
}

template <class Work>
void namespace_sockets::on_cores(room_cores::core_set which, Work work) {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  const auto shared = std::make_shared<Work>(std::move(work));
  for (std::size_t i = 0; i < cores_.size(); ++i) {
    const auto& core = *cores_[i];
    if ((which & room_cores::bit(i)) == 0 || core.count.load(std::memory_order_relaxed) == 0) continue;
    in_order(core.where, [alive, shared, table = &cores_[i]->table] { (*shared)(*table); });
  }
}

room_cores::core_set namespace_sockets::cores_of(const selection& who) {
  if (who.rooms.empty()) return ~room_cores::core_set{0};
  room_cores::core_set found = 0;
  // First what is on its way: once that count is down, the rooms below are known.
  for (std::size_t i = 0; i < cores_.size(); ++i) {
    if (cores_[i]->joining.load(std::memory_order_acquire) > 0) found |= room_cores::bit(i);
  }
  for (const auto& room : who.rooms) {
    found |= rooms_.of(room);
    if (const auto core = core_of(room)) found |= room_cores::bit(*core);
  }
  return found;
}

runtime::clock& namespace_sockets::clock() const noexcept { return server_.time(); }

void namespace_sockets::emit(const selection& to, std::string_view event, const payload& content, const delivery& how) {
  if (journal_ && shared_ == nullptr && !how.is_volatile && how.coalesce.empty())
    return emit_numbered(to, event, content);
  send(to, event_frames(name_, event, content), how);
}

namespace {

shared_frames frames_with_offset(std::string_view name, std::string_view event, const payload& content,
                                 std::string_view offset) {
  auto with_offset = content;
  std::string text{'"'};
  with_offset.add(text.append(offset) += '"');
  return event_frames(name, event, with_offset);
}

}  // namespace

/// Numbered and posted to all cores in one step: every core delivers in the order of the numbers.
void namespace_sockets::emit_numbered(const selection& to, std::string_view event, const payload& content) {
  const std::lock_guard lock{journal_->mutex()};
  const auto at = journal_->next();
  post_numbered(at, to, frames_with_offset(name_, event, content, journal_->offset_of(at)));
}

void namespace_sockets::post_numbered(const event_position& at, const selection& to, const shared_frames& frames) {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  journal_->append(at, to, frames);
  for (const auto& core : cores_) {
    asio::post(core->where, [alive, to, frames, at, on = core.get()] {
      on->delivered = at;
      on->table.send(to, frames, {});
    });
  }
}

void namespace_sockets::deliver(const event_position& at, std::string_view offset, const selection& to,
                                std::string_view event, const payload& content) {
  const auto frames = frames_with_offset(name_, event, content, offset);
  const std::lock_guard lock{journal_->mutex()};
  post_numbered(at, to, frames);
}

void namespace_sockets::deliver_unnumbered(const selection& to, std::string_view event, const payload& content) {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  const auto frames = event_frames(name_, event, content);
  for (const auto& core : cores_) {
    asio::post(core->where, [alive, to, frames, on = core.get()] { on->table.send(to, frames, {}); });
  }
}

void namespace_sockets::start_over(const event_position& behind) {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  journal_->start_over(behind);
  for (const auto& core : cores_) asio::post(core->where, [alive, behind, on = core.get()] { on->delivered = behind; });
}

void namespace_sockets::forget_ways_back() {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  for (const auto& core : cores_) {
    asio::post(core->where,
               [alive, on = core.get()] { on->table.for_each({}, [](socket& one) { one.way_back_.reset(); }); });
  }
}

namespace {

/// Numbers of broadcasts that want answers; those of single sockets count from 0.
constexpr std::uint64_t first_broadcast_id = 1'000'000'000'000;

/// One socket's part in a broadcast that wants answers.
class awaited_answer final : public ack_wait {
 public:
  explicit awaited_answer(std::shared_ptr<answer_sink> into) : into_{std::move(into)} {}
  void answer(event_args what) override { into_->answered(std::move(what)); }
  void fail(std::exception_ptr) override { into_->missed(); }

 private:
  std::shared_ptr<answer_sink> into_;
};

/// How many sockets of all cores were asked.
struct asked_sockets {
  explicit asked_sockets(std::shared_ptr<answer_sink> tell) : into{std::move(tell)} {}
  ~asked_sockets() { into->expect_sockets(count); }
  std::shared_ptr<answer_sink> into;
  std::atomic<std::size_t> count{0};
};

}  // namespace

void namespace_sockets::ask(const selection& to, std::string_view event, const payload& content,
                            std::chrono::milliseconds timeout, std::shared_ptr<answer_sink> into) {
  const auto id = first_broadcast_id + asked_.fetch_add(1);
  const auto frames = event_frames(name_, event, content, id);
  // The last core to let go of it says how many there were.
  const auto asked = std::make_shared<asked_sockets>(into);
  on_each_core([to, frames, id, timeout, asked, into = std::move(into)](namespace_table& table) {
    for (const auto& one : table.list(to)) {
      ++asked->count;
      one->pending().add(id, std::make_shared<awaited_answer>(into), one->session_->io().now() + timeout);
      one->session_->send(frames, {});
    }
  });
}

void namespace_sockets::server_event(event_args what) {
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  asio::post(cores_.front()->where, [this, alive, what = std::move(what)]() mutable {
    const auto in = server_.find(name_);
    if (!in) return;
    auto& space = server_.at(*in);
    const auto& handlers = space.state_->server_handlers;
    const auto it = handlers.find(what.name());
    if (it == handlers.end()) return;
    try {
      it->second(std::move(what));
    } catch (...) {
      server_.report(space, it->first, std::current_exception());
    }
  });
}

void namespace_sockets::send(const selection& to, shared_frames frames, const delivery& how) {
  auto where = cores_of(to);
  // Here at once, so that nothing has to be kept for later; but not ahead of what is numbered.
  for (std::size_t i = 0; !journal_ && i < std::min(cores_.size(), room_cores::told_apart); ++i) {
    if ((where & room_cores::bit(i)) == 0 || !runs_here(cores_[i]->where)) continue;
    cores_[i]->table.send(to, frames, how);
    where &= ~room_cores::bit(i);
    break;
  }
  if (where == 0) return;
  on_cores(where, [to, frames = std::move(frames), how](namespace_table& table) { table.send(to, frames, how); });
}

void namespace_sockets::join(const selection& who, std::vector<std::string> rooms) {
  std::vector<on_its_way> wishes;
  for (std::size_t i = 0; i < cores_.size(); ++i) wishes.push_back(joining(i));
  on_each_core([who, rooms = std::move(rooms), wishes = std::move(wishes)](namespace_table& table) {
    for (const auto& one : table.list(who)) {
      for (const auto& room : rooms) one->join(room);
    }
  });
}

void namespace_sockets::leave(const selection& who, std::vector<std::string> rooms) {
  on_each_core([who, rooms = std::move(rooms)](namespace_table& table) {
    for (const auto& one : table.list(who)) {
      for (const auto& room : rooms) one->leave(room);
    }
  });
}

void namespace_sockets::disconnect(const selection& who, bool close_connection) {
  on_each_core([who, close_connection](namespace_table& table) {
    for (const auto& one : table.list(who)) one->disconnect(close_connection);
  });
}

namespace {

/// Collects what each core found; the last one to answer resumes whoever waits.
template <class Handler>
class gathering {
 public:
  gathering(Handler resume, std::size_t parts)
      : parts_left_{parts}, found_(parts), resume_{std::move(resume)}, where_{asio::get_associated_executor(resume_)} {}

  void part(std::size_t index, std::vector<socket_info> found) {
    found_[index] = std::move(found);
    if (parts_left_.fetch_sub(1) > 1) return;
    std::vector<socket_info> all;
    for (auto& some : found_) std::ranges::move(some, std::back_inserter(all));
    asio::post(where_,
               [resume = std::move(resume_), all = std::move(all)]() mutable { std::move(resume)(std::move(all)); });
  }

 private:
  std::atomic<std::size_t> parts_left_;
  std::vector<std::vector<socket_info>> found_;
  Handler resume_;
  asio::associated_executor_t<Handler> where_;
};

std::vector<socket_info> describe(namespace_table& table, const selection& who,
                                  const std::function<std::string(const std::any&)>& show_data) {
  std::vector<socket_info> found;
  table.for_each(who, [&](socket& one) {
    found.push_back({.id = one.id(),
                     .rooms = namespace_table::rooms_of(one),
                     .remote_address = one.handshake().request->remote_address,
                     .data = show_data ? show_data(one.data()) : "{}"});
  });
  return found;
}

}  // namespace

task<std::vector<socket_info>> namespace_sockets::sockets(selection who) {
  const auto alive = server_.shared_from_this();
  auto start = [this, &alive, &who]<class Handler>(Handler resume) {
    const auto whole = std::make_shared<gathering<Handler>>(std::move(resume), cores_.size());
    const auto in = server_.find(name_);
    const auto* const show_data = in ? &server_.at(*in).state_->show_data : nullptr;
    for (std::size_t i = 0; i < cores_.size(); ++i) {
      in_order(cores_[i]->where, [alive, whole, who, i, show_data, table = &cores_[i]->table] {
        whole->part(i, describe(*table, who, show_data ? *show_data : nullptr));
      });
    }
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::vector<socket_info>)>(
      start, asio::use_awaitable);
}

}  // namespace nxg::socketio::detail
