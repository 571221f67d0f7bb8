#include "support.hpp"

#include "http/body_source.hpp"
#include "http/openapi.hpp"
#include "http/range.hpp"
#include "schema/file.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json/parse.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>

namespace nxg::http::testing {
namespace {

using namespace std::chrono_literals;

enum class role : std::uint8_t { member, other };
BOOST_DESCRIBE_ENUM(role, member, other)

struct photo_form {
  schema::file photo;
  schema::bounded<int, 1, 5> rating;
  std::optional<schema::text<1, 10>> notes;
};
BOOST_DESCRIBE_STRUCT(photo_form, (), (photo, rating, notes))

struct film_form {
  schema::file film;
  std::optional<schema::text<1, 10>> notes;
};
BOOST_DESCRIBE_STRUCT(film_form, (), (film, notes))

class one_caller final : public authenticator {
 public:
  task<std::shared_ptr<const principal>> authenticate(const request& incoming) override {
    if (!incoming.headers.contains("authorization")) co_return nullptr;
    co_return std::make_shared<const principal>();
  }
};

std::string field(std::string_view name, std::string_view value) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + std::string{name} + "\"\r\n\r\n" + std::string{value} +
         "\r\n";
}
std::string file(std::string_view name, std::string_view content) {
  return "--b\r\nContent-Disposition: form-data; name=\"" + std::string{name} +
         "\"; filename=\"f.bin\"\r\nContent-Type: application/x-test\r\n\r\n" + std::string{content} + "\r\n";
}
const std::string form_end = "--b--\r\n";

std::string head(std::string_view path, std::size_t length, std::string_view more = "Authorization: x\r\n") {
  return "POST " + std::string{path} + " HTTP/1.1\r\nHost: h\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
         std::string{more} + "Content-Length: " + std::to_string(length) + "\r\n\r\n";
}
std::string post(std::string_view path, const std::string& body) { return head(path, body.size()) + body; }

class FormTest : public ::testing::Test {
 protected:
  void start(server_options options = {}) {
    server.emplace(std::move(options));
    auto& routes = server->routes();
    routes.use(error_boundary({}, {}, {})).use(deadline(server->clock)).use(authenticate(caller)).use(receive_forms());
    routes.post("/photos").allow(role::member).body_limit(200'000).handle([this](form<photo_form> sent) {
      ++handled;
      return make_response(200, "text/plain",
                           sent->photo.name() + " " + sent->photo.content_type() + " " +
                               std::to_string(sent->photo.content().size()) + " " + std::to_string(sent->rating) + " " +
                               std::string{sent->notes.value_or("-")});
    });
    routes.post("/films")
        .allow(role::member)
        .body_limit(1'000'000)
        .handle([this](upload<film_form> sent) -> task<response> {
          ++handled;
          const auto about = co_await sent.file();
          std::size_t size = 0;
          for (;;) {
            const auto piece = co_await sent.next();
            if (piece.empty()) break;
            size += piece.size();
            most = std::max(most.load(), piece.size());
            received = size;
          }
          const auto fields = co_await sent.fields();
          co_return make_response(200, "text/plain",
                                  about.name + " " + fields.film.name() + " " + std::to_string(size) + " " +
                                      std::string{fields.notes.value_or("-")});
        });
    routes.post("/parts").allow(role::member).body_limit(100'000).handle([](octets sent) -> task<response> {
      std::string all;
      for (;;) {
        const auto piece = co_await sent.next();
        if (piece.empty()) break;
        all.append(piece);
      }
      co_return make_response(200, "text/plain", std::move(all));
    });
    routes.post("/ignored").allow(role::member).body_limit(1'000'000).handle([](upload<film_form>) {
      return make_response(200, "text/plain", "not read");
    });
    server->start();
  }

  static std::string code_of(const wire_answer& answer) {
    return std::string{boost::json::parse(answer.body).at("code").as_string()};
  }

  one_caller caller;
  std::atomic<int> handled{0};
  std::atomic<std::size_t> most{0};
  std::atomic<std::size_t> received{0};
  std::optional<running_server> server;
};

