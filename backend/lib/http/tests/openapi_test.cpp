#include "support.hpp"

#include "http/reference_page.hpp"
#include "http/static_files.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

namespace nxg::http::testing {
namespace {

namespace json = boost::json;

enum class role : std::uint8_t { member, staff };
BOOST_DESCRIBE_ENUM(role, member, staff)
enum class gym_error { machine_in_use, machine_not_found };
int status_of(gym_error code) { return code == gym_error::machine_in_use ? 409 : 404; }
std::string_view name_of(gym_error code) {
  return code == gym_error::machine_in_use ? "machine_in_use" : "machine_not_found";
}

struct machine_path {
  uuid machine_id;
};
BOOST_DESCRIBE_STRUCT(machine_path, (), (machine_id))

struct machine_draft {
  schema::text<1, 10> name;
};
BOOST_DESCRIBE_STRUCT(machine_draft, (), (name))

struct machine {
  uuid id;
  std::string name;
};
BOOST_DESCRIBE_STRUCT(machine, (), (id, name))

const hmac_cursor_signer signer{{"0123456789abcdef"}};

void declare(router& routes) {
  routes.cursors(signer);
  routes.get("/api/machines")
      .summary("All machines")
      .tag("machines")
      .allow(role::member, role::staff)
      .handle([](page_request) -> task<page<machine>> { co_return page<machine>{}; });
  routes.post("/api/machines")
      .allow(role::staff)
      .idempotent()
      .errors(gym_error::machine_in_use)
      .request_example(machine_draft{schema::text<1, 10>{"Row 1"}})
      .handle([](body<machine_draft>) -> task<created<machine>> { co_return created<machine>{}; });
  routes.put("/api/machines/{machineId}")
      .allow(role::staff)
      .errors(gym_error::machine_not_found)
      .handle([](path<machine_path>, body<machine_draft>, if_match) -> task<versioned<machine>> {
        co_return versioned<machine>{};
      });
  routes.get("/api/machines/either").open().handle([] { return std::variant<machine, machine_draft>{machine{}}; });
  routes.get("/api/ping").open().handle([] { return std::string{"pong"}; });
  routes.get("/internal").open().hidden().handle([] { return 1; });
}

json::value document(router& routes) {
  declare(routes);
  routes.seal();
  return json::parse(
      openapi_document(routes, {.title = "Gym", .version = "1.1", .common_errors = {{"token_expired", 401}}}));
}

TEST(OpenApi, OperationsSayWhatTheRouteDeclares) {
  router routes;
  const auto api = document(routes);
  EXPECT_EQ(api.at("openapi"), "3.1.0");
  EXPECT_EQ(api.at("info").at("title"), "Gym");
  const auto& paths = api.at("paths").as_object();
  EXPECT_EQ(paths.size(), 4u);
  const auto& put = paths.at("/api/machines/{machineId}").at("put");
  EXPECT_EQ(put.at("operationId"), "putMachinesByMachineId");
  EXPECT_EQ(put.at("parameters").at(0).at("name"), "machineId");
  EXPECT_EQ(put.at("parameters").at(0).at("in"), "path");
  EXPECT_EQ(put.at("security").at(0).at("accessToken").at(0), "staff");
  EXPECT_TRUE(put.at("requestBody").at("content").as_object().contains("application/json"));
  const auto& answers = put.at("responses").as_object();
  for (const auto* status :
       {"200", "400", "401", "403", "404", "408", "412", "413", "415", "428", "429", "500", "503", "504"}) {
    EXPECT_TRUE(answers.contains(status)) << status;
  }
  EXPECT_EQ(answers.at("200").at("headers").at("ETag").at("$ref"), "#/components/headers/ETag");
  EXPECT_NE(json::serialize(answers.at("404")).find("machine_not_found"), std::string::npos);
  EXPECT_NE(json::serialize(answers.at("401")).find("token_expired"), std::string::npos);
  EXPECT_EQ(paths.at("/api/ping").at("get").at("security").as_array().size(), 0u);
  EXPECT_FALSE(paths.at("/api/ping").at("get").at("responses").as_object().contains("401"));
}

TEST(OpenApi, PagesAndKeysAndExamples) {
  router routes;
  const auto api = document(routes);
  const auto& machines = api.at("paths").at("/api/machines");
  const auto text = json::serialize(machines.at("get"));
  EXPECT_NE(text.find("#/components/parameters/cursor"), std::string::npos);
  EXPECT_NE(text.find("nextCursor"), std::string::npos);
  EXPECT_NE(text.find("\"type\":\"array\""), std::string::npos);
  const auto& post = machines.at("post");
  EXPECT_EQ(post.at("requestBody").at("content").at("application/json").at("example").at("name"), "Row 1");
  EXPECT_TRUE(post.at("responses").at("201").at("headers").as_object().contains("Location"));
  EXPECT_TRUE(post.at("responses").as_object().contains("422"));
}

TEST(OpenApi, OfTwoAnswersOneIsGiven) {
  router routes;
  const auto api = document(routes);
  const auto text = json::serialize(api.at("paths").at("/api/machines/either"));
  EXPECT_NE(
      text.find(R"({"oneOf":[{"$ref":"#/components/schemas/Machine"},{"$ref":"#/components/schemas/MachineDraft"}]})"),
      std::string::npos);
}

/// Every `$ref` leads somewhere.
void follow(const json::value& node, const json::value& whole) {
  if (const auto* object = node.if_object()) {
    if (const auto* to = object->if_contains("$ref")) {
      std::error_code error;
      EXPECT_NE(whole.find_pointer(std::string_view{to->as_string()}.substr(1), error), nullptr) << to->as_string();
    }
    for (const auto& member : *object) follow(member.value(), whole);
  } else if (const auto* array = node.if_array()) {
    for (const auto& item : *array) follow(item, whole);
  }
}

TEST(OpenApi, ReferencesHold) {
  router routes;
  const auto api = document(routes);
  follow(api, api);
  EXPECT_TRUE(api.at("components").at("schemas").as_object().contains("Problem"));
}

TEST(OpenApi, IsTheSameForTheSameTable) {
  router one;
  router other;
  EXPECT_EQ(document(one), document(other));
}

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder / "sub");
    write("swagger-ui.css", std::string(3000, ' '));
    write("swagger-ui-bundle.js", "script");
    write("sub/page.html", "<p>");
    write(".secret", "hidden");
    std::filesystem::create_symlink("/etc/passwd", folder / "passwd");
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream{folder / name} << text; }

