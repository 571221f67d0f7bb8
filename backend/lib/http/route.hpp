#pragma once

#include "http/detail/binding.hpp"
#include "http/middleware.hpp"
#include "http/route_info.hpp"
#include "http/router.hpp"
#include "http/values.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace nxg::http {

/// One operation being declared. Everything chains; `handle` comes last.
class route {
 public:
  route(verb method, std::string_view path);
  route(const route&) = delete;
  route& operator=(const route&) = delete;

  /// One line; `description` is CommonMark.
  route& summary(std::string text);
  route& description(std::string text);
  route& tag(std::string name);
  /// lowerCamelCase; made of verb and path when not given.
  route& operation_id(std::string id);

  /// Who may call: values of the application's described role enum (below 32).
  template <class Role, class... Roles>
    requires std::is_enum_v<Role>
  route& allow(Role role, Roles... roles) {
    allow_role(static_cast<unsigned>(role), detail::enumerator_name(role));
    (allow_role(static_cast<unsigned>(roles), detail::enumerator_name(roles)), ...);
    return *this;
  }
  /// Every value of the enum: whoever is logged in.
  template <class Role>
  route& allow_all() {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Role>>(
        [this](auto one) { allow_role(static_cast<unsigned>(one.value), one.name); });
    return *this;
  }
  /// Anybody, without credentials.
  route& open();

  /// Codes this route may answer, of an enum with `status_of(code)` and `name_of(code)` found by ADL.
  template <class... Codes>
  route& errors(Codes... codes) {
    (declare_error(std::string{name_of(codes)}, status_of(codes)), ...);
    return *this;
  }
  /// Of successful answers, with what it means; for the document.
  route& response_header(std::string name, std::string meaning);

  route& body_limit(std::size_t bytes);
  /// The media type of a body of `octets`, or "*/*".
  route& body_type(std::string type);
  route& deadline(std::chrono::milliseconds limit);
  /// Of a successful answer whose return type does not say it.
  route& status(int code);
  /// Takes `Idempotency-Key`; `keyed::required` refuses a request without one.
  route& idempotent(keyed how = keyed::optional);
  /// The rate limit's name, for the application's `rate_limit`.
  route& limit(std::string policy);
  /// The answer carries secrets: see `route_info::secret`.
  route& secret();
  route& hidden();
  route& deprecated();
  /// `Cache-Control` of successful answers.
  route& cache(std::string control);
  /// The same operation under a second path with the same parameters.
  route& alias(std::string_view path);

  /// Described values, shown in the document.
  template <class T>
  route& request_example(const T& value) {
    info_.request_example = schema::to_json(value);
    return *this;
  }
  template <class T>
  route& response_example(const T& value) {
    info_.response_example = schema::to_json(value);
    return *this;
  }

  /// What answers. Its parameters, in any order: `body<T>`, `form<T>`, `upload<T>` or `octets`, `query<T>`, `path<T>`,
  /// `page_request`, `if_match` or `std::optional<if_match>`, `new_ids`, `principal` (or const&), `request&`, or a type
  /// with an `argument`. It returns, plainly or as a `task`: a type `lib/schema` writes, `page<T>`, `versioned<T>`,
  /// `created<T>`, `accepted<T>` (T may be a `versioned`), a `std::variant` of two types (`oneOf` them in the
  /// document), `no_content` or void, or a `response` of its own making. Everything wrong with path, query, header and
  /// body is answered at once, before it is called.
  template <class Handler>
  void handle(Handler handler) {
    detail::declare_types<Handler>(info_);
    handler_ = detail::bind(std::move(handler));
  }

  [[nodiscard]] const route_info& info() const noexcept { return info_; }

 private:
  friend class router;
  void allow_role(unsigned number, std::string_view name);
  void declare_error(std::string code, int status);

  route_info info_;
  endpoint handler_;
  std::vector<std::string> aliases_;
};

}  // namespace nxg::http
