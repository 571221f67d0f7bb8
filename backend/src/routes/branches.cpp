#include "routes/branches.hpp"

#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "models/time_zone_name.hpp"
#include "schema/types.hpp"
#include "services/api_error.hpp"
#include "services/error_codes.hpp"

#include <boost/describe/class.hpp>

#include <map>
#include <string>
#include <utility>

namespace nxg::routes {

struct branch_body {
  schema::text<1, 100> name;
  schema::text<1, 200> address;
  schema::text<1, 50> city;
  std::optional<schema::text<0, 30>> contact_number;
  schema::bounded<std::int32_t, 1, 10'000> capacity = 500;
  time_zone_name time_zone;
  schema::list<opening_hours, 0, 7> hours;

  static constexpr std::string_view schema_name = "NewBranch";
  static constexpr std::string_view optional_fields[] = {"capacity", "hours"};
  static constexpr schema::note descriptions[] = {
      {"time_zone", "IANA name; opening hours, dates of visits and workouts are by its wall clock"},
      {"hours", "At most one a weekday; a branch without hours never closes"}};
  static void check(const branch_body& read, schema::problems& wrong);
};
BOOST_DESCRIBE_STRUCT(branch_body, (), (name, address, city, contact_number, capacity, time_zone, hours))

void branch_body::check(const branch_body& read, schema::problems& wrong) {
  const auto weekday_at = [](std::size_t i) { return "/hours/" + std::to_string(i) + "/weekday"; };
  std::map<std::int32_t, std::size_t> last;
  for (std::size_t i = 0; i < read.hours.size(); ++i) {
    const auto [at, is_new] = last.try_emplace(read.hours[i].weekday, i);
    if (is_new) continue;
    wrong.add_at(weekday_at(i), "duplicate", "is there already", {weekday_at(at->second)});
    at->second = i;
  }
}

struct branch_view {
  uuid id;
  std::string name;
  std::string address;
  std::string city;
  std::string contact_number;
  std::int32_t capacity = 0;
  std::string time_zone;
  std::vector<opening_hours> hours;
  static constexpr std::string_view schema_name = "Branch";
};
BOOST_DESCRIBE_STRUCT(branch_view, (), (id, name, address, city, contact_number, capacity, time_zone, hours))

struct branch_path {
  uuid branch_id;
};
BOOST_DESCRIBE_STRUCT(branch_path, (), (branch_id))

struct branch_query {
  std::optional<schema::text<1, 50>> city;
};
BOOST_DESCRIBE_STRUCT(branch_query, (), (city))

struct screen_body {
  schema::text<1, 100> name;
};
BOOST_DESCRIBE_STRUCT(screen_body, (), (name))

struct screen_path {
  uuid branch_id;
  uuid screen_id;
};
BOOST_DESCRIBE_STRUCT(screen_path, (), (branch_id, screen_id))

struct screen_view {
  uuid id;
  uuid branch_id;
  std::string name;
  instant enrolled_at{};
  std::optional<uuid> enrolled_by{};
  instant expires_at{};
  static constexpr std::string_view schema_name = "Screen";
  static constexpr schema::note descriptions[] = {{"enrolled_by", "The account that enrolled it"},
                                                  {"expires_at", "When its token ends"}};
};
BOOST_DESCRIBE_STRUCT(screen_view, (), (id, branch_id, name, enrolled_at, enrolled_by, expires_at))

struct enrolled_screen_view {
  uuid id;
  uuid branch_id;
  std::string name;
  std::string access_token;
  instant expires_at{};
  static constexpr std::string_view schema_name = "EnrolledScreen";
};
BOOST_DESCRIBE_STRUCT(enrolled_screen_view, (), (id, branch_id, name, access_token, expires_at))

namespace {

branch_view view_of(const branch& what) {
  return {what.id, what.name, what.address, what.city, what.contact_number, what.capacity, what.time_zone, what.hours};
}

new_branch asked_for(branch_body body) {
  return {std::string{body.name.value()},
          std::string{body.address.value()},
          std::string{body.city.value()},
          body.contact_number ? body.contact_number->value() : std::string{},
          body.capacity,
          std::move(body.time_zone),
          body.hours.value()};
}

void declare_screens(http::router& routes, branch_service& branches) {
  routes.post("/api/branches/{branchId}/screens")
      .summary("Enrol a screen that shows check-in codes")
      .description(
          "Its token is shown this once. When it has expired, or got into wrong hands, enrol the screen anew: the one "
          "it had under that name, however written, is worth nothing from then on.")
      .tag("Branches")
      .operation_id("enrolScreen")
      .allow(role::admin, role::staff)
      .errors(error_code::branch_not_found)
      .status(201)
      .secret()
      .handle([&branches](caller who, http::path<branch_path> which, http::body<screen_body> body,
                          http::new_ids ids) -> task<enrolled_screen_view> {
        const auto made = co_await branches.enrol_screen(std::move(who), which->branch_id,
                                                         std::string{body->name.value()}, ids.next());
        co_return enrolled_screen_view{made.made.id, made.made.branch_id, made.made.name, made.token.text,
                                       made.token.expires_at};
      });

  routes.get("/api/branches/{branchId}/screens")
      .summary("The screens of a branch, newest first")
      .tag("Branches")
      .operation_id("listScreens")
      .allow(role::admin, role::staff)
      .errors(error_code::branch_not_found)
      .handle([&branches](caller who, http::path<branch_path> which,
                          http::page_request page) -> task<http::page<screen_view>> {
        const auto found = co_await branches.screens(std::move(who), which->branch_id,
                                                     static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<screen_view> answer;
        for (const auto& one : found.items) {
          answer.items.push_back(
              {one.id, one.branch_id, one.name, one.created_at, one.enrolled_by, branches.token_end_of(one)});
        }
        answer.next = found.next;
        co_return answer;
      });

  routes.del("/api/branches/{branchId}/screens/{screenId}")
      .summary("Remove a screen")
      .description("Its token is worth nothing from then on.")
      .tag("Branches")
      .operation_id("removeScreen")
      .allow(role::admin, role::staff)
      .errors(error_code::branch_not_found, error_code::screen_not_found)
      .handle([&branches](caller who, http::path<screen_path> which) -> task<http::no_content> {
        co_await branches.remove_screen(std::move(who), which->branch_id, which->screen_id);
        co_return http::no_content{};
      });
}

}  // namespace

void declare_branches(http::router& routes, branch_service& branches) {
  routes.post("/api/branches")
      .summary("Open a branch")
      .tag("Branches")
      .operation_id("createBranch")
      .allow(role::admin)
      .errors(error_code::branch_name_taken)
      .idempotent()
      .handle([&branches](http::body<branch_body> body, http::new_ids ids) -> task<http::created<branch_view>> {
        const auto made = co_await branches.create(asked_for(std::move(body.value)), ids.next());
        co_return http::created<branch_view>{view_of(made), "/api/branches/" + made.id.to_string()};
      });

  routes.get("/api/branches")
      .summary("The branches, by name")
      .tag("Branches")
      .operation_id("listBranches")
      .allow(role::member, role::trainer, role::staff, role::admin, role::screen)
      .handle([&branches](http::query<branch_query> asked, http::page_request page) -> task<http::page<branch_view>> {
        std::optional<std::string> city;
        if (asked->city) city = asked->city->value();
        const auto found =
            co_await branches.list(std::move(city), static_cast<std::size_t>(page.limit), std::move(page.after));
        http::page<branch_view> answer;
        for (const auto& one : found.items) answer.items.push_back(view_of(one));
        answer.next = found.next;
        co_return answer;
      });

  routes.get("/api/branches/{branchId}")
      .summary("A branch")
      .tag("Branches")
      .operation_id("getBranch")
      .allow(role::member, role::trainer, role::staff, role::admin, role::screen)
      .errors(error_code::branch_not_found)
      .handle([&branches](http::path<branch_path> which) -> task<http::versioned<branch_view>> {
        const auto found = co_await branches.get(which->branch_id);
        co_return http::versioned<branch_view>{view_of(found), found.version};
      });

  declare_screens(routes, branches);
}

}  // namespace nxg::routes
