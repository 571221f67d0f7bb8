#pragma once

#include "runtime/timer.hpp"

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/list_hook.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace nxg::http {

/// The coarse time-outs of one core: setting one costs a few nanoseconds, which a timer per request would not.
/// Setting a later time only notes it; the entry moves when its old place comes round. Single-threaded.
class timer_wheel {
 public:
  static constexpr std::chrono::milliseconds tick{50};

  class entry : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
   public:
    entry() = default;
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    virtual ~entry() = default;

   protected:
    /// Its time has come. May set it again, or destroy it.
    virtual void expired() = 0;

   private:
    friend class timer_wheel;
    steady_instant due_ = steady_instant::max();
    std::int64_t place_ = 0;
  };

  timer_wheel(executor where, runtime::clock& time);
  /// Every entry must be gone or never set again.
  ~timer_wheel();

  /// `one.expired()` is called at `when`, up to two ticks later. Replaces an earlier time.
  void set(entry& one, steady_instant when);
  /// The same, unless it is due before that.
  void shorten(entry& one, steady_instant when) {
    if (when < one.due_) set(one, when);
  }
  /// No call until it is set again.
  static void clear(entry& one) noexcept { one.due_ = steady_instant::max(); }

  [[nodiscard]] steady_instant now() const noexcept { return time_.steady(); }

 private:
  using list = boost::intrusive::list<entry, boost::intrusive::constant_time_size<false>>;
  static constexpr std::int64_t places = 256;

  [[nodiscard]] std::int64_t tick_of(steady_instant when) const noexcept;
  void link(entry& one, std::int64_t at);
  void wait();
  void advance();
  void visit(list& place);

  runtime::clock& time_;
  steady_instant start_;
  std::array<list, places> places_;
  /// Everything before it has been visited.
  std::int64_t next_ = 0;
  bool waiting_ = false;
  runtime::timer timer_;
};

}  // namespace nxg::http
