// Autocast: the dtype that a device's matrix products and convolutions are computed in.
#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include "engine.h"
#include "guarded.h"

namespace engine {

#define DUCHENNE_TORCH_AT_LEAST(major, minor) \
  (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

bool Engine::setAutocast(int deviceType, Autocast next, Autocast* previous) {
  return guarded([&] {
    const auto type = static_cast<c10::DeviceType>(deviceType);
    const auto dtype = static_cast<at::ScalarType>(next.dtype);
    TORCH_CHECK(type == c10::kCPU || type == c10::kCUDA, "autocast: expected cpu or cuda, received ", type);
#if DUCHENNE_TORCH_AT_LEAST(2, 4)
    *previous = {at::autocast::is_autocast_enabled(type), static_cast<int>(at::autocast::get_autocast_dtype(type))};
    at::autocast::set_autocast_dtype(type, dtype);  // first: it may refuse
    at::autocast::set_autocast_enabled(type, next.enabled);
#else
    if (type == c10::kCPU) {
      *previous = {at::autocast::is_cpu_enabled(), static_cast<int>(at::autocast::get_autocast_cpu_dtype())};
      at::autocast::set_autocast_cpu_dtype(dtype);  // first: it may refuse
      at::autocast::set_cpu_enabled(next.enabled);
    } else {
      *previous = {at::autocast::is_enabled(), static_cast<int>(at::autocast::get_autocast_gpu_dtype())};
      at::autocast::set_autocast_gpu_dtype(dtype);
      at::autocast::set_enabled(next.enabled);
    }
#endif
  });
}

void Engine::enterAutocast() { at::autocast::increment_nesting(); }

// Weights cast once are kept until the outermost autocast ends.
void Engine::leaveAutocast() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
}

}  // namespace engine
