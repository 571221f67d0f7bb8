#include "support.hpp"

#include "http/conditional.hpp"
#include "http/varying.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::http::testing {
namespace {

using namespace std::chrono_literals;

enum class role : std::uint8_t { member, staff };
BOOST_DESCRIBE_ENUM(role, member, staff)

enum class gym_error { machine_in_use };
int status_of(gym_error) { return 409; }
std::string_view name_of(gym_error) { return "machine_in_use"; }

constexpr auto some_id = "0190a000-0000-7000-8000-000000000001";

/// Tokens "member", "staff"; "late" has to be looked up, "bad" is refused.
class token_authenticator final : public authenticator {
 public:
  std::shared_ptr<const principal> recall(const request& incoming) override {
    return find(incoming, {"member", "staff"});
  }

  task<std::shared_ptr<const principal>> authenticate(const request& incoming) override {
    ++asked;
    if (incoming.headers.find("authorization") == "Bearer bad") throw problem{401, "token_expired", "It has expired."};
    co_return find(incoming, {"late"});
  }

  int asked = 0;

 private:
  static std::shared_ptr<const principal> find(const request& incoming, std::vector<std::string_view> known) {
    const auto token = incoming.headers.find("authorization").value_or("");
    for (const auto one : known) {
      if (token != "Bearer " + std::string{one}) continue;
      return std::make_shared<principal>(principal{*uuid::parse(some_id), one == "staff" ? 1u : 0u, {}, {}, {}});
    }
    return nullptr;
  }
};

class counted_limit final : public rate_limit {
 public:
  std::optional<rate_verdict> try_take(const request&) override {
    if (remote) return std::nullopt;
    return verdict();
  }
  task<rate_verdict> take(const request&) override { co_return verdict(); }

  bool remote = false;
  std::uint64_t left = 2;

 private:
  rate_verdict verdict() {
    if (left == 0) return {false, "public", 2, 60s, 0, 30s};
    return {true, "public", 2, 60s, --left, 30s};
  }
};

class map_store final : public idempotency_store {
 public:
  struct entry {
    claim held;
    std::optional<stored_answer> answer;
  };

  task<record> begin(const claim& wanted) override {
    const auto name = wanted.principal.to_string() + wanted.operation + wanted.key;
    const auto [found, inserted] = entries.try_emplace(name, entry{wanted, {}});
    auto& one = found->second;
    using outcome = record::outcome;
    record got{outcome::begun, one.held.fingerprint, one.held.seed, one.held.now, one.held.claimed_until, {}};
    if (one.answer) {
      got.found = outcome::finished;
      got.answer = *one.answer;
    } else if (!inserted && one.held.claimed_until > wanted.now) {
      got.found = outcome::in_progress;
    } else if (!inserted) {
      got.found = outcome::resumed;
      if (one.held.fingerprint == wanted.fingerprint) one.held.claimed_until = wanted.claimed_until;
    }
    co_return got;
  }
  task<void> finish(const claim& held, const stored_answer& answer) override {
    at(held).answer = answer;
    co_return;
  }
  task<void> release(const claim& held) override {
    at(held).held.claimed_until = instant{};
    co_return;
  }
  task<void> forget(const claim& held) override {
    entries.erase(held.principal.to_string() + held.operation + held.key);
    co_return;
  }

  std::map<std::string, entry> entries;

 private:
  entry& at(const claim& held) { return entries.at(held.principal.to_string() + held.operation + held.key); }
};

class ChainTest : public ::testing::Test {
 protected:
  void build(cors_options cors = {}) {
    routes.use(standard_chain(
        {.time = clock,
         .random = random,
         .on_answer =
             [this](const request& asked, const response& got, std::chrono::nanoseconds) {
               observed.push_back((asked.route != nullptr ? asked.route->path : "none") + ' ' +
                                  std::to_string(got.status) + ' ' + got.code);
             },
         .translate = [](std::exception_ptr error) -> std::optional<problem> {
           try {
             std::rethrow_exception(error);
           } catch (const std::domain_error& known) {
             return problem{422, "domain_code", known.what()};
           } catch (...) {
             return std::nullopt;
           }
         },
         .on_failure = [this](const request&, std::exception_ptr) { ++failures; },
         .on_undeclared = [this](const route_info& route,
                                 const problem& one) { undeclared.push_back(route.path + ' ' + one.code()); },
         .cors = std::move(cors),
         .security = {},
         .authentication = &authenticator_,
         .limits = &limit,
         .keyed_operations = &store}));
    routes.seal();
  }

