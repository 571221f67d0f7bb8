#include "objects/detail/check.hpp"

#include "objects/detail/digest.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace nxg::objects::detail {

namespace {

task<void> put_read_list_remove(object_store& of, std::string key) {
  const std::string content = "nxg";
  co_await of.put(key, content);
  const object read = co_await of.get(key);
  list_options which{.prefix = key};
  const list_page page = co_await of.list(which);
  co_await of.remove(key);
  const bool listed = std::ranges::any_of(page.objects, [&](const object_info& one) { return one.key == key; });
  if (read.content != content || !listed) throw error{failure::denied, "what is put there is not found there"};
}

}  // namespace

std::string random_name(runtime::random& random, std::size_t octets) {
  std::string name(octets, '\0');
  random.fill(std::as_writable_bytes(std::span{name}));
  return hex(name);
}

task<void> check(object_store& of, runtime::random& random, std::string prefix) {
  try {
    auto key = ".nxg-check/" + random_name(random, 16);
    co_await put_read_list_remove(of, std::move(key));
  } catch (const error& why) {
    if (why.is(failure::denied)) throw unusable{prefix + why.what()};
    throw error{why.failed(), prefix + why.what()};
  }
}

}  // namespace nxg::objects::detail
