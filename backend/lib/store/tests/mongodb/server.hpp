#pragma once

#include "runtime/tests/temporary_folder.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

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
  /// The last words of those that ended although nobody here ended them, once they are killed or gone: what failed then
  /// says nothing about us.
  static std::vector<std::string>& crashes();

  [[nodiscard]] std::filesystem::path socket() const { return folder_.path() / "mongodb.sock"; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  [[nodiscard]] bool crashed() const;
  [[nodiscard]] std::string last_words() const;
  void wait_until_ready(int from);
  void forbid_scans();

  runtime::temporary_folder folder_{"mongodb"};
  pid_t process_ = -1;
  int input_ = -1;
};

/// "mongodb://<socket>/<database>"
std::string url_of(const std::filesystem::path& socket, const std::string& database);

}  // namespace nxg::store::testing
