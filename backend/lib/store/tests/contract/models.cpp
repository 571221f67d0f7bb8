#include "models.hpp"

#include "store/evaluate.hpp"

namespace nxg::store::testing {

namespace {

template <class Book>
declaration<Book> books(int schema) {
  std::vector<schema_version::lift> lifts;
  for (int version = 1; version < schema; ++version) {
    lifts.push_back(version > 1 ? [](document_value&) {} : [](document_value& document) {
      const std::string name = text_at(document, "name");
      const auto comma = name.find(", ");
      document.set("title", name.substr(0, comma));
      document.set("author", comma == std::string::npos ? std::string{} : name.substr(comma + 2));
      document.erase("name");
    });
  }
  std::vector<index_of<Book>> indexes;
  if constexpr (requires { &Book::title; }) {
    indexes.push_back(index_of<Book>("title_words").template on_words<&Book::title>());
  }
  return {.name = "books",
          .schema = {schema, std::move(lifts)},
          .shard = unsharded("tests have one shard"),
          .owner = nobodys("tests have no members"),
          .exported = not_exported("nobody's"),
          .erased = not_erased("nobody's"),
          .kept = kept_for_good("tests end"),
          .indexes = std::move(indexes)};
}

}  // namespace

declaration<past::book> past::declare(tag<past::book>) { return books<past::book>(1); }
declaration<present::book> present::declare(tag<present::book>) { return books<present::book>(2); }
declaration<future::book> future::declare(tag<future::book>) { return books<future::book>(4); }

}  // namespace nxg::store::testing