  response ask(request asked) {
    routes.match(asked);
    return answer(routes, asked);
  }
  response get(std::string_view target, std::vector<std::pair<std::string, std::string>> headers = {}) {
    return ask(with(verb::get, target, {}, std::move(headers)));
  }
  static request with(verb method, std::string_view target, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers) {
    auto asked = make_request(method, target, std::move(body));
    for (const auto& [name, value] : headers) asked.headers.add(name, value);
    return asked;
  }

  runtime::clock clock{runtime::clock::mode::adjustable};
  counting_random random;
  token_authenticator authenticator_;
  counted_limit limit;
  map_store store;
  std::vector<std::string> observed;
  std::vector<std::string> undeclared;
  int failures = 0;
  router routes;
};

TEST_F(ChainTest, IdsAreTakenOverOnlyWhenTheyAreUuids) {
  limit.left = 100;
  routes.get("/a").open().handle([] { return 1; });
  build();
  EXPECT_EQ(get("/a", {{"X-Request-Id", some_id}}).headers.find("x-request-id"), some_id);
  EXPECT_EQ(get("/a", {{"X-Correlation-ID", some_id}}).headers.find("x-request-id"), some_id);
  const auto replaced = get("/a", {{"X-Request-Id", "<script>"}});
  EXPECT_TRUE(uuid::parse(replaced.headers.find("x-request-id").value_or("")).has_value());
  EXPECT_EQ(get("/a").headers.count("x-request-id"), 1u);
}

TEST_F(ChainTest, TracesGoOn) {
  routes.get("/a").open().handle([] { return 1; });
  build();
  const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const std::string child{*get("/a", {{"traceparent", parent}}).headers.find("traceparent")};
  EXPECT_EQ(child.substr(0, 36), parent.substr(0, 36));
  EXPECT_NE(child, parent);
  EXPECT_EQ(get("/a", {{"traceparent", "00-zz"}}).headers.find("traceparent")->size(), parent.size());
}

TEST_F(ChainTest, EveryThrowIsAnAnswerAndA500SaysNothing) {
  limit.left = 100;
  routes.get("/problem").open().errors(gym_error::machine_in_use).handle([]() -> task<int> {
    throw make_problem(gym_error::machine_in_use, "Somebody trains there.");
    co_return 1;
  });
  routes.get("/known").open().handle([]() -> int { throw std::domain_error{"a rule"}; });
  routes.get("/unknown").open().handle([]() -> int { throw std::runtime_error{"password=hunter2"}; });
  routes.get("/number").open().handle([]() -> task<int> {
    throw 42;
    co_return 1;
  });
  build();
  const auto declared = get("/problem");
  EXPECT_EQ(declared.status, 409);
  EXPECT_EQ(declared.code, "machine_in_use");
  EXPECT_NE(declared.body.find(R"("code":"machine_in_use")"), std::string::npos);
  EXPECT_NE(declared.body.find(R"("requestId":")"), std::string::npos);
  EXPECT_NE(declared.body.find(R"("instance":"/problem")"), std::string::npos);
  EXPECT_EQ(declared.headers.find("content-type"), "application/problem+json");
  EXPECT_EQ(get("/known").status, 422);
  EXPECT_EQ(undeclared, std::vector<std::string>{"/known domain_code"});
  for (const auto* path : {"/unknown", "/number"}) {
    const auto got = get(path);
    EXPECT_EQ(got.status, 500);
    EXPECT_EQ(got.code, "internal_error");
    EXPECT_EQ(got.body.find("hunter2"), std::string::npos);
  }
  EXPECT_EQ(failures, 2);
  EXPECT_EQ(get("/nowhere").status, 404);
  EXPECT_EQ(observed.back(), "none 404 not_found");
}

TEST_F(ChainTest, EveryAnswerIsProtected) {
  limit.left = 100;
  routes.get("/a").open().handle([] { return 1; });
  routes.get("/catalogue").open().cache("public, max-age=60").handle([] { return 1; });
  routes.get("/secret").open().secret().handle([] { return 1; });
  build();
  for (const auto* path : {"/a", "/nowhere"}) {
    const auto got = get(path);
    EXPECT_EQ(got.headers.find("x-content-type-options"), "nosniff");
    EXPECT_EQ(got.headers.find("x-frame-options"), "DENY");
    EXPECT_EQ(got.headers.find("referrer-policy"), "no-referrer");
    EXPECT_TRUE(got.headers.contains("strict-transport-security"));
    EXPECT_TRUE(got.headers.contains("content-security-policy"));
    EXPECT_EQ(got.headers.count("cache-control"), 1u);
  }
  EXPECT_EQ(get("/a").headers.find("cache-control"), "private, no-store");
  EXPECT_EQ(get("/catalogue").headers.find("cache-control"), "public, max-age=60");
  EXPECT_EQ(get("/secret").headers.find("cache-control"), "no-store");
  EXPECT_EQ(get("/nowhere").headers.find("cache-control"), "no-store");
}

TEST_F(ChainTest, OriginsAreSharedWithAsDeclared) {
  limit.left = 100;
  routes.post("/a").allow(role::member).handle([] { return 1; });
  build({.origins = {"https://app.example"}});
  const auto preflight = ask(
      with(verb::options, "/a", {}, {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "POST"}}));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.find("access-control-allow-origin"), "https://app.example");
  EXPECT_TRUE(preflight.headers.find("access-control-allow-headers")->find("Idempotency-Key") !=
              std::string_view::npos);
  const auto foreign = ask(
      with(verb::options, "/a", {}, {{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "POST"}}));
  EXPECT_FALSE(foreign.headers.contains("access-control-allow-origin"));
  EXPECT_FALSE(foreign.headers.contains("access-control-allow-methods"));
  const auto refused = ask(with(verb::post, "/a", {}, {{"Origin", "https://app.example"}}));
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.headers.find("access-control-allow-origin"), "https://app.example");
  EXPECT_EQ(refused.headers.find("vary"), "Origin");
  EXPECT_THROW(protective_headers({.origins = {"*", "https://app.example"}}, {}), std::invalid_argument);
}

