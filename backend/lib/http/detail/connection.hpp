#pragma once

#include "http/body_source.hpp"
#include "http/chunked_body.hpp"
#include "http/detail/core.hpp"
#include "http/head_parser.hpp"

#include <boost/asio/cancellation_signal.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nxg::http::detail {

/// One connection from accept to close. Reads a request, has it answered, writes the answer, in turn: pipelined
/// requests wait in its buffer, which is never larger than a head may be.
class connection final : public std::enable_shared_from_this<connection>,
                         public list_place<alive_tag>,
                         public list_place<idle_tag> {
 public:
  connection(std::shared_ptr<core> home, boost::asio::ip::tcp::socket socket, place mine);
  ~connection();

  void start();
  /// Ends it if it is between requests; else after the answer under way. Of a request that has only begun it does not
  /// wait long for the rest of the head.
  void drain();
  /// Ends it now: what its handler waits for is cancelled.
  void cut();

 private:
  enum class phase : std::uint8_t { first_byte, idle, delivery, handling, writing, lingering };

  /// The time-out of the phase the connection is in.
  struct phase_timer final : timer_wheel::entry {
    explicit phase_timer(connection& of) : owner{of} {}
    void expired() override { owner.phase_expired(); }
    connection& owner;
  };

  /// The deadline of the request under way, which the chain sets.
  struct request_deadline final : timer_wheel::entry, interruption {
    explicit request_deadline(connection& of) : owner{of} {}
    void arm(steady_instant when) override;
    bool disarm() override;
    void expired() override;
    connection& owner;
    bool struck = false;
  };

  /// The body of a request whose route reads it itself.
  struct late_body final : body_source {
    explicit late_body(connection& of) : owner{of} {}
    task<std::string_view> next() override;
    task<std::string> rest() override;
    /// After the handler: reads over a small rest, so that the connection can go on, else sees to its end.
    task<> finish();

   private:
    task<> begin();
    /// Of what has arrived already.
    bool take_arrived();
    task<> wait_for_more();
    [[noreturn]] void fail(problem why);
    [[nodiscard]] std::size_t limit() const noexcept { return owner.request_.route->body_limit; }

    connection& owner;
    std::optional<chunked_body> chunks;
    std::string piece;
    std::size_t left = 0;
    std::size_t received = 0;
    std::chrono::milliseconds waited{0};
    bool begun = false;
    bool done = false;
  };

  task<> serve();
  /// False when the connection is over.
  task<bool> read_head();
  task<> read_body();
  task<> read_rest_of_body(std::size_t limit);
  task<> read_chunked_body(std::size_t limit);
  /// False on end of stream, failure or time-out.
  task<bool> receive(boost::asio::mutable_buffer into, std::size_t& count);
  task<bool> send(response answer);
  task<bool> send_stream(content_source& content);
  task<bool> write_rest(std::string_view head, std::string_view content, std::size_t written);
  task<> linger();

  [[nodiscard]] bool has_body() const noexcept;
  void enter(phase next, std::chrono::milliseconds limit);
  void phase_expired();
  void begin_head();
  void begin_request();
  [[nodiscard]] bool hand_over();
  /// Null when the router is to answer.
  [[nodiscard]] const request_door* find_door() const;
  /// False when the connection is over.
  task<bool> serve_door(const request_door& door);
  task<door_body> read_door_body(const request_door& door, std::size_t limit);
  void watch_peer();
  [[nodiscard]] bool is_read_by_route() const noexcept;
  void enter_handling();
  [[nodiscard]] bool reserve_body(std::size_t bytes);
  [[nodiscard]] static problem too_large(std::size_t limit);
  [[nodiscard]] static problem too_much_at_once();
  void note_caller();
  void refuse(problem why);
  void append_head(const response& answer, bool close);
  [[nodiscard]] std::string_view unread() const noexcept { return {buffer_.data() + begin_, end_ - begin_}; }
  [[nodiscard]] boost::asio::mutable_buffer room();

  std::shared_ptr<core> core_;
  place place_;
  boost::asio::ip::tcp::socket socket_;
  boost::asio::ip::address peer_;
  std::string peer_text_;
  bool behind_proxy_ = false;
  boost::asio::cancellation_signal cancel_;
  phase_timer timer_{*this};
  request_deadline deadline_{*this};
  phase phase_ = phase::first_byte;
  bool timed_out_ = false;
  bool reading_head_ = false;
  bool close_after_ = false;
  /// A door has the request and no octet is expected: the peer's leaving is noticed.
  bool watched_ = false;
  /// Which watch is the present one.
  std::uint64_t watch_ = 0;
  /// Octets of the request may still be on their way, so a plain close could destroy the answer (RST).
  bool unread_input_ = false;

  std::vector<char> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t reserved_ = 0;
  head_parser parser_;
  request request_;
  std::optional<late_body> late_;
  std::string out_;
};

}  // namespace nxg::http::detail
