#pragma once

#include "runtime/tests/temporary_folder.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace nxg::store::testing {

/// The real MongoDB engine in a process of its own, over a folder of its own, reachable at a unix socket in that
/// folder. Queries that no index serves are errors there.
class mongodb_server {
 public:
  mongodb_server();
  ~mongodb_server();
  mongodb_server(const mongodb_server&) = delete;
  mongodb_server& operator=(const mongodb_server&) = delete;

  /// At the same address and with the same data as before.
  void start();
  void kill();   ///< SIGKILL
  void pause();  ///< SIGSTOP
  void go_on();  ///< SIGCONT
  /// It ended, and nobody here ended it: what failed then says nothing about us.
  [[nodiscard]] bool crashed();
  [[nodiscard]] std::string last_words() const;

  [[nodiscard]] std::filesystem::path socket() const { return folder_.path() / "mongodb.sock"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  void wait_until_ready(int from);
  void forbid_scans();

  runtime::temporary_folder folder_{"mongodb"};
  pid_t process_ = -1;
  int input_ = -1;
};

/// "mongodb://<socket>/<database>"
std::string url_of(const std::filesystem::path& socket, const std::string& database);

}  // namespace nxg::store::testing
