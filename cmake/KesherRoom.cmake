# How a room, a program and a test are declared. A room's library is named after its folder:
# schemas/contract becomes the target schemas_contract.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(PostgreSQL 15 QUIET)
find_package(Poco 1.11 REQUIRED COMPONENTS Foundation Net NetSSL Crypto Util)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(SPDLOG REQUIRED IMPORTED_TARGET spdlog)
pkg_check_modules(AVRO REQUIRED IMPORTED_TARGET avro-c)
pkg_check_modules(LIBPQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(LIBXML REQUIRED IMPORTED_TARGET libxml-2.0)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)

# Every warning that has caught a mistake for us; third-party headers are system headers.
add_library(kesher_warnings INTERFACE)
target_compile_options(kesher_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wold-style-cast -Werror)

# The standard library is parsed once for all rooms and reused.
add_library(kesher_prelude STATIC ${CMAKE_SOURCE_DIR}/cmake/prelude.cpp)
# The same warnings as its users: -Wpedantic changes predefined macros, and with them the header's fit.
target_link_libraries(kesher_prelude PRIVATE kesher_warnings)
target_precompile_headers(kesher_prelude PRIVATE
  <algorithm> <array> <chrono> <compare> <cstdint> <cstring> <functional> <map> <memory>
  <optional> <set> <span> <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>)

# kesher_add_rooms_below(FLOOR): every folder below FLOOR that has a CMakeLists.txt, in name order, once.
function(kesher_add_rooms_below floor)
  file(GLOB_RECURSE lists CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
       ${CMAKE_SOURCE_DIR}/${floor}/CMakeLists.txt)
  list(SORT lists)
  foreach(list IN LISTS lists)
    get_filename_component(folder ${list} DIRECTORY)
    get_property(added GLOBAL PROPERTY KESHER_FOLDERS)
    if(NOT list MATCHES "node_modules" AND NOT folder IN_LIST added)
      set_property(GLOBAL APPEND PROPERTY KESHER_FOLDERS ${folder})
      add_subdirectory(${CMAKE_SOURCE_DIR}/${folder} ${CMAKE_BINARY_DIR}/${folder})
    endif()
  endforeach()
endfunction()

# kesher_room(NAME SOURCES a.cpp ... [ROOMS schemas_contract ...] [LIBRARIES OpenSSL::Crypto ...])
# ROOMS are what its headers show and so what its users get too; LIBRARIES stay inside.
function(kesher_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_library(${name} STATIC ${ROOM_SOURCES})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PUBLIC ${ROOM_ROOMS} PRIVATE kesher_warnings ${ROOM_LIBRARIES})
  target_precompile_headers(${name} REUSE_FROM kesher_prelude)
endfunction()

# kesher_program(NAME SOURCES main.cpp ... ROOMS ... LIBRARIES ...): an executable in <build>/bin.
function(kesher_program name)
  cmake_parse_arguments(PROGRAM "" "" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_executable(${name} ${PROGRAM_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${PROGRAM_ROOMS} kesher_warnings ${PROGRAM_LIBRARIES})
  target_compile_definitions(${name} PRIVATE KESHER_VERSION="${PROJECT_VERSION}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# kesher_test(NAME LABEL unit|rooms|store|edge|scenarios|faults SOURCES ... ROOMS ... LIBRARIES ... [WHOLE] [FIXTURE name])
# One executable of Catch2 cases; each case is one CTest test. With WHOLE the executable is one test, and so is every
# executable of the label unit, which together take ten seconds (what takes longer is of the label rooms): a process of its own for each of some hundred cases would take ten times their time.
# FIXTURE names a CTest fixture that must stand first: kesher_postgres (tests/support).
function(kesher_test name)
  cmake_parse_arguments(TEST "WHOLE" "LABEL;FIXTURE" "SOURCES;ROOMS;LIBRARIES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${TEST_ROOMS} tests_catch_main kesher_warnings ${TEST_LIBRARIES})
  target_precompile_headers(${name} REUSE_FROM tests_prelude)
  target_compile_definitions(${name} PRIVATE KESHER_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                             KESHER_BINARY_DIR="${CMAKE_BINARY_DIR}")
  set(properties LABELS ${TEST_LABEL})
  if(TEST_FIXTURE)
    list(APPEND properties FIXTURES_REQUIRED ${TEST_FIXTURE})
  endif()
  if(TEST_WHOLE OR TEST_LABEL STREQUAL "unit")
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES ${properties})
  else()
    catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES ${properties})
  endif()
endfunction()
