#include "http/router.hpp"

#include "http/route.hpp"
#include "schema/json_schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

namespace nxg::http {

namespace {

constexpr std::size_t verbs = 7;

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) noexcept { return segment.starts_with('{') && segment.ends_with('}'); }
std::string_view parameter_name(std::string_view segment) noexcept { return segment.substr(1, segment.size() - 2); }
/// `{rest*}` takes the rest of the path, slashes included; only as the last segment.
bool takes_rest(std::string_view segment) noexcept { return is_parameter(segment) && segment.ends_with("*}"); }

/// GET /api/machines/{machineId} -> getMachinesByMachineId
std::string operation_id_of(verb method, std::string_view path) {
  std::string id;
  for (const char c : to_string(method)) id += static_cast<char>(c + ('a' - 'A'));
  for (auto segment : segments_of(path)) {
    if (segment == "api" || segment.empty()) continue;
    if (is_parameter(segment)) {
      id += "By";
      segment = parameter_name(segment);
    }
    bool upper = true;
    for (const char c : segment) {
      const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (is_letter) id += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
      upper = !is_letter;
    }
  }
  return id;
}

/// One operation as it is served: aliases have their own, with the same handler.
struct operation : route_info {
  operation(const route_info& info, const endpoint& answered_by) : route_info{info}, handler{&answered_by} {}
  const endpoint* handler;
  /// The names in the path, in order.
  std::vector<std::string> parameters;
};

struct node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  std::unique_ptr<node> any;
  /// Under `{rest*}`.
  std::unique_ptr<node> rest;
  std::array<const operation*, verbs> operations{};

  [[nodiscard]] bool has_operations() const noexcept {
    return std::ranges::any_of(operations, [](const auto* one) { return one != nullptr; });
  }
};

constexpr std::size_t index_of(verb method) noexcept { return static_cast<std::size_t>(method); }

std::string allow_header(const node& at) {
  std::string verbs_there;
  const auto add = [&](verb method) { verbs_there.append(verbs_there.empty() ? "" : ", ").append(to_string(method)); };
  for (std::size_t i = 0; i < verbs; ++i) {
    if (at.operations[i] == nullptr) continue;
    add(static_cast<verb>(i));
    if (static_cast<verb>(i) == verb::get) add(verb::head);
  }
  add(verb::options);
  return verbs_there;
}

/// What stands behind the parameters of a match, in order.
using captures = std::vector<std::string_view>;

/// Depth-first, literals before parameters, so that `/a/{x}/c` is still found where `/a/b` leads nowhere further.
const node* find(const node& at, std::span<const std::string_view> left, std::string_view path, captures& taken) {
  if (left.empty()) return at.has_operations() ? &at : nullptr;
  if (const auto literal = at.literals.find(left.front()); literal != at.literals.end()) {
    if (const auto* found = find(*literal->second, left.subspan(1), path, taken)) return found;
  }
  if (at.any && !left.front().empty()) {
    taken.push_back(left.front());
    if (const auto* found = find(*at.any, left.subspan(1), path, taken)) return found;
    taken.pop_back();
  }
  if (at.rest) {
    const auto from = static_cast<std::size_t>(left.front().data() - path.data());
    taken.push_back(path.substr(from));
    return at.rest.get();
  }
  return nullptr;
}

}  // namespace

struct router::state {
  std::vector<std::unique_ptr<route>> declared;
  std::vector<std::unique_ptr<operation>> operations;
  std::vector<middleware> chain;
  const cursor_signer* cursors = nullptr;
  node root;
  bool is_sealed = false;
  endpoint none;

  [[nodiscard]] std::string allowed_at(std::string_view path) const;
  void add_operation(const route_info& info, std::string path, bool is_alias, const endpoint& handler,
                     std::vector<std::string>& faults);
  void place(operation& one, std::vector<std::string>& faults);
  void check(const operation& one, std::vector<std::string>& faults) const;
};

router::router() : state_{std::make_unique<state>()} {
  state_->none = [table = state_.get()](request& incoming) -> task<response> {
    // Only OPTIONS gets here without a route and without a refusal, unless the chain has no error boundary.
    if (incoming.refusal) throw *incoming.refusal;
    response answer;
    answer.status = 204;
    answer.headers.add("Allow", table->allowed_at(incoming.path));
    co_return answer;
  };
}

router::~router() = default;

route& router::declare(verb method, std::string_view path) {
  if (state_->is_sealed) throw std::logic_error{"declared after the router was sealed: " + std::string{path}};
  return *state_->declared.emplace_back(std::make_unique<route>(method, path));
}

route& router::get(std::string_view path) { return declare(verb::get, path); }
route& router::post(std::string_view path) { return declare(verb::post, path); }
route& router::put(std::string_view path) { return declare(verb::put, path); }
route& router::patch(std::string_view path) { return declare(verb::patch, path); }
route& router::del(std::string_view path) { return declare(verb::del, path); }

router& router::use(middleware layer) {
  state_->chain.push_back(std::move(layer));
  return *this;
}

router& router::use(std::vector<middleware> layers) {
  for (auto& one : layers) use(std::move(one));
  return *this;
}

router& router::cursors(const cursor_signer& signer) {
  state_->cursors = &signer;
  return *this;
}

bool router::sealed() const noexcept { return state_->is_sealed; }

