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
// Shapes lie in a square of side 1; the paper's model has 7,500 trees. With these limits, no position of a pixel leaves the whole numbers.
constexpr float kLargestValue = 100;
constexpr float kLeastSpread = 0.01F;
constexpr std::size_t kMostTrees = 100'000;

void prefetch_leaf(const float* leaf) {
#if defined(__GNUC__)
  for (std::size_t i = 0; i < kLeafFloats; i += kFloatsPerCacheLine) __builtin_prefetch(leaf + i);
#endif
}

[[noreturn]] void not_a_predictor() { throw std::runtime_error("the file is no dlib shape predictor"); }

// dlib makes room for as many items as a file claims before it reads them. Each item takes a byte at least: a claim of more than the
// file still holds is false.
std::size_t read_count(std::istream& file, std::streamoff end) {
  unsigned long count = 0;
  dlib::deserialize(count, file);
  const std::streamoff left = end - file.tellg();
  if (left < 0 || count > static_cast<unsigned long>(left)) not_a_predictor();
  return count;
}

template <typename Item, typename Read>
void read_items(std::istream& file, std::streamoff end, std::vector<Item>& items, const Read& read) {
  items.resize(read_count(file, end));
  for (Item& item : items) read(item);
}

void require_sane(float value) {
  if (!(std::fabs(value) <= kLargestValue)) not_a_predictor();
}

// x and y of all points, or what a leaf adds to them: as dlib writes a matrix, but of one size.
void read_shape(std::istream& file, dlib::matrix<float, 0, 1>& shape) {
  long rows = 0;
  long columns = 0;
  dlib::deserialize(rows, file);
  dlib::deserialize(columns, file);
  // Later versions of dlib write both as negative numbers.
  if (columns != 1 && columns != -1) not_a_predictor();
  constexpr long kRows = kLeafFloats;
  if (rows != kRows && rows != -kRows) {
    throw std::runtime_error("the model has " + std::to_string(rows < 0 ? -(rows / 2) : rows / 2) + " points");
  }
  shape.set_size(kRows);
  for (float& value : shape) {
    dlib::deserialize(value, file);
    require_sane(value);
  }
}

void read_tree(std::istream& file, std::streamoff end, dlib::impl::regression_tree& tree) {
  read_items(file, end, tree.splits, [&](auto& split) { deserialize(split, file); });
  read_items(file, end, tree.leaf_values, [&](auto& leaf) { read_shape(file, leaf); });
}

}  // namespace

Predictor::Predictor(std::istream& file) {
  std::vector<std::vector<dlib::impl::regression_tree>> forests;
  std::vector<std::vector<unsigned long>> anchors;
  std::vector<std::vector<dlib::vector<float, 2>>> deltas;
  try {
    file.seekg(0, std::ios::end);
    const std::streamoff end = file.tellg();
    file.seekg(0);
    int version = 0;
    dlib::deserialize(version, file);
    if (version != 1) not_a_predictor();
    read_shape(file, initial_shape_);
    read_items(file, end, forests, [&](auto& forest) {
      read_items(file, end, forest, [&](auto& tree) { read_tree(file, end, tree); });
    });
    read_items(file, end, anchors, [&](auto& level) {
      read_items(file, end, level, [&](auto& anchor) { dlib::deserialize(anchor, file); });
    });
    read_items(file, end, deltas, [&](auto& level) {
      read_items(file, end, level, [&](auto& delta) {
        dlib::deserialize(delta, file);
        require_sane(delta.x());
        require_sane(delta.y());
      });
    });
  } catch (const std::runtime_error&) {
    throw;
  } catch (const std::exception&) {
    not_a_predictor();
  }
  const auto [least, most] = std::minmax_element(initial_shape_.begin(), initial_shape_.end());
  if (*most - *least < kLeastSpread) not_a_predictor();
  std::size_t trees = 0;
  for (const auto& forest : forests) trees += forest.size();
  if (trees > kMostTrees) not_a_predictor();
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
  if (predictor == nullptr) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw std::runtime_error("the file cannot be opened");
    predictor = std::make_shared<const Predictor>(file);
  }
  return predictor;
}

}  // namespace face
