#include "slots.h"

#include <c10/util/Exception.h>

namespace engine {

namespace {

// A view shares its base's memory, which is counted with the base; a meta tensor has none.
int64_t ownBytes(const at::Tensor& tensor) {
  if (tensor.is_mkldnn()) return tensor.numel() * static_cast<int64_t>(tensor.itemsize());  // in memory of oneDNN's own
  if (!tensor.has_storage() || tensor.is_view() || tensor.is_meta()) return 0;
  return static_cast<int64_t>(tensor.storage().nbytes());
}

}  // namespace

int32_t Slots::add(at::Tensor tensor) {
  const int64_t bytes = ownBytes(tensor);
  int32_t slot;
  if (free_.empty()) {
    slot = static_cast<int32_t>(entries_.size());
    entries_.push_back({std::move(tensor), bytes});
  } else {
    slot = free_.back();
    free_.pop_back();
    entries_[slot].tensor = std::move(tensor);
    entries_[slot].bytes = bytes;
  }
  live_++;
  bytesDelta_ += bytes;
  return slot;
}

void Slots::release(int32_t slot) {
  if (!holds(slot)) return;
  entries_[slot].tensor.reset();
  bytesDelta_ -= entries_[slot].bytes;
  free_.push_back(slot);
  live_--;
}

const at::Tensor& Slots::checked(int32_t slot) const {
  TORCH_CHECK(holds(slot), "the tensor was disposed");
  return entries_[slot].tensor;
}

int64_t Slots::takeBytesDelta() {
  const int64_t delta = bytesDelta_;
  bytesDelta_ = 0;
  return delta;
}

int32_t Slots::addGenerator(at::Generator generator) {
  generators_.emplace(nextGenerator_, std::move(generator));
  return nextGenerator_++;
}

at::Generator& Slots::generator(int32_t id) {
  const auto found = generators_.find(id);
  TORCH_CHECK(found != generators_.end(), "the generator was disposed");
  return found->second;
}

}  // namespace engine
