#include "tape_reader.h"

#include <cmath>
#include <cstring>
#include <sstream>
#include <utility>

#include "names.h"

namespace engine {

namespace {

// libtorch's own optional before 2.5, the standard one since.
using OptionalTensor = decltype(std::declval<const c10::IValue&>().toOptional<at::Tensor>());

constexpr double kSafeInteger = 9007199254740992.0;  // 2^53

bool isInteger(double value) { return std::trunc(value) == value && std::abs(value) <= kSafeInteger; }

std::string number(double value) {
  std::ostringstream out;
  out.precision(17);
  out << value;
  return out.str();
}

int64_t bits(double value) {
  int64_t integer;
  std::memcpy(&integer, &value, sizeof integer);
  return integer;
}

}  // namespace

c10::IValue defaultOf(const Argument& argument) {
  if (argument.hasDefault) return argument.defaultValue;
  if (argument.type.optional) return {};
  throw ArgumentMismatch{argument.name, argument.type.text, "nothing"};
}

double TapeReader::take() {
  TORCH_INTERNAL_ASSERT(next_ < end_, "tape ended early");
  return *next_++;
}

int TapeReader::takeTag() { return static_cast<int>(take()); }

std::string TapeReader::describe(int tag) {
  switch (tag) {
    case tape::kNull: return "null";
    case tape::kNumber: return number(take());
    case tape::kBool: return take() != 0 ? "true" : "false";
    case tape::kBigInt: return std::to_string(bits(take())) + "n";
    case tape::kTensor: return "a Tensor";
    case tape::kString: return "\"" + strings_[static_cast<size_t>(take())] + "\"";
    case tape::kGenerator: return "a Generator";
    case tape::kList: return "a list of " + number(take());
    default: return "nothing";
  }
}

void TapeReader::mismatch(const Argument& argument, const std::string& received) {
  throw ArgumentMismatch{argument.name, argument.type.text, received};
}

c10::IValue TapeReader::read(const Argument& argument) {
  const int tag = takeTag();
  if (tag == tape::kDefault) return defaultOf(argument);
  if (tag == tape::kNull) {
    if (!argument.type.optional) mismatch(argument, "null");
    return {};
  }
  return argument.type.kind == Kind::kList ? readList(tag, argument) : readAs(argument.type.kind, tag, argument);
}

c10::IValue TapeReader::readAs(Kind kind, int tag, const Argument& argument) {
  switch (kind) {
    case Kind::kTensor:
      if (tag == tape::kTensor) {
        const auto slot = static_cast<int32_t>(take());
        if (!slots_.holds(slot)) mismatch(argument, "a disposed Tensor");
        return slots_.at(slot);
      }
      break;
    case Kind::kInt:
      if (tag == tape::kBigInt) return bits(take());
      if (tag == tape::kNumber) {
        const double value = take();
        if (!isInteger(value)) mismatch(argument, number(value));
        return static_cast<int64_t>(value);
      }
      break;
    case Kind::kFloat:
      if (tag == tape::kNumber) return take();
      break;
    case Kind::kBool:
      if (tag == tape::kBool) return take() != 0;
      break;
    case Kind::kScalar:
      if (tag == tape::kBool) return take() != 0;
      if (tag == tape::kBigInt) return bits(take());
      if (tag == tape::kNumber) {
        const double value = take();
        // -0 is a float: as an integer it would lose its sign.
        if (isInteger(value) && !(value == 0 && std::signbit(value))) return static_cast<int64_t>(value);
        return value;
      }
      break;
    case Kind::kGenerator:
      if (tag == tape::kGenerator) {
        const auto id = static_cast<int32_t>(take());
        if (!slots_.hasGenerator(id)) mismatch(argument, "a disposed Generator");
        return slots_.generator(id);
      }
      break;
    default:
      if (tag == tape::kString) return fromString(kind, strings_.at(static_cast<size_t>(take())), argument);
  }
  mismatch(argument, describe(tag));
}

c10::IValue TapeReader::fromString(Kind kind, const std::string& text, const Argument& argument) {
  const auto lookUp = [&](const auto& table) -> c10::IValue {
    const int value = valueOf(table, text);
    if (value < 0) throw ArgumentMismatch{argument.name, "one of " + namesOf(table), "\"" + text + "\""};
    return static_cast<int64_t>(value);
  };
  switch (kind) {
    case Kind::kString: return text;
    case Kind::kDtype: return lookUp(kDtypes);
    case Kind::kLayout: return lookUp(kLayouts);
    case Kind::kMemoryFormat: return lookUp(kMemoryFormats);
    case Kind::kDevice:
      try {
        return c10::Device(text);
      } catch (const c10::Error&) {
        throw ArgumentMismatch{argument.name, "a device such as \"cpu\" or \"cuda:0\"", "\"" + text + "\""};
      }
    default: mismatch(argument, "\"" + text + "\"");
  }
}

template <typename T, typename F>
c10::IValue TapeReader::list(int tag, const Argument& argument, F&& element) {
  c10::List<T> values;
  if (tag != tape::kList) {  // one value where the schema gives a length: int[2] padding=1
    if (argument.type.fixedLength == 0) mismatch(argument, describe(tag));
    const T value = element(tag);
    for (int i = 0; i < argument.type.fixedLength; i++) values.push_back(value);
    return values;
  }
  const auto count = static_cast<size_t>(take());
  TORCH_INTERNAL_ASSERT(count <= static_cast<size_t>(end_ - next_), "tape ended early");
  // int[4] and longer are paddings, which kernels read without asking for their length. A shorter one also takes [] or [1].
  if (argument.type.fixedLength > 3 && count != static_cast<size_t>(argument.type.fixedLength))
    mismatch(argument, "a list of " + std::to_string(count));
  values.reserve(count);
  for (size_t i = 0; i < count; i++) values.push_back(element(takeTag()));
  return values;
}

c10::IValue TapeReader::readList(int tag, const Argument& argument) {
  const Kind element = argument.type.element;
  const auto read = [&](int elementTag) { return readAs(element, elementTag, argument); };
  switch (element) {
    case Kind::kTensor:
      if (argument.type.elementOptional)
        return list<OptionalTensor>(tag, argument, [&](int t) -> OptionalTensor {
          if (t == tape::kNull) return {};
          return read(t).toTensor();
        });
      return list<at::Tensor>(tag, argument, [&](int t) { return read(t).toTensor(); });
    case Kind::kInt: return list<int64_t>(tag, argument, [&](int t) { return read(t).toInt(); });
    case Kind::kFloat: return list<double>(tag, argument, [&](int t) { return read(t).toDouble(); });
    case Kind::kBool: return list<bool>(tag, argument, [&](int t) { return read(t).toBool(); });
    case Kind::kScalar: return list<at::Scalar>(tag, argument, [&](int t) { return read(t).toScalar(); });
    default: mismatch(argument, "a list, which is not supported here");
  }
}

}  // namespace engine
