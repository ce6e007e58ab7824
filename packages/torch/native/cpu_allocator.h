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

/// Makes libtorch allocate here, once per process, from now on. False where the system is not one it is made for; libtorch's
/// own allocator then stays.
bool installCpuAllocator();

bool hasCpuAllocator();

/// All zero where it is not installed.
MemoryUse cpuMemoryUse();

/// Gives the pages of free blocks back to the system.
void releaseFreeCpuMemory();

}  // namespace engine
