# What every target of the project shares: language level, warnings, linker, sanitizers, third-party packages.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

option(NXG_FUZZ "Build the fuzz targets (clang only)" OFF)
set(NXG_SANITIZE "" CACHE STRING "Sanitizers to build with: empty, address (with undefined), or thread")

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER "${CCACHE}")
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

if(NXG_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(NXG_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  endif()
  add_link_options(-fsanitize=thread)
elseif(NXG_SANITIZE)
  message(FATAL_ERROR "NXG_SANITIZE is '${NXG_SANITIZE}'; it may be empty, address or thread")
endif()

# The flags of our own code; third-party headers come as SYSTEM and stay silent.
add_library(nxg_flags INTERFACE)
target_compile_options(nxg_flags INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror=switch -Werror=return-type
  -Winvalid-pch -Wno-missing-field-initializers)  # designated initialisers leave out what has a default
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Taken for errors by g++ 12 where there are none: Asio's frames of coroutines, lengths of inlined strings.
  target_compile_options(nxg_flags INTERFACE -Wno-mismatched-new-delete -Wno-stringop-overread -Wno-stringop-overflow)
endif()

# Boost is header-only here: one boost.cpp per program image holds what must be compiled once.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_path(NXG_BOOST_INCLUDE boost/describe.hpp
  HINTS "${CMAKE_SOURCE_DIR}/.deps/boost/usr/include" NO_CACHE
  PATHS /usr/include)
file(STRINGS "${NXG_BOOST_INCLUDE}/boost/version.hpp" boost_version REGEX "#define BOOST_VERSION [0-9]+")
string(REGEX REPLACE ".* ([0-9]+)$" "\\1" boost_version "${boost_version}")
if(NOT boost_version OR boost_version LESS 108800)
  message(FATAL_ERROR "Boost 1.88 or later is needed, found '${boost_version}' in '${NXG_BOOST_INCLUDE}': run 'make deps'")
endif()
add_library(nxg_boost_headers INTERFACE)
target_include_directories(nxg_boost_headers SYSTEM INTERFACE "${NXG_BOOST_INCLUDE}")
target_compile_definitions(nxg_boost_headers INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  BOOST_ASIO_NO_DEPRECATED BOOST_ALL_NO_LIB BOOST_JSON_NO_LIB)
find_package(fmt REQUIRED)
target_link_libraries(nxg_boost_headers INTERFACE Threads::Threads fmt::fmt)

# Headers of others that nearly every file reads, parsed once: half of the time a file takes to compile is theirs.
# Ours are not among them, so that touching one compiles only what includes it.
set(nxg_common_headers
  <algorithm> <array> <atomic> <charconv> <chrono> <cstddef> <cstdint> <deque> <exception> <filesystem> <fstream>
  <functional> <future> <list> <map> <memory> <mutex> <optional> <random> <ranges> <set> <span> <stdexcept> <string>
  <string_view> <thread> <tuple> <type_traits> <unordered_map> <utility> <variant> <vector>
  <boost/asio/any_io_executor.hpp> <boost/asio/as_tuple.hpp> <boost/asio/awaitable.hpp>
  <boost/asio/bind_cancellation_slot.hpp> <boost/asio/cancellation_signal.hpp> <boost/asio/co_spawn.hpp>
  <boost/asio/detached.hpp> <boost/asio/dispatch.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
  <boost/asio/post.hpp> <boost/asio/steady_timer.hpp> <boost/asio/this_coro.hpp> <boost/asio/use_awaitable.hpp>
  <boost/asio/use_future.hpp> <boost/describe.hpp> <boost/mp11.hpp> <boost/json.hpp> <boost/system/system_error.hpp>
  <fmt/format.h>)
file(WRITE "${CMAKE_BINARY_DIR}/common_headers.cpp" "// Carries the precompiled headers.\n")
add_library(nxg_common_headers OBJECT "${CMAKE_BINARY_DIR}/common_headers.cpp")
target_link_libraries(nxg_common_headers PRIVATE nxg_flags nxg_boost_headers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(nxg_flags INTERFACE -fpch-preprocess)  # so that ccache sees what a precompiled header holds
endif()
target_precompile_headers(nxg_common_headers PRIVATE ${nxg_common_headers})

# nxg_library(name DIR... SOURCES a.cpp b.cpp LINK x y): one target per folder; the link list is the layering rule.
function(nxg_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC nxg_flags nxg_boost_headers ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
    target_precompile_headers(${name} REUSE_FROM nxg_common_headers)
    target_include_directories(${name} PUBLIC ${NXG_INCLUDE_ROOT})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE nxg_flags nxg_boost_headers ${arg_LINK})
    target_include_directories(${name} INTERFACE ${NXG_INCLUDE_ROOT})
  endif()
endfunction()

# nxg_program(name SOURCES ... LINK ...): a program, in bin/ of the build folder.
function(nxg_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE nxg_flags nxg_runtime ${arg_LINK})
  target_include_directories(${name} PRIVATE ${NXG_INCLUDE_ROOT})
  target_precompile_headers(${name} REUSE_FROM nxg_common_headers)
endfunction()

# nxg_test(name SOURCES ... LINK ...): a GoogleTest program, registered with ctest test by test.
# Tests are compiled for little time, not for speed.
find_package(GTest REQUIRED)
include(GoogleTest)
add_library(nxg_test_headers OBJECT "${CMAKE_BINARY_DIR}/common_headers.cpp")
target_link_libraries(nxg_test_headers PRIVATE nxg_flags nxg_boost_headers GTest::gmock)
target_compile_options(nxg_test_headers PRIVATE $<$<CONFIG:Release>:-O0 -g0>)
target_precompile_headers(nxg_test_headers PRIVATE ${nxg_common_headers} <gmock/gmock.h> <gtest/gtest.h>)
function(nxg_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  if(NOT arg_SOURCES)  # a folder whose tests are found by a pattern may have none yet
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE nxg_flags ${arg_LINK} nxg_runtime GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${NXG_INCLUDE_ROOT})
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O0 -g0>)
  target_precompile_headers(${name} REUSE_FROM nxg_test_headers)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 120)
endfunction()

# All of them: what `make fuzz` builds.
add_custom_target(fuzz_targets)

# nxg_fuzz(name SOURCES ... LINK ...): a libFuzzer program; built with the fuzz preset only.
function(nxg_fuzz name)
  if(NXG_FUZZ)
    cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE nxg_flags ${arg_LINK})
    target_include_directories(${name} PRIVATE ${NXG_INCLUDE_ROOT})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
    add_dependencies(fuzz_targets ${name})
  endif()
endfunction()
