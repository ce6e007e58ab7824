// A borrowed 8-bit grey image that dlib's generic image interface understands, and its resampling.
#pragma once

#include <dlib/array2d.h>
#include <dlib/image_processing/generic_image.h>

#include <cstddef>
#include <cstdint>

namespace face {

// Row-major, no padding. The bytes belong to a JavaScript buffer that the running job keeps alive.
struct GreyView {
  const std::uint8_t* data;
  long width;
  long height;
};

inline long num_rows(const GreyView& image) { return image.height; }
inline long num_columns(const GreyView& image) { return image.width; }
inline const void* image_data(const GreyView& image) { return image.data; }
inline long width_step(const GreyView& image) { return image.width; }

// A part of an image in continuous pixel coordinates: it spans [left, right) x [top, bottom), pixel 0 being [0, 1).
struct Region {
  double left, top, right, bottom;
};

// Samples `region` at `scale` output pixels per input pixel: the mean over each output pixel's area when shrinking,
// bilinear when enlarging. The border is repeated. Throws std::invalid_argument on an empty or absurdly large result.
dlib::array2d<unsigned char> resample(const GreyView& image, const Region& region, double scale);

}  // namespace face

namespace dlib {
template <>
struct image_traits<face::GreyView> {
  typedef unsigned char pixel_type;
};
}  // namespace dlib
