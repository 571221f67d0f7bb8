#include "utilities/addresses.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace nxg::utilities {

std::string subscriber_of(std::string_view address) {
  namespace ip = boost::asio::ip;
  std::string whole{address};
  if (address.find(':') == address.npos) return whole;
  boost::system::error_code error;
  const auto parsed = ip::make_address_v6(whole, error);
  if (error) return whole;
  if (parsed.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, parsed).to_string();
  auto octets = parsed.to_bytes();
  std::fill(octets.begin() + 8, octets.end(), static_cast<unsigned char>(0));
  return ip::address_v6{octets}.to_string() + "/64";
}

}  // namespace nxg::utilities
