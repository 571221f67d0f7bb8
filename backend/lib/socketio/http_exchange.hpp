#pragma once

#include "runtime/task.hpp"
#include "socketio/websocket_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

/// HTTP as far as long-polling needs it. Whoever speaks HTTP brings requests in this form and sends the answers.
namespace nxg::socketio {

namespace detail {
class engine_state;
}

struct http_answer {
  unsigned status = 200;
  std::string body = {};
  std::string_view content_type = "text/plain; charset=UTF-8";  ///< a literal
  /// Besides Content-Type and Content-Length: those of this answer, and those it shares with others, if any.
  websocket::header_list headers = {};
  std::shared_ptr<const websocket::header_list> common_headers = {};
};

struct http_body {
  enum class outcome : std::uint8_t {
    complete,
    too_large,  ///< more than asked for is announced or came; no more is read
    failed,     ///< it did not come whole: the client was too slow, or broke HTTP
  };
  outcome how = outcome::complete;
  std::string bytes = {};
};

/// A request that asks for no upgrade: its head.
struct http_request {
  std::string method;
  std::string target;  ///< path and query, as on the request line
  websocket::header_list headers;
  std::string remote_address;  ///< after trusted proxies
  std::size_t core = 0;        ///< the one its connection lives on: index into the executors the server was made with
};

/// A request on the core of its session, maybe away from its connection. Answered once; one whose connection lives on
/// another core is answered with 503 when it is dropped.
class http_exchange {
 public:
  virtual ~http_exchange() = default;
  virtual void answer(http_answer with) = 0;
};

/// Who brought a request and waits for its answer. Used on the core of the request only.
class http_asker : public http_exchange {
 public:
  [[nodiscard]] const http_request& request() const noexcept { return request_; }
  /// The body is wanted now: `http_responder::bring` takes it, maybe before this returns. There may be none: that is an
  /// empty one.
  virtual void want_body(std::size_t most) = 0;
  void answer(http_answer with) final;

 protected:
  http_request request_;  // not touched between asking and the answer

 private:
  friend class detail::engine_state;
  virtual void answered(http_answer with) = 0;

  enum class stage : std::uint8_t {
    idle,
    announced,  // its session knows that a body will come
    waiting,
  };
  stage stage_ = stage::idle;
  std::string sid_;
  std::size_t home_ = 0;                   // the core of its session
  std::uint64_t number_ = 0;               // by which it is found again when that is another one
  std::weak_ptr<http_exchange> stand_in_;  // what that one has of it
  websocket::header_list headers_;         // of its answer, whatever that is
  std::shared_ptr<const websocket::header_list> common_headers_;
};

/// What answers requests, a server (`requests()`); every call on the core of the request.
class http_responder {
 public:
  virtual ~http_responder() = default;
  /// `by` is asked for the body, if it is wanted, and answered; maybe before this returns.
  virtual void ask(const std::shared_ptr<http_asker>& by) = 0;
  virtual void bring(const std::shared_ptr<http_asker>& by, http_body body) = 0;
  /// The client is gone, which ends its session. No answer comes any more.
  virtual void left(const std::shared_ptr<http_asker>& by) = 0;
};

/// The same for those who await: reads the body when it is wanted (not set: there is none), and returns the answer. To
/// be cancelled when the client goes away.
[[nodiscard]] task<http_answer> ask(std::shared_ptr<http_responder> whom, http_request request,
                                    std::function<task<http_body>(std::size_t most)> body = {});

}  // namespace nxg::socketio
