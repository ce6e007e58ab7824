// dlib's frontal face detector, lent to one job at a time.
#pragma once

#include "grey_image.h"

#include <vector>

namespace face {

struct Detection {
  // dlib's rectangle in input pixels, all four edges inclusive.
  double left, top, right, bottom;
  // Distance from the detector's threshold: 0 is dlib's own limit, higher is surer.
  double score;
};

struct Scan {
  Region region;
  // 1 scans the region as it is, 2 is dlib's "upsample once". Faces smaller than 80 / scale pixels are not found.
  double scale;
  // Added to dlib's threshold; negative finds more, with more false alarms.
  double threshold;
  // Pyramid levels (each 5/6 of the one before) to look at; 0 means all. Few levels suffice where the size is known.
  int levels;
};

// Safe to call from several threads at once: detectors keep scratch memory, so each call borrows its own.
std::vector<Detection> detect(const GreyView& image, const Scan& scan);

}  // namespace face
