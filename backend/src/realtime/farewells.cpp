#include "realtime/farewells.hpp"

#include "realtime/answers.hpp"
#include "schema/json.hpp"

namespace nxg::realtime {
namespace {

constexpr farewell all_of_them[] = {farewell::token_expired, farewell::token_revoked, farewell::superseded,
                                    farewell::too_many_sockets};

std::string_view text_of(farewell why) noexcept {
  switch (why) {
    case farewell::token_expired: return "The token has expired; connect with a new one.";
    case farewell::token_revoked: return "The token was revoked; log in again.";
    case farewell::superseded: return "A newer connection of this machine has taken over.";
    case farewell::too_many_sockets: return "This account holds as many sockets as one may; end another one first.";
  }
  return "";
}

}  // namespace

std::string_view name_of(farewell why) noexcept {
  switch (why) {
    case farewell::token_expired: return "token_expired";
    case farewell::token_revoked: return "token_revoked";
    case farewell::superseded: return "superseded";
    case farewell::too_many_sockets: return "too_many_sockets";
  }
  return "";
}

void part(socketio::socket& from, farewell why) {
  const refusal told{.success = false, .code = std::string{name_of(why)}, .detail = std::string{text_of(why)}};
  from.emit(name_of(why), socketio::payload{schema::to_json(told)});
  from.disconnect();
}

void declare_farewells(declared_namespace& in) {
  for (const auto why : all_of_them) in.may_say<refusal>(name_of(why), text_of(why));
}

}  // namespace nxg::realtime
