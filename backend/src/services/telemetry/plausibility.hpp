#pragma once

#include "models/plausibility_limits.hpp"
#include "models/sample.hpp"

#include <optional>
#include <string_view>

namespace nxg::samples {

/// Why a sample is refused for good; the names are the codes of an ack.
namespace refusal_codes {
inline constexpr std::string_view malformed = "malformed";  ///< cannot be read
inline constexpr std::string_view value_out_of_range =
    "value_out_of_range";  ///< physically impossible for the class or model
inline constexpr std::string_view value_not_of_class = "value_not_of_class";  ///< such a machine cannot measure that
inline constexpr std::string_view counter_went_back = "counter_went_back";    ///< less than the sample before it
inline constexpr std::string_view unknown_link = "unknown_link";              ///< never was a link of this machine
}  // namespace refusal_codes

/// Judges the samples of one machine in the order of their seqs. Values are held against the limits, counters against
/// the counters of the sample before; never against wall time, so samples kept for days are as good as live ones.
///
/// Counters may not go back within an epoch and link; a new link may start them anew, and without a link a falling
/// `elapsedSeconds` shows that someone pressed start again.
class plausibility {
 public:
  explicit plausibility(const plausibility_limits& limits) : limits_{limits} {}

  /// Nothing: accepted, its flags raised where something is odd; and it is what the next sample is held against.
  /// Otherwise one of `refusal_codes`; nothing has changed.
  [[nodiscard]] std::optional<std::string_view> judge(sample& what);
  /// The same for a sample that fills a hole behind others: by the limits alone.
  [[nodiscard]] std::optional<std::string_view> judge_late(const sample& what) const;

  /// Forgets the sample before: the next one begins another epoch.
  void begin_epoch() noexcept { before_.reset(); }
  void use_limits(const plausibility_limits& limits) { limits_ = limits; }

 private:
  plausibility_limits limits_;
  std::optional<sample> before_;
};

}  // namespace nxg::samples
