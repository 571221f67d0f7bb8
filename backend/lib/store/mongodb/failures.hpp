#pragma once

#include "store/awaited_work.hpp"
#include "store/errors.hpp"

#include <bson/bson.h>

#include <cstdint>
#include <string>
#include <string_view>

/// What libmongoc and the server say went wrong, in the store's words. Sentences name codes, never values: messages of
/// the server may hold what a document holds.
namespace nxg::store::mongodb {

/// `where` names the server and the collection.
error to_error(const bson_error_t& what, effect of, const std::string& where);

/// Whether a code is about the one document that was to be written: everything else of its command happened or will.
bool concerns_document(std::int64_t code);
bool is_duplicate(std::int64_t code);
error refusal_of(std::int64_t code, const std::string& collection);

/// The index named in the server's message about a duplicate, by its declared name.
std::string index_in(std::string_view message);

}  // namespace nxg::store::mongodb
