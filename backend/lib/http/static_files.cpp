#include "http/static_files.hpp"

#include "http/conditional.hpp"
#include "http/route.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

namespace nxg::http {

namespace {

constexpr std::size_t worth_compressing = 1024;

struct file {
  std::string_view content_type;
  std::string tag;
  std::shared_ptr<const std::string> plain;
  /// Null when it would not be smaller.
  std::shared_ptr<const std::string> gzipped;
};

struct folder {
  std::map<std::string, file, std::less<>> files;
  static_options options;

  [[nodiscard]] response answer(const request& incoming) const {
    const auto found = files.find(incoming.path_parameter("file").value_or(""));
    if (found == files.end()) throw problem{protocol_error::not_found, "There is no such file."};
    const auto& one = found->second;
    response answer;
    answer.headers.add("Content-Type", one.content_type);
    answer.headers.add("Content-Security-Policy", options.content_security_policy);
    answer.headers.add("Cache-Control", options.cache_control);
    answer.headers.add("ETag", one.tag);
    answer.shared_body = one.plain;
    if (!one.gzipped) return answer;
    answer.headers.add("Vary", "Accept-Encoding");
    const auto accepted = incoming.headers.find("accept-encoding");
    if (accepted && accepts_gzip(*accepted)) {
      answer.shared_body = one.gzipped;
      answer.headers.add("Content-Encoding", "gzip");
      answer.headers.set("ETag", gzip_tag(one.tag));
    }
    return answer;
  }
};

std::string read_whole(const std::filesystem::path& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw std::runtime_error{"cannot read " + path.string()};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

file load(const std::filesystem::path& path) {
  file one{
      content_type_of(path.filename().string()), {}, std::make_shared<const std::string>(read_whole(path)), nullptr};
  one.tag = content_tag(*one.plain);
  if (is_compressible(one.content_type) && one.plain->size() > worth_compressing) {
    auto smaller = gzip_encoder{}.encode(*one.plain);
    if (smaller.size() < one.plain->size()) one.gzipped = std::make_shared<const std::string>(std::move(smaller));
  }
  return one;
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) noexcept {
  using pair = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<pair, 14> known{{{".html", "text/html; charset=utf-8"},
                                               {".css", "text/css; charset=utf-8"},
                                               {".js", "text/javascript; charset=utf-8"},
                                               {".mjs", "text/javascript; charset=utf-8"},
                                               {".json", "application/json"},
                                               {".txt", "text/plain; charset=utf-8"},
                                               {".svg", "image/svg+xml"},
                                               {".png", "image/png"},
                                               {".jpg", "image/jpeg"},
                                               {".webp", "image/webp"},
                                               {".ico", "image/x-icon"},
                                               {".woff2", "font/woff2"},
                                               {".wasm", "application/wasm"},
                                               {".webmanifest", "application/manifest+json"}}};
  const auto found = std::ranges::find_if(known, [&](const pair& one) { return file_name.ends_with(one.first); });
  return found == known.end() ? std::string_view{"application/octet-stream"} : found->second;
}

void serve_folder(router& routes, std::string_view prefix, const std::filesystem::path& path, static_options options) {
  namespace fs = std::filesystem;
  auto made = std::make_shared<folder>();
  made->options = std::move(options);
  const auto& wanted = made->options.only;
  std::size_t total = 0;
  try {
    for (const auto& entry : fs::recursive_directory_iterator{path}) {
      const auto name = entry.path().lexically_relative(path).generic_string();
      const bool is_hidden = name.starts_with('.') || name.find("/.") != std::string::npos;
      if (is_hidden || entry.is_symlink() || !entry.is_regular_file()) continue;
      if (!wanted.empty() && std::ranges::find(wanted, name) == wanted.end()) continue;
      total += static_cast<std::size_t>(entry.file_size());
      if (total > made->options.max_bytes) throw std::runtime_error{"too much to serve from memory: " + path.string()};
      made->files.emplace(name, load(entry.path()));
    }
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error{"cannot serve " + path.string() + ": " + error.code().message()};
  }
  routes.get(std::string{prefix} + "/{file*}").open().hidden().handle([made](request& incoming) -> response {
    return made->answer(incoming);
  });
}

}  // namespace nxg::http
