// Bytes as a landmark model: what the reader accepts must place its points without touching foreign memory.
//   FUZZ_SEED=<file> writes a small model there and ends.
#include "../../../packages/face/native/model_file.h"
#include "../../../packages/face/native/predictor.h"

#include <dlib/serialize.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace {

constexpr long kSide = 32;

// One level of two trees with one split each.
void write_seed(const char* path) {
  dlib::matrix<float, 0, 1> shape(2 * face::kLandmarks);
  for (long i = 0; i < shape.size(); ++i) shape(i) = static_cast<float>(i % 17) / 17;
  dlib::impl::regression_tree tree;
  tree.splits.resize(1);
  tree.splits[0].idx1 = 0;
  tree.splits[0].idx2 = 1;
  tree.splits[0].thresh = 0.5F;
  tree.leaf_values.assign(2, dlib::matrix<float, 0, 1>(0.01F * shape));
  const std::vector<std::vector<dlib::impl::regression_tree>> forests(1, std::vector(2, tree));
  const std::vector<std::vector<unsigned long>> anchors{{0, 67}};
  const std::vector<std::vector<dlib::vector<float, 2>>> deltas{{{0, 0}, {0.1F, 0.1F}}};
  std::ofstream file(path, std::ios::binary);
  dlib::serialize(1, file);
  dlib::serialize(shape, file);
  dlib::serialize(forests, file);
  dlib::serialize(anchors, file);
  dlib::serialize(deltas, file);
}

// A file in memory: the reader takes a path.
class MemoryFile {
 public:
  MemoryFile(const std::uint8_t* data, std::size_t size) : descriptor_(memfd_create("model", 0)) {
    if (descriptor_ < 0 || write(descriptor_, data, size) != static_cast<ssize_t>(size)) std::abort();
  }
  ~MemoryFile() { close(descriptor_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (const char* seed = std::getenv("FUZZ_SEED")) {
    write_seed(seed);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const MemoryFile memory(data, size);
  try {
    face::ModelFile file(memory.path());
    const face::Predictor predictor(file);
    const std::vector<std::uint8_t> grey(kSide * kSide, 90);
    const double box[] = {4, 4, 27, 27};
    std::vector<float> points(2 * face::kLandmarks);
    predictor.place({grey.data(), kSide, kSide}, box, points.data());
  } catch (const std::runtime_error&) {
    // The reader's own words.
  }
  return 0;
}
