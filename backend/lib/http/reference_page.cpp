#include "http/reference_page.hpp"

#include "http/route.hpp"
#include "http/static_files.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>
#include <utility>

namespace nxg::http {

namespace {

// Swagger UI sets style attributes from its script, which 'unsafe-inline' of styles has to allow; scripts are its files
// only.
constexpr std::string_view page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

constexpr std::string_view html = "text/html; charset=utf-8";

constexpr std::string_view start_script = R"(window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    validatorUrl: null,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string page_around(std::string_view title, std::string_view head, std::string_view body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped(title) + "</title>\n" + std::string{head} + "</head>\n<body>\n" + std::string{body} +
         "</body>\n</html>\n";
}

std::string link_list(const std::vector<reference_link>& links) {
  std::string out = "<nav>\n";
  const auto add = [&out](const reference_link& one) {
    out += "<a href=\"" + escaped(one.address) + "\">" + escaped(one.text) + "</a>\n";
  };
  add({"OpenAPI document", "/api/openapi.json"});
  add({"Error codes", "/api/docs/errors"});
  for (const auto& one : links) add(one);
  return out + "</nav>\n";
}

std::string reference_html(const api_description& about, const reference_options& options) {
  const auto links = link_list(options.links);
  if (!options.assets) return page_around(about.title, "", "<h1>" + escaped(about.title) + "</h1>\n" + links);
  return page_around(
      about.title, "<link rel=\"stylesheet\" href=\"/api/docs/assets/swagger-ui.css\">\n",
      links +
          "<div id=\"reference\"></div>\n<script src=\"/api/docs/assets/swagger-ui-bundle.js\"></script>\n"
          "<script src=\"/api/docs/start.js\"></script>\n");
}

/// Every code with its status and the operations that declare it.
std::string errors_html(const router& routes, const api_description& about) {
  struct row {
    int status = 0;
    std::set<std::string> operations;
  };
  std::map<std::string, row> rows;
  for (auto code = 0; code <= static_cast<int>(protocol_error::http_version_not_supported); ++code) {
    const auto one = static_cast<protocol_error>(code);
    rows[std::string{name_of(one)}].status = status_of(one);
  }
  for (const auto& one : about.common_errors) rows[one.code].status = one.status;
  for (const auto* route : routes.routes()) {
    for (const auto& one : route->errors) {
      auto& entry = rows[one.code];
      entry.status = one.status;
      if (!route->hidden) entry.operations.insert(route->operation_id);
    }
  }
  std::string table = "<h1>Error codes</h1>\n<table>\n<tr><th>Code</th><th>Status</th><th>Where</th></tr>\n";
  for (const auto& [code, entry] : rows) {
    std::string where;
    for (const auto& one : entry.operations) where.append(where.empty() ? "" : ", ").append(escaped(one));
    table += "<tr id=\"" + escaped(code) + "\"><td><code>" + escaped(code) + "</code></td><td>" +
             std::to_string(entry.status) + ' ' + escaped(reason_phrase(entry.status)) + "</td><td>" +
             (where.empty() ? "any" : where) + "</td></tr>\n";
  }
  return page_around(about.title + ": error codes", "", table + "</table>\n");
}

/// What is derived from the sealed table, made by whoever asks first.
class derived {
 public:
  derived(const router& routes, api_description about) : routes_{routes}, about_{std::move(about)} {}

  std::shared_ptr<const std::string> document() {
    std::call_once(once_, [this] { make(); });
    return document_;
  }
  std::shared_ptr<const std::string> errors() {
    std::call_once(once_, [this] { make(); });
    return errors_;
  }

 private:
  void make() {
    document_ = std::make_shared<const std::string>(openapi_document(routes_, about_));
    errors_ = std::make_shared<const std::string>(errors_html(routes_, about_));
  }
  const router& routes_;
  api_description about_;
  std::once_flag once_;
  std::shared_ptr<const std::string> document_;
  std::shared_ptr<const std::string> errors_;
};

response shared_answer(std::string_view content_type, std::shared_ptr<const std::string> text) {
  auto answer = make_response(200, content_type, {});
  answer.shared_body = std::move(text);
  if (content_type.starts_with("text/html")) answer.headers.add("Content-Security-Policy", page_policy);
  answer.headers.add("Cache-Control", "public, max-age=300");
  return answer;
}

}  // namespace

void mount_reference(router& routes, api_description about, const reference_options& options) {
  const auto page = std::make_shared<const std::string>(reference_html(about, options));
  const auto script = std::make_shared<const std::string>(start_script);
  const auto made = std::make_shared<derived>(routes, std::move(about));

  routes.get("/api/openapi.json").open().hidden().handle([made] {
    return shared_answer("application/json", made->document());
  });
  routes.get("/api/docs").open().hidden().handle([page] { return shared_answer(html, page); });
  routes.get("/api/docs/start.js").open().hidden().handle([script] {
    return shared_answer("text/javascript; charset=utf-8", script);
  });
  routes.get("/api/docs/errors").open().hidden().handle([made] { return shared_answer(html, made->errors()); });
  if (options.assets) {
    static_options assets;
    assets.only = {"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"};
    serve_folder(routes, "/api/docs/assets", *options.assets, std::move(assets));
  }
}

}  // namespace nxg::http
