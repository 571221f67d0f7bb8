#pragma once

#include "app/platform.hpp"
#include "runtime/folder_lock.hpp"
#include "store/engine.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::app {

/// Whether this process serves the data folder alone, or works beside whoever does: making the store where there is
/// none, or only on one that exists.
enum class store_use : std::uint8_t { serve, beside, maintain };

/// The engine the settings name, and what can only be asked of that kind of engine.
struct document_engine {
  std::shared_ptr<store::engine> engine;
  /// What the engine itself finds wrong with its files, a sentence each.
  std::function<task<std::vector<std::string>>()> check;
  std::vector<telemetry::metrics::registration> registrations;
  /// Where the engine itself has no use for the data folder; ports and keys are in it all the same.
  std::shared_ptr<const runtime::folder_lock> folder;
  /// Nothing was ever kept in it; false where that is not known without asking.
  bool is_new = false;
};

/// Throws with a sentence: in use, not there, not writable, damaged, newer; not reached, refused.
document_engine open_documents(const settings& values, platform& on, store_use use);

}  // namespace nxg::app
