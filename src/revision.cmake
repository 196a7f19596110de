# Writes HEADER with the revision of the git checkout SOURCE, or FALLBACK; touches it only if that changed.
cmake_minimum_required(VERSION 3.22)
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=7
  OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed OR NOT revision)
  set(revision "${FALLBACK}")
endif()
if(NOT revision)
  set(revision "no git")
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#define TOUCHSTONE_GIT_REVISION \"@revision@\"\n" @ONLY)