TEST_F(FormTest, ArrivesAsAStruct) {
  start();
  raw_client client{server->port()};
  const auto body = field("rating", "4") + file("photo", std::string(100'000, 'x')) + field("notes", "warm") + form_end;
  for (int i = 0; i < 2; ++i) {
    const auto got = client.ask(post("/photos", body));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "f.bin application/x-test 100000 4 warm");
  }
}

TEST_F(FormTest, EverythingWrongIsNamedAtOnce) {
  start();
  raw_client client{server->port()};
  const auto got = client.ask(post("/photos", field("photo", "no file") + file("notes", "x") + field("rating", "9") +
                                                  field("colour", "red") + form_end));
  EXPECT_EQ(got.status, 400);
  const auto errors = boost::json::parse(got.body).at("errors").as_array();
  std::map<std::string, std::string> codes;
  for (const auto& one : errors) codes[std::string{one.at("pointer").as_string()}] = one.at("code").as_string();
  EXPECT_EQ(
      codes,
      (std::map<std::string, std::string>{
          {"/photo", "wrong_type"}, {"/notes", "wrong_type"}, {"/rating", "too_large"}, {"/colour", "unknown_field"}}));
  EXPECT_EQ(errors.size(), 4u);
  EXPECT_EQ(code_of(client.ask(post("/photos", form_end))), "invalid_request");
  EXPECT_EQ(handled, 0);
}

TEST_F(FormTest, NothingIsReadForWhoMayNot) {
  start();
  raw_client client{server->port()};
  // Only the head is sent: the answer waits for nothing.
  client.send(head("/photos", 150'000, ""));
  const auto got = client.receive();
  EXPECT_EQ(got.status, 401);
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(FormTest, ContinueIsSaidOnceTheCallerIsIn) {
  start();
  raw_client stranger{server->port()};
  EXPECT_EQ(stranger.ask(head("/films", 100, "Expect: 100-continue\r\n")).status, 401);
  const auto body = file("film", "x") + form_end;
  raw_client member{server->port()};
  member.send(head("/films", body.size(), "Authorization: x\r\nExpect: 100-continue\r\n"));
  EXPECT_EQ(member.receive(true).status, 100);
  EXPECT_EQ(member.ask(body).body, "film f.bin 1 -");
}

TEST_F(FormTest, AnotherTypeATooLargeAndAMalformedOneAreRefused) {
  start();
  raw_client client{server->port()};
  const auto json = client.ask(
      "POST /photos HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\nContent-Type: application/json\r\n"
      "Content-Length: 2\r\n\r\n{}");
  EXPECT_EQ(json.status, 415);
  EXPECT_EQ(json.header("accept"), "multipart/form-data");
  for (const auto* path : {"/photos", "/films"}) {
    raw_client other{server->port()};
    const auto large = other.ask(head(path, 2'000'000));
    EXPECT_EQ(large.status, 413);
    EXPECT_EQ(code_of(large), "payload_too_large");
    raw_client third{server->port()};
    const auto bad = third.ask(post(path, "--b\r\nnonsense"));
    EXPECT_EQ(bad.status, 400);
    EXPECT_EQ(code_of(bad), "malformed_request");
    raw_client fourth{server->port()};
    EXPECT_EQ(fourth.ask(post(path, field("notes", std::string(20'000, 'x')) + form_end)).status, 413);
  }
}

TEST_F(FormTest, AFileIsReadWhileItArrives) {
  start();
  raw_client client{server->port()};
  const std::string content(500'000, 'x');
  const auto body = field("notes", "before") + file("film", content) + form_end;
  client.send(head("/films", body.size()) + body.substr(0, 300'000));
  for (int i = 0; i < 5'000 && received < 200'000; ++i) server->settle();
  EXPECT_GE(received, 200'000u);
  const auto got = client.ask(body.substr(300'000));
  EXPECT_EQ(got.body, "film f.bin 500000 before");
  EXPECT_LE(most, 64u * 1024);
  EXPECT_EQ(client.ask(post("/films", file("film", "y") + field("notes", "after") + form_end)).body,
            "film f.bin 1 after");
}

TEST_F(FormTest, AStreamedFormHasOneFileAndItsFieldsAreChecked) {
  start();
  const auto error_of = [this](const std::string& body) {
    raw_client client{server->port()};
    const auto got = client.ask(post("/films", body));
    EXPECT_EQ(got.status, 400) << body;
    return std::string{boost::json::parse(got.body).at("errors").at(0).at("pointer").as_string()};
  };
  EXPECT_EQ(error_of(form_end), "/film");
  EXPECT_EQ(error_of(file("film", "x") + file("film", "y") + form_end), "/film");
  EXPECT_EQ(error_of(file("other", "x") + form_end), "/other");
  EXPECT_EQ(error_of(file("film", "x") + field("notes", "much too long") + form_end), "/notes");
}

TEST_F(FormTest, ChunkedBodiesToo) {
  start();
  raw_client client{server->port()};
  const auto body = file("film", std::string(1'000, 'x')) + form_end;
  std::string chunked =
      "POST /films HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  for (const char c : body) chunked += std::string{"1\r\n"} + c + "\r\n";
  chunked += "0\r\n\r\n";
  EXPECT_EQ(client.ask(chunked).body, "film f.bin 1000 -");
  EXPECT_EQ(client.ask(post("/films", body)).body, "film f.bin 1000 -");
}

TEST_F(FormTest, OctetsAreOfTheTypeTheRouteSays) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask(post("/parts", "x")).status, 415);
  EXPECT_EQ(client
                .ask("POST /parts HTTP/1.1\r\nHost: h\r\nAuthorization: x\r\nContent-Type: application/octet-stream\r\n"
                     "Content-Length: 5\r\n\r\nhello")
                .body,
            "hello");
}

TEST_F(FormTest, WhatAHandlerLeavesIsReadOverOrEndsTheConnection) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask(post("/ignored", file("film", "little") + form_end)).body, "not read");
  EXPECT_EQ(client.ask(post("/films", file("film", "x") + form_end)).body, "film f.bin 1 -");
  const auto got = client.ask(head("/ignored", 900'000));
  EXPECT_EQ(got.body, "not read");
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(FormTest, WhoSendsTooSlowlyIsGivenUp) {
  start({.delivery = 1s});
  raw_client client{server->port()};
  client.send(head("/films", 900'000) + file("film", std::string(70'000, 'x')).substr(0, 70'000));
  for (int i = 0; i < 5'000 && received < 60'000; ++i) server->settle();
  std::optional<wire_answer> got;
  server->advance_until(200ms, [&] { return server->server().counters().timed_out > 0; });
  EXPECT_EQ(client.receive().status, 408);
}

TEST_F(FormTest, TheWaitForTheSenderDoesNotCountAgainstTheDeadline) {
  start({.delivery = 60s});
  raw_client client{server->port()};
  const auto body = file("film", std::string(1'000, 'x')) + form_end;
  client.send(head("/films", body.size()) + body.substr(0, 200));
  for (int i = 0; i < 5'000 && received == 0; ++i) server->settle();
  // Three times the route's deadline, in steps the wheel sees.
  for (int i = 0; i < 300; ++i) {
    server->clock.advance(100ms);
    server->settle();
  }
  EXPECT_EQ(client.ask(body.substr(200)).body, "film f.bin 1000 -");
}

TEST_F(FormTest, TheDocumentShowsFilesAsBinary) {
  start();
  const auto document = boost::json::parse(openapi_document(server->routes(), {}));
  const auto& content = document.at("paths").at("/photos").at("post").at("requestBody").at("content");
  const auto& schema = document.at("components").at("schemas").at("PhotoForm");
  EXPECT_TRUE(content.as_object().contains("multipart/form-data"));
  EXPECT_EQ(schema.at("properties").at("photo").at("format"), "binary");
  EXPECT_EQ(schema.at("required"), (boost::json::array{"photo", "rating"}));
  EXPECT_TRUE(document.at("paths")
                  .at("/parts")
                  .at("post")
                  .at("requestBody")
                  .at("content")
                  .as_object()
                  .contains("application/octet-stream"));
}

class counting_content final : public content_source {
 public:
  explicit counting_content(std::uint64_t size, bool breaks = false) : size_{size}, left_{size}, breaks_{breaks} {}
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }
  task<std::string> next() override {
    if (breaks_ && left_ < size_) throw std::runtime_error{"gone"};
    const auto length = std::min<std::uint64_t>(left_, 100'000);
    left_ -= length;
    co_return std::string(length, 'z');
  }

 private:
  std::uint64_t size_;
  std::uint64_t left_;
  bool breaks_;
};

TEST(StreamedAnswer, IsSentPieceByPieceAndABrokenOneEndsTheConnection) {
  running_server server;
  server.routes().use(error_boundary({}, {}, {})).use(represent());
  const auto give = [](bool breaks) {
    return [breaks] {
      response answer;
      answer.headers.add("ETag", "\"t\"");
      answer.stream = std::make_shared<counting_content>(1'000'000, breaks);
      return answer;
    };
  };
  server.routes().get("/film").open().handle(give(false));
  server.routes().get("/broken").open().handle(give(true));
  server.start();
  raw_client client{server.port()};
  const auto got = client.ask("GET /film HTTP/1.1\r\nHost: h\r\nAccept-Encoding: gzip\r\n\r\n");
  EXPECT_EQ(got.body.size(), 1'000'000u);
  EXPECT_FALSE(got.has("content-encoding"));
  client.send("HEAD /film HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive(true).header("content-length"), "1000000");
  EXPECT_EQ(client.ask("GET /film HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"t\"\r\n\r\n").status, 304);
  client.send("GET /broken HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_LT(client.rest().size(), 1'000'000u);
}

TEST(AskedRange, OneRangeOfOctets) {
  const auto asked = [](std::string_view range) { return asked_range(range, std::nullopt, 100, "\"t\""); };
  const auto part = [&](std::string_view range) {
    const auto got = asked(range);
    const auto* one = std::get_if<octet_range>(&got);
    return one == nullptr ? std::pair<std::uint64_t, std::uint64_t>{0, 0} : std::pair{one->first, one->length};
  };
  using pair = std::pair<std::uint64_t, std::uint64_t>;
  EXPECT_EQ(part("bytes=0-9"), (pair{0, 10}));
  EXPECT_EQ(part("bytes=90-"), (pair{90, 10}));
  EXPECT_EQ(part("Bytes=-10"), (pair{90, 10}));
  EXPECT_EQ(part("bytes=-1000"), (pair{0, 100}));
  EXPECT_EQ(part("bytes=99-99999999999999999999999"), (pair{99, 1}));
  for (const auto* beyond : {"bytes=100-", "bytes=-0", "bytes=99999999999999999999999-"})
    EXPECT_TRUE(std::holds_alternative<beyond_resource>(asked(beyond))) << beyond;
  for (const auto* ignored :
       {"bytes=5-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes=1", "bytes=0-x"})
    EXPECT_TRUE(std::holds_alternative<whole_resource>(asked(ignored))) << ignored;
  EXPECT_TRUE(std::holds_alternative<whole_resource>(asked_range("bytes=0-1", "\"old\"", 100, "\"t\"")));
  EXPECT_TRUE(std::holds_alternative<octet_range>(asked_range("bytes=0-1", "\"t\"", 100, "\"t\"")));
  EXPECT_TRUE(std::holds_alternative<beyond_resource>(asked_range("bytes=0-1", std::nullopt, 0, "\"t\"")));
}

}  // namespace
}  // namespace nxg::http::testing
