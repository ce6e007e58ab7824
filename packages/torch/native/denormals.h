// Numbers below float's normal range are taken for 0 while libtorch computes, as torch.set_flush_denormal(True) has it:
// processors are many times slower with them, and decayed weights and moments of dead channels end up there.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace engine {

// For its lifetime, on this thread and those it starts: JavaScript has its denormals back afterwards.
class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

#if defined(__x86_64__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }
  ~FlushDenormals() { _mm_setcsr(before_); }

 private:
  static constexpr unsigned kFlushToZero = 1u << 15;
  static constexpr unsigned kDenormalsAreZero = 1u << 6;
  const unsigned before_;
#else
  FlushDenormals() {}
  ~FlushDenormals() {}
#endif
};

}  // namespace engine
