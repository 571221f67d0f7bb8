#include "integrations/scan_processing/scs_messages.hpp"
#include "integrations/scan_processing/webhook_signature.hpp"
#include "services/api_error.hpp"
#include "services/scans/file_format.hpp"
#include "services/scans/plausibility.hpp"
#include "services/scans/schedule.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace nxg::scanning {
namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

TEST(FileFormat, IsThatOfTheContent) {
  EXPECT_EQ(format_of("# Blender\r\no body\nv 0 1 2\nvn 0 0 1\nf 1 2 3\n"), scan_format::obj);
  EXPECT_EQ(format_of("v 0.1 0.2 0.3\nv 0.1 0.2 0.3 cut off in the mid"), scan_format::obj);
  EXPECT_EQ(format_of("glTF\x02\x00\x00\x00\x14\x00\x00\x00"sv), scan_format::glb);
  EXPECT_EQ(format_of("ply\nformat ascii 1.0\n"), scan_format::ply);
  EXPECT_EQ(format_of("%PDF-1.7\n\xe2\xe3\xcf\xd3"), scan_format::pdf);
  EXPECT_EQ(format_of("\n {\"waistCm\": 80}"), scan_format::json);
  EXPECT_EQ(format_of("waist;hips\n80;98\n"), scan_format::csv);
  for (const auto other :
       {""sv, "words"sv, "\x89PNG\r\n\x1a\n"sv, "glTF\x01\x00\x00\x00"sv, "MZ\x90\x00,"sv, "# only a comment\n"sv}) {
    EXPECT_EQ(format_of(other), std::nullopt) << other;
  }
}

TEST(FileFormat, AGlbIsAsLongAsItSays) {
  const auto beginning = "glTF\x02\x00\x00\x00\x14\x00\x00\x00"sv;
  EXPECT_TRUE(fits_size(scan_format::glb, beginning, 20));
  EXPECT_FALSE(fits_size(scan_format::glb, beginning, 21));
  EXPECT_FALSE(fits_size(scan_format::glb, beginning.substr(0, 8), 20));
  EXPECT_TRUE(fits_size(scan_format::obj, "v 0 0 0", 1));
}

TEST(Schedule, IsThirtySecondsThenLongerThenEveryTenMinutes) {
  EXPECT_EQ(pause_after(0), 30s);
  EXPECT_EQ(pause_after(1), 1min);
  EXPECT_EQ(pause_after(2), 2min);
  EXPECT_EQ(pause_after(3), 5min);
  EXPECT_EQ(pause_after(4), 10min);
  EXPECT_EQ(pause_after(400), 10min);
}

std::vector<std::string> implausible(const scan_measurements& what, const user& of) {
  std::vector<std::string> pointers;
  try {
    refuse_implausible(what, of, error_code::scan_implausible);
  } catch (const api_error& refused) {
    for (const auto& one : refused.fields()) pointers.push_back(one.pointer);
  }
  return pointers;
}

TEST(Plausibility, MeasuresFitTheProfileAndEachOther) {
  user of;
  of.height_cm = body_height_cm{170.0};
  of.weight_kg = body_weight_kg{70.0};
  scan_measurements what;
  what.height_cm = 171.0;
  what.weight_kg = 90.0;
  what.chest_cm = 90.0;
  what.arms_cm = 32.0;
  EXPECT_TRUE(implausible(what, of).empty());
  what.height_cm = 181.0;
  what.weight_kg = 92.0;
  what.arms_cm = 95.0;
  what.skeletal_muscle_mass_kg = 60.0;
  what.body_fat_percentage = 40.0;
  const std::vector<std::string> all{"/measurements/heightCm", "/measurements/weightKg", "/measurements/armsCm",
                                     "/measurements/bodyFatPercentage"};
  EXPECT_EQ(implausible(what, of), all);
  EXPECT_EQ(implausible_in(what, of).size(), all.size());
  EXPECT_TRUE(implausible({}, user{}).empty());
}

