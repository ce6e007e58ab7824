// The inner loop of cropping; packages/crop/src/resample.ts has the same in TypeScript, and a test holds both to the same bytes.
#pragma once

#include <cstdint>

namespace face {

// For each output position along one axis `taps` source positions, already clamped, and their weights.
struct AxisTaps {
  const std::int32_t* positions;
  const double* weights;
  int taps;
};

// image: [height, width, 3]; out: [size, size, 3]. Sums run in double and in the order of the taps, so that the result
// does not depend on who computes it.
void resample_rgb(const std::uint8_t* image, long width, const AxisTaps& across, const AxisTaps& down, int size,
                  std::uint8_t* out);

}  // namespace face
