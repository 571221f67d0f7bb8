#include "support.hpp"

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace nxg::http::testing {
namespace {

enum class role : std::uint8_t { member, staff };
BOOST_DESCRIBE_ENUM(role, member, staff)

struct thing_path {
  std::string thing_id;
};
BOOST_DESCRIBE_STRUCT(thing_path, (), (thing_id))

auto saying(std::string what) {
  return [what = std::move(what)](request& incoming) {
    std::string text = what;
    for (const auto& one : incoming.path_parameters) text += ' ' + one.name + '=' + one.value;
    return make_response(200, "text/plain", text);
  };
}

std::string reached(const router& routes, std::string_view target, verb method = verb::get) {
  auto asked = make_request(method, target);
  routes.match(asked);
  if (asked.refusal) return asked.refusal->code();
  return answer(routes, asked).body;
}

TEST(Router, LiteralsWinOverParametersAndItGoesBackWhereALiteralLeadsNowhere) {
  router routes;
  routes.get("/a/{x}").open().handle(saying("any"));
  routes.get("/a/b").open().handle(saying("literal"));
  routes.get("/a/{x}/c").open().handle(saying("any-c"));
  routes.get("/a/b/d").open().handle(saying("b-d"));
  routes.get("/files/{rest*}").open().handle(saying("rest"));
  routes.get("/").open().handle(saying("root"));
  routes.seal();
  EXPECT_EQ(reached(routes, "/a/b"), "literal");
  EXPECT_EQ(reached(routes, "/a/z"), "any x=z");
  EXPECT_EQ(reached(routes, "/a/b/c"), "any-c x=b");
  EXPECT_EQ(reached(routes, "/a/b/d"), "b-d");
  EXPECT_EQ(reached(routes, "/a/x%2Fy"), "any x=x/y");
  EXPECT_EQ(reached(routes, "/files/one/two.css"), "rest rest=one/two.css");
  EXPECT_EQ(reached(routes, "/"), "root");
  EXPECT_EQ(reached(routes, "/a"), "not_found");
  EXPECT_EQ(reached(routes, "/a/"), "not_found");
  EXPECT_EQ(reached(routes, "/a/b/"), "not_found");
  EXPECT_EQ(reached(routes, "//a/b"), "not_found");
  EXPECT_EQ(reached(routes, "/a/%ff"), "malformed_request");
  EXPECT_EQ(reached(routes, "/a/%00"), "malformed_request");
  EXPECT_EQ(reached(routes, "/a/b", verb::put), "method_not_allowed");
  EXPECT_EQ(reached(routes, "/a/b", verb::head), "literal");
}

TEST(Router, AliasesReachTheSameHandlerAndHaveTheirOwnId) {
  router routes;
  routes.get("/api/users/me").open().alias("/api/users/profile").handle(saying("me"));
  routes.seal();
  EXPECT_EQ(reached(routes, "/api/users/profile"), "me");
  ASSERT_EQ(routes.routes().size(), 2u);
  EXPECT_EQ(routes.routes()[0]->operation_id, "getUsersMe");
  EXPECT_EQ(routes.routes()[1]->operation_id, "getUsersProfile");
}

TEST(Router, SealingNamesEveryFaultAtOnce) {
  router routes;
  routes.get("/undeclared").handle(saying(""));
  routes.get("/unhandled").open();
  routes.get("/twice/{a}").open().handle(saying(""));
  routes.get("/twice/{b}").open().handle(saying(""));
  routes.get("/who").open().handle([](const principal&) {});
  routes.get("/paged").open().handle([](page_request) -> page<std::string> { return {}; });
  routes.get("/things/{otherId}").open().handle([](path<thing_path>) {});
  routes.put("/keyed").open().idempotent().handle([] {});
  routes.post("/secret").open().idempotent().secret().handle([] {});
  routes.get("/id1").open().operation_id("same").handle([] {});
  routes.get("/id2").open().operation_id("same").handle([] {});
  try {
    routes.seal();
    FAIL() << "sealed";
  } catch (const std::logic_error& error) {
    const std::string text = error.what();
    for (const auto* fault :
         {"neither allow nor open: GET /undeclared", "has no handler: GET /unhandled", "declared twice: GET /twice/{b}",
          "asks who calls: GET /who", "nothing signs its cursors: GET /paged", "GET /things/{otherId}",
          "only a POST takes a key: PUT /keyed", "takes no key: POST /secret", "operation id used twice: same"}) {
      EXPECT_NE(text.find(fault), std::string::npos) << fault << " in\n" << text;
    }
  }
  EXPECT_FALSE(routes.sealed());
}

TEST(Router, NothingIsDeclaredAfterSealing) {
  router routes;
  routes.seal();
  EXPECT_THROW(routes.get("/late"), std::logic_error);
}

TEST(Router, AllowCollectsRoles) {
  router routes;
  const auto& info = routes.get("/a").allow(role::staff).info();
  EXPECT_EQ(info.roles, 2u);
  const auto& all = routes.get("/b").allow_all<role>().info();
  EXPECT_EQ(all.roles, 3u);
  EXPECT_EQ(all.role_names, (std::vector<std::string>{"member", "staff"}));
}

}  // namespace
}  // namespace nxg::http::testing
