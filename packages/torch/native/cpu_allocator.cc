#include "cpu_allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace engine {

#ifdef __linux__

namespace {

constexpr size_t kHeader = 64;  // in front of a large block; also the alignment libtorch's kernels count on
constexpr size_t kPage = 4096;
constexpr size_t kGrow = 32 << 20;
constexpr size_t kSlab = 1 << 20;
constexpr size_t kSmall = 32 << 10;  // at most

size_t roundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

/// A stretch of address space, reserved at once and made usable from its start as need grows.
class Stretch {
 public:
  bool reserve() {
    const size_t physical = static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const size_t size = roundUp(physical * 4, kGrow);
    // Not MAP_NORESERVE: making a part usable must be refused, as malloc is, when it is more than the system can give.
    void* base = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return false;
    madvise(base, size, MADV_HUGEPAGE);  // advice: a kernel without huge pages is only slower
    base_ = end_ = static_cast<char*>(base);
    limit_ = base_ + size;
    return true;
  }

  /// The next `size` bytes; nullptr when the system gives no more.
  char* extend(size_t size) {
    if (size > static_cast<size_t>(limit_ - end_) || mprotect(end_, size, PROT_READ | PROT_WRITE) != 0) return nullptr;
    char* start = end_;
    end_ += size;
    return start;
  }

  bool owns(const char* pointer) const { return pointer >= base_ && pointer < end_; }
  const char* base() const { return base_; }
  const char* end() const { return end_; }
  size_t size() const { return static_cast<size_t>(end_ - base_); }

 private:
  char* base_ = nullptr;
  char* end_ = nullptr;
  char* limit_ = nullptr;
};

/// Blocks of fixed sizes on lists, four sizes per doubling, carved from slabs of one size each: a block is known by its slab
/// and needs no header, so giving it back does not touch it.
class SmallBlocks {
 public:
  SmallBlocks() {
    for (size_t size = 64; size < kSmall; size += std::max<size_t>(64, size / 4 / 64 * 64)) sizes_.push_back(size);
    sizes_.push_back(kSmall);
    lists_.resize(sizes_.size());
  }

  bool reserve() { return stretch_.reserve(); }
  bool owns(const char* block) const { return stretch_.owns(block); }
  size_t reserved() const { return stretch_.size(); }

  char* take(size_t bytes) {
    const auto size = std::lower_bound(sizes_.begin(), sizes_.end(), bytes);
    auto& list = lists_[static_cast<size_t>(size - sizes_.begin())];
    if (list.empty() && !carve(static_cast<size_t>(size - sizes_.begin()))) return nullptr;
    char* block = list.back();
    list.pop_back();
    return block;
  }

  void give(char* block) { lists_[classOf(block)].push_back(block); }
  size_t sizeOf(const char* block) const { return sizes_[classOf(block)]; }

 private:
  size_t classOf(const char* block) const { return slabs_[static_cast<size_t>(block - stretch_.base()) / kSlab]; }

  bool carve(size_t index) {
    if (slabs_.size() * kSlab == stretch_.size() && !stretch_.extend(kGrow)) return false;
    char* slab = const_cast<char*>(stretch_.base()) + slabs_.size() * kSlab;
    slabs_.push_back(static_cast<uint8_t>(index));
    const size_t size = sizes_[index];
    for (char* block = slab + kSlab / size * size; block > slab;) lists_[index].push_back(block -= size);
    return true;
  }

  Stretch stretch_;
  std::vector<size_t> sizes_;
  std::vector<std::vector<char*>> lists_;
  std::vector<uint8_t> slabs_;  // size class of each
};

struct Header {
  size_t size;  // of the whole block, header included
};
static_assert(sizeof(Header) <= kHeader);

/// Blocks of any size. Free ones are merged with free neighbours and given out best fit first.
class LargeBlocks {
 public:
  bool reserve() { return stretch_.reserve(); }
  size_t reserved() const { return stretch_.size(); }

  /// nullptr when the system gives no more.
  char* take(size_t size) {
    auto fit = bySize_.lower_bound({size, nullptr});
    if (fit == bySize_.end()) {
      if (!grow(size)) return nullptr;
      fit = bySize_.lower_bound({size, nullptr});
    }
    const auto [found, block] = *fit;
    bySize_.erase(fit);
    byAddress_.erase(block);
    if (found > size) insert(block + size, found - size);
    return block;
  }

  void give(char* block, size_t size) {
    auto next = byAddress_.lower_bound(block);
    if (next != byAddress_.end() && block + size == next->first) {
      size += next->second;
      next = erase(next);
    }
    if (next != byAddress_.begin()) {
      const auto previous = std::prev(next);
      if (previous->first + previous->second == block) {
        block = previous->first;
        size += previous->second;
        erase(previous);
      }
    }
    insert(block, size);
  }

