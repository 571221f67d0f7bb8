#pragma once

#include "coordination/cache.hpp"
#include "integrations/meal_detection/meal_detector.hpp"
#include "models/meal.hpp"
#include "objects/object_store.hpp"
#include "pictures/workshop.hpp"
#include "repositories/meals.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/meals/diary.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nxg::meals {

/// What photographs work with; all of it outlives them.
struct photograph_parts {
  repositories::meals& kept;
  meals::diary& diary;
  pictures::workshop& workshop;
  objects::object_store& objects;
  coordination::cache& cache;
  integrations::meal_detector& detector;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

struct photographed_meal {
  std::string picture;
  std::optional<nxg::meal_type> meal_type;
  std::string notes;
};

/// What is on a picture.
struct seen_meal {
  integrations::detected_meal what;
  std::vector<meal_doubt> doubts;
  detection_source from = detection_source::service;
};

/// How long an answer of the service is fresh, and how long it may stand in where the service is away.
inline constexpr std::chrono::hours seen_fresh_for{24};
inline constexpr std::chrono::hours seen_stale_for{24 * 7};
/// How long a picture waits for a service that is away before it is given up.
inline constexpr std::chrono::hours longest_wait{48};
/// Life of a URL by which a picture is read.
inline constexpr std::chrono::seconds url_life{3'600};

/// Meals by their pictures.
///
/// A picture is made small and put into the object store first, then the meal is written with detection `pending`: a
/// crash in between leaves a picture nobody names, which the job of orphaned objects removes. Then it is looked at: an
/// earlier meal of the member whose picture looks the same, a fresh answer to the same picture, the detection service,
/// a stale answer. Where nothing is to be had the meal stays `pending` and is looked at in the background. Thread-safe.
///
/// Errors beside those of the store and the diary: `meal_picture_unusable`, `consent_required`,
/// `meal_detection_unavailable`, `unavailable` (the object store), `busy`.
class photographs {
 public:
  explicit photographs(photograph_parts parts);

  /// The meal, `pending` where nobody could look at it by `deadline`. A repeated request goes on where its first try
  /// stopped.
  task<meal> upload(uuid member, photographed_meal taken, uuid id, instant at, steady_instant deadline);
  /// What is on a picture, without a trace in the diary.
  task<seen_meal> look(uuid member, std::string picture, steady_instant deadline);
  /// What a meal is after the member said in words what is wrong; the service must be there.
  task<corrected_meal> correct(uuid member, uuid id, std::string correction, std::optional<nxg::meal_type> type,
                               instant at, steady_instant deadline);

  /// Looks at pictures that wait, the longest waiting first, until the service is away or `most` are done; how many
  /// found an end.
  task<std::size_t> catch_up(std::size_t most);
  /// Removes the picture; fine where there is none.
  task<void> forget(std::string image_key);

  /// A URL that reads the picture for an hour; nothing without one.
  [[nodiscard]] std::optional<std::string> url_of(const meal& one) const;
  [[nodiscard]] integrations::service_condition dependency() const { return parts_.detector.condition(); }

 private:
  struct question {
    uuid member;
    uuid meal;
    std::string hash;
    std::string looks;
    std::string jpeg;
    bool background = false;
    steady_instant deadline{};
  };
  task<pictures::picture> small(std::string picture, steady_instant deadline);
  task<void> keep(std::string key, std::string jpeg);
  task<void> begin(uuid member, photographed_meal taken, uuid id, instant at, steady_instant deadline,
                   std::string& jpeg);
  task<std::string> picture_of(const meal& one);
  task<seen_meal> answer(question asked);
  task<std::optional<seen_meal>> seen_before(const question& asked);
  task<seen_meal> ask(const question& asked);
  /// Looks and notes how it ended.
  task<std::optional<meal>> settle(const meal& one, question asked);
  task<std::optional<meal>> note_seen(const meal& one, const seen_meal& seen);
  task<std::optional<meal>> note_trouble(const meal& one, std::string reason, std::chrono::milliseconds pause);
  task<bool> may_show(uuid member);
  task<bool> catch_up_with(const meal& one);
  void count(std::string_view result) const;

  photograph_parts parts_;
};

}  // namespace nxg::meals
