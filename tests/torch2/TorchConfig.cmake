# LibTorch as PyPI's wheel of torch carries it, for find_package(Torch): its own CMake package asks for a CUDA toolkit,
# which a build needs for nothing here. TOUCHSTONE_TORCH_WHEEL: the folder `torch` of the installed wheel.
get_filename_component(Torch_ROOT "${TOUCHSTONE_TORCH_WHEEL}" REALPATH)
file(READ ${Torch_ROOT}/version.py version)
string(REGEX MATCH "__version__ = '([0-9.]+)" matched "${version}")
set(Torch_VERSION ${CMAKE_MATCH_1})

# All of its headers but its fmt, which would come before the one that is linked.
set(headers ${CMAKE_BINARY_DIR}/torch_include)
file(MAKE_DIRECTORY ${headers})
file(GLOB entries RELATIVE ${Torch_ROOT}/include ${Torch_ROOT}/include/*)
foreach(entry IN LISTS entries)
  if(NOT entry STREQUAL "fmt")
    file(CREATE_LINK ${Torch_ROOT}/include/${entry} ${headers}/${entry} SYMBOLIC)
  endif()
endforeach()

add_library(touchstone_torch_wheel INTERFACE IMPORTED)
set_target_properties(touchstone_torch_wheel PROPERTIES
  INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${headers};${headers}/torch/csrc/api/include"
  INTERFACE_INCLUDE_DIRECTORIES "${headers};${headers}/torch/csrc/api/include")
target_link_directories(touchstone_torch_wheel INTERFACE ${Torch_ROOT}/lib)
file(GLOB toolkits ${Torch_ROOT}/../nvidia/*/lib)
foreach(toolkit IN LISTS toolkits)
  target_link_options(touchstone_torch_wheel INTERFACE -Wl,-rpath-link,${toolkit})
endforeach()
target_link_libraries(touchstone_torch_wheel INTERFACE torch_cpu c10)
if(TOUCHSTONE_TORCH_CUDA)
  # The libraries register the devices when they are loaded, though nothing here names them.
  target_link_libraries(touchstone_torch_wheel INTERFACE -Wl,--no-as-needed torch_cuda c10_cuda -Wl,--as-needed)
endif()
set(TORCH_LIBRARIES touchstone_torch_wheel)
set(TORCH_CXX_FLAGS "")  # the same ABI of the standard library as the compiler's
set(Torch_FOUND TRUE)
