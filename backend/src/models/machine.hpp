#pragma once

#include "models/machine_class.hpp"
#include "models/plausibility_limits.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// What staff decided about a machine; `machine_status` is what people see.
enum class machine_condition : std::uint8_t { in_service, maintenance, out_of_order };
BOOST_DESCRIBE_ENUM(machine_condition, in_service, maintenance, out_of_order)

enum class machine_status : std::uint8_t { available, occupied, maintenance, out_of_order, offline };
BOOST_DESCRIBE_ENUM(machine_status, available, occupied, maintenance, out_of_order, offline)

/// Why a link ended.
enum class link_end : std::uint8_t { unlinked, checked_out, visit_expired, idle, maintenance, abandoned };
BOOST_DESCRIBE_ENUM(link_end, unlinked, checked_out, visit_expired, idle, maintenance, abandoned)

/// Who trains on a machine now. It lives in the machine's document, which is its authority.
struct machine_link {
  /// Also the id of the workout.
  uuid link_id;
  uuid member_id;
  uuid visit_id;
  /// All that the machine learns of the member.
  std::string alias;
  instant since{};
  /// Renewed by samples; past it the link is void.
  instant expires_at{};

  friend bool operator==(const machine_link&, const machine_link&) = default;
};
BOOST_DESCRIBE_STRUCT(machine_link, (), (link_id, member_id, visit_id, alias, since, expires_at))

struct machine {
  uuid id;
  std::int64_t version = 0;
  uuid branch_id;
  std::string name;
  nxg::machine_class class_ = machine_class::treadmill;
  std::string location;
  std::string model_number;
  /// Printed on it; says which machine is meant, opens nothing by itself.
  std::optional<std::string> qr_code;
  /// Its model's own limits, over those of its class.
  std::vector<measure_limit> limits;
  machine_condition condition = machine_condition::in_service;
  std::optional<machine_link> link;
  /// Whether it was heard of lately: set by heartbeats, taken back by a job.
  bool online = false;
  std::optional<instant> last_heartbeat_at;
  /// Of its newest connection; what an older one says about its state is not taken.
  std::int64_t connection = 0;
  std::optional<std::string> firmware;
  /// The server's clock minus the machine's, as last measured; 0 while they agree to a second, absent before.
  std::optional<std::int64_t> clock_offset_ms;
  /// SHA-256 of its secret; absent until credentials were issued.
  std::optional<std::string> secret_hash;
  /// Grows with every rotation; tokens of an older one are refused.
  std::int64_t secret_version = 0;
  /// When its status last became another by a write; see `status_since_of`.
  instant status_since{};
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(machine, (),
                      (id, version, branch_id, name, class_, location, model_number, qr_code, limits, condition, link,
                       online, last_heartbeat_at, connection, firmware, clock_offset_ms, secret_hash, secret_version,
                       status_since, created_at))
store::declaration<machine> declare(store::tag<machine>);

/// What a machine tells of itself with a sign of life; what is absent stays as it is known.
struct signs_of_life {
  std::optional<std::string> firmware = {};
  /// See `machine::clock_offset_ms`.
  std::optional<std::int64_t> clock_offset_ms = {};
};

/// What people see. A link that ran out counts no more, even where no job has removed it yet.
[[nodiscard]] machine_status status_of(const machine& what, instant now) noexcept;

/// When that became so: a link that ran out freed its machine at that moment, whenever a job removes it.
[[nodiscard]] instant status_since_of(const machine& what, instant now) noexcept;

/// The link, unless it ran out.
[[nodiscard]] const machine_link* live_link(const machine& what, instant now) noexcept;

// What happens to machines. Payloads of events written with a machine's document.

struct machine_linked {
  uuid machine_id;
  uuid branch_id;
  machine_link link;
};
BOOST_DESCRIBE_STRUCT(machine_linked, (), (machine_id, branch_id, link))
store::event_declaration<machine_linked> declare(store::tag<machine_linked>);

struct machine_unlinked {
  uuid machine_id;
  uuid branch_id;
  machine_link link;
  link_end reason = link_end::unlinked;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(machine_unlinked, (), (machine_id, branch_id, link, reason, at))
store::event_declaration<machine_unlinked> declare(store::tag<machine_unlinked>);

/// Its status may be another: whoever shows it reads the machine.
struct machine_status_changed {
  uuid machine_id;
  uuid branch_id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(machine_status_changed, (), (machine_id, branch_id, at))
store::event_declaration<machine_status_changed> declare(store::tag<machine_status_changed>);

}  // namespace nxg
