#include "cpu_allocator.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>

#include <algorithm>
#include <cstdlib>
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

constexpr size_t kHeader = 64;  // in front of every block; also the alignment libtorch's kernels count on
constexpr size_t kPage = 4096;
constexpr size_t kGrow = 32 << 20;
constexpr size_t kSlab = 1 << 20;
constexpr size_t kSmall = 32 << 10;  // at most: blocks of fixed sizes, on lists, never merged

size_t roundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

/// Four sizes per doubling, multiples of 64: at most a fifth of a small block is unused.
struct SizeClasses {
  std::vector<size_t> sizes;
  SizeClasses() {
    for (size_t size = 128; size <= kSmall; size += std::max<size_t>(64, roundUp(size, 64) / 4 / 64 * 64)) sizes.push_back(size);
    if (sizes.back() < kSmall) sizes.push_back(kSmall);
  }
  size_t indexOf(size_t size) const {
    return static_cast<size_t>(std::lower_bound(sizes.begin(), sizes.end(), size) - sizes.begin());
  }
};

struct Header {
  size_t size;       // of the whole block, header included
  size_t requested;  // as asked for
};
static_assert(sizeof(Header) <= kHeader);

/// One stretch of address space, reserved at once and made usable from its start as need grows. Its free blocks are merged
/// with free neighbours and given out best fit first.
class Region {
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

  size_t reserved() const { return static_cast<size_t>(end_ - base_); }

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
      if (last->first + last->second == end_) free = last->second;
    }
    const size_t more = roundUp(size - free, kGrow);
    if (more > static_cast<size_t>(limit_ - end_) || mprotect(end_, more, PROT_READ | PROT_WRITE) != 0) return false;
    char* block = end_;
    end_ += more;
    give(block, more);
    return true;
  }

  char* base_ = nullptr;
  char* end_ = nullptr;
  char* limit_ = nullptr;
  ByAddress byAddress_;
  std::set<std::pair<size_t, char*>> bySize_;
};

class CpuAllocator final : public c10::Allocator {
 public:
  bool reserve() { return region_.reserve(); }

  // `allocate` is const in older libtorch and not in newer, which adds `copy_data`: without the word override, whichever
  // is there is the one that counts.
  c10::DataPtr allocate(size_t bytes) const { return pointer(bytes); }
  c10::DataPtr allocate(size_t bytes) { return pointer(bytes); }
  void copy_data(void* to, const void* from, size_t count) const { std::memcpy(to, from, count); }
  c10::DeleterFnPtr raw_deleter() const override { return &free; }

  MemoryUse use() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return {allocated_, peak_, region_.reserved()};
  }

  void releasePages() {
    const std::lock_guard<std::mutex> lock(mutex_);
    region_.releasePages();
  }

 private:
  static void free(void* data);
  c10::DataPtr pointer(size_t bytes) const;

  char* takeBlock(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const size_t needed = bytes + kHeader;
    const bool small = needed <= kSmall;
    const size_t index = small ? classes_.indexOf(needed) : 0;
    const size_t size = small ? classes_.sizes[index] : roundUp(needed, kPage);
    char* block = small ? takeSmall(index, size) : region_.take(size);
    if (!block) return nullptr;
    new (block) Header{size, bytes};
    allocated_ += bytes;
    peak_ = std::max(peak_, allocated_);
    return block;
  }

  char* takeSmall(size_t index, size_t size) {
    auto& list = lists_[index];
    if (list.empty()) {
      char* slab = region_.take(kSlab);
      if (!slab) return nullptr;
      for (char* block = slab + kSlab / size * size; block > slab;) list.push_back(block -= size);
    }
    char* block = list.back();
    list.pop_back();
    return block;
  }

  void giveBlock(char* block) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const Header header = *reinterpret_cast<Header*>(block);
    allocated_ -= header.requested;
    if (header.size <= kSmall) {
      lists_[classes_.indexOf(header.size)].push_back(block);
    } else {
      region_.give(block, header.size);
    }
  }

  std::mutex mutex_;
  Region region_;
  SizeClasses classes_;
  std::vector<std::vector<char*>> lists_{classes_.sizes.size()};
  size_t allocated_ = 0;
  size_t peak_ = 0;
};

// Never destroyed: tensors may outlive every environment.
CpuAllocator* installed = nullptr;

void CpuAllocator::free(void* data) {
  if (data) installed->giveBlock(static_cast<char*>(data) - kHeader);
}

c10::DataPtr CpuAllocator::pointer(size_t bytes) const {
  if (bytes == 0) return {nullptr, nullptr, &free, c10::Device(c10::kCPU)};
  char* block = bytes < (size_t{1} << 60) ? installed->takeBlock(bytes) : nullptr;
  TORCH_CHECK(block, "CPU: out of memory: can't allocate ", bytes, " bytes");
  void* data = block + kHeader;
  return {data, data, &free, c10::Device(c10::kCPU)};
}

bool install() {
  const char* choice = std::getenv("DUCHENNE_TORCH_ALLOCATOR");
  if (choice && std::strcmp(choice, "system") == 0) return false;
  auto* allocator = new CpuAllocator();
  if (!allocator->reserve()) {
    delete allocator;
    return false;
  }
  installed = allocator;
  c10::SetCPUAllocator(allocator, /*priority=*/1);
  return true;
}

}  // namespace

bool installCpuAllocator() {
  static const bool done = install();
  return done;
}

MemoryUse cpuMemoryUse() { return installed ? installed->use() : MemoryUse{}; }

void releaseFreeCpuMemory() {
  if (installed) installed->releasePages();
}

#else

bool installCpuAllocator() { return false; }
MemoryUse cpuMemoryUse() { return {}; }
void releaseFreeCpuMemory() {}

#endif

}  // namespace engine
