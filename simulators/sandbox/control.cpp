#include "sandbox/control.hpp"

#include "http/route.hpp"
#include "schema/json.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>

namespace nxg::sandbox {
namespace {

struct fault_body {
  schema::text<1, 20> service;
  fault_kind kind = fault_kind::none;
  schema::bounded<double, 0.0, 1.0> rate = 1.0;
  std::optional<schema::bounded<double, 0.0, 86400.0>> for_seconds;

  static constexpr std::string_view optional_fields[] = {"rate"};
  static void check(const fault_body& read, schema::problems& found) {
    const auto& names = service_names();
    if (read.service.value() != "all" && std::ranges::find(names, read.service.value()) == names.end()) {
      found.add_at("/service", schema::codes::not_one_of, "must be all or one of the services of this sandbox");
    }
  }
};
BOOST_DESCRIBE_STRUCT(fault_body, (), (service, kind, rate, for_seconds))

struct fault_view {
  std::string service;
  fault_kind kind = fault_kind::none;
  double rate = 1;
  std::optional<double> seconds_left;
};
BOOST_DESCRIBE_STRUCT(fault_view, (), (service, kind, rate, seconds_left))

struct fault_list {
  std::vector<fault_view> faults;
};
BOOST_DESCRIBE_STRUCT(fault_list, (), (faults))

struct request_list {
  std::int64_t total = 0;
  std::map<std::string, std::int64_t> totals;
  std::vector<logged_request> requests;
};
BOOST_DESCRIBE_STRUCT(request_list, (), (total, totals, requests))

struct about {
  std::string name = "nxg-sandbox";
  std::vector<std::string> services;
};
BOOST_DESCRIBE_STRUCT(about, (), (name, services))

template <class T>
http::response answer(const T& value) {
  return http::make_response(200, "application/json", schema::to_json(value));
}

fault_list orders(const fault_board& faults, runtime::clock& time) {
  fault_list list;
  for (const auto& service : service_names()) {
    const auto order = faults.in_force(service);
    fault_view view{.service = service, .kind = order.kind, .rate = order.rate, .seconds_left = {}};
    if (order.until) view.seconds_left = std::chrono::duration<double>{*order.until - time.steady()}.count();
    list.faults.push_back(std::move(view));
  }
  return list;
}

void place(fault_board& faults, const fault_body& asked, runtime::clock& time) {
  fault_order order{.kind = asked.kind, .rate = asked.rate, .since = {}, .until = {}};
  if (asked.for_seconds) {
    order.until = time.steady() + std::chrono::duration_cast<std::chrono::nanoseconds>(
                                      std::chrono::duration<double>{asked.for_seconds->value()});
  }
  for (const auto& service : service_names()) {
    if (asked.service.value() == "all" || asked.service.value() == service) faults.order(service, order);
  }
}

}  // namespace

const std::vector<std::string>& service_names() {
  static const std::vector<std::string> names{"wps", "mds", "nps", "scs"};
  return names;
}

void declare_control(http::router& routes, fault_board& faults, const request_log& log, runtime::clock& time) {
  routes.post("/faults").summary("Order a fault").open().handle([&](http::body<fault_body> asked) {
    place(faults, *asked, time);
    return answer(orders(faults, time));
  });
  routes.get("/faults").summary("The faults in force").open().handle([&] { return answer(orders(faults, time)); });
  routes.get("/requests").summary("What the services were asked").open().handle([&] {
    return answer(request_list{log.total(), log.totals(), log.all()});
  });
  routes.get("/").summary("What runs here").open().handle([] { return answer(about{.services = service_names()}); });
}

}  // namespace nxg::sandbox
