#pragma once

#include "models/exercise.hpp"
#include "repositories/exercises.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/resident.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::exercises {

/// The library at one moment; never changes.
class library {
 public:
  explicit library(std::vector<exercise> all);

  /// Ordered by name, then id.
  [[nodiscard]] const std::vector<exercise>& all() const noexcept { return all_; }
  [[nodiscard]] const exercise* find(const uuid& id) const;
  /// By the source's id, else by name, both compared as plain words.
  [[nodiscard]] const exercise* find_named(std::string_view external_id, std::string_view name) const;

 private:
  std::vector<exercise> all_;
  std::map<uuid, const exercise*> by_id_;
  std::map<std::string, const exercise*, std::less<>> by_words_;
};

/// The library in memory, shared by all requests of the process. Thread-safe.
class catalogue {
 public:
  /// Both must outlive it.
  catalogue(repositories::exercises& documents, runtime::clock& time)
      : documents_{documents}, library_{resident<library>::all_of(documents), time} {}

  /// Throws what the store throws only while nothing has ever been read.
  task<std::shared_ptr<const library>> current() { return library_.current(); }

  /// The exercises of `in` that a search finds (see `repositories::exercises::with_words`), in no order: by the store's
  /// index, or in memory while the store does not answer.
  task<std::vector<const exercise*>> search(std::shared_ptr<const library> in, std::string text);

 private:
  repositories::exercises& documents_;
  resident<library> library_;
};

}  // namespace nxg::exercises
