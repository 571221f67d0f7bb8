#include "socketio/server.hpp"

#include "socketio/server_state.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nxg::socketio {

name_space::name_space(std::string name, std::size_t index, detail::server_state& of)
    : state_{std::make_unique<state>(std::move(name), index, of)} {
  const auto& make = of.options().adapter;
  const bool is_pattern = state_->name.empty();  // and has no sockets of its own
  state_->through = make && !is_pattern ? make(state_->sockets) : std::make_unique<in_process_adapter>(state_->sockets);
}

name_space::~name_space() = default;

const std::string& name_space::name() const noexcept { return state_->name; }

name_space& name_space::authenticate(authenticator who) {
  state_->authenticate = std::move(who);
  return *this;
}

name_space& name_space::on_connect(connect_handler then) {
  state_->connected = std::move(then);
  return *this;
}

name_space& name_space::on_disconnect(disconnect_handler then) {
  state_->disconnected = std::move(then);
  return *this;
}

name_space& name_space::use(middleware each) {
  state_->before.push_back(std::move(each));
  return *this;
}

name_space& name_space::on_server_event(std::string event, std::function<void(event_args)> then) {
  state_->server_handlers[std::move(event)] = std::move(then);
  return *this;
}

name_space& name_space::show_data(std::function<std::string(const std::any&)> as_json) {
  state_->show_data = std::move(as_json);
  return *this;
}

name_space& name_space::carry_data(std::function<std::string(const std::any&)> to_text,
                                   std::function<std::any(std::string_view)> from_text) {
  state_->data_to_text = std::move(to_text);
  state_->data_from_text = std::move(from_text);
  return *this;
}

void name_space::server_side_emit(std::string_view event, const payload& content) const {
  state_->through->server_side_emit(event, content);
}

task<std::vector<std::string>> name_space::server_side_emit_with_ack(std::string event, payload content,
                                                                     std::chrono::milliseconds timeout) const {
  return state_->through->server_side_ask(std::move(event), std::move(content), timeout);
}

name_space& name_space::on_plain(std::string event, plain_event_handler handler) {
  state_->handlers[std::move(event)] = {.plain = std::move(handler), .coroutine = {}};
  return *this;
}

name_space& name_space::on_coroutine(std::string event, event_handler handler) {
  state_->handlers[std::move(event)] = {.plain = {}, .coroutine = std::move(handler)};
  return *this;
}

name_space& name_space::at_first_look(std::string_view event, first_look handler) {
  state_->first_looks[std::string{event}] = std::move(handler);
  return *this;
}

broadcast name_space::all() const { return broadcast{*state_->through}; }
std::size_t name_space::size() const noexcept { return state_->sockets.size(); }

namespace detail {

server_state::server_state(std::vector<executor> cores, runtime::clock& time, runtime::random& random,
                           server_options options)
    : cores_{std::move(cores)}, time_{time}, random_{random}, options_{std::move(options)} {
  if (cores_.empty()) throw std::invalid_argument{"a Socket.IO server needs at least one core"};
}

name_space& server_state::declare(std::string name) {
  if (!name.starts_with('/')) throw std::invalid_argument{"the name of a namespace begins with '/': " + name};
  if (const auto known = find(name)) return at(*known);
  namespaces_.push_back(std::make_unique<name_space>(name, namespaces_.size(), *this));
  by_name_.emplace(std::move(name), namespaces_.size() - 1);
  keep_places();
  return *namespaces_.back();
}

name_space& server_state::declare_pattern(std::function<bool(std::string_view)> matches) {
  patterns_.push_back({std::move(matches), std::make_unique<name_space>("", 0, *this)});
  keep_places();
  return *patterns_.back().like;
}

void server_state::keep_places() {
  if (!patterns_.empty()) namespaces_.reserve(namespaces_.size() + options_.max_pattern_namespaces);
}

std::optional<std::size_t> server_state::find_or_make(std::string_view name) {
  if (const auto known = find(name)) return known;
  const auto known_pattern = std::ranges::find_if(patterns_, [name](const auto& one) { return one.matches(name); });
  if (known_pattern == patterns_.end()) return std::nullopt;
  const std::unique_lock lock{growing_};
  if (const auto it = by_name_.find(name); it != by_name_.end()) return it->second;
  if (made_by_pattern_ == options_.max_pattern_namespaces || namespaces_.size() == namespaces_.capacity())
    return std::nullopt;
  ++made_by_pattern_;
  auto made = std::make_unique<name_space>(std::string{name}, namespaces_.size(), *this);
  made->state_->behave_like(*known_pattern->like->state_);
  namespaces_.push_back(std::move(made));
  by_name_.emplace(name, namespaces_.size() - 1);
  return namespaces_.size() - 1;
}

std::optional<std::size_t> server_state::find(std::string_view name) const {
  std::shared_lock lock{growing_, std::defer_lock};
  if (!patterns_.empty()) lock.lock();
  const auto it = by_name_.find(name);
  if (it == by_name_.end()) return std::nullopt;
  return it->second;
}

void server_state::report(const name_space& in, std::string_view handler, std::exception_ptr error) const {
  if (options_.on_error)
    options_.on_error({.namespace_name = in.name(), .handler = handler, .error = std::move(error)});
}

void server_state::forget_handlers() {
  const std::shared_lock lock{growing_};
  for (const auto& in : namespaces_) {
    in->state_->connected = nullptr;
    in->state_->disconnected = nullptr;
  }
}

std::uint64_t server_state::sockets() const noexcept {
  std::uint64_t sum = 0;
  const std::shared_lock lock{growing_};
  for (const auto& in : namespaces_) sum += in->size();
  return sum;
}

}  // namespace detail

server::server(std::vector<executor> cores, runtime::clock& time, runtime::random& random, server_options options)
    : state_{std::make_shared<detail::server_state>(cores, time, random, std::move(options))},
      engine_{std::make_unique<engine_server>(
          std::move(cores), time, random, state_->options().engine,
          [state = state_](std::shared_ptr<engine_session> session) -> std::shared_ptr<engine_handler> {
            auto handler = std::make_shared<detail::client_session>(state, std::move(session));
            handler->begin();
            return handler;
          })} {}

server::~server() {
  // What the handlers refer to may be gone already.
  state_->forget_handlers();
}

name_space& server::namespace_(std::string name) { return state_->declare(std::move(name)); }
name_space& server::namespaces(std::function<bool(std::string_view)> matches) {
  return state_->declare_pattern(std::move(matches));
}
void server::accept(upgrade&& request) { engine_->accept(std::move(request)); }
void server::accept_plain(upgrade&& request, std::shared_ptr<const plain_door> by) {
  engine_->accept_plain(std::move(request), std::move(by));
}
std::shared_ptr<http_responder> server::requests() const { return engine_->requests(); }
task<> server::stop(std::chrono::milliseconds wait) { return engine_->stop(wait); }

server_statistics server::statistics() const {
  return {.engine = engine_->statistics(),
          .sockets = state_->sockets(),
          .events_received = state_->events_received,
          .acks_received = state_->acks_received,
          .connects_refused = state_->connects_refused};
}

}  // namespace nxg::socketio
