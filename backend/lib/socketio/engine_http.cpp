#include "socketio/engine_packet.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/json_text.hpp"
#include "socketio/websocket.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;

std::function<bool(std::string_view)> only_origins(std::vector<std::string> origins) {
  return
      [allowed = std::move(origins)](std::string_view one) { return std::ranges::find(allowed, one) != allowed.end(); };
}

namespace detail {

namespace {

/// Engine.IO's own error answers, with the texts of Node's server.
enum class engine_error : unsigned {
  transport_unknown = 0,
  session_unknown = 1,
  bad_handshake_method = 2,
  bad_request = 3,
  forbidden = 4,
  unsupported_version = 5
};

constexpr std::string_view text_of(engine_error code) noexcept {
  switch (code) {
    case engine_error::transport_unknown: return "Transport unknown";
    case engine_error::session_unknown: return "Session ID unknown";
    case engine_error::bad_handshake_method: return "Bad handshake method";
    case engine_error::bad_request: return "Bad request";
    case engine_error::forbidden: return "Forbidden";
    case engine_error::unsupported_version: return "Unsupported protocol version";
  }
  return {};
}

websocket::refusal refusal_for(engine_error code, std::string_view message = {}) {
  std::string body = R"({"code":)" + std::to_string(static_cast<unsigned>(code)) + R"(,"message":)";
  json_text::append_string(body, message.empty() ? text_of(code) : message);
  return {
      .status = code == engine_error::forbidden ? 403u : 400u, .body = body + '}', .content_type = "application/json"};
}

http_answer to_answer(websocket::refusal why) {
  return {.status = why.status, .body = std::move(why.body), .content_type = why.content_type};
}

http_answer error_answer(engine_error code) { return to_answer(refusal_for(code)); }

constexpr std::string_view protocol_version = "4";

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

bool same_path(std::string_view a, std::string_view b) {
  if (a.ends_with('/')) a.remove_suffix(1);
  if (b.ends_with('/')) b.remove_suffix(1);
  return a == b;
}

/// An exchange as another core sees it, the home of the session: a number for the request, which stays on its own.
class ticket final : public http_exchange {
 public:
  ticket(std::weak_ptr<engine_state> of, std::size_t core, std::uint64_t number)
      : state_{std::move(of)}, core_{core}, number_{number} {}
  ~ticket() override { answer({.status = 503, .body = "the session is gone"}); }

  void answer(http_answer with) override {
    if (std::exchange(answered_, true)) return;
    const auto state = state_.lock();
    if (!state) return;
    const auto& where = state->core(core_).io->get_executor();
    asio::post(where, [of = state_, core = core_, number = number_, with = std::move(with)]() mutable {
      const auto alive = of.lock();
      if (!alive) return;
      if (auto then = alive->core(core).answers.take(number)) then(std::move(with));
    });
  }

