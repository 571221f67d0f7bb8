#pragma once

#include "schema/document.hpp"
#include "schema/shape.hpp"

namespace nxg::schema {

/// Gives the values of a stored document the types its struct says: what an engine that keeps text brought as text
/// becomes instants and binary again, whole numbers become what the member is. For documents that go from one engine to
/// another; what `read_document` would read is the same before and after. Members the struct does not know, and values
/// that are not what it says, stay as they are.
void restore_types(document_value& value, const shape& what);

}  // namespace nxg::schema
