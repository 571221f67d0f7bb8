#include "http/varying.hpp"

namespace nxg::http {

std::string varying_tag(std::int64_t version, std::string_view variant) {
  auto tag = version_tag(version);
  if (!variant.empty()) tag.insert(tag.size() - 1, '.' + std::string{variant});
  return tag;
}

}  // namespace nxg::http
