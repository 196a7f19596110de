#pragma once

// LibTorch's header lacks what it uses. In this order:
// clang-format off
#include <torch/types.h>
#include <torch/nn/utils/clip_grad.h>
// clang-format on
