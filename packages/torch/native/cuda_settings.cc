#include "cuda_settings.h"

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include <memory>
#include <tuple>

namespace engine {

void registerCudaSettings() {
  static const auto library = []() -> std::unique_ptr<torch::Library> {
    // Another copy of this addon is in the process: its operators serve both.
    if (c10::Dispatcher::singleton().findSchema({"duchenne::set_cudnn", ""})) return nullptr;
    auto made = std::make_unique<torch::Library>(torch::Library::FRAGMENT, "duchenne", c10::nullopt, __FILE__, __LINE__);
    made->def("set_cudnn(bool benchmark, bool deterministic) -> ()", [](bool benchmark, bool deterministic) {
      at::globalContext().setBenchmarkCuDNN(benchmark);
      at::globalContext().setDeterministicCuDNN(deterministic);
    });
    made->def("cudnn() -> (bool benchmark, bool deterministic)", [] {
      return std::make_tuple(at::globalContext().benchmarkCuDNN(), at::globalContext().deterministicCuDNN());
    });
    return made;
  }();
  static_cast<void>(library);
}

}  // namespace engine
