#include "http/multipart_parser.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {
namespace {

using event = multipart_parser::event;

struct read_part {
  part_head head;
  std::string content;
};

struct outcome {
  std::vector<read_part> parts;
  std::string error;
};

/// In pieces of `step` octets.
outcome read(std::string_view body, std::size_t step, multipart_limits limits = {}) {
  multipart_parser parser{"b", limits};
  outcome result;
  while (!body.empty()) {
    auto piece = body.substr(0, step);
    body.remove_prefix(piece.size());
    while (!piece.empty()) {
      const auto found = parser.take(piece);
      piece.remove_prefix(parser.consumed());
      if (found == event::part_begins) result.parts.push_back({parser.part(), {}});
      if (found == event::data) result.parts.back().content.append(parser.data());
      if (found == event::malformed) {
        result.error = parser.error();
        return result;
      }
    }
  }
  if (!parser.end()) result.error = parser.error();
  return result;
}

std::string part(std::string_view head, std::string_view content) {
  return "--b\r\n" + std::string{head} + "\r\n\r\n" + std::string{content} + "\r\n";
}
std::string field(std::string_view content) { return part("Content-Disposition: form-data; name=\"a\"", content); }
std::string error_of(const std::string& body, multipart_limits limits = {}) {
  const auto whole = read(body, body.size(), limits).error;
  EXPECT_EQ(read(body, 1, limits).error, whole);
  return whole;
}

TEST(MultipartParser, FieldsAndFilesInPiecesOfAnySize) {
  const std::string octets{"\r\n--a\r\n--\r\r\n\0\xff--b\r\n-", 21};
  const auto body = part("Content-Disposition: form-data; name=\"notes\"", "after lunch") +
                    part(
                        "content-disposition: form-data; name=photo; filename=\"a \\\"b\\\" "
                        "C:\\x%22.jpg\"\r\nContent-Type: image/jpeg",
                        octets) +
                    part("Content-Disposition: form-data; name=\"empty\"; filename=\"\"", "") + "--b--\r\n";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    const auto got = read(body, step);
    ASSERT_EQ(got.error, "") << step;
    ASSERT_EQ(got.parts.size(), 3u) << step;
    EXPECT_EQ(got.parts[0].head.name, "notes");
    EXPECT_FALSE(got.parts[0].head.file_name);
    EXPECT_EQ(got.parts[0].content, "after lunch");
    EXPECT_EQ(got.parts[1].head.name, "photo");
    EXPECT_EQ(got.parts[1].head.file_name, "a \"b\" C:\\x\".jpg");
    EXPECT_EQ(got.parts[1].head.content_type, "image/jpeg");
    EXPECT_EQ(got.parts[1].content, octets);
    EXPECT_EQ(got.parts[2].content, "");
    EXPECT_EQ(got.parts[2].head.content_type, "application/octet-stream");
  }
}

TEST(MultipartParser, PreambleEpilogueAndPaddingAreReadOver) {
  EXPECT_EQ(error_of("a preamble\r\n" + field("x") + "--b--\r\nan epilogue"), "");
  EXPECT_EQ(error_of("--b \t\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--"), "");
  EXPECT_EQ(error_of("--b--"), "");
}

TEST(MultipartParser, WhatIsMalformedIsNamed) {
  EXPECT_EQ(error_of("--b\nContent"), "A line of a part begins like the boundary.");
  EXPECT_EQ(error_of(field("x\r\n--bc") + "--b--"), "A line of a part begins like the boundary.");
  EXPECT_EQ(error_of(field("x")), "The form ends before its last boundary.");
  EXPECT_EQ(error_of(""), "The form ends before its last boundary.");
  EXPECT_EQ(error_of(field("x") + "--b-"), "The form ends before its last boundary.");
  EXPECT_EQ(error_of("--b\r\n\r\nx\r\n--b--"), "A part has no Content-Disposition.");
  EXPECT_EQ(error_of(part("Content-Disposition: attachment; name=\"a\"", "")), "A part is not form-data.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data", "")), "A part has no name, or none that can be one.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data; name=\"\"", "")),
            "A part has no name, or none that can be one.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data; name=\"a\"; name=\"b\"", "")),
            "A Content-Disposition says something twice.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data; name=\"a", "")), "A Content-Disposition is malformed.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data; name=\"\xff\"", "")),
            "A part has no name, or none that can be one.");
  EXPECT_EQ(error_of(part("Content-Disposition: form-data; name=\"a\"\r\n folded", "")),
            "The header of a part is malformed.");
  EXPECT_EQ(error_of(part("no colon", "")), "The header of a part is malformed.");
  const std::string named = "Content-Disposition: form-data; name=\"a\"\r\n";
  EXPECT_EQ(error_of(part(named + "Content-Type: multipart/mixed; boundary=c", "")),
            "A part may not be a multipart itself.");
  EXPECT_EQ(error_of(part(named + "Content-Transfer-Encoding: base64", "")),
            "Parts are sent as they are, without a transfer encoding.");
}

TEST(MultipartParser, EverythingIsBounded) {
  const multipart_limits limits{.max_parts = 2, .max_head_bytes = 64, .max_margin_bytes = 16};
  EXPECT_EQ(error_of(field("") + field("") + "--b--", limits), "");
  EXPECT_EQ(error_of(field("") + field("") + field("") + "--b--", limits), "The form has too many parts.");
  EXPECT_EQ(error_of(part("X: " + std::string(64, 'x'), ""), limits), "The header of a part is too large.");
  EXPECT_EQ(error_of(std::string(100, 'x'), limits), "The form does not begin with its boundary.");
  EXPECT_EQ(error_of("--b--" + std::string(100, 'x'), limits), "There is too much behind the end of the form.");
  EXPECT_EQ(error_of("--b" + std::string(100, ' ') + "\r\n", limits), "There is too much behind a boundary.");
}

TEST(MultipartParser, ExtendedFileNamesMakeAFileWithoutAName) {
  const auto got = read(part("Content-Disposition: form-data; name=\"a\"; filename*=UTF-8''x", "y") + "--b--", 5);
  ASSERT_EQ(got.parts.size(), 1u);
  EXPECT_EQ(got.parts[0].head.file_name, "");
}

TEST(MultipartBoundary, IsThatOfAFormAndNothingElse) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; Boundary=\"a b?c\""), "a b?c");
  for (const auto* refused :
       {"multipart/form-data", "multipart/mixed; boundary=a",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=a; boundary=b", "multipart/form-data; boundary=\"a\\\\b\""}) {
    EXPECT_FALSE(multipart_boundary(refused)) << refused;
  }
  EXPECT_TRUE(multipart_boundary("multipart/form-data; boundary=" + std::string(70, 'x')));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(71, 'x')));
}

}  // namespace
}  // namespace nxg::http
