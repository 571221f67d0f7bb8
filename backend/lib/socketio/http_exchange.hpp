#pragma once

#include "runtime/task.hpp"
#include "socketio/websocket_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

/// HTTP as far as long-polling needs it. Whoever speaks HTTP brings requests in this form and sends the answers.
namespace nxg::socketio {

struct http_answer {
  unsigned status = 200;
  std::string body = {};
  std::string content_type = "text/plain; charset=UTF-8";
  websocket::header_list headers = {};  ///< besides Content-Type and Content-Length
};

struct http_body {
  enum class outcome : std::uint8_t {
    complete,
    too_large,  ///< more than asked for is announced or came; no more is read
    failed,     ///< it did not come whole: the client went away, was too slow, or broke HTTP
  };
  outcome how = outcome::complete;
  std::string bytes = {};
};

/// A request that asks for no upgrade: its head, and the way to its body.
struct http_request {
  std::string method;
  std::string target;  ///< path and query, as on the request line
  websocket::header_list headers;
  std::string remote_address;  ///< after trusted proxies
  std::size_t core = 0;        ///< the one its connection lives on: index into the executors the server was made with
  /// Reads the body, at most so many bytes; called once, on that core. Not set: there is none.
  std::function<task<http_body>(std::size_t limit)> body = {};
};

/// A request on the core of its session, away from its connection. Answered once; one that is dropped unanswered is
/// answered with 503.
class http_exchange {
 public:
  virtual ~http_exchange() = default;
  virtual void answer(http_answer with) = 0;
};

}  // namespace nxg::socketio
