# What every target is built with: compiler cache, fast linker, sanitizers.

set(LABSLOT_SANITIZE "" CACHE STRING "Sanitizers to build with, for example: address,undefined")

# The cache is shared between clones: paths inside the repository are hashed
# relative to it, and the folder of the build does not count.
find_program(LABSLOT_CCACHE ccache)
if(LABSLOT_CCACHE)
  set(labslot_launcher ${CMAKE_COMMAND} -E env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
                       CCACHE_NOHASHDIR=1 ${LABSLOT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${labslot_launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${labslot_launcher})
endif()

find_program(LABSLOT_MOLD mold)
find_program(LABSLOT_LLD ld.lld)
if(LABSLOT_MOLD)
  add_link_options(-fuse-ld=mold)
elseif(LABSLOT_LLD)
  add_link_options(-fuse-ld=lld)
endif()

add_compile_options(-fdiagnostics-color=always)

if(LABSLOT_SANITIZE)
  add_compile_options(-fsanitize=${LABSLOT_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LABSLOT_SANITIZE})
  # What the sanitizers add makes GCC warn of what is not so, in lemon for one.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
