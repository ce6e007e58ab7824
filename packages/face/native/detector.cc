#include "detector.h"

#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>

#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <utility>

#include "unpacked_detector.h"  // made by write_detector.cc

namespace face {
namespace {

using Detector = dlib::frontal_face_detector;

// dlib's detector as write_detector.cc has unpacked it. Reading it takes milliseconds, copying it nothing: one is read and never used itself.
const Detector& prototype() {
  static const Detector* const instance = [] {
    std::istringstream bytes(std::string(reinterpret_cast<const char*>(kUnpackedDetector), sizeof kUnpackedDetector));
    auto read = std::make_unique<Detector>();
    deserialize(*read, bytes);
    return read.release();
  }();
  return *instance;
}

// The same filters over a shorter pyramid; dlib has no setter, so the parts are put together anew.
std::unique_ptr<Detector> make_detector(int levels) {
  const Detector& full = prototype();
  if (levels <= 0) return std::make_unique<Detector>(full);
  dlib::scan_fhog_pyramid<dlib::pyramid_down<6>> scanner;
  scanner.copy_configuration(full.get_scanner());
  scanner.set_max_pyramid_levels(levels);
  std::vector<Detector::feature_vector_type> weights;
  for (unsigned long i = 0; i < full.num_detectors(); ++i) weights.push_back(full.get_w(i));
  return std::make_unique<Detector>(scanner, full.get_overlap_tester(), weights);
}

class Pool {
 public:
  std::unique_ptr<Detector> take(int levels) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto& idle = idle_[levels];
      if (!idle.empty()) {
        auto detector = std::move(idle.back());
        idle.pop_back();
        return detector;
      }
    }
    return make_detector(levels);
  }

  void give_back(int levels, std::unique_ptr<Detector> detector) {
    std::lock_guard<std::mutex> lock(mutex_);
    idle_[levels].push_back(std::move(detector));
  }

 private:
  std::mutex mutex_;
  std::map<int, std::vector<std::unique_ptr<Detector>>> idle_;
};

// Never destroyed: worker threads may still hold a detector while the process ends.
Pool& pool() {
  static Pool* const instance = new Pool;
  return *instance;
}

bool whole_image_as_it_is(const GreyView& image, const Scan& scan) {
  const Region& region = scan.region;
  return scan.scale == 1 && region.left == 0 && region.top == 0 && region.right == image.width &&
         region.bottom == image.height;
}

}  // namespace

std::vector<Detection> detect(const GreyView& image, const Scan& scan) {
  std::unique_ptr<Detector> detector = pool().take(scan.levels);
  std::vector<dlib::rect_detection> found;
  if (whole_image_as_it_is(image, scan)) {
    (*detector)(image, found, scan.threshold);
  } else {
    (*detector)(resample(image, scan.region, scan.scale), found, scan.threshold);
  }
  pool().give_back(scan.levels, std::move(detector));

  std::vector<Detection> result;
  for (const auto& item : found) {
    const dlib::rectangle& box = item.rect;
    // Edges are moved as edges (a pixel is one unit wide), then made inclusive again.
    result.push_back({scan.region.left + box.left() / scan.scale, scan.region.top + box.top() / scan.scale,
                      scan.region.left + (box.right() + 1) / scan.scale - 1,
                      scan.region.top + (box.bottom() + 1) / scan.scale - 1, item.detection_confidence});
  }
  return result;
}

}  // namespace face
