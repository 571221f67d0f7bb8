#pragma once

#include "http/form.hpp"
#include "http/message.hpp"
#include "http/middleware.hpp"
#include "http/page.hpp"
#include "http/route_info.hpp"
#include "http/values.hpp"
#include "schema/fields.hpp"
#include "schema/json.hpp"
#include "schema/json_schema.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

/// How a handler's signature becomes an endpoint. What does not depend on its types is in binding.cpp.
namespace nxg::http::detail {

/// Reads the parts of a request and collects everything wrong with them.
class argument_reader {
 public:
  explicit argument_reader(request& incoming) : incoming_{incoming} {}

  [[nodiscard]] request& incoming() noexcept { return incoming_; }
  /// Throws 415.
  void require_json() const;
  void require_octets() const;
  [[nodiscard]] std::vector<schema::field_text> path_fields() const;
  /// Without `limit` and `cursor` where the route is paged.
  [[nodiscard]] std::vector<schema::field_text> query_fields();
  [[nodiscard]] page_request read_page();
  /// Nothing without the header, which throws 428 where it is required.
  [[nodiscard]] std::optional<if_match> read_if_match();
  [[nodiscard]] const principal& caller() const;

  void add(std::vector<schema::problem> wrong);
  void add(field_error wrong) { errors_.push_back(std::move(wrong)); }
  /// Throws 400 when anything was wrong, also query parameters nobody reads.
  void finish();

 private:
  const std::vector<parameter>& decoded_query();