TEST_F(ChainTest, VersionsAreEchoedOrRefused) {
  routes.get("/a").open().handle([] { return 1; });
  build();
  EXPECT_EQ(get("/a").headers.find("x-api-version"), "1.1");
  EXPECT_EQ(get("/a", {{"x-api-version", "1.0"}}).headers.find("x-api-version"), "1.0");
  EXPECT_EQ(get("/a", {{"x-api-version", "2.0"}}).code, "api_version_unsupported");
}

TEST_F(ChainTest, RolesDecideWhoMayCall) {
  limit.left = 100;
  routes.get("/staff").allow(role::staff).handle([](const principal& who) { return who.id.to_string(); });
  routes.get("/open").open().handle([] { return 1; });
  build();
  const auto token = [&](std::string_view name) {
    return get("/staff", {{"Authorization", "Bearer " + std::string{name}}});
  };
  EXPECT_EQ(token("staff").status, 200);
  EXPECT_EQ(authenticator_.asked, 0);
  EXPECT_EQ(token("member").code, "forbidden");
  EXPECT_EQ(token("late").code, "forbidden");
  EXPECT_EQ(authenticator_.asked, 1);
  const auto none = get("/staff");
  EXPECT_EQ(none.code, "unauthenticated");
  EXPECT_EQ(none.headers.find("www-authenticate"), "Bearer");
  const auto bad = token("bad");
  EXPECT_EQ(bad.status, 401);
  EXPECT_EQ(bad.code, "token_expired");
  EXPECT_EQ(bad.headers.find("www-authenticate"), "Bearer error=\"invalid_token\"");
  EXPECT_EQ(get("/open", {{"Authorization", "Bearer bad"}}).status, 200);
}

TEST_F(ChainTest, LimitsAreToldAndKept) {
  routes.get("/a").open().handle([]() -> int { throw std::domain_error{"refused"}; });
  build();
  const auto first = get("/a");
  EXPECT_EQ(first.status, 422);
  EXPECT_EQ(first.headers.find("ratelimit"), "\"public\";r=1;t=30");
  EXPECT_EQ(first.headers.find("ratelimit-policy"), "\"public\";q=2;w=60");
  limit.remote = true;
  EXPECT_EQ(get("/a").headers.find("ratelimit"), "\"public\";r=0;t=30");
  for (const bool remote : {true, false}) {
    limit.remote = remote;
    const auto refused = get("/a");
    EXPECT_EQ(refused.code, "rate_limited");
    EXPECT_EQ(refused.headers.find("retry-after"), "30");
    EXPECT_EQ(refused.headers.find("ratelimit"), "\"public\";r=0;t=30");
  }
}

