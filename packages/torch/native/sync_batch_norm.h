// BatchNorm of a batch that lies on several processes.
#pragma once

#include <ATen/ATen.h>

namespace engine {

/// Normalises by the mean and variance of the whole batch, differentiably, and moves the running statistics.
at::Tensor syncBatchNorm(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, at::Tensor& runningMean,
                         at::Tensor& runningVar, double momentum, double eps);

}  // namespace engine
