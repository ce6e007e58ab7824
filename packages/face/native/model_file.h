// A file that dlib has serialized numbers into, read in large pieces: dlib takes each byte from a stream by a call of its own, which takes
// three times as long.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace face {

[[noreturn]] inline void not_a_predictor() { throw std::runtime_error("the file is no dlib shape predictor"); }

class ModelFile {
 public:
  // Throws std::runtime_error for a file that cannot be opened.
  explicit ModelFile(const std::string& path);

  // All of these throw std::runtime_error where the file holds something else, or ends.
  std::int64_t integer(std::size_t most_bytes = 8) {
    const Number number = take();
    if (number.length > most_bytes) not_a_predictor();
    return static_cast<std::int64_t>(number.negative ? 0 - number.magnitude : number.magnitude);
  }
  std::uint64_t natural() {
    const Number number = take();
    if (number.negative) not_a_predictor();
    return number.magnitude;
  }
  // Of items that follow, each of which takes a byte at least: a claim of more than the file still holds is false.
  std::size_t count() {
    const std::uint64_t items = natural();
    if (items > left()) not_a_predictor();
    return static_cast<std::size_t>(items);
  }
  float fraction();

  // Bytes that are not yet read.
  std::uint64_t left() const { return unread_ + static_cast<std::uint64_t>(end_ - next_); }

 private:
  // As dlib writes a whole number: a byte with its sign and how many bytes follow, then those, the lowest first.
  struct Number {
    std::uint64_t magnitude;
    std::size_t length;
    bool negative;
  };
  static constexpr std::size_t kMostBytes = 8;

  Number take();
  void refill();

  std::ifstream file_;
  std::uint64_t unread_ = 0;
  // With room behind, so that eight bytes can be read at once anywhere.
  std::vector<unsigned char> buffer_;
  const unsigned char* next_;
  const unsigned char* end_;
};

inline ModelFile::Number ModelFile::take() {
  if (static_cast<std::size_t>(end_ - next_) <= kMostBytes) refill();
  const unsigned char head = *next_;
  const std::size_t length = head & 0x0F;
  if (length == 0 || length > kMostBytes || next_ + length >= end_) not_a_predictor();
  const unsigned char* const b = next_ + 1;
  std::uint64_t eight = 0;
  for (std::size_t i = 0; i < kMostBytes; ++i) eight |= static_cast<std::uint64_t>(b[i]) << (8 * i);
  next_ += length + 1;
  return {eight & (~std::uint64_t{0} >> (8 * (kMostBytes - length))), length, (head & 0x80) != 0};
}

}  // namespace face
