#include "pictures/workshop.hpp"

#include "pictures/make_small.hpp"
#include "pictures/sniff.hpp"

#include <utility>

namespace nxg::pictures {

workshop::workshop(runtime::clock& time, std::size_t threads, std::size_t waiting, picture_rules rules)
    : time_{time}, rules_{rules}, pool_{"pictures", threads, waiting} {}

task<picture> workshop::make_small(std::string bytes, steady_instant deadline) {
  // What is no picture takes nobody's place in the line.
  static_cast<void>(look_over(bytes, rules_));
  auto work = [this, content = std::move(bytes), deadline] {
    return pictures::make_small(content, rules_, [this, deadline] { return time_.steady() >= deadline; });
  };
  co_return co_await pool_.run(std::move(work));
}

}  // namespace nxg::pictures