  response get(std::string_view target, std::string_view accept_encoding = "") {
    auto asked = make_request(verb::get, target);
    if (!accept_encoding.empty()) asked.headers.add("Accept-Encoding", accept_encoding);
    routes.match(asked);
    return answer(routes, asked);
  }

  runtime::temporary_folder place{"http-files"};
  std::filesystem::path folder{place.path()};
  router routes;
};

TEST_F(FolderTest, ServesItsFilesAndNothingElse) {
  routes.use(error_boundary({}, {}, {})).use(represent());
  serve_folder(routes, "/assets", folder);
  routes.seal();
  const auto css = get("/assets/swagger-ui.css");
  EXPECT_EQ(css.status, 200);
  EXPECT_EQ(css.headers.find("content-type"), "text/css; charset=utf-8");
  EXPECT_EQ(css.content().size(), 3000u);
  const auto zipped = get("/assets/swagger-ui.css", "gzip");
  EXPECT_EQ(zipped.headers.find("content-encoding"), "gzip");
  EXPECT_LT(zipped.content().size(), 200u);
  EXPECT_EQ(get("/assets/sub/page.html").content(), "<p>");
  auto known = make_request(verb::get, "/assets/swagger-ui.css");
  known.headers.add("If-None-Match", *zipped.headers.find("etag"));
  routes.match(known);
  EXPECT_EQ(answer(routes, known).status, 304);
  for (const auto* wrong : {"/assets/.secret", "/assets/passwd", "/assets/../etc/passwd", "/assets/%2e%2e/etc/passwd",
                            "/assets/sub", "/assets/", "/assets/sub/../swagger-ui.css"}) {
    EXPECT_EQ(get(wrong).status, 404) << wrong;
  }
}

