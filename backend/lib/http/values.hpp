#pragma once

#include "runtime/uuid.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// What handlers take and give: the parameter and result types `route::handle` understands, beside `principal`,
/// `request&`, `page_request` and `page<T>`.
namespace nxg::http {

struct request;

/// The JSON body as a described struct.
template <class T>
struct body {
  T value;
  const T& operator*() const noexcept { return value; }
  const T* operator->() const noexcept { return &value; }
};

/// The query as a described struct.
template <class T>
struct query {
  T value;
  const T& operator*() const noexcept { return value; }
  const T* operator->() const noexcept { return &value; }
};

/// The parameters of the path as a described struct: `{machineId}` is its member `machine_id`.
template <class T>
struct path {
  T value;
  const T& operator*() const noexcept { return value; }
  const T* operator->() const noexcept { return &value; }
};

/// The version an update is based on, from `If-Match`. As a handler's parameter the header is required (428 without
/// it); `std::optional<if_match>` leaves it to the caller.
struct if_match {
  /// Nothing for `If-Match: *`: any version, as long as there is one.
  std::optional<std::int64_t> version;
};

/// Ids for what the operation creates, the same sequence when a request with an `Idempotency-Key` is run again.
/// Every id of such an operation comes from here, in an order that does not depend on anything but the request.
class new_ids {
 public:
  new_ids(uuid seed, instant at) : seed_{seed}, at_{at} {}
  /// A UUIDv7 of the time the operation was first tried.
  [[nodiscard]] uuid next();
  /// That time: the same on every try.
  [[nodiscard]] instant at() const noexcept { return at_; }

 private:
  uuid seed_;
  instant at_;
  std::uint32_t made_ = 0;
};

/// 201 with a `Location`.
template <class T>
struct created {
  T value;
  std::string location;
};

/// 202 with a `Location` where the result will be.
template <class T>
struct accepted {
  T value;
  std::string location;
};

/// 204.
struct no_content {};

/// A document with its version: answered with the strong `ETag` `"v<version>"` that `If-Match` takes.
template <class T>
struct versioned {
  T value;
  std::int64_t version;
};

/// How a parameter type of the application (its own `caller`, say) comes from a request: specialise with
/// `static T get(request&)`, which may throw `problem`.
template <class T>
struct argument;

/// `"v12"`, and back; nothing for a tag that is not of this form.
[[nodiscard]] std::string version_tag(std::int64_t version);
[[nodiscard]] std::optional<std::int64_t> version_of_tag(std::string_view tag) noexcept;

}  // namespace nxg::http
