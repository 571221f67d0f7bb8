// What a service says in XML and headers: read without harm, and nothing but keys of ours comes out of a list.
#include "objects/detail/rules.hpp"
#include "objects/s3/headers.hpp"
#include "objects/s3/times.hpp"
#include "objects/s3/xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nxg::objects;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto page = s3::read_list(text, "p/")) {
    for (const auto& one : page->objects)
      if (!detail::is_key(one.key) || one.etag.empty()) std::abort();
  }
  (void)s3::read_error(text);
  (void)s3::read_upload_id(text);
  if (const auto etag = s3::read_completed(text); etag && etag->empty()) std::abort();
  (void)s3::read_content_range(text);
  (void)s3::read_iso_time(std::string{text});
  (void)s3::read_http_time(std::string{text});
  return 0;
}
