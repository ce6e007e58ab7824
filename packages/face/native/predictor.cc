#include "predictor.h"

#include <dlib/serialize.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace face {
namespace {

constexpr std::size_t kLeafFloats = 2 * kLandmarks;
constexpr std::size_t kFloatsPerCacheLine = 16;

void prefetch_leaf(const float* leaf) {
#if defined(__GNUC__)
  for (std::size_t i = 0; i < kLeafFloats; i += kFloatsPerCacheLine) __builtin_prefetch(leaf + i);
#endif
}

[[noreturn]] void not_a_predictor() { throw std::runtime_error("the file is no dlib shape predictor"); }

}  // namespace

Predictor::Predictor(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error("the file cannot be opened");
  std::vector<std::vector<dlib::impl::regression_tree>> forests;
  std::vector<std::vector<unsigned long>> anchors;
  std::vector<std::vector<dlib::vector<float, 2>>> deltas;
  try {
    int version = 0;
    dlib::deserialize(version, stream);
    if (version != 1) not_a_predictor();
    dlib::deserialize(initial_shape_, stream);
    dlib::deserialize(forests, stream);
    dlib::deserialize(anchors, stream);
    dlib::deserialize(deltas, stream);
  } catch (const std::exception&) {
    not_a_predictor();
  }
  if (initial_shape_.size() != static_cast<long>(kLeafFloats)) {
    throw std::runtime_error("the model has " + std::to_string(initial_shape_.size() / 2) + " points");
  }
  if (anchors.size() != forests.size() || deltas.size() != forests.size()) not_a_predictor();
  for (std::size_t i = 0; i < forests.size(); ++i) {
    Level level = pack(forests[i]);
    forests[i] = {};  // Two copies of the model at once are enough.
    const bool anchored = std::all_of(anchors[i].begin(), anchors[i].end(), [](auto at) { return at < kLandmarks; });
    const bool sampled = std::all_of(level.splits.begin(), level.splits.end(), [&](const Split& split) {
      return split.first < deltas[i].size() && split.second < deltas[i].size();
    });
    if (!anchored || !sampled || anchors[i].size() != deltas[i].size()) not_a_predictor();
    level.anchors = std::move(anchors[i]);
    level.deltas = std::move(deltas[i]);
    levels_.push_back(std::move(level));
  }
}

Predictor::Level Predictor::pack(const std::vector<dlib::impl::regression_tree>& forest) {
  if (forest.empty()) not_a_predictor();
  Level level;
  level.trees = forest.size();
  level.splits_per_tree = forest[0].splits.size();
  level.splits.reserve(level.trees * level.splits_per_tree);
  level.leaves.reserve(level.trees * (level.splits_per_tree + 1) * kLeafFloats);
  for (const auto& tree : forest) {
    const bool alike = tree.splits.size() == level.splits_per_tree && tree.leaf_values.size() == tree.splits.size() + 1;
    if (!alike) not_a_predictor();
    for (const auto& split : tree.splits) {
      level.splits.push_back(
          {static_cast<std::uint32_t>(split.idx1), static_cast<std::uint32_t>(split.idx2), split.thresh});
    }
    for (const auto& leaf : tree.leaf_values) {
      if (leaf.size() != static_cast<long>(kLeafFloats)) not_a_predictor();
      level.leaves.insert(level.leaves.end(), leaf.begin(), leaf.end());
    }
  }
  return level;
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
  // Kept for good: reading takes half a second, and one clip after another asks for the same file.
  static std::mutex* const mutex = new std::mutex;
  static auto* const loaded = new std::map<std::string, std::shared_ptr<const Predictor>>;
  // Held while reading, so that several workers starting at once read the file once.
  std::lock_guard<std::mutex> lock(*mutex);
  std::shared_ptr<const Predictor>& predictor = (*loaded)[path];
  if (predictor == nullptr) predictor = std::make_shared<const Predictor>(path);
  return predictor;
}

}  // namespace face
