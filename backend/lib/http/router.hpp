#pragma once

#include "http/middleware.hpp"
#include "http/page.hpp"
#include "http/route_info.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {

class route;

/// The table of operations and the chain around them. Filled at start from one thread, then sealed; after that it is
/// read-only and shared by all cores.
///
/// ```cpp
/// router.get("/api/machines/availability")
///     .summary("Machines of a branch: live status, and the expected wait")
///     .allow(role::member, role::staff)
///     .errors(error_code::branch_not_found)
///     .handle([&](caller who, http::query<availability_query> asked) -> task<std::vector<machine_availability>> {
///       return machines.availability(who, *asked);
///     });
/// ```
class router {
 public:
  router();
  ~router();
  router(const router&) = delete;
  router& operator=(const router&) = delete;

  /// Declares an operation. `path` is of literal segments and `{parameters}`; a literal wins over a parameter.
  /// The reference is valid while the router lives.
  route& get(std::string_view path);
  route& post(std::string_view path);
  route& put(std::string_view path);
  route& patch(std::string_view path);
  route& del(std::string_view path);
  route& declare(verb method, std::string_view path);

  /// Adds to the chain: the first added is the outermost.
  router& use(middleware layer);
  router& use(std::vector<middleware> layers);
  /// Signs the cursors of paged routes; must outlive the router.
  router& cursors(const cursor_signer& signer);

  /// Checks the whole table. Throws `std::logic_error` naming every fault: a route without `.allow` or `.open`, without
  /// a handler, declared twice, an operation id used twice, path parameters that its types do not name, a page
  /// without a cursor signer. Nothing may be declared afterwards.
  void seal();
  [[nodiscard]] bool sealed() const noexcept;

  /// Finds the operation: sets `route` and `path_parameters`, or `refusal` (404, 405 with `Allow`, 400 for bad
  /// escapes). HEAD finds the GET. OPTIONS finds nothing and is no refusal where the path exists.
  void match(request& incoming) const;
  /// Runs a matched (or refused) request through the chain.
  [[nodiscard]] task<response> answer(request& incoming) const;

  /// In the order they were declared, aliases included.
  [[nodiscard]] std::vector<const route_info*> routes() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::http
