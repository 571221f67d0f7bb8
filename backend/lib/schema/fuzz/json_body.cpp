// What a client may send as a body, through every reader of JSON text: nothing crashes, and what is accepted survives
// being written and read again, as JSON and as a document.
#include "schema/document.hpp"
#include "schema/json.hpp"
#include "schema/tests/samples.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace nxg::schema;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Bytes as they are: what is tested here is the way of sealed values, not their secrecy.
class plain_cipher final : public cipher {
 public:
  std::string seal(std::string_view, std::string_view plain) override { return std::string{plain}; }
  std::optional<std::string> open(std::string_view, std::string_view sealed) override { return std::string{sealed}; }
};

template <class T>
void read_as(std::string_view text, unknown policy) {
  T value{};
  const auto found = read_json(text, value, policy);
  require(found.size() <= problems::limit);
  for (const auto& one : found) require(!one.code.empty() && (one.pointer.empty() || one.pointer.front() == '/'));
  if (!found.empty()) return;
  require(from_json<T>(to_json(value)) == value);
  plain_cipher seals;
  require(read_document<T>(to_document_value(value, &seals), &seals) == value);
}

void read_as_tree(std::string_view text) {
  document_value tree;
  try {
    tree = document_from_json(text);
  } catch (const invalid&) {
    return;
  }
  std::string written;
  json_sink sink{written};
  try {
    write_value(sink, tree);
  } catch (const unwritable&) {
    return;  // a number too large for a double
  }
  require(document_from_json(written) == tree);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  read_as<test::everything>(text, unknown::refused);
  read_as<test::everything>(text, unknown::ignored);
  read_as<test::tree>(text, unknown::refused);
  read_as<std::map<std::string, std::vector<any_json>>>(text, unknown::refused);
  read_as_tree(text);
  return 0;
}
