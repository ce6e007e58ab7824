#include "predictor.h"

#include <dlib/serialize.h>

#include <cmath>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>

namespace face {
namespace {

Predictor read_predictor(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("the file cannot be opened");
  auto predictor = std::make_shared<dlib::shape_predictor>();
  try {
    dlib::deserialize(*predictor, stream);
  } catch (const std::exception&) {
    throw std::runtime_error("the file is no dlib shape predictor");
  }
  if (predictor->num_parts() != kLandmarks) {
    throw std::runtime_error("the model has " + std::to_string(predictor->num_parts()) + " points");
  }
  return predictor;
}

}  // namespace

Predictor load_predictor(const std::string& path) {
  // Weak: the hundred megabytes go when the last environment drops them. Leaked for the same reason as the pool.
  static std::mutex* const mutex = new std::mutex;
  static auto* const loaded = new std::map<std::string, std::weak_ptr<const dlib::shape_predictor>>;
  // Held while reading, so that several workers starting at once read the file once.
  std::lock_guard<std::mutex> lock(*mutex);
  if (Predictor predictor = (*loaded)[path].lock()) return predictor;
  Predictor predictor = read_predictor(path);
  (*loaded)[path] = predictor;
  return predictor;
}

void place_landmarks(const dlib::shape_predictor& predictor, const GreyView& image, const double* box, float* out) {
  const dlib::rectangle rectangle(std::lround(box[0]), std::lround(box[1]), std::lround(box[2]), std::lround(box[3]));
  const dlib::full_object_detection shape = predictor(image, rectangle);
  for (int i = 0; i < kLandmarks; ++i) {
    out[2 * i] = static_cast<float>(shape.part(i).x());
    out[2 * i + 1] = static_cast<float>(shape.part(i).y());
  }
}

}  // namespace face
