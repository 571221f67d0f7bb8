#pragma once

#include "http/detail/binding.hpp"
#include "http/values.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::http {

/// A `versioned` answer that also holds something that changes while its document does not, such as links that end. Its
/// `ETag` is `"v<version>.<variant>"`: nobody is told to go on with links that are no more, and `If-Match` takes it for
/// the version all the same.
template <class T>
struct varying {
  T value;
  std::int64_t version;
  /// Letters, digits and '.'; empty: nothing of that kind is in it.
  std::string variant;
};

/// `"v12.abc"`; without a variant as `version_tag`. `version_of_tag` reads both.
[[nodiscard]] std::string varying_tag(std::int64_t version, std::string_view variant);

namespace detail {

template <class T>
struct result<varying<T>> {
  static void declare(route_info& info) { result<versioned<T>>::declare(info); }
  static response answer(const request& to, varying<T>&& value) {
    auto answer = result<T>::answer(to, std::move(value.value));
    answer.headers.set("ETag", varying_tag(value.version, value.variant));
    return answer;
  }
};

}  // namespace detail
}  // namespace nxg::http
