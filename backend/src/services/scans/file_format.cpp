#include "services/scans/file_format.hpp"

#include <algorithm>
#include <array>

namespace nxg::scanning {

namespace {

bool is_text(std::string_view beginning) {
  return std::ranges::none_of(beginning, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 && c != '\t' && c != '\r' && c != '\n' && c != '\f';
  });
}

std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  return line;
}

/// Every line begins with a keyword of Wavefront OBJ, and one is a vertex. The last line may be cut off.
bool is_obj(std::string_view text) {
  constexpr std::array<std::string_view, 14> keywords{"#",  "v ", "vn ", "vt ", "vp ",     "f ",      "l ",
                                                      "o ", "g ", "s ",  "p ",  "mtllib ", "usemtl ", "cstype "};
  bool has_vertex = false;
  while (!text.empty()) {
    const auto line = next_line(text);
    const bool cut_off = text.empty();
    if (line.empty() || line == "g" || line == "o") continue;
    const bool known = std::ranges::any_of(keywords, [&](auto word) { return line.starts_with(word); });
    if (!known && !(cut_off && has_vertex)) return false;
    has_vertex = has_vertex || line.starts_with("v ");
  }
  return has_vertex;
}

bool is_csv(std::string_view text) {
  auto first = next_line(text);
  if (first.starts_with("\xef\xbb\xbf")) first.remove_prefix(3);
  return std::ranges::any_of(first, [](char c) { return c == ',' || c == ';' || c == '\t'; });
}

bool is_json(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

}  // namespace

std::optional<scan_format> format_of(std::string_view beginning) {
  if (beginning.starts_with(std::string_view{"glTF\x02\x00\x00\x00", 8})) return scan_format::glb;
  if (beginning.starts_with("%PDF-")) return scan_format::pdf;
  if (beginning.starts_with("ply\n") || beginning.starts_with("ply\r\n")) return scan_format::ply;
  if (!is_text(beginning)) return std::nullopt;
  if (is_obj(beginning)) return scan_format::obj;
  if (is_json(beginning)) return scan_format::json;
  if (is_csv(beginning)) return scan_format::csv;
  return std::nullopt;
}

bool fits_size(scan_format format, std::string_view beginning, std::uint64_t size) {
  if (format != scan_format::glb) return true;
  if (beginning.size() < 12) return false;
  std::uint64_t told = 0;
  for (std::size_t i = 4; i-- > 0;) told = told << 8 | static_cast<unsigned char>(beginning[8 + i]);
  return told == size;
}

std::string_view content_type_of(scan_format format) noexcept {
  switch (format) {
    case scan_format::obj: return "model/obj";
    case scan_format::glb: return "model/gltf-binary";
    case scan_format::ply: return "application/octet-stream";
    case scan_format::csv: return "text/csv";
    case scan_format::pdf: return "application/pdf";
    case scan_format::json: return "application/json";
  }
  return "application/octet-stream";
}

}  // namespace nxg::scanning