void router::seal() {
  std::vector<std::string> faults;
  for (const auto& one : state_->declared) {
    state_->add_operation(one->info_, one->info_.path, false, one->handler_, faults);
    for (const auto& path : one->aliases_) state_->add_operation(one->info_, path, true, one->handler_, faults);
  }
  std::set<std::string, std::less<>> ids;
  for (const auto& one : state_->operations) {
    if (!ids.insert(one->operation_id).second) {
      faults.push_back("operation id used twice: " + one->operation_id + " (" + one->path + ")");
    }
  }
  if (!faults.empty()) {
    std::string text = "the routes are not right:";
    for (const auto& fault : faults) text += "\n  " + fault;
    throw std::logic_error{text};
  }
  state_->is_sealed = true;
}

std::string router::state::allowed_at(std::string_view path) const {
  captures taken;
  const auto* found = path == "*" ? nullptr : find(root, segments_of(path), path, taken);
  return found != nullptr ? allow_header(*found) : "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
}

void router::state::add_operation(const route_info& info, std::string path, bool is_alias, const endpoint& handler,
                                  std::vector<std::string>& faults) {
  auto made = std::make_unique<operation>(info, handler);
  made->path = std::move(path);
  if (is_alias || made->operation_id.empty()) made->operation_id = operation_id_of(info.method, made->path);
  made->cursors = cursors;
  place(*made, faults);
  check(*made, faults);
  operations.push_back(std::move(made));
}

void router::state::place(operation& one, std::vector<std::string>& faults) {
  const auto& path = one.path;
  if (!path.starts_with('/')) {
    faults.push_back("a path begins with a slash: " + path);
    return;
  }
  auto* at = &root;
  for (const auto segment : segments_of(path)) {
    auto& child = takes_rest(segment) ? at->rest : is_parameter(segment) ? at->any : at->literals[std::string{segment}];
    if (!child) child = std::make_unique<node>();
    if (is_parameter(segment)) {
      auto name = parameter_name(segment);
      if (takes_rest(segment)) name.remove_suffix(1);
      one.parameters.emplace_back(name);
    }
    at = child.get();
  }
  auto*& taken = at->operations[index_of(one.method)];
  if (taken != nullptr) {
    faults.push_back("declared twice: " + std::string{to_string(one.method)} + ' ' + path + " and " + taken->path);
    return;
  }
  taken = &one;
}

void router::state::check(const operation& one, std::vector<std::string>& faults) const {
  const route_info& info = one;
  const auto where = std::string{to_string(info.method)} + ' ' + info.path;
  if (info.allowed == access::undeclared) faults.push_back("says neither allow nor open: " + where);
  if (!*one.handler) faults.push_back("has no handler: " + where);
  if (info.allowed == access::open && info.takes_principal) faults.push_back("is open, but asks who calls: " + where);
  if (info.paged && cursors == nullptr) faults.push_back("is paged, but nothing signs its cursors: " + where);
  if (info.paged != (info.answers == answer_kind::page)) {
    faults.push_back("a page_request and a page go together: " + where);
  }
  if (info.idempotency != keyed::no && info.method != verb::post) faults.push_back("only a POST takes a key: " + where);
  if (info.idempotency != keyed::no && info.secret) {
    faults.push_back("an answer with secrets is not kept for replays, so it takes no key: " + where);
  }
  if (info.idempotency != keyed::no && (info.body == body_form::streamed_form || info.body == body_form::octets)) {
    faults.push_back("a body that is read by the handler has no fingerprint, so it takes no key: " + where);
  }
  if (info.method == verb::head || info.method == verb::options) {
    faults.push_back("HEAD and OPTIONS are answered from the other verbs: " + where);
  }
  std::vector<std::string> named;
  if (info.path_schema != nullptr) {
    schema::components scratch;
    for (const auto& parameter : info.path_schema(scratch)) named.push_back(parameter.key);
  }
  auto in_path = one.parameters;
  std::ranges::sort(named);
  std::ranges::sort(in_path);
  if (named != in_path && !(named.empty() && info.reads_request)) {
    faults.push_back("its path parameters are not those of its handler: " + where);
  }
}

void router::match(request& incoming) const {
  incoming.route = nullptr;
  incoming.path_parameters.clear();
  incoming.refusal.reset();
  if (incoming.path == "*") return;

  const auto segments = segments_of(incoming.path);
  captures taken;
  const auto* found = find(state_->root, segments, incoming.path, taken);
  if (found == nullptr) {
    incoming.refusal.emplace(protocol_error::not_found, "There is nothing at this path.");
    return;
  }
  const auto* matched = found->operations[index_of(incoming.method == verb::head ? verb::get : incoming.method)];
  if (matched == nullptr) {
    if (incoming.method != verb::options) {
      incoming.refusal =
          problem{protocol_error::method_not_allowed, "This path does not take this method."}.with_header(
              "Allow", allow_header(*found));
    }
    return;
  }
  for (std::size_t i = 0; i < taken.size(); ++i) {
    auto value = percent_decode(taken[i], false);
    if (!value) {
      incoming.path_parameters.clear();
      incoming.refusal.emplace(protocol_error::malformed_request, "The path has a bad escape or is not UTF-8.");
      return;
    }
    incoming.path_parameters.push_back({matched->parameters[i], std::move(*value)});
  }
  incoming.route = matched;
}

task<response> router::answer(request& incoming) const {
  const auto* handler = &state_->none;
  // Only `match` sets the route, to one of our operations.
  if (incoming.route != nullptr) handler = static_cast<const operation*>(incoming.route)->handler;
  return next{state_->chain, 0, *handler}(incoming);
}

std::vector<const route_info*> router::routes() const {
  std::vector<const route_info*> all;
  for (const auto& one : state_->operations) all.push_back(one.get());
  return all;
}

}  // namespace nxg::http
