#include "telemetry/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace nxg::telemetry {
namespace {

/// Standard error goes into a pipe for the life of this.
class captured_errors {
 public:
  captured_errors() : saved_{::dup(STDERR_FILENO)} {
    EXPECT_EQ(::pipe(ends_.data()), 0);
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  captured_errors(const captured_errors&) = delete;
  captured_errors& operator=(const captured_errors&) = delete;
  ~captured_errors() {
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    ::close(ends_[0]);
  }
  /// Reads up to and with that end.
  std::string until(std::string_view end) {
    std::string text;
    std::array<char, 4096> buffer;
    while (!text.ends_with(end)) {
      const auto size = ::read(ends_[0], buffer.data(), buffer.size());
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  int saved_;
  std::array<int, 2> ends_{};
};

TEST(stream_sink, writes_every_line_in_order) {
  captured_errors errors;
  {
    const auto sink = make_stream_sink(log_stream::err);
    for (int i = 0; i < 500; ++i) sink->write(log_level::info, std::to_string(i));
    sink->flush();
  }
  std::string expected;
  for (int i = 0; i < 500; ++i) expected += std::to_string(i) + "\n";
  EXPECT_EQ(errors.until("499\n"), expected);
}

TEST(stream_sink, a_stalled_reader_stalls_nobody_and_dropped_lines_are_told) {
  captured_errors errors;
  std::string text;
  {
    const auto sink = make_stream_sink(log_stream::err, 100);
    const std::string line(1000, 'x');
    // Far more than pipe, writer and queue hold, and nobody reads yet.
    for (int i = 0; i < 2000; ++i) sink->write(log_level::info, line);
    std::jthread reader{[&] { text = errors.until("the end\n"); }};
    sink->flush();
    sink->write(log_level::info, "the end");
  }
  EXPECT_THAT(text, testing::HasSubstr("log lines dropped"));
  EXPECT_LT(text.size(), 2'000'000u);
}

TEST(null_sink, takes_everything) { make_null_sink()->write(log_level::error, "x"); }

}  // namespace
}  // namespace nxg::telemetry
