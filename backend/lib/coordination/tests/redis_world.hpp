#pragma once

#include "coordination/redis.hpp"
#include "coordination/tests/contract.hpp"
#include "coordination/tests/redis_host.hpp"

#include <memory>

namespace nxg::coordination {

/// Two processes of one deployment over a real server, which all worlds of a program share; each has its own keys.
std::unique_ptr<world> make_redis_world(bool secured, in_process_options options);

/// Of a deployment of its own, with time-outs that tests can wait for.
redis_options options_for(const redis_host& server);

}  // namespace nxg::coordination