class KeyedTest : public ChainTest {
 protected:
  void SetUp() override {
    limit.left = 1000;
    routes.post("/things").allow(role::member).idempotent().handle([this](new_ids ids) -> task<created<std::string>> {
      ++runs;
      const auto id = ids.next().to_string();
      ids_made.push_back(id);
      if (during) during();
      created<std::string> made{id, "/things/" + id};
      co_return made;
    });
    routes.post("/later").allow(role::member).idempotent().handle([this] {
      ++runs;
      response answer;
      answer.status = 202;
      answer.headers.set("Preference-Applied", "respond-async");
      return answer;
    });
    routes.post("/must").allow(role::member).idempotent(keyed::required).handle([] {});
    build();
  }
  response post(std::string_view key, std::string_view token = "member", std::string_view target = "/things",
                std::string body = "{}") {
    return ask(with(verb::post, target, std::move(body),
                    {{"Authorization", "Bearer " + std::string{token}}, {"Idempotency-Key", std::string{key}}}));
  }

  std::function<void()> during;
  int runs = 0;
  std::vector<std::string> ids_made;
};

TEST_F(KeyedTest, ARepeatGetsTheStoredAnswer) {
  const auto first = post("key-1");
  const auto again = post("\"key-1\"");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(again.headers.find("location"), first.headers.find("location"));
  EXPECT_EQ(again.headers.find("idempotent-replayed"), "true");
  EXPECT_FALSE(first.headers.contains("idempotent-replayed"));
  EXPECT_EQ(runs, 1);
  post("key-2");
  EXPECT_EQ(runs, 2);
}

TEST_F(KeyedTest, ARepeatTellsWhichPreferenceWasHeeded) {
  const auto post_preferring = [&](std::string_view preference) {
    std::vector<std::pair<std::string, std::string>> with_key{{"Authorization", "Bearer member"},
                                                              {"Idempotency-Key", "later"}};
    if (!preference.empty()) with_key.emplace_back("Prefer", preference);
    return ask(with(verb::post, "/later", "{}", std::move(with_key)));
  };
  post_preferring("respond-async");
  EXPECT_EQ(post_preferring("respond-async").headers.find("preference-applied"), "respond-async");
  EXPECT_EQ(post_preferring("").code, "idempotency_key_reused") << "an answer for later is none for now";
  EXPECT_EQ(runs, 1);
}

TEST_F(KeyedTest, AnotherRequestUnderTheKeyIsRefused) {
  post("key-1");
  EXPECT_EQ(post("key-1", "member", "/things", R"({"a":1})").code, "idempotency_key_reused");
  EXPECT_EQ(runs, 1);
}

TEST_F(KeyedTest, WhileTheFirstIsAtWorkTheSecondWaitsOutside) {
  std::string code;
  during = [&] {
    during = nullptr;
    const auto second = post("key-1");
    code = second.code;
    EXPECT_TRUE(second.headers.contains("retry-after"));
  };
  EXPECT_EQ(post("key-1").status, 201);
  EXPECT_EQ(code, "idempotency_in_progress");
  EXPECT_EQ(runs, 1);
}

TEST_F(KeyedTest, AFailedTryIsRunAgainWithTheSameIds) {
  during = [&] { throw std::runtime_error{"the store went away"}; };
  EXPECT_EQ(post("key-1").status, 500);
  during = nullptr;
  EXPECT_EQ(post("key-1").status, 201);
  ASSERT_EQ(ids_made.size(), 2u);
  EXPECT_EQ(ids_made[0], ids_made[1]);
}

TEST_F(KeyedTest, AProcessThatDiedLosesItsClaimInTime) {
  store.entries.clear();
  EXPECT_EQ(post("key-1").status, 201);
  for (auto& [name, one] : store.entries) one.answer.reset();  // as if it had died before the end
  EXPECT_EQ(post("key-1").code, "idempotency_in_progress");
  clock.advance(25s);
  EXPECT_EQ(post("key-1").status, 201);
  EXPECT_EQ(ids_made[0], ids_made[1]);
}

TEST_F(KeyedTest, ARefusalByTheRulesLeavesTheKeyFree) {
  for (const bool translated : {true, false}) {
    during = [&] {
      if (translated) throw std::domain_error{"a rule"};
      throw problem{409, "machine_in_use", "Taken."};
    };
    EXPECT_GE(post("key-1").status, 409);
    EXPECT_TRUE(store.entries.empty());
  }
  during = nullptr;
  EXPECT_EQ(post("key-1", "member", "/things", R"({"corrected":true})").status, 201);
}

