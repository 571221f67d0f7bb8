#include "http/chain.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nxg::http {

namespace {

std::string listed(const std::vector<std::string>& versions) {
  std::string text;
  for (const auto& one : versions) text.append(text.empty() ? "" : ", ").append(one);
  return text;
}

}  // namespace

middleware api_version(std::vector<std::string> versions) {
  if (versions.empty()) throw std::invalid_argument{"there must be an API version"};
  auto known = std::make_shared<const std::vector<std::string>>(std::move(versions));
  return [known](request& incoming, next rest) -> task<response> {
    const auto asked = incoming.headers.find("x-api-version");
    const auto version = asked ? std::ranges::find(*known, *asked) : known->begin();
    if (version == known->end()) {
      throw problem{protocol_error::api_version_unsupported,
                    "This server has the API versions " + listed(*known) + '.'};
    }
    incoming.reply_headers.add("x-api-version", *version);
    return rest(incoming);
  };
}

}  // namespace nxg::http
