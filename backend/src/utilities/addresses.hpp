#pragma once

#include <string>
#include <string_view>

namespace nxg::utilities {

/// What of an address belongs to one subscriber, for limits that count by it: an IPv4 address whole, also where it is
/// mapped into IPv6; of an IPv6 address its first 64 bits ("2001:db8:1:2::/64"), as any home may use all of the rest.
/// What is no address stays as it is.
[[nodiscard]] std::string subscriber_of(std::string_view address);

}  // namespace nxg::utilities
