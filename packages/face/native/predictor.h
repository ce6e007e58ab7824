// dlib's 68-point shape predictor: read once per process and file, then shared, for it never changes.
#pragma once

#include "grey_image.h"

#include <dlib/image_processing/shape_predictor.h>

#include <memory>
#include <string>
#include <vector>

namespace face {

constexpr int kLandmarks = 68;

using Predictor = std::shared_ptr<const dlib::shape_predictor>;

// Throws std::runtime_error if the file cannot be read, is no dlib shape predictor, or has not 68 points.
Predictor load_predictor(const std::string& path);

// Appends x0, y0, ..., x67, y67 in pixels for a box given by its inclusive edges.
void place_landmarks(const dlib::shape_predictor& predictor, const GreyView& image, const double* box, float* out);

}  // namespace face
