// Numbers below float's normal range can be taken for 0 while libtorch computes, as torch.set_flush_denormal(True) has it:
// processors are many times slower with them, and decayed weights and moments of dead channels end up there.
#pragma once

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace engine {

// For its lifetime, on this thread and those it starts, if it is asked to: JavaScript has its denormals back afterwards.
class FlushDenormals {
 public:
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

#if defined(__x86_64__)
  explicit FlushDenormals(bool on) : on_(on), before_(on ? _mm_getcsr() : 0) {
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
  explicit FlushDenormals(bool) {}
  ~FlushDenormals() {}
#endif
};

}  // namespace engine
