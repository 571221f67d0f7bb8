#pragma once

#include "objects/folder/descriptor.hpp"
#include "objects/object_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// System calls as `disk` and `listing` need them.
namespace nxg::objects::folder {

/// Keys cannot hold '%': a folder never has the name of a file.
[[nodiscard]] std::string name_of_folder(std::string_view segment);

/// What to do about what is there but none of ours: a symbolic link, a file in place of a folder.
enum class stranger : std::uint8_t { refuse, overlook };

/// Not open where it is not there; throws `error` for other reasons.
[[nodiscard]] descriptor open_folder_in(int parent, const std::string& name, stranger how = stranger::refuse);
[[nodiscard]] descriptor open_file_in(int parent, const std::string& name, stranger how = stranger::refuse);

void sync(int file);
/// All of `size`; throws `error` (damaged) where the file is shorter.
[[nodiscard]] std::string read_at(int file, std::uint64_t offset, std::size_t size);
/// What the trailer of an open file says; nothing where it is no object of ours.
[[nodiscard]] std::optional<object_info> read_info(int file);

}  // namespace nxg::objects::folder
