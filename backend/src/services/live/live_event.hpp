#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/json_schema.hpp"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

/// How an event that goes over sockets is declared: once, beside its payload.
///
///   /// …
///   struct points_awarded_message {
///     uuid id;
///     instant at{};
///     std::int64_t points = 0;
///   };
///   BOOST_DESCRIBE_STRUCT(points_awarded_message, (), (id, at, points))
///   inline constexpr live::sent announced(live::tag<points_awarded_message>) {
///     return {"points:awarded", live::audience::notifications, "Points were awarded."};
///   }
///
/// and listed in `catalogue.cpp`: what is not declared does not compile, what is not listed does not link. Then
/// `co_await live.tell(member, message)`. `docs/events.md` and `docs/asyncapi.json` follow from it
/// (`tools/check-generated.sh --write`).
namespace nxg::live {

/// Who hears an event, and where. `workouts`, `notifications`: the member's devices in the namespace of that name, and
/// the member's inbox. `machine`: the machine itself. `branch`: whoever watches the branch, both in `/machines`.
/// `staff`: those of its staff who watch its floor, in `/staff`.
enum class audience : std::uint8_t { workouts, notifications, machine, branch, staff };

/// The namespace an audience listens in.
[[nodiscard]] std::string_view namespace_of(audience to) noexcept;

/// Whether whoever was away gets it later. `inbox`: kept for the member, in order, never twice. `momentary`: for who is
/// there; a reader that is slow may miss some.
enum class keeping : std::uint8_t { inbox, momentary };

/// What the server says. A name is `noun:verb` and keeps its meaning for ever; a change that breaks readers is a new
/// name.
struct sent {
  std::string_view name;
  audience to;
  std::string_view text;
  keeping kept = keeping::inbox;
};

template <class Payload>
struct tag {};

/// The JSON Schema of a payload, among others.
using schema_of_payload = std::string (*)(schema::components&, schema::schema_use);

template <class Payload>
std::string payload_schema(schema::components& among, schema::schema_use how) {
  return among.schema_of<Payload>(how);
}

/// Every payload says when it happened, and has an id that is the same should it come twice.
template <class Payload>
concept announced_payload = requires(const Payload& one) {
  { announced(tag<Payload>{}) } -> std::same_as<sent>;
  { one.id } -> std::convertible_to<uuid>;
  { one.at } -> std::convertible_to<instant>;
};

/// The declaration of an event that is listed. Defined in `catalogue.cpp`, for those alone.
template <class Payload>
[[nodiscard]] const sent& listed();

}  // namespace nxg::live
