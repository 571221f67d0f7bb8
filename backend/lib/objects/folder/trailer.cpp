#include "objects/folder/trailer.hpp"

#include <boost/json.hpp>

#include <chrono>
#include <cstdint>

namespace nxg::objects::folder {

namespace {

namespace json = boost::json;

constexpr std::string_view mark = "NXGOBJ1\n";

std::string text_of(const json::object& from, std::string_view name) { return std::string{from.at(name).as_string()}; }

}  // namespace

std::string write_trailer(const object_info& what) {
  json::object known;
  known["size"] = what.size;
  known["etag"] = what.etag;
  known["modified"] = what.modified.time_since_epoch().count();
  known["contentType"] = what.content_type;
  known["cacheControl"] = what.cache_control;
  json::object more;
  for (const auto& [name, value] : what.metadata) more[name] = value;
  known["metadata"] = std::move(more);
  std::string text = json::serialize(known);
  const auto size = static_cast<std::uint32_t>(text.size());
  for (unsigned shift = 0; shift < 32; shift += 8) text += static_cast<char>(size >> shift & 0xffU);
  return text + std::string{mark};
}

std::optional<std::size_t> trailer_size(std::string_view end) {
  if (end.size() != trailer_end_size || !end.ends_with(mark)) return std::nullopt;
  std::size_t size = 0;
  for (unsigned i = 0; i < 4; ++i) size |= std::size_t{static_cast<unsigned char>(end[i])} << (8 * i);
  if (size > longest_trailer) return std::nullopt;
  return size;
}

std::optional<object_info> read_trailer(std::string_view text) {
  try {
    const json::value all = json::parse(text);
    const json::object& known = all.as_object();
    object_info what;
    what.size = known.at("size").to_number<std::uint64_t>();
    what.etag = text_of(known, "etag");
    what.modified = instant{std::chrono::milliseconds{known.at("modified").to_number<std::int64_t>()}};
    what.content_type = text_of(known, "contentType");
    what.cache_control = text_of(known, "cacheControl");
    for (const auto& [name, value] : known.at("metadata").as_object())
      what.metadata.emplace(std::string{name}, std::string{value.as_string()});
    return what;
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace nxg::objects::folder
