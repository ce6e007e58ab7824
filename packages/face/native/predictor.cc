#include "predictor.h"

#include "model_file.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace face {
namespace {

constexpr std::size_t kLeafFloats = 2 * kLandmarks;
constexpr std::size_t kFloatsPerCacheLine = 16;
// Shapes lie in a square of side 1; the paper's model has 7,500 trees. With these limits, no position of a pixel leaves the whole numbers.
constexpr float kLargestValue = 100;
constexpr float kLeastSpread = 0.01F;
constexpr std::size_t kMostTrees = 100'000;

void prefetch_leaf(const float* leaf) {
#if defined(__GNUC__)
  for (std::size_t i = 0; i < kLeafFloats; i += kFloatsPerCacheLine) __builtin_prefetch(leaf + i);
#endif
}

float read_value(ModelFile& file) {
  const float value = file.fraction();
  if (!(std::fabs(value) <= kLargestValue)) not_a_predictor();
  return value;
}

// x and y of all points, or what a leaf adds to them: as dlib writes a matrix, but of one size.
void read_shape(ModelFile& file, float* shape) {
  const std::int64_t rows = file.integer();
  const std::int64_t columns = file.integer();
  // Later versions of dlib write both as negative numbers.
  if (columns != 1 && columns != -1) not_a_predictor();
  constexpr std::int64_t kRows = kLeafFloats;
  if (rows != kRows && rows != -kRows) {
    throw std::runtime_error("the model has " + std::to_string(rows < 0 ? -(rows / 2) : rows / 2) + " points");
  }
  for (std::size_t i = 0; i < kLeafFloats; ++i) shape[i] = read_value(file);
}

std::uint32_t read_index(ModelFile& file) {
  const std::uint64_t index = file.natural();
  if (index > std::numeric_limits<std::uint32_t>::max()) not_a_predictor();
  return static_cast<std::uint32_t>(index);
}

}  // namespace

Predictor::Predictor(ModelFile& file) {
  if (file.integer(sizeof(int)) != 1) not_a_predictor();
  initial_shape_.set_size(kLeafFloats);
  read_shape(file, &initial_shape_(0));
  const auto [least, most] = std::minmax_element(initial_shape_.begin(), initial_shape_.end());
  if (*most - *least < kLeastSpread) not_a_predictor();
  std::size_t trees = 0;
  for (std::size_t levels = file.count(); levels > 0; --levels) {
    levels_.push_back(read_level(file));
    trees += levels_.back().trees;
    if (trees > kMostTrees) not_a_predictor();
  }
  if (file.count() != levels_.size()) not_a_predictor();
  for (Level& level : levels_) {
    for (std::size_t anchors = file.count(); anchors > 0; --anchors) level.anchors.push_back(read_index(file));
  }
  if (file.count() != levels_.size()) not_a_predictor();
  for (Level& level : levels_) {
    for (std::size_t deltas = file.count(); deltas > 0; --deltas) {
      const float x = read_value(file);
      level.deltas.emplace_back(x, read_value(file));
    }
    require_whole(level);
  }
}

Predictor::Level Predictor::read_level(ModelFile& file) {
  Level level;
  level.trees = file.count();
  if (level.trees == 0) not_a_predictor();
  for (std::size_t tree = 0; tree < level.trees; ++tree) {
    const std::size_t splits = file.count();
    if (tree == 0) level.splits_per_tree = splits;
    if (splits != level.splits_per_tree) not_a_predictor();
    for (std::size_t i = 0; i < splits; ++i) {
      const std::uint32_t first = read_index(file);
      const std::uint32_t second = read_index(file);
      level.splits.push_back({first, second, file.fraction()});
    }
    if (file.count() != splits + 1) not_a_predictor();
    // Whatever the file claims, a value takes two numbers, and these two bytes each.
    if (tree == 0) level.leaves.reserve(std::min<std::uint64_t>(level.trees * (splits + 1) * kLeafFloats, file.left() / 4));
    for (std::size_t i = 0; i <= splits; ++i) {
      level.leaves.resize(level.leaves.size() + kLeafFloats);
      read_shape(file, &level.leaves[level.leaves.size() - kLeafFloats]);
    }
  }
  return level;
}

void Predictor::require_whole(const Level& level) {
  const bool anchored =
      std::all_of(level.anchors.begin(), level.anchors.end(), [](auto at) { return at < kLandmarks; });
  const bool sampled = std::all_of(level.splits.begin(), level.splits.end(), [&](const Split& split) {
    return split.first < level.deltas.size() && split.second < level.deltas.size();
  });
  if (!anchored || !sampled || level.anchors.size() != level.deltas.size()) not_a_predictor();
}

void Predictor::place(const GreyView& image, const double* box, float* out) const {
  const dlib::rectangle rectangle(std::lround(box[0]), std::lround(box[1]), std::lround(box[2]), std::lround(box[3]));
  dlib::matrix<float, 0, 1> shape = initial_shape_;
  std::vector<float> pixels;
  for (const Level& level : levels_) {
    dlib::impl::extract_feature_pixel_values(image, rectangle, shape, initial_shape_, level.anchors, level.deltas,
                                             pixels);
    vote(level, pixels, shape);
  }
  const dlib::point_transform_affine to_image = dlib::impl::unnormalizing_tform(rectangle);
  for (int i = 0; i < kLandmarks; ++i) {
    const dlib::point point = to_image(dlib::impl::location(shape, i));
    out[2 * i] = static_cast<float>(point.x());
    out[2 * i + 1] = static_cast<float>(point.y());
  }
}

void Predictor::vote(const Level& level, const std::vector<float>& pixels, dlib::matrix<float, 0, 1>& shape) const {
  // All leaves are known before the first is added: the trees of one level do not depend on each other.
  std::vector<const float*> chosen(level.trees);
  for (std::size_t tree = 0; tree < level.trees; ++tree) {
    const Split* splits = &level.splits[tree * level.splits_per_tree];
    std::size_t node = 0;
    while (node < level.splits_per_tree) {
      const Split& split = splits[node];
      const bool left = pixels[split.first] - pixels[split.second] > split.threshold;
      node = 2 * node + (left ? 1 : 2);
    }
    const std::size_t leaf = tree * (level.splits_per_tree + 1) + node - level.splits_per_tree;
    chosen[tree] = &level.leaves[leaf * kLeafFloats];
    prefetch_leaf(chosen[tree]);
  }
  float* sum = &shape(0);
  for (const float* leaf : chosen) {
    for (std::size_t i = 0; i < kLeafFloats; ++i) sum[i] += leaf[i];
  }
}

std::shared_ptr<const Predictor> load_predictor(const std::string& path) {
  // Kept for good: reading takes a tenth of a second, and one clip after another asks for the same file.
  static std::mutex* const mutex = new std::mutex;
  static auto* const loaded = new std::map<std::string, std::shared_ptr<const Predictor>>;
  // Held while reading, so that several workers starting at once read the file once.
  std::lock_guard<std::mutex> lock(*mutex);
  std::shared_ptr<const Predictor>& predictor = (*loaded)[path];
  if (predictor == nullptr) {
    ModelFile file(path);
    predictor = std::make_shared<const Predictor>(file);
  }
  return predictor;
}

}  // namespace face
