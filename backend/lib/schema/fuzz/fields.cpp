// Query, path and header texts: the input is cut at each NUL into names and values.
#include "schema/fields.hpp"
#include "schema/tests/samples.hpp"
#include "schema/text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nxg::schema;

struct search {
  nxg::uuid branch_id;
  bounded<int, 1, 100> limit = 20;
  std::optional<test::level> how;
  list<text<1, 5>, 0, 3> tags;
  std::vector<double> speeds;
  std::optional<nxg::instant> from;
  std::optional<local_date> day;
  bool exact = false;
  email mail;
  static constexpr std::string_view optional_fields[] = {"limit", "tags", "exact", "speeds"};
};
BOOST_DESCRIBE_STRUCT(search, (), (branch_id, limit, how, tags, speeds, from, day, exact, mail))

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  const auto next = [&] {
    const auto piece = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
    return piece;
  };
  std::vector<field_text> given;
  while (!rest.empty()) {
    const auto name = next();
    given.push_back({name, next()});
  }
  for (const auto source : {field_source::query, field_source::path, field_source::header}) {
    search value;
    const auto found = read_fields(given, value, source);
    if (found.size() > problems::limit) std::abort();
    for (const auto& one : found) {
      if (one.pointer.empty() || one.code.empty() || !is_utf8(one.pointer)) std::abort();
    }
  }
  return 0;
}
