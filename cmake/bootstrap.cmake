# While folders are still being written: leaves out listed sources that do not
# exist yet, so that one unfinished folder does not stop the others.
macro(labslot_drop_absent_sources)
  set(present_sources "")
  foreach(source IN LISTS arg_SOURCES)
    file(GLOB present CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${source})
    if(present)
      list(APPEND present_sources ${source})
    else()
      message(NOTICE "${CMAKE_CURRENT_SOURCE_DIR}/${source} is listed but absent")
    endif()
  endforeach()
  set(arg_SOURCES ${present_sources})
endmacro()
