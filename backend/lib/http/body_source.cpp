#include "http/body_source.hpp"

#include "http/message.hpp"

#include <utility>

namespace nxg::http {

task<std::string_view> body_pieces::next() {
  if (of_->source != nullptr) return of_->source->next();
  const auto whole = [](std::string_view piece) -> task<std::string_view> { co_return piece; };
  return whole(std::exchange(given_, true) ? std::string_view{} : std::string_view{of_->body});
}

}  // namespace nxg::http
