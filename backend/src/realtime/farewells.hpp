#pragma once

#include "realtime/events.hpp"
#include "socketio/server.hpp"

#include <cstdint>
#include <string_view>

namespace nxg::realtime {

/// Why the server ends a connection for good: the client is told by an event of this name, then it is closed. Coming
/// back without doing something about it is of no use.
enum class farewell : std::uint8_t {
  token_expired,     ///< not renewed in time: come back with a new token
  token_revoked,     ///< the login or the account is no more: ask the person to log in
  superseded,        ///< a newer connection of the same machine has taken over: do not come back
  too_many_sockets,  ///< the account holds as many sockets as one may: end another one first
};

[[nodiscard]] std::string_view name_of(farewell why) noexcept;

/// Tells why, and ends the socket. From any thread.
void part(socketio::socket& from, farewell why);

/// Adds them to the catalogue.
void declare_farewells(declared_namespace& in);

}  // namespace nxg::realtime
