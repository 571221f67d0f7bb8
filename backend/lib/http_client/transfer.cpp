#include "http_client/detail/transfer.hpp"

#include <algorithm>
#include <new>

namespace nxg::http {

namespace {

constexpr std::size_t longest_head = 64 * 1024;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string lowered(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool is_token(std::string_view text) {
  static constexpr std::string_view special = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || special.find(c) != std::string_view::npos;
  });
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text,
                             [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; });
}

void require_sendable(const client_request& request) {
  const auto refuse = [](const std::string& what) { throw client_error{client_failure::invalid_request, what}; };
  const std::string url = lowered(std::string_view{request.url}.substr(0, 8));
  if (!url.starts_with("http://") && !url.starts_with("https://")) refuse("the URL is not http or https");
  if (has_control(request.url) || request.url.find(' ') != std::string::npos)
    refuse("the URL holds a space or control character");
  if (!is_token(request.method)) refuse("'" + request.method + "' is no method");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) refuse("'" + name + "' is no name of a header");
    if (has_control(value)) refuse("the header " + name + " holds a control character");
  }
}

bool has_header(const client_headers& headers, std::string_view name) {
  return std::ranges::any_of(headers, [&](const auto& header) { return lowered(header.first) == name; });
}

client_failure failure_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT: return client_failure::invalid_request;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY: return client_failure::resolve;
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:  // only the connect time-out is libcurl's own
    case CURLE_PROXY: return client_failure::connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return client_failure::tls;
    case CURLE_PARTIAL_FILE:
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_HTTP2_STREAM: return client_failure::cut;
    default: return client_failure::protocol;
  }
}

template <class Value>
void set(CURL* handle, CURLoption option, Value value) {
  if (curl_easy_setopt(handle, option, value) == CURLE_OUT_OF_MEMORY) throw std::bad_alloc{};
}

}  // namespace

transfer::transfer(client_request request, const client_options& options)
    : request_{std::move(request)}, handle_{curl_easy_init()} {
  if (!handle_) throw std::bad_alloc{};
  require_sendable(request_);
  set(handle(), CURLOPT_URL, request_.url.c_str());
  set_method();
  set_headers();
  set_connection(options);
  set_receivers();
}

void transfer::set_method() {
  if (request_.method == "HEAD") {
    set(handle(), CURLOPT_NOBODY, 1L);
    return;
  }
  const bool with_body =
      !request_.body.empty() || request_.method == "POST" || request_.method == "PUT" || request_.method == "PATCH";
  if (with_body) {
    set(handle(), CURLOPT_POST, 1L);
    set(handle(), CURLOPT_POSTFIELDS, request_.body.data());
    set(handle(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  set(handle(), CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  // See the class comment of `client`.
  const bool repeatable = request_.repeatable || (request_.method != "POST" && request_.method != "PATCH") ||
                          has_header(request_.headers, "idempotency-key");
  if (!repeatable) set(handle(), CURLOPT_FRESH_CONNECT, 1L);
}

void transfer::set_headers() {
  const auto add = [this](const std::string& line) {
    auto* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc{};
    static_cast<void>(headers_.release());
    headers_.reset(longer);
  };
  // "Name:" takes a default header of libcurl's away; "Name;" sends one without a value.
  add("Expect:");
  if (!has_header(request_.headers, "content-type")) add("Content-Type:");
  for (const auto& [name, value] : request_.headers) add(value.empty() ? name + ";" : name + ": " + value);
  set(handle(), CURLOPT_HTTPHEADER, headers_.get());
}

void transfer::set_connection(const client_options& options) {
  set(handle(), CURLOPT_NOSIGNAL, 1L);
  // A request that ends while its name is being resolved would otherwise wait for the resolver's thread.
  set(handle(), CURLOPT_QUICK_EXIT, 1L);
  set(handle(), CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle(), CURLOPT_FOLLOWLOCATION, 0L);
  set(handle(), CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(handle(), CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(std::max<std::int64_t>(request_.connect_timeout.count(), 1)));
  set(handle(), CURLOPT_USERAGENT, options.user_agent.c_str());
  set(handle(), CURLOPT_PROXY, options.proxy.c_str());
  set(handle(), CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle(), CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle(), CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!options.ca_file.empty()) set(handle(), CURLOPT_CAINFO, options.ca_file.c_str());
  set(handle(), CURLOPT_ERRORBUFFER, message_.data());
}

void transfer::set_receivers() {
  using receiver = std::size_t (*)(char*, std::size_t, std::size_t, void*);
  const receiver head = [](char* data, std::size_t, std::size_t size, void* self) -> std::size_t {
    return static_cast<transfer*>(self)->take_head({data, size}) ? size : 0;
  };
  const receiver body = [](char* data, std::size_t, std::size_t size, void* self) -> std::size_t {
    return static_cast<transfer*>(self)->take_body({data, size}) ? size : 0;
  };
  set(handle(), CURLOPT_HEADERFUNCTION, head);
  set(handle(), CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(handle(), CURLOPT_WRITEFUNCTION, body);
  set(handle(), CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(handle(), CURLOPT_ACCEPT_ENCODING, "");
  set(handle(), CURLOPT_PRIVATE, static_cast<void*>(this));
}

bool transfer::take_head(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > longest_head) {
    too_large_ = true;
    return false;
  }
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  if (line.starts_with("HTTP/")) response_.headers.clear();  // what came before was an interim answer
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  std::string_view value = line.substr(colon + 1);
  value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
  response_.headers.emplace_back(lowered(line.substr(0, colon)), value);
  return true;
}

bool transfer::take_body(std::string_view bytes) {
  if (bytes.size() > request_.max_response_bytes - response_.body.size()) {
    too_large_ = true;
    return false;
  }
  response_.body += bytes;
  return true;
}

client_response transfer::take_response() {
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

std::exception_ptr transfer::error(CURLcode code) const {
  if (too_large_) return std::make_exception_ptr(client_error{client_failure::too_large, "the answer is too large"});
  const char* text = message_[0] != '\0' ? message_.data() : curl_easy_strerror(code);
  return std::make_exception_ptr(client_error{failure_of(code), text});
}

std::uint64_t transfer::connections_opened() const {
  long opened = 0;
  curl_easy_getinfo(handle(), CURLINFO_NUM_CONNECTS, &opened);
  return static_cast<std::uint64_t>(opened);
}

}  // namespace nxg::http
