#include "socketio/on_core.hpp"
#include "socketio/server_state.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <iterator>
#include <utility>

namespace nxg::socketio::detail {

namespace asio = boost::asio;

namespace_sockets::namespace_sockets(std::string name, server_state& of) : name_{std::move(name)}, server_{of} {
  for (const auto& where : of.cores()) {
    cores_.push_back(std::make_unique<per_core>());
    cores_.back()->where = where;
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
  const auto alive = server_.weak_from_this().lock();
  if (!alive) return;
  const auto shared = std::make_shared<Work>(std::move(work));
  for (const auto& core : cores_) {
    if (core->count.load(std::memory_order_relaxed) == 0) continue;
    run_on(core->where, [alive, shared, table = &core->table] { (*shared)(*table); });
  }
}

void namespace_sockets::send(const selection& to, shared_frames frames, const delivery& how) {
  on_each_core([to, frames = std::move(frames), how](namespace_table& table) {
    table.for_each(to, [&](socket& one) { one.session_->send(frames, how); });
  });
}

void namespace_sockets::join(const selection& who, std::vector<std::string> rooms) {
  on_each_core([who, rooms = std::move(rooms)](namespace_table& table) {
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

std::vector<socket_info> describe(namespace_table& table, const selection& who) {
  std::vector<socket_info> found;
  table.for_each(who, [&found](socket& one) {
    found.push_back({.id = one.id(),
                     .rooms = namespace_table::rooms_of(one),
                     .remote_address = one.handshake().request->remote_address});
  });
  return found;
}

}  // namespace

task<std::vector<socket_info>> namespace_sockets::sockets(selection who) {
  const auto alive = server_.shared_from_this();
  auto start = [this, &alive, &who]<class Handler>(Handler resume) {
    const auto whole = std::make_shared<gathering<Handler>>(std::move(resume), cores_.size());
    for (std::size_t i = 0; i < cores_.size(); ++i) {
      run_on(cores_[i]->where,
             [alive, whole, who, i, table = &cores_[i]->table] { whole->part(i, describe(*table, who)); });
    }
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::vector<socket_info>)>(
      start, asio::use_awaitable);
}

}  // namespace nxg::socketio::detail
