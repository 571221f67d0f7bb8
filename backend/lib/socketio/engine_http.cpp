#include "socketio/engine_packet.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/json_text.hpp"
#include "socketio/on_core.hpp"
#include "socketio/websocket.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

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
  return {.status = why.status, .body = std::move(why.body), .content_type = std::move(why.content_type)};
}

http_answer error_answer(engine_error code) { return to_answer(refusal_for(code)); }

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

bool same_path(std::string_view a, std::string_view b) {
  if (a.ends_with('/')) a.remove_suffix(1);
  if (b.ends_with('/')) b.remove_suffix(1);
  return a == b;
}

/// An exchange as the core of the session sees it: a number for the request that waits on its own core.
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
      if (auto then = alive->core(core).answers.take(number)) then(nullptr, std::move(with));
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
  const websocket::header_list& headers;
  bool upgrade;
};

std::optional<websocket::refusal> engine_state::check(const asked& request) const {
  if (!same_path(path_of(request.target), options_.path))
    return websocket::refusal{.status = 404, .body = "nothing is served here"};
  const auto transport = query_parameter(request.target, "transport");
  const bool polls = transport == "polling" && options_.polling;
  if (!polls && !(transport == "websocket" && options_.websocket)) return refusal_for(engine_error::transport_unknown);
  const auto origin = websocket::find_header(request.headers, "origin");
  if (!origin.empty() && options_.allow_origin && !options_.allow_origin(origin))
    return refusal_for(engine_error::forbidden, "Origin not allowed");
  const bool opens = query_parameter(request.target, "sid").empty();
  if (opens && request.method != "GET") return refusal_for(engine_error::bad_handshake_method);
  if (polls == request.upgrade) return refusal_for(engine_error::bad_request);
  return request.upgrade ? websocket::check_request(request.method, request.headers) : std::nullopt;
}

/// Of a request that is to open a session.
std::optional<websocket::refusal> engine_state::check_new(const asked& request, const engine_core& core,
                                                          const request_info& info) const {
  if (stopping_ || core.sessions.size() >= options_.max_sessions)
    return websocket::refusal{.status = 503, .body = "no session can be opened now"};
  if (options_.allow_request) {
    if (const auto why = options_.allow_request(info)) return refusal_for(engine_error::forbidden, *why);
  }
  if (query_parameter(request.target, "EIO") != "4") return refusal_for(engine_error::unsupported_version);
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
                                                                  .lifetime = core.connections});
}

