#include "schema/types.hpp"

#include "schema/json_scanner.hpp"
#include "schema/scalars.hpp"

namespace nxg::schema {

namespace detail {

void throw_out_of_bounds(bool below, std::int64_t min, std::int64_t max) {
  throw invalid{below ? codes::too_small : codes::too_large,
                "must be between " + std::to_string(min) + " and " + std::to_string(max)};
}

void throw_out_of_bounds(bool below, double min, double max) {
  throw invalid{below ? codes::too_small : codes::too_large,
                "must be between " + spelled_number(min) + " and " + spelled_number(max)};
}

void require_size(std::size_t size, std::size_t min, std::size_t max) {
  problems found;
  check_size(size, min, max, found);
  if (!found.empty()) throw invalid{found.take()};
}

void require_length(std::string_view text, std::size_t min, std::size_t max) {
  problems found;
  if (!is_utf8(text)) {
    found.add(codes::bad_utf8, "must be UTF-8");
  } else {
    check_length(text, min, max, found);
  }
  if (!found.empty()) throw invalid{found.take()};
}

void throw_bad_format(std::string_view expectation) { throw invalid{codes::bad_format, std::string{expectation}}; }

bool lower_hex(std::string& text) noexcept {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
  }
  return true;
}

}  // namespace detail

namespace {

bool is_alphanumeric(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

/// RFC 5322 dot-atom: quoted local parts exist on paper only, and hide surprises from every later reader.
bool is_local_part(std::string_view text) noexcept {
  if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
  char before = 0;
  for (const char c : text) {
    if (c == '.' && before == '.') return false;
    if (!is_alphanumeric(c) && std::string_view{".!#$%&'*+/=?^_`{|}~-"}.find(c) == std::string_view::npos) return false;
    before = c;
  }
  return true;
}

bool is_host_label(std::string_view text) noexcept {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// At least two labels, the last not a number.
bool is_host_name(std::string_view text) noexcept {
  std::size_t labels = 0;
  std::string_view last;
  for (std::size_t start = 0; start <= text.size(); ++labels) {
    const auto end = std::min(text.find('.', start), text.size());
    last = text.substr(start, end - start);
    if (!is_host_label(last)) return false;
    start = end + 1;
  }
  return labels >= 2 && last.size() >= 2 && !std::ranges::all_of(last, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool email_rule::accept(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::string_view all = text;
  const auto at = all.rfind('@');
  return at != std::string_view::npos && is_local_part(all.substr(0, at)) && is_host_name(all.substr(at + 1));
}

any_json::any_json(std::string text) : value_{std::move(text)} {
  problems found;
  detail::json_scanner scanner{value_, max_depth, found};
  const bool is_json = scanner.begin() && scanner.check_value() && scanner.end();
  if (!is_json || !found.empty()) throw invalid{found.take()};
}

}  // namespace nxg::schema
