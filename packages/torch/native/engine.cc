#include "engine.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/Logging.h>
#include <torch/csrc/autograd/autograd.h>

#include <atomic>
#include <cstring>

#ifdef USE_C10D_GLOO
#include "collectives.h"
#endif
#include "cuda_settings.h"
#include "denormals.h"
#include "guarded.h"
#include "leave_group.h"
#include "names.h"
#include "operators.h"
#include "slots.h"

namespace engine {

namespace {

// As it was last set anywhere: what new environments begin with.
std::atomic<bool> lastFlush{false};

// Environments of this process that are alive.
std::atomic<int> liveEngines{0};

// Gives JavaScript's memory back when libtorch lets go of it. A backward pass that failed leaves nodes in a queue of its thread, which is
// freed when the process ends: by then there is no JavaScript engine that could take the memory, and the process needs it no more.
struct Lender {
  std::shared_ptr<void> memory;
  void operator()(void*) {
    if (liveEngines == 0) new std::shared_ptr<void>(std::move(memory));
    memory.reset();
  }
};

// Nobody here reads the C++ stack of an exception, and resolving one takes milliseconds.
void leaveOutStackTraces() {
  static const bool done = [] {
    c10::SetStackTraceFetcher(std::function<std::string()>([] { return std::string(); }));
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

Engine::Engine()
    : flushesDenormals_(lastFlush), operators_(std::make_unique<Operators>()), slots_(std::make_unique<Slots>()) {
  liveEngines++;
  leaveOutStackTraces();
  // From here, not by a static registrar: the linker leaves those of a static library out.
  registerCudaSettings();
#ifdef USE_C10D_GLOO
  registerCollectives();
#endif
}
Engine::~Engine() {
#ifdef USE_C10D_GLOO
  leaveGroup("");  // of a worker thread that ends without having left
#endif
  liveEngines--;
}

void Engine::setFlushDenormals(bool flush) { lastFlush = flushesDenormals_ = flush; }

int32_t Engine::intern(std::string text) { return operators_->intern(std::move(text)); }

int32_t Engine::findOperator(const std::string& name, const std::string& overload) {
  int32_t index = -1;
  guarded([&] { index = operators_->find(name, overload); });
  return index;
}

bool Engine::call(int32_t op, const double* tape, size_t length, size_t argumentCount) {
  return guarded([&] { operators_->call(op, tape, length, argumentCount, flushesDenormals_, *slots_, results_); });
}

std::vector<std::string> Engine::operatorNames() {
  std::vector<std::string> names;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames())
    if (c10::Dispatcher::singleton().findSchema(name))
      names.push_back(name.overload_name.empty() ? name.name : name.name + "." + name.overload_name);
  return names;
}

std::string Engine::schema(const std::string& name, const std::string& overload) {
  const auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
  return handle ? c10::toString(handle->schema()) : "";
}

namespace {

at::TensorOptions cpu(int dtype) { return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)); }

// The product of the sizes in bytes must be exactly what was given: a view past the buffer's end is never made.
void checkLength(size_t byteLength, int dtype, const std::vector<int64_t>& sizes) {
  size_t expected = c10::elementSize(static_cast<at::ScalarType>(dtype));
  for (const int64_t size : sizes) {
    TORCH_CHECK(size >= 0, "a size must not be negative, received ", size);
    TORCH_CHECK(!__builtin_mul_overflow(expected, static_cast<size_t>(size), &expected), "the sizes overflow");
  }
  TORCH_CHECK(expected == byteLength, "shape [", at::IntArrayRef(sizes), "] needs ", expected, " bytes, received ", byteLength);
}

}  // namespace

int32_t Engine::fromBytes(const void* data, size_t byteLength, int dtype, const std::vector<int64_t>& sizes) {
  int32_t slot = -1;
  guarded([&] {
    checkLength(byteLength, dtype, sizes);
    at::Tensor tensor = at::empty(sizes, cpu(dtype));
    if (byteLength > 0) std::memcpy(tensor.data_ptr(), data, byteLength);
    slot = slots_->add(std::move(tensor));
  });
  return slot;
}

int32_t Engine::fromShared(std::shared_ptr<void> keepAlive, void* data, size_t byteLength, int dtype,
                           const std::vector<int64_t>& sizes) {
  int32_t slot = -1;
  guarded([&] {
    checkLength(byteLength, dtype, sizes);
    slot = slots_->add(at::from_blob(data, sizes, Lender{std::move(keepAlive)}, cpu(dtype)));
  });
  return slot;
}

bool Engine::toBytes(int32_t slot, void* out, size_t byteLength) {
  return guarded([&] {
    const at::Tensor source = slots_->checked(slot).detach().cpu().contiguous();
    TORCH_CHECK(source.nbytes() == byteLength, "the tensor has ", source.nbytes(), " bytes, the array ", byteLength);
    if (byteLength > 0) std::memcpy(out, source.data_ptr(), byteLength);
  });
}

bool Engine::describe(int32_t slot, Description* out) {
  return guarded([&] {
    const at::Tensor& tensor = slots_->checked(slot);
    out->dtype = static_cast<int>(tensor.scalar_type());
    out->deviceType = static_cast<int>(tensor.device().type());
    out->deviceIndex = tensor.device().index();
    out->requiresGrad = tensor.requires_grad();
    out->isLeaf = tensor.is_leaf();
    out->sizes = tensor.sizes().vec();
    out->strides = tensor.layout() == c10::kStrided ? tensor.strides().vec() : std::vector<int64_t>(tensor.dim(), 0);
  });
}

// An operator of its own only in newer libtorch.
bool Engine::isContiguous(int32_t slot, const std::string& memoryFormat, bool* out) {
  return guarded([&] {
    const int format = valueOf(kMemoryFormats, memoryFormat);
    if (format < 0) throw ArgumentMismatch{"memoryFormat", "one of " + namesOf(kMemoryFormats), "\"" + memoryFormat + "\""};
    *out = slots_->checked(slot).is_contiguous(static_cast<c10::MemoryFormat>(format));
  });
}

bool Engine::holds(int32_t slot) const { return slots_->holds(slot); }
void Engine::release(int32_t slot) { slots_->release(slot); }
int64_t Engine::liveTensors() const { return slots_->live(); }
int64_t Engine::bytesOf(int32_t slot) const { return slots_->bytesOf(slot); }
int64_t Engine::takeBytesDelta() { return slots_->takeBytesDelta(); }

int32_t Engine::grad(int32_t slot) {
  int32_t result = -1;
  guarded([&] {
    const at::Tensor& gradient = slots_->checked(slot).grad();
    if (gradient.defined()) result = slots_->add(gradient);
  });
  return result;
}

// What libtorch assumes of a gradient, and nobody below checks.
namespace {

void checkGradient(const at::Tensor& tensor, const at::Tensor& gradient) {
  TORCH_CHECK(!gradient.is_same(tensor), "a tensor cannot be its own gradient");
  TORCH_CHECK(gradient.sizes() == tensor.sizes(), "a gradient of shape ", gradient.sizes(), " for a tensor of shape ",
              tensor.sizes());
  TORCH_CHECK(gradient.scalar_type() == tensor.scalar_type(), "a gradient of dtype ", gradient.scalar_type(),
              " for a tensor of dtype ", tensor.scalar_type());
  TORCH_CHECK(gradient.device() == tensor.device(), "a gradient on ", gradient.device(), " for a tensor on ",
              tensor.device());
}

}  // namespace

bool Engine::setGrad(int32_t slot, int32_t grad) {
  return guarded([&] {
    const at::Tensor& tensor = slots_->checked(slot);
    if (grad >= 0) checkGradient(tensor, slots_->checked(grad));
    tensor.mutable_grad() = grad < 0 ? at::Tensor() : slots_->checked(grad);
  });
}

bool Engine::gradients(const std::vector<int32_t>& outputs, const std::vector<int32_t>& inputs,
                       const std::vector<int32_t>& outputGradients, bool retainGraph, bool createGraph, bool allowUnused,
                       std::vector<int32_t>* out) {
  return guarded([&] {
    const auto gather = [&](const std::vector<int32_t>& from) {
      std::vector<at::Tensor> tensors;
      for (const int32_t slot : from) tensors.push_back(slot < 0 ? at::Tensor() : slots_->checked(slot));
      return tensors;
    };
    const FlushDenormals flush(flushesDenormals_);
    const auto results = torch::autograd::grad(gather(outputs), gather(inputs), gather(outputGradients), retainGraph,
                                               createGraph, allowUnused);
    for (const at::Tensor& gradient : results) out->push_back(gradient.defined() ? slots_->add(gradient) : -1);
  });
}

}  // namespace engine