  request& incoming_;
  std::optional<std::vector<parameter>> query_;
  bool query_is_read_ = false;
  std::vector<field_error> errors_;
};

template <class T>
std::string schema_of_input(schema::components& all) {
  return all.schema_of<T>(schema::components::use::input);
}
template <class T>
std::string schema_of_output(schema::components& all) {
  return all.schema_of<T>(schema::components::use::output);
}
template <class T>
std::vector<schema::parameter_schema> parameters_of(schema::components& all) {
  return all.parameters_of<T>();
}

/// One parameter of a handler: what it means for the declaration, and how it is read. `read` gives something to call
/// the handler with; after a mistake was noted, any value.
template <class T>
struct part {
  static void declare(route_info& info) {
    if constexpr (requires { argument<T>::needs_principal; }) {
      if (argument<T>::needs_principal) info.takes_principal = true;
    }
  }
  static T read(argument_reader& from) { return argument<T>::get(from.incoming()); }
};

template <class T>
struct part<body<T>> {
  static void declare(route_info& info) { info.body_schema = &schema_of_input<T>; }
  static body<T> read(argument_reader& from) {
    from.require_json();
    body<T> read{};
    from.add(schema::read_json(from.incoming().body, read.value));
    return read;
  }
};

template <class T>
struct part<form<T>> {
  static void declare(route_info& info) {
    info.body = body_form::form;
    info.body_schema = &schema_of_input<T>;
  }
  static form<T> read(argument_reader& from) {
    form<T> read{};
    auto parts = read_form(boundary_of(from.incoming()), from.incoming().body);
    for (auto& one : parts.read(read.value)) from.add(std::move(one));
    return read;
  }
};

template <class T>
struct part<upload<T>> {
  static void declare(route_info& info) {
    info.body = body_form::streamed_form;
    info.body_schema = &schema_of_input<T>;
  }
  static upload<T> read(argument_reader& from) { return upload<T>{from.incoming()}; }
};

template <>
struct part<octets> {
  static void declare(route_info& info) { info.body = body_form::octets; }
  static octets read(argument_reader& from) {
    from.require_octets();
    return octets{from.incoming()};
  }
};

template <class T>
struct part<query<T>> {
  static void declare(route_info& info) { info.query_schema = &parameters_of<T>; }
  static query<T> read(argument_reader& from) {
    query<T> read{};
    from.add(schema::read_fields(from.query_fields(), read.value, schema::field_source::query));
    return read;
  }
};

template <class T>
struct part<path<T>> {
  static void declare(route_info& info) { info.path_schema = &parameters_of<T>; }
  static path<T> read(argument_reader& from) {
    path<T> read{};
    from.add(schema::read_fields(from.path_fields(), read.value, schema::field_source::path));
    return read;
  }
};

template <>
struct part<page_request> {
  static void declare(route_info& info) { info.paged = true; }
  static page_request read(argument_reader& from) { return from.read_page(); }
};

template <>
struct part<std::optional<if_match>> {
  static void declare(route_info& info) { info.conditional = keyed::optional; }
  static std::optional<if_match> read(argument_reader& from) { return from.read_if_match(); }
};

template <>
struct part<if_match> {
  static void declare(route_info& info) { info.conditional = keyed::required; }
  static if_match read(argument_reader& from) { return from.read_if_match().value_or(if_match{}); }
};

template <>
struct part<new_ids> {
  static void declare(route_info&) {}
  static new_ids read(argument_reader& from) {
    return new_ids{from.incoming().operation.seed, from.incoming().operation.at};
  }
};

template <>
struct part<principal> {
  static void declare(route_info& info) { info.takes_principal = true; }
  static principal read(argument_reader& from) { return from.caller(); }
};

/// The request itself is passed by reference, so what is read is its place.
struct request_place {
  request* incoming;
};
template <>
struct part<request> {
  static void declare(route_info& info) { info.reads_request = true; }
  static request_place read(argument_reader& from) { return {&from.incoming()}; }
};

/// The envelope around `data`, in pieces, so that what is inside is written in place.
[[nodiscard]] std::string open_envelope();
[[nodiscard]] response close_envelope(std::string text, int status);
[[nodiscard]] response close_page(std::string text, const request& to, const std::optional<std::string>& next);
[[nodiscard]] response empty_answer(const request& to);
void add_location(response& answer, int status, std::string_view location);
void add_version(response& answer, std::int64_t version);

/// One result type of a handler: what it means for the declaration, and how it is answered.
template <class T>
struct result {
  static void declare(route_info& info) {
    info.answers = answer_kind::value;
    info.data_schema = &schema_of_output<T>;
  }
  static response answer(const request& to, T&& value) {
    auto text = open_envelope();
    schema::append_json(text, value);
    return close_envelope(std::move(text), to.route->success_status);
  }
};

template <class T>
struct result<page<T>> {
  static void declare(route_info& info) {
    info.answers = answer_kind::page;
    info.data_schema = &schema_of_output<T>;
  }
  static response answer(const request& to, page<T>&& value) {
    auto text = open_envelope();
    schema::append_json(text, value.items);
    return close_page(std::move(text), to, value.next);
  }
};

template <class T>
struct result<versioned<T>> {
  static void declare(route_info& info) {
    result<T>::declare(info);
    info.versioned = true;
  }
  static response answer(const request& to, versioned<T>&& value) {
    auto answer = result<T>::answer(to, std::move(value.value));
    add_version(answer, value.version);
    return answer;
  }
};

template <class T>
struct result<created<T>> {
  static void declare(route_info& info) {
    result<T>::declare(info);
    info.success_status = 201;
    info.located = true;
  }
  static response answer(const request& to, created<T>&& value) {
    auto answer = result<T>::answer(to, std::move(value.value));
    add_location(answer, 201, value.location);
    return answer;
  }
};

template <class T>
struct result<accepted<T>> {
  static void declare(route_info& info) {
    result<T>::declare(info);
    info.success_status = 202;
    info.located = true;
  }
  static response answer(const request& to, accepted<T>&& value) {
    auto answer = result<T>::answer(to, std::move(value.value));
    add_location(answer, 202, value.location);
    return answer;
  }
};

template <class First, class Second>
std::string schema_of_either(schema::components& all) {
  auto text = "{\"oneOf\":[" + schema_of_output<First>(all);
  return text.append(",").append(schema_of_output<Second>(all)).append("]}");
}

template <class First, class Second>
struct result<std::variant<First, Second>> {
  static void declare(route_info& info) {
    info.answers = answer_kind::value;
    info.data_schema = &schema_of_either<First, Second>;
  }
  static response answer(const request& to, std::variant<First, Second>&& value) {
    if (auto* first = std::get_if<First>(&value)) return result<First>::answer(to, std::move(*first));
    return result<Second>::answer(to, std::get<Second>(std::move(value)));
  }
};

template <>
struct result<no_content> {
  static void declare(route_info& info) {
    info.answers = answer_kind::nothing;
    info.success_status = 204;
  }
  static response answer(const request& to, no_content&&) { return empty_answer(to); }
};

template <>
struct result<response> {
  static void declare(route_info& info) { info.answers = answer_kind::raw; }
  static response answer(const request&, response&& value) { return std::move(value); }
};

template <class T>
struct task_value {
  using type = T;
  static constexpr bool is_task = false;
};
template <class T>
struct task_value<task<T>> {
  using type = T;
  static constexpr bool is_task = true;
};

template <class Signature>
struct signature;
template <class Handler, class Result, class... Arguments>
struct signature<Result (Handler::*)(Arguments...) const> {
  static constexpr bool is_task = task_value<Result>::is_task;
  using value = typename task_value<Result>::type;
  using answer = std::conditional_t<std::is_void_v<value>, no_content, value>;
  using parts = std::tuple<decltype(part<std::remove_cvref_t<Arguments>>::read(std::declval<argument_reader&>()))...>;

