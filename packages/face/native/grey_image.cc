#include "grey_image.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace face {
namespace {

constexpr double kLargestSide = 16384;

// The input pixels and weights of one output pixel along one axis.
struct Tap {
  std::vector<long> index;
  std::vector<float> weight;
};

// A box (shrinking) or triangle (enlarging) filter around `centre`, normalised; indices are clamped into the image.
Tap make_tap(double centre, double scale, long length) {
  const double radius = scale < 1 ? 0.5 / scale : 1;
  const long first = static_cast<long>(std::floor(centre - radius));
  const long last = static_cast<long>(std::ceil(centre + radius));
  Tap tap;
  double sum = 0;
  for (long i = first; i <= last; ++i) {
    const double overlap = std::min(i + 0.5, centre + radius) - std::max(i - 0.5, centre - radius);
    const double weight = scale < 1 ? overlap : 1 - std::abs(i - centre);
    if (weight <= 0) continue;
    tap.index.push_back(std::clamp(i, 0L, length - 1));
    tap.weight.push_back(static_cast<float>(weight));
    sum += weight;
  }
  for (float& weight : tap.weight) weight /= static_cast<float>(sum);
  return tap;
}

std::vector<Tap> make_taps(double begin, long count, double scale, long length) {
  std::vector<Tap> taps;
  taps.reserve(count);
  // Pixel centres are at integers here, hence the two halves.
  for (long i = 0; i < count; ++i) taps.push_back(make_tap(begin + (i + 0.5) / scale - 0.5, scale, length));
  return taps;
}

}  // namespace

dlib::array2d<unsigned char> resample(const GreyView& image, const Region& region, double scale) {
  const double columns_exact = std::round((region.right - region.left) * scale);
  const double rows_exact = std::round((region.bottom - region.top) * scale);
  if (!(columns_exact >= 1 && rows_exact >= 1 && columns_exact <= kLargestSide && rows_exact <= kLargestSide)) {
    throw std::invalid_argument("the region to scan is empty or too large");
  }
  const long columns = static_cast<long>(columns_exact);
  const long rows = static_cast<long>(rows_exact);
  const std::vector<Tap> across = make_taps(region.left, columns, scale, image.width);
  const std::vector<Tap> down = make_taps(region.top, rows, scale, image.height);

  dlib::array2d<unsigned char> result(rows, columns);
  const long first = across.front().index.front();
  const long last = across.back().index.back();
  std::vector<float> line(image.width);
  for (long y = 0; y < rows; ++y) {
    std::fill(line.begin() + first, line.begin() + last + 1, 0.5f);
    for (std::size_t k = 0; k < down[y].index.size(); ++k) {
      const std::uint8_t* source = image.data + down[y].index[k] * image.width;
      const float weight = down[y].weight[k];
      for (long x = first; x <= last; ++x) line[x] += weight * source[x];
    }
    for (long x = 0; x < columns; ++x) {
      float sum = 0;
      for (std::size_t k = 0; k < across[x].index.size(); ++k) sum += across[x].weight[k] * line[across[x].index[k]];
      result[y][x] = static_cast<unsigned char>(sum);
    }
  }
  return result;
}

}  // namespace face
