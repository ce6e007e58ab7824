// Modes, generators and the machine.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/GradMode.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <mutex>

#include "engine.h"
#include "guarded.h"
#include "names.h"
#include "slots.h"

namespace engine {

bool Engine::setGradEnabled(bool enabled) {
  const bool previous = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled);
  return previous;
}

bool Engine::gradEnabled() { return c10::GradMode::is_enabled(); }

int32_t Engine::newGenerator(const std::string& device, uint64_t seed) {
  int32_t id = -1;
  guarded([&] {
    // A clone of the device's default generator: the way to a new one that needs no CUDA header.
    at::Generator shared = at::globalContext().defaultGenerator(c10::Device(device));
    const std::lock_guard<std::mutex> lock(shared.mutex());
    at::Generator generator = shared.clone();
    generator.set_current_seed(seed);
    id = slots_->addGenerator(std::move(generator));
  });
  return id;
}

int32_t Engine::defaultGenerator(const std::string& device) {
  int32_t id = -1;
  guarded([&] { id = slots_->addGenerator(at::globalContext().defaultGenerator(c10::Device(device))); });
  return id;
}

// A device's own generator is shared by all threads: each use of its state holds its lock.

bool Engine::seedGenerator(int32_t id, uint64_t seed) {
  return guarded([&] {
    at::Generator& generator = slots_->generator(id);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  });
}

int32_t Engine::generatorState(int32_t id) {
  int32_t slot = -1;
  guarded([&] {
    at::Generator& generator = slots_->generator(id);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    slot = slots_->add(generator.get_state());
  });
  return slot;
}

bool Engine::setGeneratorState(int32_t id, int32_t slot) {
  return guarded([&] {
    at::Generator& generator = slots_->generator(id);
    const std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_state(slots_->checked(slot));
  });
}

void Engine::releaseGenerator(int32_t id) { slots_->releaseGenerator(id); }

int Engine::threads() { return at::get_num_threads(); }

bool Engine::setThreads(int count) {
  return guarded([&] { at::set_num_threads(count); });
}

bool Engine::hasOneDnn() { return at::hasMKLDNN(); }

int Engine::cudaDevices() { return static_cast<int>(torch::cuda::device_count()); }

bool Engine::synchronize(int deviceIndex) {
  return guarded([&] { torch::cuda::synchronize(deviceIndex); });
}

std::string Engine::version() { return TORCH_VERSION; }
std::string Engine::buildConfiguration() { return at::show_config(); }

int Engine::dtypeFromName(const std::string& name) { return valueOf(kDtypes, name); }

std::string Engine::dtypeName(int dtype) {
  for (const auto& [name, value] : kDtypes)
    if (static_cast<int>(value) == dtype) return name;
  return c10::toString(static_cast<at::ScalarType>(dtype));
}

int Engine::deviceTypeFromName(const std::string& name) {
  try {
    return static_cast<int>(c10::Device(name).type());
  } catch (const std::exception&) {  // a c10::Error, or std::out_of_range for `cuda:99999999999`
    return -1;
  }
}

std::string Engine::deviceTypeName(int deviceType) {
  return c10::DeviceTypeName(static_cast<c10::DeviceType>(deviceType), /*lower_case=*/true);
}

}  // namespace engine
