#pragma once

#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace nxg::store::testing {

/// Ends TLS before an engine that has none: a port of 127.0.0.1 in front of its unix socket.
class tls_front {
 public:
  tls_front(boost::asio::ssl::context& with, std::filesystem::path back);
  ~tls_front();
  tls_front(const tls_front&) = delete;
  tls_front& operator=(const tls_front&) = delete;

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::store::testing