  static void declare(route_info& info) {
    result<answer>::declare(info);
    (part<std::remove_cvref_t<Arguments>>::declare(info), ...);
  }
  static parts read(argument_reader& from) {
    // Braces, for their order: left to right.
    return parts{part<std::remove_cvref_t<Arguments>>::read(from)...};
  }
  static Result call(const Handler& handler, parts& read) {
    return std::apply([&handler](auto&... one) { return handler(pass<Arguments>(one)...); }, read);
  }

 private:
  template <class Argument, class Part>
  static decltype(auto) pass(Part& read) {
    if constexpr (std::is_same_v<Part, request_place>) {
      return static_cast<request&>(*read.incoming);
    } else if constexpr (std::is_lvalue_reference_v<Argument>) {
      return static_cast<std::add_const_t<Part>&>(read);
    } else {
      return std::move(read);
    }
  }
};

template <class Handler>
using signature_of = signature<decltype(&Handler::operator())>;

template <class Handler>
void declare_types(route_info& info) {
  const auto declared_status = info.success_status;
  signature_of<Handler>::declare(info);
  if (declared_status != 200) info.success_status = declared_status;
}

/// The endpoint lives in the router, and with it the handler that its coroutines refer to.
template <class Handler>
endpoint bind(Handler handler) {
  using types = signature_of<Handler>;
  return [handler = std::move(handler)](request& incoming) -> task<response> {
    argument_reader reader{incoming};
    auto read = types::read(reader);
    reader.finish();
    if constexpr (types::is_task && std::is_void_v<typename types::value>) {
      co_await types::call(handler, read);
      co_return result<no_content>::answer(incoming, no_content{});
    } else if constexpr (types::is_task) {
      auto value = co_await types::call(handler, read);
      co_return result<typename types::answer>::answer(incoming, std::move(value));
    } else if constexpr (std::is_void_v<typename types::value>) {
      types::call(handler, read);
      co_return result<no_content>::answer(incoming, no_content{});
    } else {
      co_return result<typename types::answer>::answer(incoming, types::call(handler, read));
    }
  };
}

template <class Enum>
std::string_view enumerator_name(Enum value) {
  const char* name = boost::describe::enum_to_string(value, static_cast<const char*>(nullptr));
  return name == nullptr ? std::string_view{} : std::string_view{name};
}

}  // namespace nxg::http::detail
