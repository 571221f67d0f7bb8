#pragma once

#include "http/page.hpp"
#include "services/accounts/keys.hpp"

namespace nxg {

/// Signs the cursors of lists with the deployment's keys, so that any process opens what another made.
class list_cursors final : public http::cursor_signer {
 public:
  explicit list_cursors(const key_service& keys) : keys_{keys} {}

  std::string sign(std::string_view position, std::string_view context) const override {
    return http::hmac_cursor_signer{keys_.cursor_keys()}.sign(position, context);
  }
  std::optional<std::string> open(std::string_view cursor, std::string_view context) const override {
    return http::hmac_cursor_signer{keys_.cursor_keys()}.open(cursor, context);
  }

 private:
  const key_service& keys_;
};

}  // namespace nxg
