#pragma once

#include "http/message.hpp"
#include "http/route_info.hpp"
#include "runtime/task.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace nxg::http {

class next;

/// Wraps everything further in: does its part, `co_await`s `next(request)`, does its part with the answer.
/// One that has nothing to do for a request returns `next(request)` itself and costs nothing.
/// It is called on the request's core; the object is shared by all cores.
using middleware = std::function<task<response>(request&, next)>;

/// What answers a request in the end.
using endpoint = std::function<task<response>(request&)>;

/// The rest of the chain. Copied freely; valid while the router lives.
class next {
 public:
  next(const std::vector<middleware>& chain, std::size_t at, const endpoint& last) noexcept
      : chain_{&chain}, at_{at}, last_{&last} {}

  [[nodiscard]] task<response> operator()(request& incoming) const {
    if (at_ == chain_->size()) return (*last_)(incoming);
    return (*chain_)[at_](incoming, next{*chain_, at_ + 1, *last_});
  }

 private:
  const std::vector<middleware>* chain_;
  std::size_t at_;
  const endpoint* last_;
};

}  // namespace nxg::http
