#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace nxg::store::testing {

/// Stands between driver and engine, on unix sockets, and does to replies what networks do.
class unix_proxy {
 public:
  enum class fate {
    passed,
    cut,        ///< the connection is closed instead of answered
    swallowed,  ///< nobody hears of it; the connection stays
  };

  unix_proxy(std::filesystem::path front, std::filesystem::path back);
  ~unix_proxy();
  unix_proxy(const unix_proxy&) = delete;
  unix_proxy& operator=(const unix_proxy&) = delete;

  /// What becomes of replies to requests that have this in them ("insert"); all others pass.
  void replies_to(std::string command, fate what);
  /// Takes no new connection and closes those there are; until `open`.
  void cut_off();
  void open();
  /// How many requests had it in them since.
  [[nodiscard]] std::size_t met() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::store::testing
