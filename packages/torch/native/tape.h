// The tape: how a call crosses between JavaScript and libtorch. One array of doubles, written by one side and read by
// the other, so that a call with any number of arguments is a single crossing. Each value is a tag and its payload.
// packages/torch/src/tape.ts is the other half; a test compares the two.
#pragma once

namespace tape {

enum Tag : int {
  kDefault = 0,    // -                  the schema's default
  kNull = 1,       // -                  None, or an undefined tensor
  kNumber = 2,     // value
  kBool = 3,       // 0 or 1
  kBigInt = 4,     // 64 raw bits        an integer past 2^53
  kTensor = 5,     // slot
  kString = 6,     // id of an interned string
  kGenerator = 7,  // id
  kList = 8,       // n, then n values
  kSame = 9,       // argument index     (results only) the very tensor passed in, as an in-place operator returns it
};

}  // namespace tape
