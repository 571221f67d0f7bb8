#pragma once

#include "socketio/engine.hpp"
#include "socketio/http_exchange.hpp"
#include "socketio/io_core.hpp"
#include "socketio/send_queue.hpp"
#include "socketio/transport.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::socketio {

/// A session's messages over HTTP requests: one GET at a time waits for what is sent, one POST at a time brings what
/// the client says. Used on the core of its session only; the requests may have come in on others.
///
/// A second GET or POST beside the first, and a client that leaves a request, end the session (`transport_error`).
class polling_transport final : public transport,
                                private deadline,
                                public std::enable_shared_from_this<polling_transport> {
 public:
  polling_transport(std::shared_ptr<io_core> on, const send_limits& limits, std::shared_ptr<void> lifetime);
  ~polling_transport() override;
  /// The handler is kept until the transport has ended.
  void start(std::shared_ptr<transport_handler> handler) { handler_ = std::move(handler); }

  /// A GET. Answered at once when something waits.
  void poll(std::shared_ptr<http_exchange> one);
  /// The client of that request went away.
  void gone(const http_exchange* one);
  /// The head of a POST has come. False when there is another already: the session ends.
  [[nodiscard]] bool begin_post();
  /// Its body has come. Answered when the messages in it are handled, which a pause of reading puts off.
  void post(std::shared_ptr<http_exchange> one, std::string payload);
  /// Its body will not come: it is too large, which the session survives, or the client went away.
  void post_failed(bool too_large);

  bool send(const shared_frames& frames, const delivery& how) override;
  void close(std::uint16_t code, std::string_view reason) override;
  void cut() override;
  void set_reading(bool on) override;
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return queue_.bytes(); }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return queue_.dropped(); }

  /// Another transport is being tried: GETs are answered soon, so that the client gets to switch over.
  void set_probed(bool on);
  /// Whether a POST is under way.
  [[nodiscard]] bool receives() const noexcept { return receiving_ || post_ != nullptr; }
  /// Ends it in favour of another transport, which is to send the frames returned.
  [[nodiscard]] std::string retire();
  /// After `close` without a GET to answer: what the next one is to get. Empty when nothing is left to say.
  [[nodiscard]] std::string take_farewell() { return std::move(farewell_); }

 private:
  void expired(steady_instant now) override;
  void flush_soon();
  void flush();
  void process();
  /// False when the transport ended over it.
  bool take_packet(std::string_view packet);
  void answer_poll(std::string payload);
  void answer_post(http_answer with);
  [[nodiscard]] std::string take_payload();
  void fail(close_reason why, std::string_view detail);
  void fail_later(close_reason why);
  void end();

  std::shared_ptr<void> lifetime_;
  std::shared_ptr<io_core> core_;
  std::shared_ptr<transport_handler> handler_;
  std::shared_ptr<http_exchange> poll_;
  std::shared_ptr<http_exchange> post_;
  send_queue queue_;
  std::string received_;
  std::size_t taken_ = 0;  // of received_
  std::string farewell_;
  bool open_ = true;
  bool failing_ = false;
  bool reading_ = true;
  bool receiving_ = false;
  bool processing_ = false;
  bool flushing_ = false;
  bool probed_ = false;
};

}  // namespace nxg::socketio
