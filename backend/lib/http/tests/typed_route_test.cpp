#include "support.hpp"

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nxg::http::testing {
namespace {

namespace json = boost::json;

enum class role : std::uint8_t { member };
BOOST_DESCRIBE_ENUM(role, member)

struct machine_path {
  uuid machine_id;
};
BOOST_DESCRIBE_STRUCT(machine_path, (), (machine_id))

struct machine_filter {
  std::optional<schema::bounded<int, 1, 9>> floor;
  std::optional<bool> free_only;
};
BOOST_DESCRIBE_STRUCT(machine_filter, (), (floor, free_only))

struct machine_draft {
  schema::text<1, 10> name;
  schema::bounded<int, 1, 100> weight_kg;
};
BOOST_DESCRIBE_STRUCT(machine_draft, (), (name, weight_kg))

struct machine {
  uuid id;
  std::string name;
  int weight_kg = 0;
};
BOOST_DESCRIBE_STRUCT(machine, (), (id, name, weight_kg))

const hmac_cursor_signer signer{{"0123456789abcdef"}};
constexpr auto some_id = "0190a000-0000-7000-8000-000000000001";

/// Through the error boundary, so that problems are answers.
class TypedRouteTest : public ::testing::Test {
 protected:
  TypedRouteTest() { routes.use(error_boundary({}, {}, {})).cursors(signer); }

  response ask(verb method, std::string_view target, std::string body = {}) {
    auto asked = make_request(method, target, std::move(body));
    return ask(asked);
  }
  response ask(request& asked) {
    if (!routes.sealed()) routes.seal();
    routes.match(asked);
    return answer(routes, asked);
  }
  static json::value body_of(const response& answer) { return json::parse(answer.body); }

  router routes;
};

TEST_F(TypedRouteTest, PartsArriveTypedAndTheAnswerIsInTheEnvelope) {
  routes.put("/machines/{machineId}")
      .open()
      .handle([](path<machine_path> where, query<machine_filter> filter, body<machine_draft> draft) -> task<machine> {
        co_return machine{where->machine_id, draft->name, draft->weight_kg + filter->floor.value()};
      });
  const auto got = ask(verb::put, std::string{"/machines/"} + some_id + "?floor=3", R"({"name":"Row","weightKg":40})");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body,
            std::string{R"({"success":true,"data":{"id":")"} + some_id + R"(","name":"Row","weightKg":43},"meta":{}})");
  EXPECT_EQ(got.headers.find("content-type"), "application/json");
}

TEST_F(TypedRouteTest, EverythingWrongIsAnsweredAtOnce) {
  routes.put("/machines/{machineId}")
      .open()
      .handle(
          [](path<machine_path>, query<machine_filter>, body<machine_draft>) -> task<machine> { co_return machine{}; });
  const auto got = ask(verb::put, "/machines/none?floor=77&color=red&floor=1", R"({"weightKg":0,"extra":1})");
  EXPECT_EQ(got.status, 400);
  const auto problem = body_of(got);
  EXPECT_EQ(problem.at("code"), "invalid_request");
  EXPECT_EQ(problem.at("success"), false);
  std::vector<std::string> pointers;
  for (const auto& one : problem.at("errors").as_array()) pointers.emplace_back(one.at("pointer").as_string().c_str());
  for (const auto* pointer : {"/path/machineId", "/query/floor", "/query/color", "/name", "/weightKg", "/extra"}) {
    EXPECT_NE(std::ranges::find(pointers, pointer), pointers.end()) << pointer << " in " << got.body;
  }
}

TEST_F(TypedRouteTest, ABodyMustBeJson) {
  routes.post("/machines").open().handle([](body<machine_draft>) {});
  auto plain = make_request(verb::post, "/machines");
  plain.headers.set("Content-Type", "text/plain");
  plain.body = "{}";
  EXPECT_EQ(ask(plain).status, 415);
  auto none = make_request(verb::post, "/machines");
  EXPECT_EQ(ask(none).status, 415);
  auto with_charset = make_request(verb::post, "/machines");
  with_charset.headers.set("Content-Type", "Application/JSON; charset=utf-8");
  with_charset.body = R"({"name":"a","weightKg":1})";
  EXPECT_EQ(ask(with_charset).status, 204);
  EXPECT_EQ(ask(verb::post, "/machines", "{").status, 400);
}

TEST_F(TypedRouteTest, QueryParametersNobodyReadsAreRefused) {
  routes.get("/plain").open().handle([] { return machine{}; });
  EXPECT_EQ(ask(verb::get, "/plain").status, 200);
  const auto got = ask(verb::get, "/plain?debug=1");
  EXPECT_EQ(got.status, 400);
  EXPECT_EQ(body_of(got).at("errors").at(0).at("pointer"), "/query/debug");
  EXPECT_EQ(ask(verb::get, "/plain?%zz").status, 400);
}

TEST_F(TypedRouteTest, ResultsDecideTheStatus) {
  routes.post("/created").open().handle([]() -> task<created<versioned<machine>>> {
    co_return created<versioned<machine>>{{machine{}, 4}, "/machines/1"};
  });
  routes.post("/accepted").open().handle([] { return accepted<machine>{machine{}, "/jobs/1"}; });
  routes.del("/gone").open().handle([]() -> task<> { co_return; });
  routes.del("/gone-too").open().handle([] { return no_content{}; });
  routes.post("/teapot").open().status(203).handle([] { return machine{}; });
  const auto made = ask(verb::post, "/created");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.headers.find("location"), "/machines/1");
  EXPECT_EQ(made.headers.find("etag"), "\"v4\"");
  EXPECT_EQ(ask(verb::post, "/accepted").status, 202);
  EXPECT_EQ(ask(verb::del, "/gone").status, 204);
  EXPECT_EQ(ask(verb::del, "/gone-too").status, 204);
  EXPECT_EQ(ask(verb::del, "/gone-too").body, "");
  EXPECT_EQ(ask(verb::post, "/teapot").status, 203);
}

TEST_F(TypedRouteTest, AnAnswerMayBeOneOfTwo) {
  using either = std::variant<machine, machine_filter>;
  routes.get("/whole").open().handle([] { return either{machine{}}; });
  routes.get("/part").open().handle([] { return either{machine_filter{.floor = 2, .free_only = {}}}; });
  EXPECT_TRUE(body_of(ask(verb::get, "/whole")).at("data").as_object().contains("weightKg"));
  EXPECT_EQ(ask(verb::get, "/part").body, R"({"success":true,"data":{"floor":2},"meta":{}})");
}

TEST_F(TypedRouteTest, PagesGoOnByTheirSignedCursor) {
  routes.get("/numbers").open().handle([](page_request asked, query<machine_filter>) -> task<page<int>> {
    const int from = asked.after ? std::stoi(*asked.after) : 0;
    page<int> made;
    for (int i = from; i < std::min(from + asked.limit, 50); ++i) made.items.push_back(i);
    if (from + asked.limit < 50) made.next = std::to_string(from + asked.limit);
    co_return made;
  });
  std::string target = "/numbers?limit=20&floor=2";
  std::vector<int> seen;
  for (int pages = 0; pages < 3; ++pages) {
    const auto got = ask(verb::get, target);
    ASSERT_EQ(got.status, 200) << got.body;
    const auto read = body_of(got);
    for (const auto& one : read.at("data").as_array()) seen.push_back(static_cast<int>(one.as_int64()));
    const auto link = got.headers.find("link");
    ASSERT_EQ(link.has_value(), pages < 2);
    if (!link) {
      EXPECT_EQ(read.at("meta").as_object().size(), 0u);
      break;
    }
    target = std::string{link->substr(1, link->find('>') - 1)};
    EXPECT_TRUE(link->ends_with("; rel=\"next\""));
    EXPECT_NE(target.find(read.at("meta").at("nextCursor").as_string().c_str()), std::string::npos);
    EXPECT_NE(target.find("floor=2"), std::string::npos);
  }
  EXPECT_EQ(seen.size(), 50u);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST_F(TypedRouteTest, CursorsBelongToOneListFilterAndCaller) {
  const auto one_page = [](page_request, query<machine_filter>) -> task<page<int>> {
    co_return page<int>{{1}, "position"};
  };
  routes.get("/one").open().handle(one_page);
  routes.get("/two").open().handle(one_page);
  const auto first = ask(verb::get, "/one?floor=1");
  const std::string cursor{body_of(first).at("meta").at("nextCursor").as_string()};
  EXPECT_EQ(ask(verb::get, "/one?floor=1&cursor=" + cursor).status, 200);
  EXPECT_EQ(ask(verb::get, "/one?cursor=" + cursor + "&limit=5&floor=1").status, 200);
  for (const auto& wrong : {"/two?floor=1&cursor=" + cursor, "/one?floor=2&cursor=" + cursor, "/one?cursor=" + cursor,
                            "/one?floor=1&cursor=" + cursor + "A", std::string{"/one?floor=1&cursor="}}) {
    const auto got = ask(verb::get, wrong);
    EXPECT_EQ(got.status, 400) << wrong;
    EXPECT_EQ(got.code, "cursor_invalid") << wrong;
  }
  auto other_caller = make_request(verb::get, "/one?floor=1&cursor=" + cursor);
  other_caller.who = std::make_shared<principal>(principal{*uuid::parse(some_id), 0, {}, {}, {}});
  EXPECT_EQ(ask(other_caller).status, 400);
  for (const auto* limit : {"0", "101", "x", "-1", "1e1", ""}) {
    EXPECT_EQ(ask(verb::get, "/one?limit=" + std::string{limit}).status, 400) << limit;
  }
  EXPECT_EQ(ask(verb::get, "/one?limit=1&limit=2").status, 400);
}

TEST_F(TypedRouteTest, UpdatesNameTheVersionTheyAreBasedOn) {
  std::optional<std::int64_t> based_on;
  routes.put("/must").open().handle([&](if_match match) { based_on = match.version; });
  routes.put("/may").open().handle(
      [&](std::optional<if_match> match) { based_on = match ? match->version : std::nullopt; });
  EXPECT_EQ(ask(verb::put, "/must").status, 428);
  const auto with = [&](std::string_view path, std::string_view tag) {
    auto asked = make_request(verb::put, path);
    asked.headers.add("If-Match", tag);
    return ask(asked).status;
  };
  EXPECT_EQ(with("/must", "\"v12\""), 204);
  EXPECT_EQ(based_on, 12);
  EXPECT_EQ(with("/must", "\"v13-gzip\""), 204);
  EXPECT_EQ(based_on, 13);
  EXPECT_EQ(with("/must", "\"abc\", W/\"v99\" ,\"v12\",\"v14\", \"v3\""), 204);
  EXPECT_EQ(based_on, 14);
  EXPECT_EQ(with("/must", "*"), 204);
  EXPECT_EQ(based_on, std::nullopt);
  for (const auto* wrong : {"v12", "\"v\"", "\"v-1\"", "\"v1x\"", "W/\"v12\"", "\"abc\"", "\"v99999999999999999999\"",
                            "\"abc\", W/\"v12\"", "\"a,v12\"", ","}) {
    EXPECT_EQ(with("/must", wrong), 412) << wrong;
  }
  EXPECT_EQ(ask(verb::put, "/may").status, 204);
}

TEST_F(TypedRouteTest, NewIdsRepeatForTheSameOperation) {
  const instant at{std::chrono::milliseconds{1'700'000'000'000}};
  new_ids first{*uuid::parse(some_id), at};
  new_ids again{*uuid::parse(some_id), at};
  const auto one = first.next();
  const auto two = first.next();
  EXPECT_NE(one, two);
  EXPECT_EQ(again.next(), one);
  EXPECT_EQ(again.next(), two);
  EXPECT_EQ(one.to_string()[14], '7');
  counting_random other;
  EXPECT_EQ(one.to_string().substr(0, 13), uuid::version_7(at, other).to_string().substr(0, 13));
}

TEST_F(TypedRouteTest, APrincipalIsNeverMadeUp) {
  routes.get("/me").allow(role::member).handle([](const principal& who) { return who.id.to_string(); });
  EXPECT_EQ(ask(verb::get, "/me").status, 401);
}

}  // namespace
}  // namespace nxg::http::testing
