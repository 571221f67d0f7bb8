#pragma once

#include "models/scan.hpp"
#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>

/// What sockets are told of body scans.
namespace nxg::live {

/// `scan:status`, to the member.
struct scan_status_message {
  uuid id;
  instant at{};
  uuid scan_id;
  scan_status status = scan_status::queued;
  std::int32_t progress = 0;
};
BOOST_DESCRIBE_STRUCT(scan_status_message, (), (id, at, scan_id, status, progress))
inline constexpr sent announced(tag<scan_status_message>) {
  return {"scan:status", audience::notifications, "How far a body scan has come."};
}

}  // namespace nxg::live
