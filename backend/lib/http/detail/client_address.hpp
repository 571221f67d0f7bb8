#pragma once

#include "http/header_fields.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nxg::http::detail {

/// Proxies whose word about the caller's address is taken.
class trusted_proxies {
 public:
  /// Addresses and networks ("10.0.0.0/8", "::1"). Throws `std::invalid_argument` naming the one that is neither.
  explicit trusted_proxies(const std::vector<std::string>& networks);

  [[nodiscard]] bool trusts(const boost::asio::ip::address& peer) const noexcept;
  /// The nearest address in X-Forwarded-For that is no trusted proxy itself; `peer` when there is none, or none that
  /// can be read: what stands further left could be anybody's invention.
  [[nodiscard]] std::string caller(const boost::asio::ip::address& peer, const header_fields& headers) const;

 private:
  struct network {
    boost::asio::ip::address_v6::bytes_type prefix;
    unsigned bits;
  };
  std::vector<network> networks_;
};

/// Without the IPv4-mapped form that a dual-stack socket shows.
[[nodiscard]] boost::asio::ip::address plain(const boost::asio::ip::address& address);

}  // namespace nxg::http::detail