  void releasePages() {
    for (const auto& [block, size] : byAddress_) madvise(block, size, MADV_DONTNEED);
  }

 private:
  using ByAddress = std::map<char*, size_t>;

  void insert(char* block, size_t size) {
    byAddress_.emplace(block, size);
    bySize_.emplace(size, block);
  }

  ByAddress::iterator erase(ByAddress::iterator block) {
    bySize_.erase({block->second, block->first});
    return byAddress_.erase(block);
  }

  bool grow(size_t size) {
    size_t free = 0;  // what the last block already has
    if (!byAddress_.empty()) {
      const auto last = std::prev(byAddress_.end());
      if (last->first + last->second == stretch_.end()) free = last->second;
    }
    const size_t more = roundUp(size - free, kGrow);
    char* block = stretch_.extend(more);
    if (block) give(block, more);
    return block != nullptr;
  }

  Stretch stretch_;
  ByAddress byAddress_;
  std::set<std::pair<size_t, char*>> bySize_;
};

class CpuAllocator final : public c10::Allocator {
 public:
  bool reserve() { return small_.reserve() && large_.reserve(); }

  // `allocate` is const in older libtorch and not in newer, which adds `copy_data`: without the word override, whichever
  // is there is the one that counts.
  c10::DataPtr allocate(size_t bytes) const { return pointer(bytes); }
  c10::DataPtr allocate(size_t bytes) { return pointer(bytes); }
  void copy_data(void* to, const void* from, size_t count) const { std::memcpy(to, from, count); }
  c10::DeleterFnPtr raw_deleter() const override { return &free; }

  MemoryUse use() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {allocated_, peak_, small_.reserved() + large_.reserved()};
  }

  void releasePages() {
    const std::lock_guard<std::mutex> lock(mutex_);
    large_.releasePages();
  }

 private:
  static void free(void* data);
  c10::DataPtr pointer(size_t bytes) const;

  char* take(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    char* data = bytes <= kSmall ? small_.take(bytes) : takeLarge(roundUp(bytes + kHeader, kPage));
    if (!data) return nullptr;
    allocated_ += sizeOf(data);
    peak_ = std::max(peak_, allocated_);
    return data;
  }

  char* takeLarge(size_t size) {
    char* block = large_.take(size);
    if (!block) return nullptr;
    new (block) Header{size};
    return block + kHeader;
  }

  void give(char* data) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const size_t size = sizeOf(data);
    allocated_ -= size;
    if (small_.owns(data)) {
      small_.give(data);
    } else {
      large_.give(data - kHeader, size);
    }
  }

  size_t sizeOf(const char* data) const {
    return small_.owns(data) ? small_.sizeOf(data) : reinterpret_cast<const Header*>(data - kHeader)->size;
  }

  std::mutex mutex_;
  SmallBlocks small_;
  LargeBlocks large_;
  size_t allocated_ = 0;
  size_t peak_ = 0;
};

// Never destroyed: tensors may outlive every environment.
CpuAllocator* installed = nullptr;

void CpuAllocator::free(void* data) {
  if (data) installed->give(static_cast<char*>(data));
}

c10::DataPtr CpuAllocator::pointer(size_t bytes) const {
  if (bytes == 0) return {nullptr, nullptr, &free, c10::Device(c10::kCPU)};
  char* data = bytes < (size_t{1} << 60) ? installed->take(bytes) : nullptr;
  TORCH_CHECK(data, "CPU: out of memory: can't allocate ", bytes, " bytes");
  return {data, data, &free, c10::Device(c10::kCPU)};
}

void install() {
  auto* allocator = new CpuAllocator();
  if (!allocator->reserve()) {
    delete allocator;
    return;
  }
  installed = allocator;
  c10::SetCPUAllocator(allocator, /*priority=*/1);
}

}  // namespace

bool settleCpuAllocator(bool keep) {
  static const bool kept = [keep] {
    if (keep) install();
    return keep;
  }();
  return kept == keep;
}


MemoryUse cpuMemoryUse() { return installed ? installed->use() : MemoryUse{}; }

void releaseFreeCpuMemory() {
  if (installed) installed->releasePages();
}

#else

bool settleCpuAllocator(bool keep) {
  static const bool kept = keep;
  return kept == keep;
}
MemoryUse cpuMemoryUse() { return {}; }
void releaseFreeCpuMemory() {}

#endif

}  // namespace engine
