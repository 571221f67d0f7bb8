#include "http/route.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::http {

route::route(verb method, std::string_view path) {
  info_.method = method;
  info_.path = path;
}

route& route::summary(std::string text) {
  info_.summary = std::move(text);
  return *this;
}

route& route::description(std::string text) {
  info_.description = std::move(text);
  return *this;
}

route& route::tag(std::string name) {
  info_.tags.push_back(std::move(name));
  return *this;
}

route& route::operation_id(std::string id) {
  info_.operation_id = std::move(id);
  return *this;
}

route& route::open() {
  info_.allowed = access::open;
  return *this;
}

route& route::response_header(std::string name, std::string meaning) {
  info_.response_headers.push_back({std::move(name), std::move(meaning)});
  return *this;
}

route& route::body_limit(std::size_t bytes) {
  info_.body_limit = bytes;
  return *this;
}

route& route::body_type(std::string type) {
  info_.body_type = std::move(type);
  return *this;
}

route& route::deadline(std::chrono::milliseconds limit) {
  info_.deadline = limit;
  return *this;
}

route& route::status(int code) {
  info_.success_status = code;
  return *this;
}

route& route::idempotent(keyed how) {
  info_.idempotency = how;
  return *this;
}

route& route::limit(std::string policy) {
  info_.limit_policy = std::move(policy);
  return *this;
}

route& route::secret() {
  info_.secret = true;
  return *this;
}

route& route::hidden() {
  info_.hidden = true;
  return *this;
}

route& route::deprecated() {
  info_.deprecated = true;
  return *this;
}

route& route::cache(std::string control) {
  info_.cache_control = std::move(control);
  return *this;
}

route& route::alias(std::string_view path) {
  aliases_.emplace_back(path);
  return *this;
}

void route::allow_role(unsigned number, std::string_view name) {
  if (number >= 32) throw std::logic_error{"role numbers end at 31: " + std::string{name}};
  info_.allowed = access::roles;
  if ((info_.roles & (1U << number)) != 0) return;
  info_.roles |= 1U << number;
  info_.role_names.emplace_back(name);
}

void route::declare_error(std::string code, int status) {
  if (std::ranges::find(info_.errors, code, &declared_error::code) != info_.errors.end()) return;
  info_.errors.push_back({std::move(code), status});
}

}  // namespace nxg::http