TEST_F(KeyedTest, KeysAreCheckedAndAskedForWhereTheyMatter) {
  EXPECT_EQ(post("a b").code, "idempotency_key_invalid");
  EXPECT_EQ(post(std::string(256, 'k')).code, "idempotency_key_invalid");
  EXPECT_EQ(post("").code, "idempotency_key_invalid");
  EXPECT_EQ(ask(with(verb::post, "/must", {}, {{"Authorization", "Bearer member"}})).code, "idempotency_key_required");
  EXPECT_EQ(ask(with(verb::post, "/things", {}, {{"Authorization", "Bearer member"}})).status, 201);
  EXPECT_EQ(post("k", "bad").status, 401);
  EXPECT_EQ(store.entries.size(), 0u);
}

TEST_F(ChainTest, ReadsAreRevalidated) {
  limit.left = 100;
  routes.get("/a").open().handle([] { return std::string{"same"}; });
  routes.get("/v").open().handle([] { return versioned<int>{1, 7}; });
  routes.get("/w").open().handle([] { return varying<int>{1, 7, "3"}; });
  routes.get("/s").open().secret().handle([] { return 1; });
  build();
  const auto first = get("/a");
  const std::string tag{*first.headers.find("etag")};
  const auto again = get("/a", {{"If-None-Match", "\"other\", W/" + tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.headers.find("etag"), tag);
  EXPECT_FALSE(again.headers.contains("content-type"));
  EXPECT_TRUE(again.headers.contains("x-request-id"));
  EXPECT_EQ(get("/a", {{"If-None-Match", "\"other\""}}).status, 200);
  EXPECT_EQ(get("/v", {{"If-None-Match", "\"v7\""}}).status, 304);
  EXPECT_EQ(get("/v", {{"If-None-Match", "\"v6\""}}).status, 200);
  EXPECT_EQ(get("/w", {{"If-None-Match", "\"v7.3\""}}).status, 304);
  EXPECT_EQ(get("/w", {{"If-None-Match", "\"v7.2\""}}).status, 200);
  EXPECT_EQ(get("/w", {{"If-None-Match", "\"v7\""}}).status, 200);
  EXPECT_FALSE(get("/s").headers.contains("etag"));
}

TEST_F(ChainTest, LongAnswersAreGzippedForWhoTakesIt) {
  limit.left = 100;
  const std::string text(5000, 'z');
  routes.get("/long").open().handle([&] { return text; });
  routes.get("/short").open().handle([] { return 1; });
  routes.get("/secret").open().secret().handle([&] { return text; });
  build();
  const auto zipped = get("/long", {{"Accept-Encoding", "br, gzip;q=0.8"}});
  EXPECT_EQ(zipped.headers.find("content-encoding"), "gzip");
  EXPECT_EQ(zipped.headers.find("vary"), "Accept-Encoding");
  EXPECT_LT(zipped.body.size(), 200u);
  EXPECT_EQ(zipped.body.substr(0, 2), "\x1f\x8b");
  const std::string tag{*zipped.headers.find("etag")};
  EXPECT_TRUE(tag.ends_with("-gzip\""));
  const auto unchanged = get("/long", {{"Accept-Encoding", "gzip"}, {"If-None-Match", tag}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.headers.find("vary"), "Accept-Encoding");
  EXPECT_FALSE(get("/long").headers.contains("content-encoding"));
  EXPECT_EQ(get("/long").headers.find("vary"), "Accept-Encoding");
  EXPECT_FALSE(get("/long", {{"Accept-Encoding", "gzip;q=0"}}).headers.contains("content-encoding"));
  EXPECT_FALSE(get("/short", {{"Accept-Encoding", "gzip"}}).headers.contains("content-encoding"));
  EXPECT_FALSE(get("/secret", {{"Accept-Encoding", "gzip"}}).headers.contains("content-encoding"));
}

/// The order of the pieces, as a table: what answers when several have something to say.
TEST_F(ChainTest, ThePiecesComeInTheirOrder) {
  routes.post("/a").allow(role::staff).idempotent(keyed::required).handle([] { return 1; });
  build();
  limit.left = 1;
  struct row {
    std::vector<std::pair<std::string, std::string>> headers;
    const char* code;
  };
  for (const auto& [headers, code] :
       std::vector<row>{{{{"x-api-version", "9"}, {"Authorization", "Bearer bad"}}, "api_version_unsupported"},
                        {{{"Authorization", "Bearer bad"}}, "token_expired"},
                        {{{"Authorization", "Bearer member"}}, "forbidden"},
                        {{{"Authorization", "Bearer staff"}}, "idempotency_key_required"},
                        {{{"Authorization", "Bearer staff"}}, "rate_limited"}}) {
    EXPECT_EQ(ask(with(verb::post, "/a", {}, headers)).code, code);
  }
}

}  // namespace
}  // namespace nxg::http::testing
