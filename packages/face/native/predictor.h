// dlib's 68-point shape predictor (Kazemi and Sullivan 2014), laid out for speed.
//
// dlib keeps each leaf of its 7,500 trees in an allocation of its own, so that placing landmarks is mostly waiting for
// memory. Here the same numbers lie in two arrays, and leaves are fetched ahead of their addition. Additions keep
// dlib's order: the points are dlib's, bit for bit.
#pragma once

#include "grey_image.h"

#include <dlib/image_processing/shape_predictor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace face {

class ModelFile;

constexpr int kLandmarks = 68;

class Predictor {
 public:
  // Reads a whole file. Throws std::runtime_error if it is no dlib shape predictor, or has not 68 points. Takes
  // no more memory than some 20 times the size of the file, whatever the file claims.
  explicit Predictor(ModelFile& file);

  // Writes x0, y0, ..., x67, y67 in whole pixels for a box given by its inclusive edges. Const: any number of threads.
  void place(const GreyView& image, const double* box, float* out) const;

 private:
  struct Split {
    std::uint32_t first, second;
    float threshold;
  };
  // One level of the cascade: its pixels are read once, then all its trees vote.
  struct Level {
    std::vector<unsigned long> anchors;
    std::vector<dlib::vector<float, 2>> deltas;
    std::size_t trees = 0;
    std::size_t splits_per_tree = 0;
    std::vector<Split> splits;  // [trees, splits_per_tree]
    std::vector<float> leaves;  // [trees, splits_per_tree + 1, 2 * kLandmarks]
  };

  static Level read_level(ModelFile& file);
  // Anchors are landmarks, and trees compare pixels that are there.
  static void require_whole(const Level& level);
  void vote(const Level& level, const std::vector<float>& pixels, dlib::matrix<float, 0, 1>& shape) const;

  dlib::matrix<float, 0, 1> initial_shape_;
  std::vector<Level> levels_;
};

// Read once per process and file, then shared, for it never changes. Throws std::runtime_error, for a file that cannot be opened, too.
std::shared_ptr<const Predictor> load_predictor(const std::string& path);

}  // namespace face
