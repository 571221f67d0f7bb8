#pragma once

#include "runtime/tests/temporary_folder.hpp"

#include <sys/types.h>

#include <string>

namespace nxg::objects::testing {

/// s3rver behind our checker of signatures (backend/tests/support/s3), in a process and folder of its own; ends with
/// this object, or with the process.
class s3_host {
 public:
  s3_host();
  ~s3_host();
  s3_host(const s3_host&) = delete;
  s3_host& operator=(const s3_host&) = delete;

  [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] static std::string bucket() { return "gym-objects"; }

  struct seen {
    unsigned long requests = 0;
    unsigned long refused = 0;
    std::size_t longest_body = 0;
    std::size_t unfinished_uploads = 0;
  };
  [[nodiscard]] seen look();

 private:
  [[nodiscard]] std::string read_line();

  runtime::temporary_folder folder_{"objects"};
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
  int port_ = 0;
};

}  // namespace nxg::objects::testing
