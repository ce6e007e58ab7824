// CUDA graphs for accept.ts, apart from the binding: if this does not compile, load or run on a machine, no other check suffers.
// Compiled against the CUDA headers of the libtorch that was found.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAFunctions.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/library.h>

#include <memory>

namespace {

std::unique_ptr<at::cuda::CUDAGraph> graph;

// A graph is captured on another stream than the default one, which other work is on. A step must have run there before: cuDNN has then
// chosen its algorithms, and nothing waits for the default stream.
void useOwnStream() {
  c10::cuda::device_synchronize();
  c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool());
}

void useDefaultStream() {
  c10::cuda::device_synchronize();
  c10::cuda::setCurrentCUDAStream(c10::cuda::getDefaultCUDAStream());
}

void begin() {
  c10::cuda::device_synchronize();
  graph = std::make_unique<at::cuda::CUDAGraph>();
  graph->capture_begin();
}

void end() { graph->capture_end(); }

void replay() { graph->replay(); }

// CUDA must still be there when it is freed.
void release() {
  c10::cuda::device_synchronize();
  graph.reset();
}

TORCH_LIBRARY(duchenne_graph, library) {
  library.def("use_own_stream() -> ()", useOwnStream);
  library.def("use_default_stream() -> ()", useDefaultStream);
  library.def("begin() -> ()", begin);
  library.def("end() -> ()", end);
  library.def("replay() -> ()", replay);
  library.def("release() -> ()", release);
}

}  // namespace

// What Node asks of a file that it loads; the operators are there by then.
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) { return exports; }
