#include "sandbox/wps/service.hpp"

#include "http/problem.hpp"
#include "http/route.hpp"
#include "schema/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <array>
#include <chrono>
#include <ranges>
#include <utility>

namespace nxg::sandbox::wps {
namespace {

constexpr std::string_view tag = "wps";
// Longer than any caller waits: hanging is what hung requests do.
constexpr std::chrono::minutes patience{10};

template <class T>
http::response answer(const T& value) {
  return http::make_response(200, "application/json", schema::to_json(value));
}

exercise_page page_of(std::span<const known_exercise> all, const exercise_query& asked) {
  std::vector<const known_exercise*> found;
  for (const auto& one : all) {
    if (!asked.muscle_group || group_of(one) == *asked.muscle_group) found.push_back(&one);
  }
  exercise_page page{.exercises = {}, .total = static_cast<std::int64_t>(found.size())};
  for (const auto* one : found | std::views::drop(asked.offset.value()) | std::views::take(asked.limit.value())) {
    page.exercises.push_back({one->id, one->name, group_of(*one), one->equipment, one->difficulty, one->category});
  }
  return page;
}

void prepare(http::route& route, std::string_view summary) {
  route.summary(std::string{summary}).tag(std::string{tag}).open().deadline(patience).body_limit(64 * 1024);
}

void declare_routes(http::router& routes, const plan_maker& plans) {
  auto& make = routes.post("/workout-plans");
  prepare(make, "Make a weekly plan for a training profile");
  make.alias("/v1/workout-plans").handle([&plans](http::body<plan_request> asked) {
    return answer(plans.make(*asked));
  });

  auto& list = routes.get("/exercises");
  prepare(list, "The exercises plans are made of");
  list.alias("/v1/exercises").handle([&plans](http::query<exercise_query> asked) {
    return answer(page_of(plans.exercises(), *asked));
  });

  auto& templates = routes.get("/templates");
  prepare(templates, "The weekly splits plans follow");
  templates.alias("/v1/templates").handle([] { return answer(template_list{week_templates()}); });
}

std::string lie(std::int64_t number) {
  constexpr std::array<std::string_view, 6> lies{
      R"({"planId":42,"planName":null,"workoutDays":"Monday"})",
      R"([])",
      R"({"planId":"wps-1","planName":"Ten days a week","weeklySchedule":10,"difficultyLevel":"beginner","planDuration":4,"workoutDays":[]})",
      R"({"planId":"wps-2","planName":"Thousands","weeklySchedule":1,"difficultyLevel":"beginner","planDuration":4,"workoutDays":[{"dayName":"Monday","muscleGroup":"Legs","exercises":[{"exerciseId":"Barbell_Squat","name":"Barbell Squat","sets":5000,"reps":"1000000"}]}]})",
      R"({"planId":"wps-3","planName":"Half a pl)",
      R"(<html><body>It works!</body></html>)"};
  return std::string{lies.at(static_cast<std::size_t>(number) % lies.size())};
}

/// What knees and backs suffer from, whatever the plan was asked for.
std::string poison(const std::string& plan) {
  struct exercise {
    std::string_view id;
    std::string_view name;
  };
  constexpr std::array<exercise, 4> harmful{{{"Barbell_Squat", "Barbell Squat"},
                                             {"Barbell_Walking_Lunge", "Barbell Walking Lunge"},
                                             {"Box_Jump_Multiple_Response", "Box Jump (Multiple Response)"},
                                             {"Barbell_Deadlift", "Barbell Deadlift"}}};
  auto read = boost::json::parse(plan);
  auto* days = read.is_object() ? read.get_object().if_contains("workoutDays") : nullptr;
  if (days == nullptr) return plan;
  std::size_t next = 0;
  for (auto& day : days->as_array()) {
    for (auto& entry : day.at("exercises").as_array()) {
      const auto& worse = harmful.at(next++ % harmful.size());
      entry.as_object()["exerciseId"] = worse.id;
      entry.as_object()["name"] = worse.name;
    }
  }
  return boost::json::serialize(read);
}

}  // namespace

played_service play(http::router& routes, const plan_maker& plans, std::string api_key) {
  declare_routes(routes, plans);
  const auto admit = [key = std::move(api_key)](const http::request& incoming) {
    if (!has_header(incoming, "X-API-Key", key))
      throw http::problem{401, "invalid_api_key", "The X-API-Key is missing or wrong."};
  };
  return {std::string{tag}, admit, lie, poison};
}

}  // namespace nxg::sandbox::wps
