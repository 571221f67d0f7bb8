#pragma once

#include "objects/object_store.hpp"
#include "objects/tests/loop.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nxg::objects::testing {

struct fetched {
  int status = 0;
  std::string body;
  std::string content_type;
};

/// An empty store, and the way strangers use its presigned URLs.
class world {
 public:
  world() = default;
  world(const world&) = delete;
  world& operator=(const world&) = delete;
  virtual ~world() = default;

  virtual object_store& store() = 0;
  virtual task<fetched> fetch(std::string method, std::string url,
                              std::vector<std::pair<std::string, std::string>> headers, std::string body) = 0;
  /// Of content that may be held by an upload of the store.
  [[nodiscard]] virtual std::size_t part_bytes() const = 0;
  /// What is left of uploads that did not end.
  virtual std::size_t unfinished_uploads() = 0;
};

struct world_maker {
  std::string name;
  std::function<std::unique_ptr<world>(executor, runtime::clock&, runtime::random&)> make;
};

inline std::ostream& operator<<(std::ostream& out, const world_maker& one) { return out << one.name; }

class objects_contract : public ::testing::TestWithParam<world_maker>, protected loop {
 protected:
  object_store& store() { return world_->store(); }
  written put(const std::string& key, std::string content) { return get(store().put(key, std::move(content))); }
  std::string content_of(const std::string& key) { return get(store().get(key)).content; }
  std::vector<std::string> keys(const std::string& prefix = {}) {
    std::vector<std::string> all;
    list_options which{.prefix = prefix};
    for (const auto& one : get(store().list(which)).objects) all.push_back(one.key);
    return all;
  }

  runtime::clock time_{runtime::clock::mode::adjustable};
  runtime::secure_random random_;
  std::unique_ptr<world> world_ = GetParam().make(context.get_executor(), time_, random_);
};

/// Octets that look like nothing, the same for the same number.
std::string octets(std::size_t count, unsigned seed = 1);

}  // namespace nxg::objects::testing
