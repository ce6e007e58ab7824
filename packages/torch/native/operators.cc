#include "operators.h"

#include <cstring>

#include "denormals.h"
#include "tape_reader.h"

namespace engine {

namespace {

Kind kindOf(const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return Kind::kTensor;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::kInt;
    case c10::TypeKind::FloatType: return Kind::kFloat;
    case c10::TypeKind::BoolType: return Kind::kBool;
    case c10::TypeKind::NumberType: return Kind::kScalar;
    case c10::TypeKind::StringType: return Kind::kString;
    case c10::TypeKind::DeviceObjType: return Kind::kDevice;
    case c10::TypeKind::ScalarTypeType: return Kind::kDtype;
    case c10::TypeKind::LayoutType: return Kind::kLayout;
    case c10::TypeKind::MemoryFormatType: return Kind::kMemoryFormat;
    case c10::TypeKind::GeneratorType: return Kind::kGenerator;
    case c10::TypeKind::ListType: return Kind::kList;
    default: return Kind::kUnsupported;
  }
}

const c10::Type& unwrap(const c10::Type& type, bool* optional) {
  *optional = type.kind() == c10::TypeKind::OptionalType;
  return *optional ? *type.containedTypes()[0] : type;
}

Type flatten(const c10::Argument& argument) {
  Type flat;
  const c10::Type& type = unwrap(*argument.real_type(), &flat.optional);
  flat.kind = kindOf(type);
  flat.text = argument.real_type()->str();
  if (flat.kind == Kind::kList) {
    flat.element = kindOf(unwrap(*type.containedTypes()[0], &flat.elementOptional));
    flat.fixedLength = argument.N().value_or(0);
    const size_t brackets = flat.text.find("[]");
    if (flat.fixedLength > 0 && brackets != std::string::npos)
      flat.text.insert(brackets + 1, std::to_string(flat.fixedLength));
  }
  return flat;
}

// In-place operators return an argument itself. Their schema says so: a return and an argument share a written alias set.
std::vector<int> returnedArguments(const c10::FunctionSchema& schema) {
  std::vector<int> indices;
  for (const auto& result : schema.returns()) {
    int index = -1;
    for (size_t i = 0; result.alias_info() && result.alias_info()->isWrite() && i < schema.arguments().size(); i++) {
      const auto* alias = schema.arguments()[i].alias_info();
      if (alias && alias->isWrite() && alias->beforeSets() == result.alias_info()->beforeSets()) index = static_cast<int>(i);
    }
    indices.push_back(index);
  }
  return indices;
}

// The stack is reused from call to call; a call that throws must not keep its tensors alive.
struct ClearOnExit {
  torch::jit::Stack& stack;
  ~ClearOnExit() { stack.clear(); }
};

bool isAnyList(const c10::IValue& value) {
  return value.isList() || value.isTensorList() || value.isIntList() || value.isDoubleList() || value.isBoolList();
}

// Before anything is written: a result refused half-way would leave slots that nobody knows of.
void checkResult(const c10::IValue& value) {
  if (value.isTensor()) return;  // as almost all are; what follows takes several calls into libtorch
  if (isAnyList(value)) {
    const auto list = value.toList();
    for (size_t i = 0; i < list.size(); i++) checkResult(list.get(i));
    return;
  }
  const bool known = value.isDouble() || value.isInt() || value.isBool() || value.isNone();
  TORCH_CHECK_NOT_IMPLEMENTED(known, "a result of type ", value.tagKind(), " has no JavaScript form here");
}

void write(const c10::IValue& value, Slots& slots, std::vector<double>& out) {
  const auto put = [&](tape::Tag tag, double payload) {
    out.push_back(tag);
    out.push_back(payload);
  };
  if (value.isTensor()) {
    const at::Tensor& tensor = value.toTensor();
    if (tensor.defined()) return put(tape::kTensor, slots.add(tensor));
    out.push_back(tape::kNull);
  } else if (value.isDouble()) {
    put(tape::kNumber, value.toDouble());
  } else if (value.isInt()) {
    const int64_t integer = value.toInt();
    const auto number = static_cast<double>(integer);
    if (integer >= -(1LL << 53) && integer <= (1LL << 53)) return put(tape::kNumber, number);
    double raw;
    static_assert(sizeof raw == sizeof integer);
    std::memcpy(&raw, &integer, sizeof raw);
    put(tape::kBigInt, raw);
  } else if (value.isBool()) {
    put(tape::kBool, value.toBool());
  } else if (isAnyList(value)) {
    const auto list = value.toList();
    put(tape::kList, static_cast<double>(list.size()));
    for (size_t i = 0; i < list.size(); i++) write(list.get(i), slots, out);
  } else {
    out.push_back(tape::kNull);
  }
}

}  // namespace

int32_t Operators::intern(std::string text) {
  strings_.push_back(std::move(text));
  return static_cast<int32_t>(strings_.size() - 1);
}

int32_t Operators::find(const std::string& name, const std::string& overload) {
  auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
  if (!handle) return -1;
  Operator op{*handle, {}, returnedArguments(handle->schema())};
  for (const auto& argument : handle->schema().arguments()) {
    const auto& value = argument.default_value();
    op.arguments.push_back({argument.name(), flatten(argument), value.has_value(), value ? *value : c10::IValue()});
  }
  operators_.push_back(std::move(op));
  return static_cast<int32_t>(operators_.size() - 1);
}

void Operators::call(int32_t index, const double* tape, size_t length, size_t argumentCount, bool flushDenormals, Slots& slots,
                     std::vector<double>& results) {
  const Operator& op = operators_[static_cast<size_t>(index)];
  if (argumentCount > op.arguments.size())
    throw ArgumentMismatch{"", std::to_string(op.arguments.size()) + " arguments", std::to_string(argumentCount)};
  TapeReader reader(tape, length, slots, strings_);
  const ClearOnExit clear{stack_};
  for (size_t i = 0; i < op.arguments.size(); i++)
    stack_.push_back(i < argumentCount ? reader.read(op.arguments[i]) : defaultOf(op.arguments[i]));
  {
    const FlushDenormals flush(flushDenormals);
    op.handle.callBoxed(&stack_);
  }
  for (const auto& value : stack_) checkResult(value);
  results.clear();
  for (size_t i = 0; i < stack_.size(); i++) {
    if (op.returnsArgument[i] >= 0) {
      results.push_back(tape::kSame);
      results.push_back(op.returnsArgument[i]);
    } else {
      write(stack_[i], slots, results);
    }
  }
}

}  // namespace engine
