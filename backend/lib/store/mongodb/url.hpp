#pragma once

#include <mongoc/mongoc.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace nxg::store::mongodb {

/// A checked address: what the URL says, with the store's own time-outs and bounds.
struct address {
  struct release {
    void operator()(mongoc_uri_t* uri) const noexcept { mongoc_uri_destroy(uri); }
  };
  std::unique_ptr<mongoc_uri_t, release> uri;
  std::string database;
  std::string hosts;  ///< for sentences; without credentials
};

/// Throws `error` (unavailable) with a sentence that says what is wrong with the URL and holds no credentials. Without
/// a database the URL means "nxg".
address parse_url(const std::string& url, std::size_t clients, std::chrono::milliseconds time_out);

/// libmongoc, started once; what it would print is kept silent.
void start_libmongoc();

}  // namespace nxg::store::mongodb
