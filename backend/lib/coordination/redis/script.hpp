#pragma once

#include <string>
#include <string_view>

namespace nxg::coordination::redis {

/// A Lua script that the server runs atomically, known there by the hash of its text.
struct script {
  explicit script(std::string_view lua);

  std::string text;
  std::string hash;
};

}  // namespace nxg::coordination::redis
