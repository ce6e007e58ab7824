// Numbers below float's normal range can be taken for 0 while libtorch computes, as torch.set_flush_denormal(True) has it:
// processors are many times slower with them, and decayed weights and moments of dead channels end up there.
#pragma once

#include <atomic>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace engine {

/// Whether this process does so; at first it does not.
inline std::atomic<bool> flushesDenormals{false};

// For its lifetime, on this thread and those it starts, if the process does so: JavaScript has its denormals back afterwards.
class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

#if defined(__x86_64__)
  FlushDenormals() : on_(flushesDenormals.load(std::memory_order_relaxed)), before_(on_ ? _mm_getcsr() : 0) {
    if (on_) _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero);
  }
  ~FlushDenormals() {
    if (on_) _mm_setcsr(before_);
  }

 private:
  static constexpr unsigned kFlushToZero = 1u << 15;
  static constexpr unsigned kDenormalsAreZero = 1u << 6;
  const bool on_;
  const unsigned before_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
};

}  // namespace engine
