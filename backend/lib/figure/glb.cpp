#include "figure/glb.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <limits>

namespace nxg::figure {

namespace {

constexpr std::uint32_t magic = 0x46546C67;
constexpr std::uint32_t json_chunk = 0x4E4F534A;
constexpr std::uint32_t binary_chunk = 0x004E4942;
constexpr std::size_t header_size = 12;
constexpr std::size_t chunk_header_size = 8;
/// A description longer than this is none of a body.
constexpr std::size_t longest_json = 4u << 20;

void append(std::string& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>((number >> shift) & 0xff);
}

std::uint32_t number_at(std::string_view octets, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<unsigned char>(octets[at + i]);
  return number;
}

template <class T>
void append_raw(std::string& to, const std::vector<T>& all) {
  const auto at = to.size();
  to.resize(at + all.size() * sizeof(T));
  // Little-endian floats and integers, as every machine this runs on has them.
  if (!all.empty()) std::memcpy(to.data() + at, all.data(), all.size() * sizeof(T));
}

void append_chunk(std::string& to, std::uint32_t type, std::string content, char padding) {
  content.resize((content.size() + 3) / 4 * 4, padding);
  append(to, static_cast<std::uint32_t>(content.size()));
  append(to, type);
  to += content;
}

std::string description(const mesh& of, std::size_t binary_size) {
  point low{0, 0, 0};
  point high{0, 0, 0};
  if (!of.positions.empty()) low = high = of.positions.front();
  for (const auto& one : of.positions) {
    for (std::size_t i = 0; i < 3; ++i) {
      low[i] = std::min(low[i], one[i]);
      high[i] = std::max(high[i], one[i]);
    }
  }
  const auto points = of.positions.size() * sizeof(point);
  return fmt::format(
      R"({{"asset":{{"version":"2.0","generator":"nxg-connect"}},"scene":0,"scenes":[{{"nodes":[0]}}],)"
      R"("nodes":[{{"mesh":0,"name":"figure"}}],)"
      R"("meshes":[{{"primitives":[{{"attributes":{{"POSITION":0,"NORMAL":1}},"indices":2,"material":0}}]}}],)"
      R"("materials":[{{"pbrMetallicRoughness":{{"baseColorFactor":[0.72,0.74,0.78,1],"metallicFactor":0,"roughnessFactor":0.9}}}}],)"
      R"("buffers":[{{"byteLength":{0}}}],)"
      R"("bufferViews":[{{"buffer":0,"byteOffset":0,"byteLength":{1},"target":34962}},)"
      R"({{"buffer":0,"byteOffset":{1},"byteLength":{1},"target":34962}},)"
      R"({{"buffer":0,"byteOffset":{2},"byteLength":{3},"target":34963}}],)"
      R"("accessors":[{{"bufferView":0,"componentType":5126,"count":{4},"type":"VEC3","min":[{5},{6},{7}],"max":[{8},{9},{10}]}},)"
      R"({{"bufferView":1,"componentType":5126,"count":{4},"type":"VEC3"}},)"
      R"({{"bufferView":2,"componentType":5125,"count":{11},"type":"SCALAR"}}]}})",
      binary_size, points, 2 * points, of.indices.size() * sizeof(std::uint32_t), of.positions.size(), low[0], low[1],
      low[2], high[0], high[1], high[2], of.indices.size());
}

std::optional<std::string> fault_of_json(std::string_view text) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(text, error);
  if (error || !parsed.is_object()) return "its description is no JSON object";
  const auto* asset = parsed.get_object().if_contains("asset");
  const auto* version = asset != nullptr && asset->is_object() ? asset->get_object().if_contains("version") : nullptr;
  if (version == nullptr || !version->is_string() || !std::string_view{version->get_string()}.starts_with("2."))
    return "it does not say that it is glTF 2";
  return std::nullopt;
}

}  // namespace

std::string to_glb(const mesh& of) {
  std::string binary;
  append_raw(binary, of.positions);
  append_raw(binary, of.normals);
  append_raw(binary, of.indices);
  std::string chunks;
  append_chunk(chunks, json_chunk, description(of, binary.size()), ' ');
  append_chunk(chunks, binary_chunk, std::move(binary), '\0');
  std::string file;
  append(file, magic);
  append(file, 2);
  append(file, static_cast<std::uint32_t>(header_size + chunks.size()));
  return file + chunks;
}

std::optional<std::string> fault_of_glb(std::string_view octets) {
  if (octets.size() < header_size + chunk_header_size) return "it is too short";
  if (number_at(octets, 0) != magic) return "it does not begin like one";
  if (number_at(octets, 4) != 2) return "it is of another version";
  if (number_at(octets, 8) != octets.size()) return "its length is not what it says";
  std::size_t at = header_size;
  for (bool first = true; at < octets.size(); first = false) {
    if (octets.size() - at < chunk_header_size) return "it is cut off";
    const auto size = number_at(octets, at);
    const auto type = number_at(octets, at + 4);
    at += chunk_header_size;
    if (size > octets.size() - at || size % 4 != 0) return "a part of it is cut off";
    if (first != (type == json_chunk)) return "its parts are in the wrong order";
    if (first) {
      if (size > longest_json) return "its description is too long";
      if (auto fault = fault_of_json(octets.substr(at, size))) return fault;
    }
    at += size;
  }
  return std::nullopt;
}

}  // namespace nxg::figure
