#include "routes/jwks.hpp"

#include "http/route.hpp"
#include "schema/json.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <utility>
#include <vector>

namespace nxg::routes {

/// RFC 7517; `n` and `e` of an RSA key.
struct json_web_key {
  std::string kty;
  std::string use;
  std::string alg;
  std::string kid;
  std::string n;
  std::string e;
};
BOOST_DESCRIBE_STRUCT(json_web_key, (), (kty, use, alg, kid, n, e))

struct json_web_key_set {
  std::vector<json_web_key> keys;
};
BOOST_DESCRIBE_STRUCT(json_web_key_set, (), (keys))

void declare_jwks(http::router& routes, const key_service& keys) {
  routes.get("/.well-known/jwks.json")
      .summary("Public keys of access tokens (JSON Web Key Set)")
      .description("Plain RFC 7517, without the envelope of other answers. Holds the next key before it signs.")
      .tag("Accounts")
      .open()
      .limit("unlimited")
      .cache("public, max-age=60")
      .alias("/api/auth/jwks")
      .handle([&keys]() -> http::response {
        json_web_key_set set;
        for (const auto& [kid, key] : keys.published_keys()) {
          auto members = key.to_jwk();
          set.keys.push_back(
              {std::move(members.kty), "sig", std::move(members.alg), kid, std::move(members.n), std::move(members.e)});
        }
        return http::make_response(200, "application/jwk-set+json", schema::to_json(set));
      });
}

}  // namespace nxg::routes
