// Collectives between processes as operators of the dispatcher: JavaScript calls them like any other operator.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace engine {

/// Registers the operators of library `duchenne`, once per process.
void registerCollectives();

/// In place, over all processes. @throws c10::Error that names the rank at fault
void allReduce(at::Tensor& tensor, const std::string& op);
/// [processes, …sizes of the tensor], in the order of ranks
at::Tensor allGather(const at::Tensor& tensor);

}  // namespace engine
