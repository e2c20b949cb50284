# The one list of libraries that labslot is built on. The Debian packages that
# carry them are in deploy/packages.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
# Module mode: Debian ships no CMake package for protobuf 3.21. It must come
# before gRPC, which looks for it as well.
find_package(Protobuf MODULE REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
pkg_check_modules(smartcols REQUIRED IMPORTED_TARGET smartcols)
pkg_check_modules(libical REQUIRED IMPORTED_TARGET libical)
pkg_check_modules(lemon REQUIRED IMPORTED_TARGET lemon)
pkg_check_modules(cbc REQUIRED IMPORTED_TARGET cbc)
pkg_check_modules(jemalloc REQUIRED IMPORTED_TARGET jemalloc)

find_program(LABSLOT_GRPC_CPP_PLUGIN grpc_cpp_plugin REQUIRED)

# One name in our own lists for what distributions name differently.
add_library(labslot_rocksdb INTERFACE)
if(TARGET RocksDB::rocksdb-shared)
  target_link_libraries(labslot_rocksdb INTERFACE RocksDB::rocksdb-shared)
else()
  target_link_libraries(labslot_rocksdb INTERFACE RocksDB::rocksdb)
endif()

add_library(labslot_yaml INTERFACE)
if(TARGET yaml-cpp::yaml-cpp)
  target_link_libraries(labslot_yaml INTERFACE yaml-cpp::yaml-cpp)
else()
  target_link_libraries(labslot_yaml INTERFACE yaml-cpp)
endif()

# Sanitizers bring a heap of their own.
add_library(labslot_heap INTERFACE)
if(NOT LABSLOT_SANITIZE)
  target_link_libraries(labslot_heap INTERFACE PkgConfig::jemalloc)
endif()

if(LABSLOT_TESTS)
  find_package(GTest CONFIG REQUIRED)
  find_package(benchmark CONFIG REQUIRED)
  include(GoogleTest)
  # Debian's own python3 before any other: it is the one with python3-grpcio.
  find_program(LABSLOT_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
  find_program(LABSLOT_PYTHON python3 REQUIRED)
endif()
