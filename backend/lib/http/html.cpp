#include "http/html.hpp"

#include <algorithm>
#include <vector>

namespace nxg::http {

namespace {

constexpr std::size_t deepest_heading = 6;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '&': out += "&amp;"; break;
    case '<': out += "&lt;"; break;
    case '>': out += "&gt;"; break;
    case '"': out += "&quot;"; break;
    default: out += c;
  }
}

/// Escaped, and what stands between backticks as code.
std::string with_code(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (const char c : text) {
    if (c == '`') {
      out += in_code ? "</code>" : "<code>";
      in_code = !in_code;
    } else {
      append_escaped(out, c);
    }
  }
  return in_code ? out + "</code>" : out;
}

std::string element(std::string_view name, std::string_view text) {
  return '<' + std::string{name} + '>' + with_code(trimmed(text)) + "</" + std::string{name} + '>';
}

/// Of `| a | b |`.
std::vector<std::string_view> cells_of(std::string_view row) {
  std::vector<std::string_view> cells;
  row = trimmed(row);
  row.remove_prefix(1);
  while (!row.empty()) {
    const auto end = std::min(row.find('|'), row.size());
    cells.push_back(row.substr(0, end));
    row.remove_prefix(std::min(end + 1, row.size()));
  }
  return cells;
}

class writer {
 public:
  void line(std::string_view text) {
    if (text.starts_with('|')) return row(text);
    end_table();
    const auto level = std::min(text.find_first_not_of('#'), text.size());
    if (level > 0 && level <= deepest_heading) {
      out_ += element("h" + std::to_string(level), text.substr(level)) + '\n';
    } else if (!trimmed(text).empty()) {
      out_ += element("p", text) + '\n';
    }
  }

  std::string done() {
    end_table();
    return std::move(out_);
  }

 private:
  /// The first of a table is its head, the second only says that it is.
  void row(std::string_view text) {
    if (text.starts_with("|-")) return;
    out_ += in_table_ ? "<tr>" : "<table>\n<tr>";
    for (const auto cell : cells_of(text)) out_ += element(in_table_ ? "td" : "th", cell);
    out_ += "</tr>\n";
    in_table_ = true;
  }
  void end_table() {
    if (in_table_) out_ += "</table>\n";
    in_table_ = false;
  }

  std::string out_;
  bool in_table_ = false;
};

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  for (const char c : text) append_escaped(out, c);
  return out;
}

std::string html_page(std::string_view title, std::string_view head, std::string_view body) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
         escape_html(title) + "</title>\n" + std::string{head} + "</head>\n<body>\n" + std::string{body} +
         "</body>\n</html>\n";
}

std::string html_of_markdown(std::string_view text) {
  writer page;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    page.line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return page.done();
}

}  // namespace nxg::http