TEST_F(FolderTest, TooMuchOrNothingIsRefusedAtStart) {
  EXPECT_THROW(serve_folder(routes, "/a", folder, {.max_bytes = 100}), std::runtime_error);
  EXPECT_THROW(serve_folder(routes, "/a", folder / "none"), std::runtime_error);
}

TEST_F(FolderTest, TheReferencePageHasADocumentAndATableOfErrors) {
  routes.use(error_boundary({}, {}, {}));
  declare(routes);
  mount_reference(routes, {.title = "Gym <API>", .version = "1.1"},
                  {.assets = folder, .links = {{"More & more", "/more?a&b"}}, .style = {}});
  routes.seal();
  EXPECT_TRUE(json::parse(get("/api/openapi.json").content()).as_object().contains("paths"));
  const auto page = get("/api/docs");
  EXPECT_NE(page.content().find("swagger-ui-bundle.js"), std::string_view::npos);
  EXPECT_NE(page.content().find("Gym &lt;API&gt;"), std::string_view::npos);
  for (const auto* link : {"<a href=\"/api/openapi.json\">", "<a href=\"/api/docs/errors\">",
                           "<a href=\"/more?a&amp;b\">More &amp; more</a>"}) {
    EXPECT_NE(page.content().find(link), std::string_view::npos) << link;
  }
  EXPECT_NE(page.headers.find("content-security-policy")->find("script-src 'self'"), std::string_view::npos);
  EXPECT_EQ(get("/api/docs/start.js").status, 200);
  EXPECT_EQ(get("/api/docs/assets/swagger-ui-bundle.js").content(), "script");
  EXPECT_EQ(get("/api/docs/assets/sub/page.html").status, 404);
  EXPECT_EQ(get("/api/docs/").status, 308);
  EXPECT_EQ(get("/api/docs/").headers.find("location"), "/api/docs");
}

/// Of the page of errors, what it says of one code.
std::string_view told_of(std::string_view page, std::string_view code) {
  const auto from = page.find("<section id=\"" + std::string{code} + "\">");
  if (from == std::string_view::npos) return {};
  return page.substr(from, page.find("</section>", from) - from);
}

TEST_F(FolderTest, ThePageOfErrorsSaysWhatEachMeansAndWhoAnswersWithIt) {
  routes.use(error_boundary({}, {}, {}));
  declare(routes);
  routes.get("/shut").allow(role::staff).errors(protocol_error::forbidden).handle([] { return 1; });
  mount_reference(routes,
                  {.title = "Gym",
                   .version = "1",
                   .common_errors = {{"token_expired", 401}},
                   .code_meanings = {{"machine_in_use", "Somebody trains on it. Take `another`."}}},
                  {.assets = {}, .links = {}, .style = "body{color:red}"});
  routes.seal();
  const auto answered = get("/api/docs/errors");
  const auto page = answered.content();
  EXPECT_NE(page.find("<style>body{color:red}</style>"), std::string_view::npos);
  const auto taken = told_of(page, "machine_in_use");
  EXPECT_NE(taken.find("<code>machine_in_use</code> 409 Conflict"), std::string_view::npos) << taken;
  EXPECT_NE(taken.find("<p>Somebody trains on it. Take <code>another</code>.</p>"), std::string_view::npos) << taken;
  EXPECT_NE(taken.find("<p class=\"sub\">postMachines</p>"), std::string_view::npos) << taken;
  EXPECT_NE(told_of(page, "rate_limited").find("Any operation<"), std::string_view::npos);
  for (const auto* code : {"forbidden", "unauthenticated", "token_expired"})
    EXPECT_NE(told_of(page, code).find("Any operation with roles<"), std::string_view::npos) << code;
  for (auto number = 0; number <= static_cast<int>(protocol_error::http_version_not_supported); ++number) {
    const auto code = static_cast<protocol_error>(number);
    EXPECT_TRUE(meaning_of(code).ends_with('.')) << name_of(code);
  }
}

}  // namespace
}  // namespace nxg::http::testing
