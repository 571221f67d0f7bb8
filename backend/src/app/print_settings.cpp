#include "app/commands.hpp"
#include "app/version.hpp"

#include <fmt/format.h>

namespace nxg::app {

std::string_view version_text() noexcept { return version; }

int print_settings(bool markdown) {
  if (markdown) {
    fmt::print(
        "# Settings\n\n`nxg-connect settings --markdown` writes this page. All come from the environment; a secret may "
        "also come from a "
        "file named by the same name with `_FILE` behind it.\n\n| Name | Type | Default | Meaning "
        "|\n|---|---|---|---|\n");
  }
  for (const auto& one : describe_settings()) {
    const std::string note = one.secret ? " Secret." : "";
    if (markdown) {
      std::string type = one.type;
      for (std::size_t at = 0; (at = type.find('|', at)) != std::string::npos; at += 2) type.insert(at, "\\");
      fmt::print("| `{}` | {} | {} | {}{} |\n", one.name, type,
                 one.default_value.empty() ? "–" : fmt::format("`{}`", one.default_value), one.text, note);
    } else {
      fmt::print("{}\n    {}{}\n    {}; default: {}\n", one.name, one.text, note, one.type,
                 one.default_value.empty() ? "none" : one.default_value);
    }
  }
  return 0;
}

}  // namespace nxg::app
