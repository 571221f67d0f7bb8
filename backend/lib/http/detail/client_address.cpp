#include "http/detail/client_address.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace nxg::http::detail {

namespace ip = boost::asio::ip;

namespace {

/// IPv4 as its mapped form, so that one comparison serves both.
ip::address_v6::bytes_type octets_of(const ip::address& address) {
  return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()).to_bytes() : address.to_v6().to_bytes();
}

bool same_prefix(const ip::address_v6::bytes_type& a, const ip::address_v6::bytes_type& b, unsigned bits) noexcept {
  const auto whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const auto left = bits % 8;
  return left == 0 || (static_cast<unsigned>(a[whole] ^ b[whole]) >> (8 - left)) == 0;
}

}  // namespace

ip::address plain(const ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
  return address;
}

trusted_proxies::trusted_proxies(const std::vector<std::string>& networks) {
  for (const auto& text : networks) {
    const auto slash = text.find('/');
    boost::system::error_code error;
    const auto address = ip::make_address(text.substr(0, slash), error);
    const unsigned most = !error && address.is_v4() ? 32 : 128;
    unsigned bits = most;
    bool readable = !error;
    if (slash != std::string::npos) {
      const auto* end = text.data() + text.size();
      const auto [read, failed] = std::from_chars(text.data() + slash + 1, end, bits);
      readable = readable && failed == std::errc{} && read == end && bits <= most;
    }
    if (!readable) throw std::invalid_argument{"not an address or network: " + text};
    networks_.push_back({octets_of(address), bits + (128 - most)});
  }
}

bool trusted_proxies::trusts(const ip::address& peer) const noexcept {
  if (networks_.empty()) return false;
  const auto octets = octets_of(peer);
  return std::ranges::any_of(networks_, [&](const network& one) { return same_prefix(octets, one.prefix, one.bits); });
}

std::string trusted_proxies::caller(const ip::address& peer, const header_fields& headers) const {
  if (!trusts(peer)) return peer.to_string();
  std::vector<std::string> hops;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto field = headers[i];
    if (!equal_ignoring_case(field.name, "x-forwarded-for")) continue;
    for_each_in_list(field.value, [&](std::string_view hop) { hops.emplace_back(hop); });
  }
  auto nearest = peer;
  for (auto hop = hops.rbegin(); hop != hops.rend() && trusts(nearest); ++hop) {
    boost::system::error_code error;
    const auto address = ip::make_address(*hop, error);
    if (error) break;
    nearest = plain(address);
  }
  return nearest.to_string();
}

}  // namespace nxg::http::detail
