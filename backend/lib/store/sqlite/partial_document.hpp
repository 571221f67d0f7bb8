#pragma once

#include "store/engine.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::store::sqlite {

/// A stored document of which only some members are taken apart: an update of a state, or of an outbox, need not read
/// and write again what else the document holds. Its text is JSON that this engine wrote.
class partial_document {
 public:
  /// Reads the members that are `wanted`, by their key. Throws `schema::invalid` where the text is no object.
  partial_document(std::string text, const std::function<bool(std::string_view key)>& wanted);

  /// The members that were read; what is set, added or erased here is so in `json`.
  document_value members{document_value::object{}};

  /// As it was.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// As it is now: what was not read comes as it stood, in its place.
  [[nodiscard]] std::string json() const;

 private:
  struct place {
    std::string key;
    bool read;
    /// Of the value, in the text.
    std::size_t begin;
    std::size_t end;
  };
  std::string text_;
  std::vector<place> places_;
};

}  // namespace nxg::store::sqlite
