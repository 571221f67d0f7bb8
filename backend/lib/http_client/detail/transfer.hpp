#pragma once

#include "http_client/client.hpp"

#include <array>
#include <curl/curl.h>
#include <exception>
#include <memory>
#include <string_view>

namespace nxg::http {

/// One request as libcurl sees it: a handle with its options, and what came back so far.
class transfer {
 public:
  /// Throws `client_error` (invalid_request).
  transfer(client_request request, const client_options& options);
  transfer(const transfer&) = delete;
  transfer& operator=(const transfer&) = delete;

  [[nodiscard]] CURL* handle() const noexcept { return handle_.get(); }
  [[nodiscard]] const client_request& request() const noexcept { return request_; }

  /// The answer of a transfer that libcurl calls complete.
  client_response take_response();
  /// Why there is none.
  [[nodiscard]] std::exception_ptr error(CURLcode code) const;
  [[nodiscard]] std::uint64_t connections_opened() const;

 private:
  void set_method();
  void set_headers();
  void set_connection(const client_options& options);
  void set_receivers();
  bool take_head(std::string_view line);
  bool take_body(std::string_view bytes);

  struct free_handle {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };
  struct free_list {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  client_request request_;
  std::unique_ptr<CURL, free_handle> handle_;
  std::unique_ptr<curl_slist, free_list> headers_;
  std::array<char, CURL_ERROR_SIZE> message_{};
  client_response response_;
  std::size_t head_bytes_ = 0;
  bool too_large_ = false;
};

}  // namespace nxg::http
