#include "objects/detail/digest.hpp"
#include "objects/detail/percent.hpp"
#include "objects/errors.hpp"
#include "objects/folder/trailer.hpp"
#include "objects/s3/headers.hpp"
#include "objects/s3/place.hpp"
#include "objects/s3/times.hpp"
#include "objects/s3/xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace nxg::objects {
namespace {

using namespace std::chrono_literals;

TEST(objects_digest_test, is_sha_256) {
  EXPECT_EQ(detail::hex(detail::sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  detail::running_sha256 pieces;
  pieces.add("a");
  pieces.add("");
  pieces.add("bc");
  EXPECT_EQ(pieces.finish(), detail::sha256("abc"));
  // RFC 4231, test case 2
  EXPECT_EQ(detail::hex(detail::hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(detail::base64url("\xfb\xff\xbf!"), "-_-_IQ");
}

TEST(objects_percent_test, goes_both_ways) {
  EXPECT_EQ(detail::percent_encoded("a/b ü~*'"), "a%2Fb%20%C3%BC~%2A%27");
  EXPECT_EQ(detail::percent_encoded_path("a/b +"), "a/b%20%2B");
  EXPECT_EQ(detail::percent_decoded("a%2fb%2F+"), "a/b/+");
  for (const auto* wrong : {"%", "%2", "a%g0", "%0g"}) EXPECT_EQ(detail::percent_decoded(wrong), std::nullopt);
}

TEST(objects_place_test, takes_endpoints_apart) {
  const auto place = [](const char* text) { return s3::place::parse(text, "NXG_S3_ENDPOINT"); };
  EXPECT_EQ(place("https://s3.eu-central-1.amazonaws.com").origin, "https://s3.eu-central-1.amazonaws.com");
  EXPECT_EQ(place("HTTPS://S3.Example:443/").host, "s3.example");
  EXPECT_EQ(place("http://s3.example:80").origin, "http://s3.example");
  EXPECT_EQ(place("http://s3.example:443").host, "s3.example:443");
  EXPECT_EQ(place("http://[::1]:9000/store/").host, "[::1]:9000");
  EXPECT_EQ(place("http://[::1]:9000/store/").path_of("bucket", "a b"), "/store/bucket/a%20b");
  EXPECT_EQ(place("http://127.0.0.1:9000").path_of("bucket", ""), "/bucket");
  for (const auto* wrong :
       {"", "s3.example", "ftp://s3.example", "https://", "https://user:secret@s3.example", "https://s3.example:port",
        "https://s3.example:", "https://s3.example?x", "https://a b", "https://s3.example/../x",
        "https://s3.example/a//b", "https://[::1", "https://s3.example/%2f"}) {
    try {
      (void)place(wrong);
      ADD_FAILURE() << wrong;
    } catch (const unusable& why) {
      EXPECT_THAT(why.what(), testing::StartsWith("NXG_S3_ENDPOINT: "));
    }
  }
}

TEST(objects_times_test, of_lists_and_headers) {
  const instant at{std::chrono::sys_days{std::chrono::year{2009} / 10 / 12} + 17h + 50min + 30s};
  EXPECT_EQ(s3::read_iso_time("2009-10-12T17:50:30.000Z"), at);
  EXPECT_EQ(s3::read_iso_time("2009-10-12T17:50:30Z"), at);
  EXPECT_EQ(s3::read_iso_time("2009-10-12T17:50:30.5Z"), at + 500ms);
  EXPECT_EQ(s3::read_iso_time("2009-10-12T17:50:30.1239Z"), at + 123ms);
  EXPECT_EQ(s3::read_http_time("Mon, 12 Oct 2009 17:50:30 GMT"), at);
  for (const auto* wrong :
       {"", "2009-10-12", "2009-10-12T17:50:30", "2009-10-12T17:50:30.xZ", "2009-10-12T17:50:30,1Z"})
    EXPECT_EQ(s3::read_iso_time(wrong), std::nullopt) << wrong;
  for (const auto* wrong : {"", "Mon, 12 Oct 2009 17:50:30", "Mon, 12 Oct 2009 17:50:30 GMT+1"})
    EXPECT_EQ(s3::read_http_time(wrong), std::nullopt) << wrong;
}

TEST(objects_xml_test, errors) {
  const auto said =
      s3::read_error("<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>a &lt; b</Message></Error>");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->code, "SlowDown");
  EXPECT_EQ(said->message, "a < b");
  for (const auto* none : {"", "<html><body>503</body></html>", "<Error><Code>x", "Error"})
    EXPECT_FALSE(s3::read_error(none)) << none;
}

std::string list_of(const std::string& inside) {
  return "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + inside + "</ListBucketResult>";
}
std::string listed(const std::string& key) {
  return "<Contents><Key>" + key +
         "</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size></"
         "Contents>";
}

TEST(objects_xml_test, lists) {
  const auto page =
      s3::read_list(list_of("<IsTruncated>true</IsTruncated>" + listed("p/a&amp;b") + listed("p/folder/")), "p/");
  ASSERT_TRUE(page);
  ASSERT_EQ(page->objects.size(), 1u);  // "folder/" is no key of ours
  EXPECT_EQ(page->objects[0].key, "a&b");
  EXPECT_EQ(page->objects[0].size, 7u);
  EXPECT_EQ(page->objects[0].etag, "e");
  EXPECT_EQ(page->next, "folder/");
  const auto encoded = s3::read_list(list_of("<EncodingType>url</EncodingType>" + listed("a%2Bb+c%C3%BC")), "");
  EXPECT_EQ(encoded.value().objects.at(0).key, "a+b cü");
  EXPECT_EQ(encoded->next, "");
  EXPECT_TRUE(s3::read_list(list_of(""), "p/").value().objects.empty());
}

TEST(objects_xml_test, lists_that_make_no_sense) {
  for (const auto& wrong :
       {std::string{}, std::string{"<Error/>"}, list_of("<IsTruncated>true</IsTruncated>"), list_of(listed("other/a")),
        list_of("<Contents><Key>p/a</Key></Contents>"), list_of("<EncodingType>url</EncodingType>" + listed("p/%zz"))})
    EXPECT_FALSE(s3::read_list(wrong, "p/")) << wrong;
}

TEST(objects_xml_test, uploads) {
  EXPECT_EQ(
      s3::read_upload_id("<InitiateMultipartUploadResult><UploadId>u/1+</UploadId></InitiateMultipartUploadResult>"),
      "u/1+");
  EXPECT_EQ(s3::read_upload_id("<InitiateMultipartUploadResult/>"), std::nullopt);
  EXPECT_EQ(s3::read_completed("<CompleteMultipartUploadResult><ETag>\"a-2\"</ETag></CompleteMultipartUploadResult>"),
            "a-2");
  EXPECT_EQ(s3::read_completed("<Error><Code>InternalError</Code></Error>"), std::nullopt);
  EXPECT_EQ(s3::completion_of({"a", "b<"}),
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
            "<Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag></Part>"
            "<Part><PartNumber>2</PartNumber><ETag>\"b&lt;\"</ETag></Part></CompleteMultipartUpload>");
}

TEST(objects_xml_test, etags) {
  EXPECT_EQ(s3::bare_etag("\"abc-1\""), "abc-1");
  EXPECT_EQ(s3::bare_etag("W/\"abc\""), "abc");
  EXPECT_EQ(s3::bare_etag("\""), "\"");
  EXPECT_EQ(s3::bare_etag(""), "");
}

TEST(objects_headers_test, content_ranges) {
  const auto range = s3::read_content_range("bytes 5-9/100");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 5u);
  EXPECT_EQ(range->last, 9u);
  EXPECT_EQ(range->total, 100u);
  for (const auto* wrong : {"", "bytes */100", "bytes 5-9", "bytes 5-9/*", "5-9/100", "bytes 5-9/100 ", "bytes -9/100"})
    EXPECT_FALSE(s3::read_content_range(wrong)) << wrong;
}

TEST(objects_trailer_test, comes_back_as_it_was_written) {
  object_info what{.size = 9, .etag = "e", .modified = instant{123ms}, .content_type = "a/b", .cache_control = "c"};
  what.metadata = {{"k", "v"}};
  const auto text = folder::write_trailer(what);
  const auto size = folder::trailer_size(std::string_view{text}.substr(text.size() - folder::trailer_end_size));
  ASSERT_EQ(size, text.size() - folder::trailer_end_size);
  const auto read = folder::read_trailer(std::string_view{text}.substr(0, *size));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size, 9u);
  EXPECT_EQ(read->modified, what.modified);
  EXPECT_EQ(read->metadata, what.metadata);
  EXPECT_EQ(read->cache_control, "c");
}

TEST(objects_trailer_test, other_texts_are_none) {
  EXPECT_FALSE(folder::trailer_size("short"));
  EXPECT_FALSE(folder::trailer_size(std::string{"\xff\xff\xff\xffNXGOBJ1\n"}));
  EXPECT_FALSE(folder::trailer_size("12345678ABCD"));
  for (const auto* wrong : {"", "{}", "[]", R"({"size":-1,"etag":"e"})", "{\"size\":1"})
    EXPECT_FALSE(folder::read_trailer(wrong)) << wrong;
}

}  // namespace
}  // namespace nxg::objects
