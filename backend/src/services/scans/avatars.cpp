#include "services/scans/avatars.hpp"

#include "figure/figure.hpp"
#include "figure/glb.hpp"
#include "figure/picture.hpp"
#include "store/errors.hpp"
#include "store/wrote_first.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <algorithm>
#include <utility>

namespace nxg::scanning {

namespace {

constexpr unsigned thumbnail_pixels = 512;
constexpr std::size_t kept_versions = 50;
// Two scans of one member may end at the same moment; each round one of them gets on.
constexpr int rounds = 5;

figure::body_build build_of(const user& member) {
  if (!member.gender || *member.gender == gender::other) return figure::body_build::between;
  return *member.gender == gender::male ? figure::body_build::male : figure::body_build::female;
}

scan_file described(scan_file_kind kind, std::string key, std::string type, std::string_view content) {
  return {kind, std::move(key), std::move(type), static_cast<std::int64_t>(content.size()),
          utilities::hex(utilities::sha256(content))};
}

std::vector<scan_file> shown(const scan& from) {
  std::vector<scan_file> files;
  for (const auto& one : from.files) {
    if (one.kind != scan_file_kind::original) files.push_back(one);
  }
  return files;
}

bool same_files(const std::vector<scan_file>& a, const std::vector<scan_file>& b) {
  return std::ranges::equal(a, b, {}, &scan_file::key, &scan_file::key);
}

/// False when there is nothing to change.
bool put_in(avatar& into, const scan& from) {
  auto files = shown(from);
  if (files.empty() || !from.source || !from.finished_at) return false;
  const auto known = std::ranges::find(into.versions, from.id, &avatar_version::scan_id);
  if (known != into.versions.end()) {
    if (same_files(known->files, files)) return false;
    into.versions.erase(known);
  }
  into.versions.push_back({++into.last_number, from.id, *from.source, *from.finished_at, std::move(files)});
  if (into.versions.size() > kept_versions) into.versions.erase(into.versions.begin());
  return true;
}

}  // namespace

task<std::vector<scan_file>> avatars::draw(const user& member, uuid scan) {
  std::vector<scan_file> made;
  if (!member.height_cm || !member.weight_kg) co_return made;
  figure::known_facts known;
  known.height_cm = member.height_cm->value().value();
  known.weight_kg = member.weight_kg->value().value();
  known.build = build_of(member);
  const auto mesh = figure::make(figure::estimate(known));
  auto glb = figure::to_glb(mesh);
  auto png = figure::draw_png(mesh, thumbnail_pixels);
  made.push_back(described(scan_file_kind::mesh, scan_key(scan, "figure.glb"), "model/gltf-binary", glb));
  made.push_back(described(scan_file_kind::thumbnail, scan_key(scan, "figure.png"), "image/png", png));
  objects::put_options how;
  how.cache_control = scan_cache_control;
  how.content_type = made[0].content_type;
  const auto first = co_await files_.put(made[0].key, std::move(glb), how);
  how.content_type = made[1].content_type;
  const auto second = co_await files_.put(made[1].key, std::move(png), how);
  static_cast<void>(first);
  static_cast<void>(second);
  co_return made;
}

task<void> avatars::add(const scan& from) {
  for (int round = 0; round < rounds; ++round) {
    auto known = co_await scans_.avatar_of(from.member_id);
    avatar changed = known ? std::move(*known) : avatar{.id = from.member_id};
    if (!put_in(changed, from)) co_return;
    const bool written = co_await store::wrote_first(scans_.save(std::move(changed)));
    if (written) co_return;
  }
  throw store::error{store::failure::busy, "the avatar of a member keeps being changed"};
}

task<void> avatars::remove(uuid member, uuid scan) {
  for (int round = 0; round < rounds; ++round) {
    auto known = co_await scans_.avatar_of(member);
    if (!known) co_return;
    if (std::erase_if(known->versions, [&](const auto& one) { return one.scan_id == scan; }) == 0) co_return;
    const bool written = co_await store::wrote_first(scans_.save(std::move(*known)));
    if (written) co_return;
  }
  throw store::error{store::failure::busy, "the avatar of a member keeps being changed"};
}

task<std::optional<avatar_version>> avatars::present(uuid member) {
  const auto known = co_await scans_.avatar_of(member);
  std::optional<avatar_version> newest;
  if (known && !known->versions.empty()) newest = known->versions.back();
  co_return newest;
}

}  // namespace nxg::scanning
