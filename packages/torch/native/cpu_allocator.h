// Memory for tensors on the CPU, kept between steps.
//
// A training step allocates and frees the same gigabyte over and over. The C library returns much of it to the system each
// time, and the kernel then clears and maps it again page by page: a sixth of a ResNet-18 step (benchmarks/trainStep.ts).
// Here freed memory is kept, merged with its neighbours and handed out again, on huge pages where the kernel offers them.
#pragma once

#include <cstddef>

namespace engine {

struct MemoryUse {
  size_t allocated;  // bytes in blocks of tensors now
  size_t peak;       // the most ever
  size_t reserved;   // taken from the system
};

/// Settles, at the first call in a process, whether libtorch allocates here; its own allocator stays also where the system is
/// not one this is made for. Before any tensor: oneDNN frees its memory with the allocator there is then, not with the one it
/// took it from. Returns whether it was settled as asked.
bool settleCpuAllocator(bool keep);

/// All zero where it is not installed.
MemoryUse cpuMemoryUse();

/// Gives the pages of free blocks back to the system.
void releaseFreeCpuMemory();

}  // namespace engine
