// Finds one face in each picture and places its 68 landmarks, with dlib. Argument: the landmark model.
// In, until the end: two int32, width and height, then width * height RGB bytes. Out: 136 floats, NaN without a face.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>

int main(int, char** arguments) {
  dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
  dlib::shape_predictor predictor;
  dlib::deserialize(arguments[1]) >> predictor;
  std::int32_t size[2];
  while (std::fread(size, sizeof size, 1, stdin) == 1) {
    dlib::array2d<dlib::rgb_pixel> picture(size[1], size[0]);
    for (auto& pixel : picture)
      if (std::fread(&pixel, 3, 1, stdin) != 1) return 1;
    std::vector<float> points(136, std::nanf(""));
    const auto faces = detector(picture);
    if (!faces.empty()) {
      const auto face = predictor(picture, faces[0]);
      for (unsigned long i = 0; i < face.num_parts(); i++) {
        points[2 * i] = face.part(i).x();
        points[2 * i + 1] = face.part(i).y();
      }
    }
    std::fwrite(points.data(), sizeof(float), points.size(), stdout);
    std::fflush(stdout);
  }
}
