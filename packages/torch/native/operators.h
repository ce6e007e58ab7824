// Operators by schema: find, describe, and call with arguments from a tape.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/stack.h>

#include <string>
#include <vector>

#include "engine.h"
#include "slots.h"

namespace engine {

/// An argument that does not fit its schema.
struct ArgumentMismatch {
  std::string argument;
  std::string expected;
  std::string received;
};

enum class Kind {
  kTensor, kInt, kFloat, kBool, kScalar, kString, kDevice, kDtype, kLayout, kMemoryFormat, kGenerator, kList, kUnsupported,
};

/// A schema type, flattened once so that a call need not walk libtorch's type objects.
struct Type {
  Kind kind = Kind::kUnsupported;
  bool optional = false;
  Kind element = Kind::kUnsupported;  // of a list
  bool elementOptional = false;
  int fixedLength = 0;  // int[2] also takes one int
  std::string text;     // as the schema writes it
};

struct Argument {
  std::string name;
  Type type;
  bool hasDefault;
  c10::IValue defaultValue;
};

struct Operator {
  c10::OperatorHandle handle;
  std::vector<Argument> arguments;
  std::vector<int> returnsArgument;  // per return: index of the argument it is, or -1
};

class Operators {
 public:
  int32_t intern(std::string text);
  int32_t find(const std::string& name, const std::string& overload);
  void call(int32_t op, const double* tape, size_t length, size_t argumentCount, bool flushDenormals, Slots& slots,
            std::vector<double>& results);

 private:
  std::vector<Operator> operators_;
  std::vector<std::string> strings_;
  torch::jit::Stack stack_;
};

}  // namespace engine
