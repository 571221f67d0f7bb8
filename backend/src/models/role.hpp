#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>

namespace nxg {

/// What a principal may do. Nobody registers as anything but `member`; staff and trainers are scoped to branches;
/// `machine` and `screen` are devices of one branch, never accounts. The numbers travel in principals: append only.
enum class role : std::uint8_t { member, trainer, staff, admin, machine, screen };
BOOST_DESCRIBE_ENUM(role, member, trainer, staff, admin, machine, screen)

[[nodiscard]] constexpr bool is_device(role is) noexcept { return is == role::machine || is == role::screen; }

}  // namespace nxg
