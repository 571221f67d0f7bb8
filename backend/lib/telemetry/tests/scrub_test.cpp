#include "telemetry/scrub.hpp"

#include <gtest/gtest.h>

namespace nxg::telemetry {
namespace {

TEST(scrub, knows_sensitive_names_in_any_spelling) {
  for (const auto* name : {"password", "confirmPassword", "X-Api-Key", "api_key", "Authorization", "Set-Cookie",
                           "accessToken", "NXG_MASTER_KEY", "email", "user-email", "dateOfBirth", "weightKg",
                           "restingHeartRateBpm", "allergies", "conditions", "sid", "otp", "signature"}) {
    EXPECT_TRUE(is_sensitive_name(name)) << name;
  }
}

TEST(scrub, leaves_harmless_names_alone) {
  for (const auto* name : {"", "machineId", "route", "status", "remoteAddress", "pinned", "precondition", "codec",
                           "considered", "speedKmh", "name", "tookMs", "passes"}) {
    EXPECT_FALSE(is_sensitive_name(name)) << name;
  }
}

TEST(scrub, takes_secrets_out_of_text) {
  const std::pair<const char*, const char*> cases[] = {
      {"nothing here: just text", "nothing here: just text"},
      {"Authorization: Bearer abc.def-ghi and more", "Authorization: [redacted]"},
      {"sent bearer abcdef123 to x", "sent bearer [redacted] to x"},
      {"Basic dXNlcjpwYXNz!", "Basic [redacted]!"},
      {"got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln ok", "got [redacted] ok"},
      {"to ann.b+c@mail.example.org, now", "to [redacted], now"},
      {"redis://user:pw@host:6379/0", "redis://[redacted]@host:6379/0"},
      {"/x?token=abc&page=2", "/x?token=[redacted]&page=2"},
      {R"({"password":"a\"b","page":1})", R"({"password":[redacted],"page":1})"},
      {R"({"weightKg": 80.5, "page":1})", R"({"weightKg": [redacted], "page":1})"},
      {R"({"allergies":["nuts","milk"],"page":1})", R"({"allergies":[redacted],"page":1})"},
      {"login failed: password='hunter 2' host=db", "login failed: password=[redacted] host=db"},
      {"secret: 'a, b'", "secret: [redacted]"},
      {R"({'password': 'a\'b', 'page': 1})", R"({'password': [redacted], 'page': 1})"},
      {R"({"password":{"a":{"b":1},"c":"hunter2"},"page":1})", R"({"password":[redacted],"page":1})"},
      {R"({"emails":[["x"],["hunter2"]],"page":1})", R"({"emails":[redacted],"page":1})"},
      {R"({"token":{"a":"}","b":"hunter2"},"page":1})", R"({"token":[redacted],"page":1})"},
      {R"({"body":"{\"password\":\"hunter2\",\"page\":1}"})", R"({"body":"{\"password\":[redacted],\"page\":1}"})"},
      {R"({\"password\": \"hun\\\"ter2\",\"page\":1})", R"({\"password\": [redacted],\"page\":1})"},
      {R"({\"weightKg\":80.5,\"page\":1})", R"({\"weightKg\":[redacted],\"page\":1})"},
      {R"({\"email\":[\"a]\",\"b\"],\"page\":1})", R"({\"email\":[redacted],\"page\":1})"},
      {R"({\\\"password\\\":\\\"hunter2\\\",\\\"page\\\":1})", R"({\\\"password\\\":[redacted],\\\"page\\\":1})"},
      {"password = hunter2;x=1", "password = [redacted];x=1"},
      {"cookie: a=b; c=d\nnext", "cookie: [redacted]\nnext"},
      {"token:", "token:[redacted]"},
      {"a @ b", "a @ b"},
      {"@", "@"},
      {"basic x", "basic x"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(scrub_text(text), expected);
}

TEST(scrub, ends_on_any_text) {
  // Every prefix of a text full of beginnings.
  const std::string text = R"(Bearer eyJa.b password="x\)"
                           "\"@ token:[ {email= redis://a:b@c \\";
  for (std::size_t size = 0; size <= text.size(); ++size)
    EXPECT_LE(scrub_text(text.substr(0, size)).size(), 20 * text.size());
}

}  // namespace
}  // namespace nxg::telemetry
