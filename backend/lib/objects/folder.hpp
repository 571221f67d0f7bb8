#pragma once

#include "objects/object_store.hpp"
#include "runtime/random.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace nxg::objects {

struct folder_options {
  /// Made if it is not there. Nobody else writes into it.
  std::filesystem::path path;
  /// What error messages call it.
  std::string setting = "NXG_DATA_DIR";
  /// Where the application serves presigned URLs, without a '/' at the end: `https://gym.example/api/objects`.
  std::string base_url{};
  /// At least 32 octets, the same in all processes. Without it nothing is presigned.
  std::string url_secret{};
  std::size_t workers = 4;
  std::size_t max_queued = 256;
  std::chrono::milliseconds time_out{10'000};  ///< of a call, or of a piece of an upload
};

/// Objects as files of one folder: `a/b/photo.jpg` is `a%/b%/photo.jpg`, its content followed by what is known about
/// it. A file is written aside, synced, and renamed into its place, and so is the folder: what was put survives a
/// crash, and nobody reads half of it. Blocking work runs on threads of the store.
///
/// Throws `unusable` where the folder cannot be made or written, or `url_secret` is too short. `time` and `random` must
/// outlive it.
std::shared_ptr<object_store> open_folder(runtime::clock& time, runtime::random& random, folder_options options);

}  // namespace nxg::objects
