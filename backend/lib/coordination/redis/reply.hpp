#pragma once

#include <boost/redis/resp3/node.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::coordination::redis {

/// What the server answered to the commands of one request, flat. Errors are values in it: the responses of Boost.Redis
/// throw inside its reader when something follows an error.
class reply {
 public:
  struct node {
    std::size_t command = 0;
    std::size_t depth = 0;
    boost::redis::resp3::type type = boost::redis::resp3::type::null;
    std::string text;

    [[nodiscard]] bool is_error() const noexcept {
      return type == boost::redis::resp3::type::simple_error || type == boost::redis::resp3::type::blob_error;
    }
    [[nodiscard]] bool is_null() const noexcept { return type == boost::redis::resp3::type::null; }
    /// 0 for what is no number.
    [[nodiscard]] std::int64_t number() const noexcept;
  };

  /// The values without the aggregates around them.
  [[nodiscard]] std::vector<const node*> values() const;
  /// One of them; null when there are fewer.
  [[nodiscard]] const node* value(std::size_t index) const noexcept;
  /// The first error of all commands.
  [[nodiscard]] const node* error() const noexcept;
  void add(std::size_t command, const boost::redis::resp3::node_view& from) {
    nodes_.push_back({command, from.depth, from.data_type, std::string{from.value}});
  }

 private:
  std::vector<node> nodes_;
};

struct reply_adapter {
  reply* into;
  void operator()(std::size_t command, const boost::redis::resp3::node_view& from, boost::system::error_code&) const {
    into->add(command, from);
  }
  [[nodiscard]] static std::size_t get_supported_response_size() noexcept {
    return std::numeric_limits<std::size_t>::max();
  }
};

/// Found by Boost.Redis through the argument.
inline reply_adapter boost_redis_adapt(reply& into) { return {&into}; }

}  // namespace nxg::coordination::redis
