#include "appearance.h"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace face {
namespace {

constexpr int kBlock = 6;
constexpr int kReach = 6;
constexpr int kChannels = 4;
// The blocks lie in the middle, where the face is.
constexpr int kFirst = 4;
constexpr int kLast = kPatchSide - 4;
// Squared grey levels a block's pixel may differ by noise; also keeps plain blocks from counting more than the eyes.
constexpr double kNoise = 300;
// With fewer places to look at, a block says nothing.
constexpr int kMinPlaces = kReach * kReach;
// Blocks that must be comparable; with fewer the pictures count as unlike.
constexpr int kMinBlocks = 4;
constexpr double kUnlike = 4;
constexpr int kPlaces = kPatchSide - kBlock + 1;

struct Offset {
  int x, y;
};

// Nearest first: a good match is found early, and bounds the others.
std::vector<Offset> make_offsets() {
  std::vector<Offset> offsets;
  for (int y = -kReach; y <= kReach; ++y) {
    for (int x = -kReach; x <= kReach; ++x) offsets.push_back({x, y});
  }
  std::stable_sort(offsets.begin(), offsets.end(),
                   [](Offset a, Offset b) { return a.x * a.x + a.y * a.y < b.x * b.x + b.y * b.y; });
  return offsets;
}

const std::uint8_t* pixel(const std::uint8_t* patch, int x, int y) { return patch + kChannels * (y * kPatchSide + x); }

// For each place of a block, whether all of it lies within the frame.
std::array<bool, kPlaces * kPlaces> whole_blocks(const std::uint8_t* patch) {
  std::array<bool, kPlaces * kPlaces> whole{};
  for (int y = 0; y < kPlaces; ++y) {
    for (int x = 0; x < kPlaces; ++x) {
      bool all = true;
      for (int row = 0; row < kBlock && all; ++row) {
        for (int column = 0; column < kBlock; ++column) all = all && pixel(patch, x + column, y + row)[3] != 0;
      }
      whole[y * kPlaces + x] = all;
    }
  }
  return whole;
}

// Sum of squared differences; stops once above `limit`.
int squares(const std::uint8_t* a, const std::uint8_t* b, int limit) {
  int sum = 0;
  for (int row = 0; row < kBlock && sum < limit; ++row) {
    for (int i = 0; i < kBlock * kChannels; ++i) {
      const int difference = a[i] - b[i];
      sum += difference * difference;
    }
    a += kChannels * kPatchSide;
    b += kChannels * kPatchSide;
  }
  return sum;
}

double variance(const std::uint8_t* block) {
  double result = 0;
  for (int channel = 0; channel < 3; ++channel) {
    int sum = 0;
    int squared = 0;
    for (int row = 0; row < kBlock; ++row) {
      for (int column = 0; column < kBlock; ++column) {
        const int value = block[kChannels * (row * kPatchSide + column) + channel];
        sum += value;
        squared += value * value;
      }
    }
    result += squared - static_cast<double>(sum) * sum / (kBlock * kBlock);
  }
  return result;
}

// What `from` leaves unexplained of `to`.
double residue(const std::uint8_t* from, const std::uint8_t* to) {
  static const std::vector<Offset> offsets = make_offsets();
  const auto whole_from = whole_blocks(from);
  const auto whole_to = whole_blocks(to);
  double left = 0;
  double total = 0;
  int blocks = 0;
  for (int y = kFirst; y + kBlock <= kLast; y += kBlock) {
    for (int x = kFirst; x + kBlock <= kLast; x += kBlock) {
      if (!whole_to[y * kPlaces + x]) continue;
      int best = std::numeric_limits<int>::max();
      int places = 0;
      for (const Offset& offset : offsets) {
        const int at_x = x + offset.x;
        const int at_y = y + offset.y;
        if (at_x < 0 || at_y < 0 || at_x >= kPlaces || at_y >= kPlaces || !whole_from[at_y * kPlaces + at_x]) continue;
        ++places;
        best = std::min(best, squares(pixel(from, at_x, at_y), pixel(to, x, y), best));
      }
      if (places < kMinPlaces) continue;
      ++blocks;
      left += best;
      total += variance(pixel(to, x, y)) + kNoise * kBlock * kBlock * 3;
    }
  }
  return blocks < kMinBlocks ? kUnlike / 2 : left / total;
}

}  // namespace

double unlikeness(const std::uint8_t* a, const std::uint8_t* b) { return residue(a, b) + residue(b, a); }

}  // namespace face
