#include "weighted_sums.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace face {
namespace {

void resample_row(const std::uint8_t* row, const AxisTaps& across, int size, double* out) {
  for (int i = 0; i < size; ++i) {
    double sum[3] = {0, 0, 0};
    for (int k = i * across.taps; k < (i + 1) * across.taps; ++k) {
      const std::uint8_t* pixel = row + 3 * static_cast<std::ptrdiff_t>(across.positions[k]);
      const double weight = across.weights[k];
      for (int channel = 0; channel < 3; ++channel) sum[channel] += weight * pixel[channel];
    }
    for (int channel = 0; channel < 3; ++channel) out[3 * i + channel] = sum[channel];
  }
}

std::uint8_t to_byte(double value) {
  // As JavaScript's Math.floor(value + 0.5), clamped.
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

}  // namespace

void resample_rgb(const std::uint8_t* image, long width, const AxisTaps& across, const AxisTaps& down, int size,
                  std::uint8_t* out) {
  const std::int32_t first = down.positions[0];
  const std::int32_t last = down.positions[size * down.taps - 1];
  const int line = 3 * size;
  std::vector<double> lines(static_cast<std::size_t>(last - first + 1) * line);
  for (std::int32_t row = first; row <= last; ++row) {
    resample_row(image + 3 * static_cast<std::ptrdiff_t>(row) * width, across, size, &lines[(row - first) * line]);
  }
  std::vector<double> sum(line);
  for (int i = 0; i < size; ++i) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (int k = i * down.taps; k < (i + 1) * down.taps; ++k) {
      const double* source = &lines[(down.positions[k] - first) * line];
      const double weight = down.weights[k];
      for (int x = 0; x < line; ++x) sum[x] += weight * source[x];
    }
    for (int x = 0; x < line; ++x) out[i * line + x] = to_byte(sum[x]);
  }
}

}  // namespace face
