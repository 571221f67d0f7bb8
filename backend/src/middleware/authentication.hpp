#pragma once

#include "http/chain.hpp"
#include "services/accounts/attempts.hpp"
#include "services/accounts/tokens.hpp"

#include <memory>

namespace nxg {

/// Who calls, by `Authorization: Bearer <access token>`: people, machines and screens alike.
class bearer_authentication final : public http::authenticator {
 public:
  bearer_authentication(token_service& tokens, attempt_limits& attempts) : tokens_{tokens}, attempts_{attempts} {}

  std::shared_ptr<const http::principal> recall(const http::request& incoming) override;
  task<std::shared_ptr<const http::principal>> authenticate(const http::request& incoming) override;

 private:
  token_service& tokens_;
  attempt_limits& attempts_;
};

}  // namespace nxg
