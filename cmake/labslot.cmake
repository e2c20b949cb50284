# The few verbs that the CMakeLists.txt of the folders are written in.

set(LABSLOT_GENERATED_DIR ${CMAKE_BINARY_DIR}/gen)

# Warnings for our own code. Clang counts signedness as a conversion and g++
# does not; both are held to what g++ checks. Clang checks lock annotations.
add_library(labslot_warnings INTERFACE)
target_compile_options(
  labslot_warnings
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
            $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>
            $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

# labslot_library(NAME SOURCES file... DEPS target...)
#
# The static library labslot_NAME. Headers are included by their path from the
# root of the repository. DEPS are public: who links this library links them
# too. Without SOURCES the library is its headers only.
function(labslot_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  labslot_no_leftovers(${name})
  set(target labslot_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} PUBLIC ${arg_DEPS} PRIVATE labslot_warnings)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${target} INTERFACE ${arg_DEPS})
  endif()
endfunction()

# labslot_executable(NAME SOURCES file... DEPS target...)
#
# The program build/<preset>/bin/NAME.
function(labslot_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;DEPS")
  labslot_no_leftovers(${name})
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} labslot_warnings)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# labslot_test(NAME SOURCES file... DEPS target... [LABEL label])
#
# A GoogleTest program; each of its cases becomes the ctest case
# NAME:Suite.Case. LABEL grpc marks programs that start a gRPC server or
# channel: the tsan preset leaves them out.
function(labslot_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES;DEPS")
  labslot_no_leftovers(${name})
  if(NOT arg_LABEL)
    set(arg_LABEL unit)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${arg_DEPS} labslot_warnings GTest::gmock
                                        GTest::gtest GTest::gmock_main)
  gtest_discover_tests(
    ${name}
    TEST_PREFIX "${name}:"
    NO_PRETTY_VALUES
    DISCOVERY_TIMEOUT 60
    PROPERTIES LABELS ${arg_LABEL} TIMEOUT 300)
endfunction()

# labslot_proto_library(NAME SOURCES proto... [GRPC]
#                       [GRPC_ONLY] [DEPS target...])
#
# The static library labslot_NAME of generated code: messages, or messages and
# service stubs (GRPC), or stubs alone (GRPC_ONLY). Generated files land in
# build/<preset>/gen, which is a SYSTEM include folder.
function(labslot_proto_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "GRPC;GRPC_ONLY" "" "SOURCES;DEPS")
  labslot_no_leftovers(${name})
  set(generated "")
  foreach(proto IN LISTS arg_SOURCES)
    if(NOT arg_GRPC_ONLY)
      labslot_generate(${proto} cpp .pb generated)
    endif()
    if(arg_GRPC OR arg_GRPC_ONLY)
      labslot_generate(${proto} grpc .grpc.pb generated)
    endif()
  endforeach()
  set(libraries protobuf::libprotobuf)
  if(arg_GRPC OR arg_GRPC_ONLY)
    list(APPEND libraries gRPC::grpc++)
  endif()
  set(target labslot_${name})
  if(generated)
    add_library(${target} STATIC ${generated})
    target_compile_options(${target} PRIVATE -w)
    set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "")
    if(LABSLOT_FUZZ)
      # Ways through generated code are no news to a fuzzer.
      target_compile_options(${target} PRIVATE -fno-sanitize=fuzzer-no-link)
    endif()
    set(scope PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} SYSTEM ${scope} ${LABSLOT_GENERATED_DIR})
  target_link_libraries(${target} ${scope} ${libraries} ${arg_DEPS})
endfunction()

# Adds the commands that make one proto's .h and .cc, and appends them to the
# list whose name is `out`. `kind` is cpp or grpc.
function(labslot_generate proto kind suffix out)
  set(import_root ${PROJECT_SOURCE_DIR}/proto)
  cmake_path(ABSOLUTE_PATH proto BASE_DIRECTORY ${PROJECT_SOURCE_DIR}/proto)
  cmake_path(RELATIVE_PATH proto BASE_DIRECTORY ${import_root} OUTPUT_VARIABLE relative)
  cmake_path(REMOVE_EXTENSION relative LAST_ONLY OUTPUT_VARIABLE stem)
  set(base ${LABSLOT_GENERATED_DIR}/${stem}${suffix})
  set(plugin "")
  if(kind STREQUAL grpc)
    set(plugin --plugin=protoc-gen-grpc=${LABSLOT_GRPC_CPP_PLUGIN})
  endif()
  file(MAKE_DIRECTORY ${LABSLOT_GENERATED_DIR})
  add_custom_command(
    OUTPUT ${base}.h ${base}.cc
    COMMAND ${PROTOBUF_PROTOC_EXECUTABLE} --${kind}_out=${LABSLOT_GENERATED_DIR} ${plugin}
            --proto_path=${import_root} --dependency_out=${base}.d ${proto}
    DEPENDS ${proto}
    DEPFILE ${base}.d
    COMMENT "Generating ${stem}${suffix}"
    VERBATIM)
  set(${out} ${${out}} ${base}.h ${base}.cc PARENT_SCOPE)
endfunction()

# A misspelt keyword in a call is an error, not a file that is never built.
macro(labslot_no_leftovers name)
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${name}: what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
endmacro()
