// Unpacks the face detector that dlib's header holds, as C++ to include: unpacking takes half a second, here once and not in every process.
#include <dlib/image_processing/frontal_face_detector.h>

#include <cstdio>
#include <string>

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::FILE* const file = std::fopen(arguments[1], "w");
  if (file == nullptr) return 1;
  const std::string bytes = dlib::get_serialized_frontal_faces();
  std::fputs("namespace face {\nconstexpr unsigned char kUnpackedDetector[] = {", file);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::fprintf(file, "%s%d,", i % 32 == 0 ? "\n" : "", static_cast<int>(static_cast<unsigned char>(bytes[i])));
  }
  std::fputs("};\n}  // namespace face\n", file);
  return std::fclose(file) == 0 ? 0 : 1;
}
