#include "http/html.hpp"

#include <gtest/gtest.h>

namespace nxg::http::testing {
namespace {

TEST(Markdown, HeadingsParagraphsAndCode) {
  EXPECT_EQ(html_of_markdown("# Events\n\nTo all of `branch`.\n\n### `a:b` \n"),
            "<h1>Events</h1>\n<p>To all of <code>branch</code>.</p>\n<h3><code>a:b</code></h3>\n");
  EXPECT_EQ(html_of_markdown(""), "");
  EXPECT_EQ(html_of_markdown("`open"), "<p><code>open</code></p>\n");
}

TEST(Markdown, Tables) {
  EXPECT_EQ(html_of_markdown("| Member | |\n|---|---|\n| `at`? | |\nAfter"),
            "<table>\n<tr><th>Member</th><th></th></tr>\n<tr><td><code>at</code>?</td><td></td></tr>\n</table>\n"
            "<p>After</p>\n");
}

TEST(Markdown, NoTextBecomesMarkup) {
  EXPECT_EQ(html_of_markdown("a < b & <script>"), "<p>a &lt; b &amp; &lt;script&gt;</p>\n");
  EXPECT_EQ(html_of_markdown("|<b>|"), "<table>\n<tr><th>&lt;b&gt;</th></tr>\n</table>\n");
  EXPECT_EQ(html_of_markdown("####### seven"), "<p>####### seven</p>\n");
}

TEST(Html, APageHasItsTitleEscaped) {
  const auto page = html_page("Gym <API>", "<style></style>\n", "<h1>Here</h1>\n");
  EXPECT_NE(page.find("<title>Gym &lt;API&gt;</title>\n<style></style>\n</head>"), std::string::npos);
  EXPECT_NE(page.find("<body>\n<h1>Here</h1>\n</body>"), std::string::npos);
  EXPECT_EQ(escape_html("\"a\" & <b>"), "&quot;a&quot; &amp; &lt;b&gt;");
}

}  // namespace
}  // namespace nxg::http::testing
