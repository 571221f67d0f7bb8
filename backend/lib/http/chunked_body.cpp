#include "http/chunked_body.hpp"

#include "http/detail/characters.hpp"

#include <algorithm>

namespace nxg::http {

namespace {
constexpr unsigned most_digits = 8;
constexpr std::size_t most_overhead = 4096;
}  // namespace

chunked_body::outcome chunked_body::take(std::string_view arrived, std::string& body) {
  consumed_ = 0;
  while (consumed_ < arrived.size() && !done_) {
    if (state_ == state::data) {
      const auto part =
          arrived.substr(consumed_, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, arrived.size())));
      body.append(part);
      consumed_ += part.size();
      chunk_left_ -= part.size();
      if (chunk_left_ == 0) state_ = state::data_cr;
    } else if (!take_octet(arrived[consumed_++])) {
      return too_large_ ? outcome::too_large : outcome::malformed;
    }
  }
  return done_ ? outcome::complete : outcome::incomplete;
}

bool chunked_body::take_octet(char c) {
  const auto go = [this](state to) {
    state_ = to;
    return true;
  };
  switch (state_) {
    case state::size:
      if (const int digit = detail::hex_value(c); digit >= 0) {
        if (++digits_ > most_digits) return false;
        chunk_left_ = chunk_left_ * 16 + static_cast<unsigned>(digit);
        return true;
      }
      if (digits_ == 0) return false;
      if (c == ';') return go(state::extension);
      return c == '\r' && go(state::size_lf);
    case state::extension:
      if (c == '\r') return go(state::size_lf);
      return ++overhead_ <= most_overhead && detail::field_characters[static_cast<unsigned char>(c)];
    case state::size_lf: return c == '\n' && start_chunk();
    case state::data_cr: return c == '\r' && go(state::data_lf);
    case state::data_lf: digits_ = 0; return c == '\n' && go(state::size);
    case state::trailer_start:
      if (c == '\r') return go(state::end_lf);
      return ++overhead_ <= most_overhead && detail::token_characters[static_cast<unsigned char>(c)] &&
             go(state::trailer);
    case state::trailer:
      if (c == '\r') return go(state::trailer_lf);
      return ++overhead_ <= most_overhead && detail::field_characters[static_cast<unsigned char>(c)];
    case state::trailer_lf: return c == '\n' && go(state::trailer_start);
    case state::end_lf: done_ = c == '\n'; return done_;
    case state::data: break;
  }
  return false;
}

bool chunked_body::start_chunk() {
  if (chunk_left_ == 0) {
    state_ = state::trailer_start;
    return true;
  }
  if (chunk_left_ > max_size_ - received_) {
    too_large_ = true;
    return false;
  }
  received_ += static_cast<std::size_t>(chunk_left_);
  state_ = state::data;
  return true;
}

}  // namespace nxg::http
