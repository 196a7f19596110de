# Any: which one it is, TorchConfig.cmake reads from the wheel.
set(PACKAGE_VERSION 2)
set(PACKAGE_VERSION_COMPATIBLE TRUE)
