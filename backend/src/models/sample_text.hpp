#pragma once

#include "models/sample.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg {

/// How samples are kept: one line of text each, cheap to write, compact, and readable in a database shell.
///
///     17 a1764012345678 e16.5 v9.2 d41.3 h143
///
/// The seq, then fields of one letter and a value, in this order, absent ones left out:
/// `a` time in Unix milliseconds, `o` clock offset in ms, `L` link id, `e` elapsed seconds, then the measures
/// (`v` speed, `i` incline, `d` distance, `h` heart rate, `p` power, `c` cadence, `r` stroke rate, `k` stroke count,
/// `w` steps per minute, `f` floors, `l` resistance level, `n` energy), `x` a strength set
/// (`number,reps,weight,duration,rest,exercise`, absent parts empty, the exercise percent-encoded), `!` flags.
/// Numbers are the shortest decimals that read back the same. No character needs escaping in JSON.
void append_sample(std::string& out, const sample& what, bool with_link);

/// Reads one line (without its end). Nothing when it is malformed.
[[nodiscard]] std::optional<sample> parse_sample(std::string_view line);

/// A segment's text is a sequence of groups: `@<machine> <epoch> <link or ->;` and the lines of its samples, each
/// closed by `;`. The samples of a group share machine, epoch and link.
void append_group(std::string& out, const sample_source& from, const uuid& link_id);
void append_line(std::string& out, const sample& what);

/// Walks over a segment's text without taking its samples apart, for who only sorts them.
class segment_lines {
 public:
  explicit segment_lines(std::string_view text) : rest_{text} {}

  struct entry {
    sample_source from;
    uuid link_id;
    std::int64_t seq = 0;
    /// Without its end; lies in the text.
    std::string_view line;
  };
  /// The next line; nothing at the end. Throws `std::runtime_error` for text this version cannot read.
  std::optional<entry> next();

 private:
  std::string_view rest_;
  sample_source from_;
  uuid link_id_;
  bool in_group_ = false;
};

/// The same, with each sample read.
class segment_reader {
 public:
  explicit segment_reader(std::string_view text) : lines_{text} {}

  struct entry {
    sample_source from;
    nxg::sample sample;
  };
  std::optional<entry> next();

 private:
  segment_lines lines_;
};

/// The seq a line begins with; nothing when it begins with none.
[[nodiscard]] std::optional<std::int64_t> seq_of_line(std::string_view line);
/// A line of a segment as `append_sample` writes it with its link; the rest of it is kept as it is.
void append_line_with_link(std::string& out, std::string_view line, const uuid& link_id);

}  // namespace nxg
