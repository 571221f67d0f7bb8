#pragma once

#include "objects/object_store.hpp"

namespace nxg::objects::folder {

/// A page of the objects below an open folder. Holds at most some thousands of names at a time, however many there are.
/// Files that are no objects of ours are left out.
[[nodiscard]] list_page list_folder(int root, const list_options& which);

}  // namespace nxg::objects::folder
