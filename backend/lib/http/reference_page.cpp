#include "http/reference_page.hpp"

#include "http/html.hpp"
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

std::string link_list(const std::vector<reference_link>& links) {
  std::string out = "<nav>\n";
  const auto add = [&out](const reference_link& one) {
    out += "<a href=\"" + escape_html(one.address) + "\">" + escape_html(one.text) + "</a>\n";
  };
  add({"OpenAPI document", "/api/openapi.json"});
  add({"Error codes", "/api/docs/errors"});
  for (const auto& one : links) add(one);
  return out + "</nav>\n";
}

std::string style_element(const reference_options& options) {
  return options.style.empty() ? "" : "<style>" + options.style + "</style>\n";
}

std::string reference_html(const api_description& about, const reference_options& options) {
  const auto links = link_list(options.links);
  if (!options.assets)
    return html_page(about.title, style_element(options), "<h1>" + escape_html(about.title) + "</h1>\n" + links);
  return html_page(about.title, "<link rel=\"stylesheet\" href=\"/api/docs/assets/swagger-ui.css\">\n",
                   links +
                       "<div id=\"reference\"></div>\n<script src=\"/api/docs/assets/swagger-ui-bundle.js\"></script>\n"
                       "<script src=\"/api/docs/start.js\"></script>\n");
}

/// One code on the page of errors.
struct told_error {
  int status = 0;
  std::string meaning;
  /// Who answers with it, where that is no matter of single operations.
  std::string anywhere;
  std::set<std::string> operations;

  [[nodiscard]] std::string where() const {
    if (!anywhere.empty()) return anywhere;
    std::string names;
    for (const auto& one : operations) names.append(names.empty() ? "" : ", ").append(one);
    return names;
  }
};
using told_errors = std::map<std::string, told_error>;

constexpr std::string_view with_roles = "Any operation with roles";

/// Who answers with one of the library's codes.
std::string_view who_answers(protocol_error code) noexcept {
  switch (code) {
    case protocol_error::unauthenticated:
    case protocol_error::forbidden: return with_roles;
    case protocol_error::cursor_invalid: return "Any operation that answers with pages";
    case protocol_error::idempotency_key_required:
    case protocol_error::idempotency_key_invalid:
    case protocol_error::idempotency_key_reused:
    case protocol_error::idempotency_in_progress: return "Any operation that takes an Idempotency-Key";
    case protocol_error::precondition_failed:
    case protocol_error::precondition_required: return "Any operation that takes If-Match";
    case protocol_error::request_timeout:
    case protocol_error::payload_too_large:
    case protocol_error::unsupported_media_type: return "Any operation with a body";
    default: return "Any operation";
  }
}

void tell_protocol_errors(told_errors& all) {
  for (auto number = 0; number <= static_cast<int>(protocol_error::http_version_not_supported); ++number) {
    const auto code = static_cast<protocol_error>(number);
    all[std::string{name_of(code)}] = {.status = status_of(code),
                                       .meaning = std::string{meaning_of(code)},
                                       .anywhere = std::string{who_answers(code)},
                                       .operations = {}};
  }
}

told_errors errors_of(const router& routes, const api_description& about) {
  told_errors all;
  tell_protocol_errors(all);
  for (const auto& one : about.common_errors) {
    auto& entry = all[one.code];
    entry.status = one.status;
    if (entry.anywhere.empty()) entry.anywhere = with_roles;
  }
  for (const auto* route : routes.routes()) {
    for (const auto& one : route->errors) {
      auto& entry = all[one.code];
      entry.status = one.status;
      if (!route->hidden) entry.operations.insert(route->operation_id);
    }
  }
  for (auto& [code, entry] : all) {
    const auto meaning = about.code_meanings.find(code);
    if (meaning != about.code_meanings.end()) entry.meaning = meaning->second;
  }
  return all;
}

std::string errors_html(const router& routes, const api_description& about, const reference_options& options) {
  std::string body =
      "<h1>Error codes</h1>\n<p class=\"sub\">What a problem's <code>code</code> means and what to do about it; below, "
      "the operations that answer with it.</p>\n";
  for (const auto& [code, entry] : errors_of(routes, about)) {
    body += "<section id=\"" + escape_html(code) + "\">\n<h2><code>" + escape_html(code) + "</code> " +
            std::to_string(entry.status) + ' ' + escape_html(reason_phrase(entry.status)) + "</h2>\n" +
            html_of_markdown(entry.meaning);
    const auto where = entry.where();
    if (!where.empty()) body += "<p class=\"sub\">" + escape_html(where) + "</p>\n";
    body += "</section>\n";
  }
  return html_page(about.title + ": error codes", style_element(options), body);
}

/// What is derived from the sealed table, made by whoever asks first.
class derived {
 public:
  derived(const router& routes, api_description about, reference_options options)
      : routes_{routes}, about_{std::move(about)}, options_{std::move(options)} {}

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
    errors_ = std::make_shared<const std::string>(errors_html(routes_, about_, options_));
  }
  const router& routes_;
  api_description about_;
  reference_options options_;
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

response moved_to(std::string_view path) {
  response answer;
  answer.status = 308;
  answer.headers.set("Location", path);
  return answer;
}

}  // namespace

void mount_reference(router& routes, api_description about, const reference_options& options) {
  const auto page = std::make_shared<const std::string>(reference_html(about, options));
  const auto script = std::make_shared<const std::string>(start_script);
  const auto made = std::make_shared<derived>(routes, std::move(about), options);

  routes.get("/api/openapi.json").open().hidden().handle([made] {
    return shared_answer("application/json", made->document());
  });
  routes.get("/api/docs").open().hidden().handle([page] { return shared_answer(html, page); });
  routes.get("/api/docs/").open().hidden().operation_id("getDocsWithSlash").handle([] {
    return moved_to("/api/docs");
  });
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
