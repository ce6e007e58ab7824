// The tensors that JavaScript holds, by small integers.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <string>
#include <unordered_map>
#include <vector>

namespace engine {

class Slots {
 public:
  int32_t add(at::Tensor tensor);
  void release(int32_t slot);
  bool holds(int32_t slot) const {
    return slot >= 0 && static_cast<size_t>(slot) < entries_.size() && entries_[slot].tensor.defined();
  }
  const at::Tensor& at(int32_t slot) const { return entries_[slot].tensor; }
  /// As `at`, for a slot that came from outside: throws where nothing is held.
  const at::Tensor& checked(int32_t slot) const;
  int64_t live() const { return live_; }
  int64_t bytesOf(int32_t slot) const { return holds(slot) ? entries_[slot].bytes : 0; }
  int64_t takeBytesDelta();

  int32_t addGenerator(at::Generator generator);
  at::Generator& generator(int32_t id);
  bool hasGenerator(int32_t id) const { return generators_.count(id) != 0; }
  void releaseGenerator(int32_t id) { generators_.erase(id); }

 private:
  struct Entry {
    at::Tensor tensor;
    int64_t bytes = 0;
  };
  std::vector<Entry> entries_;
  std::vector<int32_t> free_;
  int64_t live_ = 0;
  int64_t bytesDelta_ = 0;
  std::unordered_map<int32_t, at::Generator> generators_;
  int32_t nextGenerator_ = 0;
};

}  // namespace engine