TEST(WebhookSignature, IsOfTimestampAndBodyAndHoldsFiveMinutes) {
  const instant now{1'800'000'000s};
  const std::string body = R"({"jobId":"job-1","status":"failed"})";
  const auto signed_at = [&](std::string_view timestamp, std::string_view secret = "secret") {
    return "sha256=" + utilities::hex(utilities::hmac_sha256(secret, std::string{timestamp} + "." + body));
  };
  const auto genuine = [&](std::string_view timestamp, const std::string& signature, const std::string& text) {
    return integrations::scs::is_genuine("secret", {timestamp, signature, text}, now);
  };
  EXPECT_TRUE(genuine("1800000000", signed_at("1800000000"), body));
  EXPECT_TRUE(genuine("1799999700", signed_at("1799999700"), body));
  EXPECT_FALSE(genuine("1799999699", signed_at("1799999699"), body));
  EXPECT_FALSE(genuine("1800000301", signed_at("1800000301"), body));
  EXPECT_FALSE(genuine("1800000000", signed_at("1800000000", "other"), body));
  EXPECT_FALSE(genuine("1800000000", signed_at("1800000000"), body + " "));
  EXPECT_FALSE(genuine("1800000001", signed_at("1800000000"), body));
  for (const auto* wrong : {"", "x", "1800000000x", "-1800000000", "18000000000000000000"})
    EXPECT_FALSE(genuine(wrong, signed_at(wrong), body)) << wrong;
  const auto empty_secret = signed_at("1800000000", "");
  EXPECT_FALSE(integrations::scs::is_genuine("", {"1800000000", empty_secret, body}, now));
}

TEST(JobReport, IsRefusedWhereItBreaksTheContract) {
  using namespace integrations::scs;
  const std::string mesh = R"({"kind":"mesh","url":"https://x.example/a","sha256":")" + std::string(64, 'a') + "\"}";
  const auto completed = [&](const std::string& measured, const std::string& files) {
    return R"({"jobId":"job-1","status":"completed","measurements":)" + measured + R"(,"files":[)" + files + "]}";
  };
  const auto read = read_report(completed(R"({"waistCm":80})", mesh));
  EXPECT_EQ(read.state, integrations::job_state::completed);
  EXPECT_EQ(read.files.size(), 1u);
  EXPECT_EQ(read_report(R"({"jobId":"job-1","status":"processing","progress":40,"new":1})").progress, 40);
  const std::vector<std::string> broken{"[]",
                                        "{",
                                        R"({"jobId":42,"status":"completed"})",
                                        R"({"jobId":"../x","status":"queued"})",
                                        R"({"jobId":"job-1","status":"completed"})",
                                        completed("{}", mesh),
                                        completed(R"({"waistCm":9000})", mesh),
                                        completed(R"({"waistCm":80})", "")};
  for (const auto& one : broken) EXPECT_THROW(static_cast<void>(read_report(one)), malformed_answer) << one;
}

TEST(JobReport, NamesItsModelInOneVisibleLine) {
  const auto read =
      integrations::scs::read_report("{\"jobId\":\"job-1\",\"status\":\"queued\",\"modelVersion\":\"v2\u202e\\n 1\"}");
  EXPECT_EQ(read.model_version, "v2 1");
}

TEST(Mesh, IsAsLongAsItSaysAndHasAJsonChunk) {
  using integrations::scs::is_glb;
  const auto beginning = "glTF\x02\x00\x00\x00\x18\x00\x00\x00\x04\x00\x00\x00JSON{}  "sv;
  EXPECT_TRUE(is_glb(beginning, 24));
  EXPECT_FALSE(is_glb(beginning, 25));
  EXPECT_FALSE(is_glb("glTF\x02\x00\x00\x00\x0c\x00\x00\x00"sv, 12));
  EXPECT_FALSE(is_glb("glTF\x02\x00\x00\x00\x18\x00\x00\x00\x05\x00\x00\x00JSON{}  "sv, 24))
      << "a chunk beyond its end";
  EXPECT_FALSE(is_glb("glTF\x02\x00\x00\x00\x18\x00\x00\x00\x04\x00\x00\x00BIN\x00{}  "sv, 24));
}

TEST(Origin, IsSchemeHostAndPort) {
  using integrations::scs::origin_of;
  EXPECT_EQ(origin_of("https://CDN.example:8443/a/b?c"), "https://cdn.example:8443");
  EXPECT_EQ(origin_of("http://x.example"), "http://x.example");
  for (const auto* none : {"", "x.example/a", "ftp://x.example/", "https:///a", "https://user@x.example/",
                           "https://good.example\\@evil.example/"})
    EXPECT_EQ(origin_of(none), std::nullopt) << none;
}

TEST(Token, IsReadWithItsLife) {
  using integrations::scs::read_token;
  EXPECT_EQ(read_token(R"({"access_token":"abc","token_type":"Bearer","expires_in":3600})").text, "abc");
  EXPECT_EQ(read_token(R"({"access_token":"abc","expires_in":9999999999})").life, 24h);
  for (const auto* none :
       {"{}", "[]", "{", R"({"access_token":"","expires_in":1})", R"({"access_token":"a b","expires_in":1})",
        R"({"access_token":"a","expires_in":0})", R"({"access_token":"a","expires_in":"1"})"}) {
    EXPECT_THROW(static_cast<void>(read_token(none)), integrations::scs::malformed_answer) << none;
  }
}

}  // namespace
}  // namespace nxg::scanning
