#include "routes/formulas.hpp"

#include "http/route.hpp"
#include "services/body/formulas.hpp"

namespace nxg::routes {

void declare_formulas(http::router& routes) {
  routes.get("/api/formulas")
      .summary("The formulas of the gym: ranges, sources, worked examples")
      .description(
          "Every computed figure names one of these as `formula` and `version`, with the `inputs` it was made from. "
          "Outside its range a formula gives no value but `outOfRange`; between `sureFrom` and `sureTo` of every input "
          "it has the `confidence` told here, beyond that a low one.")
      .tag("Body metrics")
      .operation_id("listFormulas")
      .open()
      .handle([]() -> std::vector<body::formula> { return body::formulas(); });
}

}  // namespace nxg::routes
