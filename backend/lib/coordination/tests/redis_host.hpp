#pragma once

#include "http_client/tests/certificate.hpp"
#include "runtime/tests/temporary_folder.hpp"

#include <string>
#include <vector>

namespace nxg::coordination {

struct redis_host_options {
  /// With a certificate of its own making, and a password.
  bool secured = false;
  std::vector<std::string> arguments;
};

/// A real redis-server in a folder of its own, on a free port of the loopback; ends with this object, or with the
/// process. Keeps nothing on disk, so a restarted one is empty.
class redis_host {
 public:
  explicit redis_host(redis_host_options how = {});
  redis_host(const redis_host&) = delete;
  redis_host& operator=(const redis_host&) = delete;
  ~redis_host();

  /// On the same port as before. Returns when it accepts connections.
  void start();
  void kill();
  void pause();
  void resume();
  /// By redis-cli, not for a secured one.
  void command(std::vector<std::string> words) const;

  [[nodiscard]] int port() const noexcept { return port_; }
  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string authorities_file() const;
  [[nodiscard]] static std::string password() { return "s3cret/with@marks"; }

 private:
  [[nodiscard]] bool try_start();

  const redis_host_options how_;
  runtime::temporary_folder folder_{"redis"};
  http::certificate certificate_{"DNS:localhost"};
  int port_ = 0;
  int process_ = 0;
  int output_ = -1;
};

}  // namespace nxg::coordination
