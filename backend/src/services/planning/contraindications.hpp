#pragma once

#include "models/exercise.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::planning {

/// What a health condition rules out. An exercise is out when one of its primary or secondary muscles, its category,
/// its force or a word of its name is listed.
struct contraindication {
  /// How the condition is named in answers and to the planning service.
  std::string_view condition;
  /// Phrases that mean it, in plain words.
  std::vector<std::string_view> phrases = {};
  std::vector<muscle> muscles = {};
  std::vector<exercise_category> categories = {};
  std::vector<force_kind> forces = {};
  /// Beginnings of words of the name: "jump" also finds "jumping".
  std::vector<std::string_view> name_words = {};
  /// The hardest exercises still allowed.
  difficulty_level hardest = difficulty_level::advanced;
};

/// All conditions this module can answer for; the sources are named in the .cpp.
[[nodiscard]] const std::vector<contraindication>& contraindication_table();

/// What a member's conditions rule out together.
class restrictions {
 public:
  /// Reads conditions as members wrote them. Whatever is not wholly understood ("knee pain and vertigo") is kept in
  /// `not_understood`: nobody may claim that such a condition is respected.
  static restrictions of(std::span<const std::string> conditions);

  [[nodiscard]] bool allows(const exercise& candidate) const;
  /// For an exercise known only by its name. With any restriction at hand that proves nothing: it is not allowed.
  [[nodiscard]] bool allows_unknown() const noexcept { return applied_.empty() && not_understood_.empty(); }

  [[nodiscard]] bool understood() const noexcept { return not_understood_.empty(); }
  [[nodiscard]] const std::vector<std::string>& not_understood() const noexcept { return not_understood_; }
  [[nodiscard]] const std::vector<const contraindication*>& applied() const noexcept { return applied_; }

 private:
  std::vector<const contraindication*> applied_;
  std::vector<std::string> not_understood_;
};

}  // namespace nxg::planning
