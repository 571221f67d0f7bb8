#include "http/chain.hpp"

#include <utility>

namespace nxg::http {

std::vector<middleware> standard_chain(chain_options options) {
  std::vector<middleware> chain;
  chain.push_back(observe(options.time, options.random, std::move(options.on_answer)));
  chain.push_back(protective_headers(std::move(options.cors), std::move(options.security)));
  chain.push_back(error_boundary(options.translate, std::move(options.on_failure), std::move(options.on_undeclared)));
  chain.push_back(api_version(std::move(options.api_versions)));
  chain.push_back(deadline(options.time));
  if (options.authentication != nullptr) chain.push_back(authenticate(*options.authentication));
  if (options.limits != nullptr) chain.push_back(limit_rate(*options.limits));
  chain.push_back(receive_forms());
  // Outside of idempotency: what is kept for a replay is the answer itself, not its compressed form for one caller.
  chain.push_back(represent());
  if (options.keyed_operations != nullptr) {
    chain.push_back(idempotency(*options.keyed_operations, options.time, options.random, std::move(options.translate)));
  }
  return chain;
}

}  // namespace nxg::http
