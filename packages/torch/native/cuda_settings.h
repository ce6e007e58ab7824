// Settings of the process that only CUDA reads.
#pragma once

namespace engine {

/// Registers `duchenne::set_cudnn` and `duchenne::cudnn`, once per process. Without CUDA they set and read flags that nobody asks for.
void registerCudaSettings();

}  // namespace engine