 private:
  std::weak_ptr<engine_state> state_;
  std::size_t core_;
  std::uint64_t number_;
  bool answered_ = false;
};

}  // namespace

/// What checks look at, of either kind of request.
struct engine_state::asked {
  std::string_view method;
  std::string_view target;
  const engine_query& query;
  const websocket::header_list& headers;
  bool upgrade;
};

std::optional<websocket::refusal> engine_state::check(const asked& request) const {
  if (!same_path(path_of(request.target), options_.path))
    return websocket::refusal{.status = 404, .body = "nothing is served here"};
  const auto& transport = request.query.transport;
  const bool polls = transport == "polling" && options_.polling;
  if (!polls && !(transport == "websocket" && options_.websocket)) return refusal_for(engine_error::transport_unknown);
  const auto origin = websocket::find_header(request.headers, "origin");
  if (!origin.empty() && options_.allow_origin && !options_.allow_origin(origin))
    return refusal_for(engine_error::forbidden, "Origin not allowed");
  if (request.query.sid.empty() && request.method != "GET") return refusal_for(engine_error::bad_handshake_method);
  if (polls == request.upgrade) return refusal_for(engine_error::bad_request);
  return request.upgrade ? websocket::check_request(request.method, request.headers) : std::nullopt;
}

std::string engine_state::subscriber_of(const request_info& from) const {
  return options_.subscriber ? options_.subscriber(from.remote_address) : from.remote_address;
}

bool engine_state::is_full(const engine_core& core, const request_info& info) const {
  return stopping_ || core.sessions.size() >= options_.max_sessions ||
         core.strangers.of(subscriber_of(info)) >= options_.max_strangers_per_address;
}

/// Of a request that is to open a session.
std::optional<websocket::refusal> engine_state::check_new(const asked& request, const engine_core& core,
                                                          const request_info& info) const {
  if (is_full(core, info)) return websocket::refusal{.status = 503, .body = "no session can be opened now"};
  if (options_.allow_request) {
    if (const auto why = options_.allow_request(info)) return refusal_for(engine_error::forbidden, *why);
  }
  if (request.query.version != protocol_version) return refusal_for(engine_error::unsupported_version);
  return std::nullopt;
}

std::shared_ptr<request_info> engine_state::describe(const asked& request, std::string_view remote_address,
                                                     std::size_t core) const {
  const auto info = std::make_shared<request_info>();
  info->target = request.target;
  info->headers = header_block{request.headers};
  info->remote_address = remote_address;
  info->connected_at = time_.now();
  info->core = core;
  return info;
}

std::string engine_state::open_packet(const session& one, bool may_upgrade) const {
  return encode_open({.sid = one.id(),
                      .ping_interval = options_.ping_interval,
                      .ping_timeout = options_.ping_timeout,
                      .max_payload = options_.max_payload,
                      .may_upgrade = may_upgrade});
}

websocket::header_list engine_state::greeting_headers(const session& one) const {
  if (!options_.cookie) return {};
  const auto& with = *options_.cookie;
  std::string value = with.name + '=' + one.id();
  if (with.max_age.count() > 0) value += "; Max-Age=" + std::to_string(with.max_age.count());
  if (!with.path.empty()) value += "; Path=" + with.path;
  if (with.http_only) value += "; HttpOnly";
  if (with.secure) value += "; Secure";
  if (!with.same_site.empty()) value += "; SameSite=" + with.same_site;
  return {{"Set-Cookie", std::move(value)}};
}

bool engine_state::may_deflate(const websocket::header_list& offered) const {
  return options_.deflate && websocket::offers_deflate(offered);
}

std::shared_ptr<websocket_connection> engine_state::connect(engine_core& core, upgrade& request) const {
  return std::make_shared<websocket_connection>(core.io, std::move(request.socket), websocket::role::server,
                                                websocket_options{.max_message = options_.max_payload,
                                                                  .send = options_.send,
                                                                  .close_timeout = options_.close_timeout,
                                                                  .deflate = may_deflate(request.headers),
                                                                  .lifetime = core.connections,
                                                                  .place = std::move(request.place)});
}

void engine_state::admit(engine_core& core, upgrade&& request) {
  const auto query = engine_query_of(request.target);
  const asked what{request.method, request.target, query, request.headers, true};
  auto refused = check(what);
  if (!refused && !query.sid.empty()) return admit_upgrade(core, std::move(request), query);
  const auto info = describe(what, request.remote_address, core.index);
  if (!refused) refused = check_new(what, core, *info);
  if (refused) {
    count(core.counters.refused);
    return refuse(std::move(request.socket), *refused);
  }
  const auto one = open(core, info);
  auto extra = greeting_headers(*one);
  if (may_deflate(request.headers)) extra.emplace_back("Sec-WebSocket-Extensions", websocket::deflate_answer);
  auto greeting = websocket::switching_response(websocket::find_header(request.headers, "sec-websocket-key"), extra);
  websocket::append_frame(greeting, websocket::opcode::text, open_packet(*one, false));
  const auto carrier = connect(core, request);
  one->begin(carrier, on_session_(one));
  carrier->start(one, std::move(greeting), std::move(request.surplus));
}

void engine_state::admit_upgrade(engine_core& core, upgrade&& request, const engine_query& query) {
  const auto one = core.sessions.find(query.sid);
  if (!one || query.version != protocol_version || !one->may_upgrade() || !options_.upgrades) {
    count(core.counters.refused);
    return refuse(std::move(request.socket),
                  refusal_for(one ? engine_error::bad_request : engine_error::session_unknown));
  }
  websocket::header_list extra;
  if (may_deflate(request.headers)) extra.emplace_back("Sec-WebSocket-Extensions", websocket::deflate_answer);
  auto greeting = websocket::switching_response(websocket::find_header(request.headers, "sec-websocket-key"), extra);
  const auto carrier = connect(core, request);
  carrier->start(one->begin_upgrade(carrier), std::move(greeting), std::move(request.surplus));
}

std::size_t engine_state::home_of(std::string_view sid, std::size_t otherwise) const noexcept {
  const auto core = core_of(sid);
  return core && *core < cores_.size() ? *core : otherwise % cores_.size();
}

http_answer engine_state::open_polling(engine_core& core, const http_request& request, const asked& what) {
  const auto info = describe(what, request.remote_address, core.index);
  if (auto refused = check_new(what, core, *info)) {
    count(core.counters.refused);
    return to_answer(std::move(*refused));
  }
  const auto one = open(core, info);
  const auto carrier = std::make_shared<polling_transport>(core.io, options_.send, core.connections);
  carrier->start(one);
  one->begin_polling(carrier, on_session_(one));
  return {.body = open_packet(*one, options_.upgrades && options_.websocket), .headers = greeting_headers(*one)};
}

void engine_state::poll(engine_core& core, const std::string& sid, bool right_version,
                        std::shared_ptr<http_exchange> reply) {
  const auto one = core.sessions.find(sid);
  if (one && one->polling() && one->is_overdue()) {
    one->close(close_reason::ping_timeout);
    return reply->answer(error_answer(engine_error::session_unknown));
  }
  if (!one) {
    const auto last = core.farewells.extract(sid);
    return reply->answer(last ? http_answer{.body = last.mapped()->take_payload()}
                              : error_answer(engine_error::session_unknown));
  }
  if (!one->polling() || !right_version) return reply->answer(error_answer(engine_error::bad_request));
  one->polling()->poll(std::move(reply));
}

/// Whether the body of a POST is to be read; otherwise why not.
std::optional<http_answer> engine_state::begin_post(engine_core& core, const std::string& sid, bool right_version,
                                                    bool is_text) {
  const auto one = core.sessions.find(sid);
  if (!one) return error_answer(engine_error::session_unknown);
  if (!one->polling() || !right_version) return error_answer(engine_error::bad_request);
  const bool began = one->polling()->begin_post();
  if (began && !is_text) one->polling()->post_failed(false);
  if (!began || !is_text) return error_answer(engine_error::bad_request);
  return std::nullopt;
}

void engine_state::end_post(engine_core& core, const std::string& sid, http_body body,
                            std::shared_ptr<http_exchange> reply) {
  const auto one = core.sessions.find(sid);
  if (!one || !one->polling()) {
    if (reply) reply->answer(error_answer(engine_error::bad_request));
  } else if (body.how == http_body::outcome::complete) {
    one->polling()->post(std::move(reply), std::move(body.bytes));
  } else {
    one->polling()->post_failed(body.how == http_body::outcome::too_large);
  }
}

bool engine_state::is_at_home(const http_asker& one) const noexcept {
  return one.home_ == one.request().core % cores_.size();
}

std::shared_ptr<http_exchange> engine_state::stand_in(http_asker& of, pending_answers::taker then) {
  auto& here = core(of.request().core);
  of.number_ = here.answers.add(std::move(then));
  return std::make_shared<ticket>(weak_from_this(), here.index, of.number_);
}

std::shared_ptr<http_exchange> engine_state::stand_in(const std::shared_ptr<http_asker>& of) {
  auto reply = stand_in(*of, [of](http_answer with) { of->answer(std::move(with)); });
  of->stand_in_ = reply;
  return reply;
}

void engine_state::ask(const std::shared_ptr<http_asker>& by) {
  const auto& request = by->request();
  add_headers(*by);
  if (request.method == "OPTIONS" && options_.cors && same_path(path_of(request.target), options_.path))
    return by->answer(preflight(request));
  auto query = engine_query_of(request.target);
  const asked what{request.method, request.target, query, request.headers, false};
  if (auto refused = check(what)) {
    count(core(request.core).counters.refused);
    return by->answer(to_answer(std::move(*refused)));
  }
  if (query.sid.empty()) return by->answer(open_polling(core(request.core), request, what));
  by->sid_.swap(query.sid);
  by->home_ = home_of(by->sid_, request.core);
  const bool right_version = query.version == protocol_version;
  if (request.method == "POST") return announce(by, right_version);
  if (request.method != "GET") return by->answer(error_answer(engine_error::bad_request));
  fetch(by, right_version);
}

void engine_state::fetch(const std::shared_ptr<http_asker>& by, bool right_version) {
  by->stage_ = http_asker::stage::waiting;
  if (is_at_home(*by)) return poll(core(by->home_), by->sid_, right_version, by);
  const auto at = shared_core(by->home_);
  asio::post(at->io->get_executor(), [at, sid = by->sid_, right_version, reply = stand_in(by)]() mutable {
    poll(*at, sid, right_version, std::move(reply));
  });
}

/// A POST: its session hears of it before its body is read, so that a second one beside it shows.
void engine_state::announce(const std::shared_ptr<http_asker>& by, bool right_version) {
  const auto type = websocket::find_header(by->request().headers, "content-type");
  const bool is_text = !websocket::same_text(type, "application/octet-stream");
  by->stage_ = http_asker::stage::announced;
  if (is_at_home(*by)) {
    auto refused = begin_post(core(by->home_), by->sid_, right_version, is_text);
    return refused ? by->answer(std::move(*refused)) : by->want_body(options_.max_payload);
  }
  auto told = [by, most = options_.max_payload](http_answer said) {
    said.status == 200 ? by->want_body(most) : by->answer(std::move(said));
  };
  const auto at = shared_core(by->home_);
  asio::post(at->io->get_executor(),
             [at, sid = by->sid_, right_version, is_text, reply = stand_in(*by, std::move(told))] {
               auto refused = begin_post(*at, sid, right_version, is_text);
               reply->answer(refused ? std::move(*refused) : http_answer{});
             });
}

void engine_state::bring(const std::shared_ptr<http_asker>& by, http_body body) {
  const auto how = body.how;
  const bool is_whole = how == http_body::outcome::complete;
  if (is_whole) by->stage_ = http_asker::stage::waiting;
  if (is_at_home(*by)) {
    end_post(core(by->home_), by->sid_, std::move(body), is_whole ? by : nullptr);
  } else {
    const auto at = shared_core(by->home_);
    auto reply = is_whole ? stand_in(by) : nullptr;
    asio::post(at->io->get_executor(),
               [at, sid = by->sid_, body = std::move(body), reply = std::move(reply)]() mutable {
                 end_post(*at, sid, std::move(body), std::move(reply));
               });
  }
  if (is_whole) return;
  by->answer(how == http_body::outcome::too_large ? http_answer{.status = 413}
                                                  : error_answer(engine_error::bad_request));
}

void engine_state::left(const std::shared_ptr<http_asker>& by) {
  const auto was = std::exchange(by->stage_, http_asker::stage::idle);
  if (was == http_asker::stage::idle) return;
  (void)core(by->request().core).answers.take(std::exchange(by->number_, 0));
  const bool announced = was == http_asker::stage::announced;
  auto reply = is_at_home(*by) ? std::weak_ptr<http_exchange>{by} : by->stand_in_;
  // Posted even to our own loop: behind what was handed over before.
  const auto at = shared_core(by->home_);
  asio::post(at->io->get_executor(), [at, sid = by->sid_, announced, reply = std::move(reply)] {
    if (announced) return end_post(*at, sid, {.how = http_body::outcome::failed}, nullptr);
    const auto gone = reply.lock();
    const auto one = at->sessions.find(sid);
    if (gone && one && one->polling()) one->polling()->gone(gone.get());
  });
}

namespace {

bool names_no_origin(const cross_origin& in) {
  return !in.credentials && std::ranges::find(in.origins, "*") != in.origins.end();
}

}  // namespace

websocket::header_list engine_state::headers_of_all(const engine_options& with) {
  websocket::header_list result{{"Cache-Control", "no-store"}};
  if (with.cors && names_no_origin(*with.cors)) {
    result.emplace_back("Access-Control-Allow-Origin", "*");
  } else if (with.cors) {
    result.emplace_back("Vary", "Origin");
  }
  return result;
}

void engine_state::add_headers(http_asker& to) const {
  to.common_headers_ = common_headers_;
  if (!options_.cors || names_no_origin(*options_.cors)) return;
  const auto& allowed = options_.cors->origins;
  const auto origin = websocket::find_header(to.request().headers, "origin");
  const bool any = std::ranges::find(allowed, "*") != allowed.end();
  if (origin.empty() || (!any && std::ranges::find(allowed, origin) == allowed.end())) return;
  to.headers_.emplace_back("Access-Control-Allow-Origin", origin);
  if (options_.cors->credentials) to.headers_.emplace_back("Access-Control-Allow-Credentials", "true");
}

http_answer engine_state::preflight(const http_request& request) const {
  http_answer answer{.status = 204};
  if (!options_.cors) return answer;
  answer.headers.emplace_back("Access-Control-Allow-Methods", "GET,POST");
  if (const auto wanted = websocket::find_header(request.headers, "access-control-request-headers"); !wanted.empty()) {
    answer.headers.emplace_back("Access-Control-Allow-Headers", wanted);
    answer.headers.emplace_back("Vary", "Access-Control-Request-Headers");
  }
  if (options_.cors->max_age.count() > 0)
    answer.headers.emplace_back("Access-Control-Max-Age", std::to_string(options_.cors->max_age.count()));
  return answer;
}

}  // namespace detail

}  // namespace nxg::socketio
