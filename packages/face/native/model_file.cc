#include "model_file.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace face {
namespace {

constexpr std::size_t kPiece = 1 << 20;
// What dlib writes as an exponent of values that are no number or not finite.
constexpr std::int64_t kLeastSpecial = 32000;
constexpr std::int64_t kLeastExponent = -126;
constexpr std::int64_t kMostExponent = 127;

float power_of_two(std::int64_t exponent) {
  const std::uint32_t bits = static_cast<std::uint32_t>(exponent + kMostExponent) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return power;
}

}  // namespace

ModelFile::ModelFile(const std::string& path) : file_(path, std::ios::binary), buffer_(kPiece + kMostBytes + 1) {
  if (!file_) throw std::runtime_error("the file cannot be opened");
  next_ = end_ = buffer_.data();
  file_.seekg(0, std::ios::end);
  const std::streamoff size = file_.tellg();
  file_.seekg(0);
  if (size < 0) not_a_predictor();
  unread_ = static_cast<std::uint64_t>(size);
}

void ModelFile::refill() {
  const auto kept = static_cast<std::size_t>(end_ - next_);
  std::memmove(buffer_.data(), next_, kept);
  const std::size_t wanted = std::min<std::uint64_t>(kPiece - kept, unread_);
  file_.read(reinterpret_cast<char*>(buffer_.data() + kept), static_cast<std::streamsize>(wanted));
  if (static_cast<std::size_t>(file_.gcount()) != wanted) not_a_predictor();
  unread_ -= wanted;
  next_ = buffer_.data();
  end_ = next_ + kept + wanted;
}

// A whole number times a power of two, each of them a number of its own.
float ModelFile::fraction() {
  const auto mantissa = static_cast<float>(integer());
  const std::int64_t exponent = integer(2);
  if (exponent >= kLeastSpecial) return std::numeric_limits<float>::quiet_NaN();
  // As exact as ldexp, which is a call that takes several times as long.
  if (exponent >= kLeastExponent && exponent <= kMostExponent) return mantissa * power_of_two(exponent);
  return std::ldexp(mantissa, static_cast<int>(exponent));
}

}  // namespace face
