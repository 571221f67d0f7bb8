#include "services/planning/contraindications.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace nxg::planning {
namespace {

using enum muscle;
using enum exercise_category;

const std::vector<exercise_category> explosive{plyometrics, powerlifting, olympic_weightlifting, strongman};

// Words that change nothing about what a condition rules out. "No", "severe" or "after surgery" do, and are not here.
constexpr std::array<std::string_view, 22> fillers{
    "mild", "slight", "light", "minor", "occasional", "some", "chronic", "old",  "left",       "right", "both",
    "my",   "in",     "the",   "a",     "of",         "and",  "bit",     "with", "controlled", "sore",  "history"};

// Whole answers that mean: there is none.
constexpr std::array<std::string_view, 7> nothing{"none", "no", "n a", "na", "nil", "healthy", "nothing"};

// The table is deliberately wide: it removes too much rather than too little, because nobody looks over the shoulder
// of a member who follows a plan made by rules.
//  - joints and back: whatever loads the muscles that cross the joint, impact, and the lifts that need it braced;
//  - high blood pressure: no isometric holds and no heavy single efforts, which raise pressure most
//    (ACSM, Exercise and Hypertension, Med Sci Sports Exerc 2004;36:533-553);
//  - diabetes: as for high blood pressure, since retinopathy and neuropathy cannot be told from a profile
//    (ADA position statement, Diabetes Care 2016;39:2065-2079);
//  - osteoporosis: no impact, no loaded bending or twisting of the spine
//    (Too Fit To Fracture, Osteoporos Int 2014;25:821-835);
//  - asthma: no sprints and other short violent efforts
//    (ATS guideline on exercise-induced bronchoconstriction, Am J Respir Crit Care Med 2013;187:1016-1027).
std::vector<contraindication> make_table() {
  return {
      {.condition = "knee pain",
       .phrases = {"knee pain", "knee pains", "knee injury", "knee problem", "knee problems", "bad knee", "bad knees",
                   "knee arthritis", "knee osteoarthritis", "arthritis knee", "runner s knee", "jumper s knee",
                   "patellofemoral pain", "patellar tendinitis", "meniscus tear", "torn meniscus", "knees", "knee"},
       .muscles = {quadriceps, hamstrings},
       .categories = explosive,
       .name_words = {"jump", "hop", "lunge", "squat", "step", "kneel", "sprint", "run", "jog", "stair", "skip", "rope",
                      "knee", "skat"}},
      {.condition = "lower back pain",
       .phrases = {"lower back pain", "low back pain", "back pain", "backache", "back injury", "back problem",
                   "back problems", "bad back", "lumbago", "lumbar pain", "lower back"},
       .muscles = {lower_back},
       .categories = explosive,
       .name_words = {"deadlift",  "good",   "bent",      "squat",      "twist",    "sit",          "hyperextension",
                      "swing",     "clean",  "snatch",    "jump",       "hop",      "run",          "jog",
                      "sprint",    "crunch", "row",       "rollout",    "windmill", "bend",         "jerk",
                      "superman",  "roller", "leg raise", "knee raise", "hanging",  "pull through", "lunge",
                      "push press"}},
      {.condition = "shoulder pain",
       .phrases = {"shoulder pain", "shoulder injury", "shoulder problem", "shoulder problems", "bad shoulder",
                   "bad shoulders", "rotator cuff injury", "rotator cuff tear", "rotator cuff", "frozen shoulder",
                   "shoulder impingement", "impingement", "shoulders", "shoulder"},
       .muscles = {muscle::shoulders},
       .categories = explosive,
       .name_words = {"press", "overhead", "pull", "chin", "dip", "upright", "snatch", "jerk", "fly", "flye", "push",
                      "behind", "pullover", "handstand", "swing", "throw", "swim", "arm"}},
      {.condition = "neck pain",
       .phrases = {"neck pain", "neck injury", "neck problem", "neck problems", "stiff neck", "neck"},
       .muscles = {neck, traps},
       .categories = explosive,
       .name_words = {"neck", "shrug", "overhead", "upright", "behind", "crunch", "sit", "handstand", "head"}},
      {.condition = "wrist pain",
       .phrases = {"wrist pain", "wrist injury", "wrist problem", "wrist problems", "carpal tunnel syndrome",
                   "carpal tunnel", "wrists", "wrist"},
       .muscles = {forearms},
       .categories = explosive,
       .name_words = {"push", "wrist", "plank", "handstand", "clean", "snatch", "hand", "finger", "front", "burpee",
                      "bench"}},
      {.condition = "elbow pain",
       .phrases = {"elbow pain", "elbow injury", "elbow problem", "tennis elbow", "golfer s elbow", "golfers elbow",
                   "elbows", "elbow"},
       .muscles = {forearms, biceps, triceps},
       .categories = explosive,
       .name_words = {"push", "dip", "curl", "plank", "press", "elbow", "rope"}},
      {.condition = "hip pain",
       .phrases = {"hip pain", "hip injury", "hip problem", "hip problems", "hip arthritis", "hip osteoarthritis",
                   "bursitis hip", "hip bursitis", "hips", "hip"},
       .muscles = {glutes, adductors, abductors, hamstrings},
       .categories = explosive,
       .name_words = {"hip", "squat", "lunge", "kick", "run", "jog", "sprint", "jump", "hop", "step", "stair", "skat",
                      "groin", "leg"}},
      {.condition = "ankle pain",
       .phrases = {"ankle pain", "ankle injury", "ankle sprain", "sprained ankle", "ankle problem", "ankle problems",
                   "achilles tendinitis", "achilles pain", "plantar fasciitis", "ankles", "ankle"},
       .muscles = {calves},
       .categories = explosive,
       .name_words = {"ankle", "calf", "jump", "hop", "run", "jog", "sprint", "skip", "rope", "step", "stair", "lunge",
                      "trail", "walk", "skat"}},
      {.condition = "high blood pressure",
       .phrases = {"high blood pressure", "hypertension", "raised blood pressure", "elevated blood pressure"},
       .categories = explosive,
       .forces = {force_kind::isometric},
       .name_words = {"isometric", "decline", "handstand", "inverted", "overhead", "plank", "sprint", "hang", "static"},
       .hardest = difficulty_level::beginner},
      {.condition = "diabetes",
       .phrases = {"diabetes", "type 1 diabetes", "type 2 diabetes", "diabetes type 1", "diabetes type 2",
                   "prediabetes", "pre diabetes", "insulin resistance", "diabetic"},
       .categories = explosive,
       .forces = {force_kind::isometric},
       .name_words = {"isometric", "decline", "handstand", "inverted", "sprint", "jump"},
       .hardest = difficulty_level::beginner},
      {.condition = "asthma",
       .phrases = {"asthma", "asthmatic", "exercise induced asthma"},
       .categories = explosive,
       .name_words = {"sprint", "run", "prowler", "burpee", "rope", "battling"}},
      {.condition = "osteoporosis",
       .phrases = {"osteoporosis", "osteopenia", "low bone density"},
       .muscles = {abdominals, lower_back},
       .categories = explosive,
       .name_words = {"crunch", "sit", "twist", "jump", "hop", "run", "sprint", "bend", "good", "deadlift", "rope",
                      "toe", "roll", "skat"},
       .hardest = difficulty_level::beginner},
      {.condition = "obesity",
       .phrases = {"obesity", "obese", "overweight"},
       .categories = explosive,
       .name_words = {"jump", "hop", "run", "sprint", "skip", "rope", "pullup", "chin", "burpee"},
       .hardest = difficulty_level::intermediate},
      {.condition = "high cholesterol",
       .phrases = {"high cholesterol", "cholesterol", "hypercholesterolemia", "dyslipidemia"}},
  };
}

bool is_blank(std::string_view words) { return words.empty() || std::ranges::find(nothing, words) != nothing.end(); }

// `words` with one whole-word occurrence of `phrase` taken out; nothing when it is not there.
std::optional<std::string> without(std::string_view words, std::string_view phrase) {
  const auto padded = " " + std::string{words} + " ";
  const auto at = padded.find(" " + std::string{phrase} + " ");
  if (at == std::string::npos) return std::nullopt;
  return plain_words(padded.substr(0, at) + " " + padded.substr(at + phrase.size() + 2));
}

// The longest phrase of the table that is in `words`: "knee arthritis" before "knee".
struct match {
  const contraindication* rule = nullptr;
  std::string rest;
  std::size_t length = 0;
};
match longest_match(std::string_view words) {
  match best;
  for (const auto& rule : contraindication_table()) {
    for (const auto phrase : rule.phrases) {
      if (phrase.size() <= best.length) continue;
      if (auto rest = without(words, phrase)) best = {&rule, std::move(*rest), phrase.size()};
    }
  }
  return best;
}

bool only_fillers(std::string_view words) {
  while (!words.empty()) {
    const auto end = std::min(words.find(' '), words.size());
    if (std::ranges::find(fillers, words.substr(0, end)) == fillers.end()) return false;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return true;
}

bool has_word_beginning(std::string_view words, std::string_view beginning) {
  return words.starts_with(beginning) || words.find(" " + std::string{beginning}) != std::string_view::npos;
}

template <class Values, class Value>
bool holds(const Values& values, const Value& value) {
  return std::ranges::find(values, value) != std::ranges::end(values);
}

bool rules_out(const contraindication& rule, const exercise& candidate, std::string_view name) {
  const auto listed = [&](muscle which) { return holds(rule.muscles, which); };
  return candidate.difficulty > rule.hardest || std::ranges::any_of(candidate.primary_muscles, listed) ||
         std::ranges::any_of(candidate.secondary_muscles, listed) || holds(rule.categories, candidate.category) ||
         (candidate.force && holds(rule.forces, *candidate.force)) ||
         std::ranges::any_of(rule.name_words, [&](auto word) { return has_word_beginning(name, word); });
}

}  // namespace

const std::vector<contraindication>& contraindication_table() {
  static const auto table = make_table();
  return table;
}

restrictions restrictions::of(std::span<const std::string> conditions) {
  restrictions result;
  for (const auto& condition : conditions) {
    auto words = plain_words(condition);
    if (is_blank(words)) continue;
    bool matched = false;
    for (auto found = longest_match(words); found.rule != nullptr; found = longest_match(words)) {
      if (!holds(result.applied_, found.rule)) result.applied_.push_back(found.rule);
      words = std::move(found.rest);
      matched = true;
    }
    if (!matched || !only_fillers(words)) result.not_understood_.push_back(condition);
  }
  return result;
}

bool restrictions::allows(const exercise& candidate) const {
  if (applied_.empty()) return true;
  const auto name = plain_words(candidate.name);
  return std::ranges::none_of(applied_, [&](const auto* rule) { return rules_out(*rule, candidate, name); });
}

}  // namespace nxg::planning
