// How little one picture of a face can be explained by another: block matching, both ways.
#pragma once

#include <cstdint>

namespace face {

// Side of the pictures in pixels; each is [kPatchSide, kPatchSide, 4] bytes: red, green, blue, and 0 where the frame did not reach.
constexpr int kPatchSide = 32;

// Each block of one picture is looked for in the other, a few pixels around its own place: what is left of its squares, over its
// variance. 0 for equal pictures; a sum of both directions.
double unlikeness(const std::uint8_t* a, const std::uint8_t* b);

}  // namespace face