void engine_state::admit(engine_core& core, upgrade&& request) {
  const asked what{.method = request.method, .target = request.target, .headers = request.headers, .upgrade = true};
  auto refused = check(what);
  const auto sid = query_parameter(request.target, "sid");
  if (!refused && !sid.empty()) return admit_upgrade(core, std::move(request), sid);
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

void engine_state::admit_upgrade(engine_core& core, upgrade&& request, const std::string& sid) {
  const auto one = core.sessions.find(sid);
  const bool version_differs = query_parameter(request.target, "EIO") != "4";
  if (!one || version_differs || !one->may_upgrade() || !options_.upgrades) {
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

http_answer engine_state::open_polling(engine_core& core, const http_request& request) {
  const asked what{.method = request.method, .target = request.target, .headers = request.headers, .upgrade = false};
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

void engine_state::poll(engine_core& core, const http_request& request, const std::string& sid,
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
  if (!one->polling() || query_parameter(request.target, "EIO") != "4")
    return reply->answer(error_answer(engine_error::bad_request));
  one->polling()->poll(std::move(reply));
}

/// Whether the body of a POST is to be read; otherwise why not.
std::optional<http_answer> engine_state::begin_post(engine_core& core, const http_request& request,
                                                    const std::string& sid) {
  const auto one = core.sessions.find(sid);
  if (!one) return error_answer(engine_error::session_unknown);
  if (!one->polling() || query_parameter(request.target, "EIO") != "4") return error_answer(engine_error::bad_request);
  const bool is_text =
      !websocket::same_text(websocket::find_header(request.headers, "content-type"), "application/octet-stream");
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

task<http_answer> engine_state::exchange(std::size_t here, std::size_t home, std::string sid,
                                         std::move_only_function<void(std::shared_ptr<http_exchange>)> begin) {
  const auto self = shared_from_this();
  auto start = [&]<class Handler>(Handler resume) {
    auto slot = asio::get_associated_cancellation_slot(resume);
    auto& answers = core(here).answers;
    const auto number =
        answers.add([resume = std::move(resume), slot](std::exception_ptr why, http_answer with) mutable {
          slot.clear();
          std::move(resume)(std::move(why), std::move(with));
        });
    const auto reply = std::make_shared<ticket>(self, here, number);
    if (slot.is_connected()) {
      slot.assign([of = std::weak_ptr{self}, weak = std::weak_ptr{reply}, here, home, number,
                   sid = std::move(sid)](asio::cancellation_type) {
        if (const auto alive = of.lock()) alive->abandon(here, home, number, sid, weak);
      });
    }
    begin(reply);
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, http_answer)>(
      start, asio::use_awaitable);
}

/// The client of a request went away.
void engine_state::abandon(std::size_t here, std::size_t home, std::uint64_t number, const std::string& sid,
                           std::weak_ptr<http_exchange> reply) {
  auto then = core(here).answers.take(number);
  if (!then) return;
  asio::post(core(here).io->get_executor(), [then = std::move(then)]() mutable {
    then(std::make_exception_ptr(boost::system::system_error{asio::error::operation_aborted}), {});
  });
  // Posted even to our own loop: behind what was handed over before.
  asio::post(core(home).io->get_executor(), [home = shared_core(home), sid, reply = std::move(reply)] {
    const auto gone = reply.lock();
    const auto one = home->sessions.find(sid);
    if (gone && one && one->polling()) one->polling()->gone(gone.get());
  });
}

task<http_answer> engine_state::respond(std::shared_ptr<http_request> request) {
  if (request->method == "OPTIONS" && options_.cors && same_path(path_of(request->target), options_.path))
    co_return preflight(*request);
  const asked what{.method = request->method, .target = request->target, .headers = request->headers, .upgrade = false};
  if (auto refused = check(what)) {
    count(core(request->core).counters.refused);
    co_return to_answer(std::move(*refused));
  }
  const auto sid = query_parameter(request->target, "sid");
  if (sid.empty()) co_return open_polling(core(request->core), *request);
  const auto home = home_of(sid, request->core);
  if (request->method == "POST") co_return co_await receive(request, sid, home);
  if (request->method != "GET") co_return error_answer(engine_error::bad_request);
  auto hand_over = [request, sid, at = shared_core(home)](std::shared_ptr<http_exchange> reply) {
    const auto& where = at->io->get_executor();
    run_on(where,
           [request, sid, at, reply = std::move(reply)]() mutable { poll(*at, *request, sid, std::move(reply)); });
  };
  co_return co_await exchange(request->core, home, sid, std::move(hand_over));
}

/// A POST: its session hears of it before its body is read, so that a second one beside it shows.
task<http_answer> engine_state::receive(std::shared_ptr<http_request> request, std::string sid, std::size_t home) {
  const auto at = shared_core(home);
  std::optional<http_answer> refused;
  if (home == request->core % cores_.size()) {
    refused = begin_post(*at, *request, sid);
  } else {
    auto ask = [request, sid, at](std::shared_ptr<http_exchange> reply) {
      asio::post(at->io->get_executor(), [request, sid, at, reply = std::move(reply)] {
        auto why = begin_post(*at, *request, sid);
        reply->answer(why ? std::move(*why) : http_answer{});
      });
    };
    auto said = co_await exchange(request->core, home, sid, std::move(ask));
    if (said.status != 200) refused = std::move(said);
  }
  if (refused) co_return std::move(*refused);
  http_body body;
  std::exception_ptr error;
  try {
    if (request->body) body = co_await request->body(options_.max_payload);
  } catch (...) {
    error = std::current_exception();
    body.how = http_body::outcome::failed;
  }
  if (body.how == http_body::outcome::complete) {
    auto hand_over = [sid, at, body = std::move(body)](std::shared_ptr<http_exchange> reply) mutable {
      const auto& where = at->io->get_executor();
      run_on(where, [sid, at, body = std::move(body), reply = std::move(reply)]() mutable {
        end_post(*at, sid, std::move(body), std::move(reply));
      });
    };
    co_return co_await exchange(request->core, home, sid, std::move(hand_over));
  }
  const auto how = body.how;
  run_on(at->io->get_executor(), [sid, at, how] { end_post(*at, sid, {.how = how}, nullptr); });
  if (error) std::rethrow_exception(error);
  co_return how == http_body::outcome::too_large ? http_answer{.status = 413} : error_answer(engine_error::bad_request);
}

task<http_answer> engine_state::answer(std::shared_ptr<http_request> request) {
  auto result = co_await respond(request);
  result.headers.emplace_back("Cache-Control", "no-store");
  add_cors(*request, result);
  co_return result;
}

void engine_state::add_cors(const http_request& request, http_answer& to) const {
  if (!options_.cors) return;
  const auto& allowed = options_.cors->origins;
  const auto origin = websocket::find_header(request.headers, "origin");
  const bool any = std::ranges::find(allowed, "*") != allowed.end();
  if (any && !options_.cors->credentials) {
    to.headers.emplace_back("Access-Control-Allow-Origin", "*");
    return;
  }
  to.headers.emplace_back("Vary", "Origin");
  if (origin.empty() || (!any && std::ranges::find(allowed, origin) == allowed.end())) return;
  to.headers.emplace_back("Access-Control-Allow-Origin", origin);
  if (options_.cors->credentials) to.headers.emplace_back("Access-Control-Allow-Credentials", "true");
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
