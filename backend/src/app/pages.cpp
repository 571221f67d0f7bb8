#include "app/pages.hpp"

#include "http/html.hpp"

#include <string>

namespace nxg::app {

std::string_view page_style() noexcept {
  return R"(
body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem;color:#1c2430;background:#fff}
h1{font-size:1.6rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin:2rem 0 .4rem}h3{font-size:1rem;margin:1.4rem 0 .3rem}
p{margin:.4rem 0}p.sub{color:#5a6675}a,code{color:#0b5cad}
ul{list-style:none;padding:0;border-top:1px solid #dde3ea}li{border-bottom:1px solid #dde3ea}
li a{display:flex;justify-content:space-between;gap:1rem;padding:.7rem .2rem;color:inherit;text-decoration:none}
li a:hover,li a:focus{background:#f3f6f9}nav a{margin-right:1rem}
table{width:100%;border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem .2rem}
th,td{border-bottom:1px solid #dde3ea}section:target{background:#fff8c5}
.ok{color:#1a7f37}.degraded{color:#9a6700}.failing{color:#cf222e}
@media(prefers-color-scheme:dark){body{color:#dfe6ee;background:#12171d}p.sub{color:#93a1b1}a,code{color:#6cb6ff}
ul,li,th,td{border-color:#2b3540}li a:hover,li a:focus{background:#1b232c}section:target{background:#3b3210}}
)";
}

http::response page_answer(std::string_view title, std::string_view body) {
  const auto head = "<style>" + std::string{page_style()} + "</style>\n";
  auto answer = http::make_response(200, "text/html; charset=utf-8", http::html_page(title, head, body));
  answer.headers.set("Content-Security-Policy",
                     "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'");
  return answer;
}

}  // namespace nxg::app
