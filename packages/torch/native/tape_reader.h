// Tape values to IValues, as a schema's types ask.
#pragma once

#include <ATen/core/ivalue.h>

#include "operators.h"
#include "tape.h"

namespace engine {

/// What an argument is when it is left out. Throws ArgumentMismatch where the schema requires one.
c10::IValue defaultOf(const Argument& argument);

class TapeReader {
 public:
  TapeReader(const double* tape, size_t length, Slots& slots, const std::vector<std::string>& strings)
      : next_(tape), end_(tape + length), slots_(slots), strings_(strings) {}

  c10::IValue read(const Argument& argument);

 private:
  double take();
  int takeTag();
  c10::IValue readAs(Kind kind, int tag, const Argument& argument);
  c10::IValue readList(int tag, const Argument& argument);
  c10::IValue fromString(Kind kind, const std::string& text, const Argument& argument);
  template <typename T, typename F>
  c10::IValue list(int tag, const Argument& argument, F&& element);
  [[noreturn]] void mismatch(const Argument& argument, const std::string& received);
  std::string describe(int tag);

  const double* next_;
  const double* end_;
  Slots& slots_;
  const std::vector<std::string>& strings_;
};

}  // namespace engine
