// What the JavaScript side may ask of libtorch. Neither V8's nor libtorch's headers are included here, so that each side
// is compiled by the C++ standard it needs and knows nothing of the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace engine {

enum class ErrorKind : int {
  kArgument = 1,  // a value that the schema does not take; raised before libtorch is called
  kOperator = 2,
  kIndex = 3,
  kNotImplemented = 4,
  kOutOfMemory = 5,
  kUnsupportedType = 6,
};

struct Error {
  ErrorKind kind = ErrorKind::kOperator;
  std::string message;
  std::string argument;  // name of the offending argument, where known
  std::string expected;
  std::string received;
};

struct Description {
  int dtype;
  int deviceType;
  int deviceIndex;
  bool requiresGrad;
  bool isLeaf;
  std::vector<int64_t> sizes;
  std::vector<int64_t> strides;
};

struct Autocast {
  bool enabled;
  int dtype;
};

class Operators;
class Slots;

/// One JavaScript environment's view of libtorch: its tensors, generators and resolved operators. Used from that
/// environment's thread alone. Every function that can fail returns false (or -1) and leaves the reason in lastError().
class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;

  /// Whether the last such function failed, and the last failure.
  bool failed() const { return failed_; }
  const Error& lastError() const { return error_; }

  // Operators.
  int32_t intern(std::string text);
  int32_t findOperator(const std::string& name, const std::string& overload);
  bool call(int32_t op, const double* tape, size_t length, size_t argumentCount);
  /// The last call's results, as tape values, one after another.
  const std::vector<double>& results() const { return results_; }
  static std::vector<std::string> operatorNames();
  /// The schema in PyTorch's notation, e.g. `aten::relu(Tensor self) -> Tensor`; empty if unknown.
  static std::string schema(const std::string& name, const std::string& overload);

  // Tensors, by slot.
  int32_t fromBytes(const void* data, size_t byteLength, int dtype, const std::vector<int64_t>& sizes);
  int32_t fromShared(std::shared_ptr<void> keepAlive, void* data, size_t byteLength, int dtype,
                     const std::vector<int64_t>& sizes);
  bool toBytes(int32_t slot, void* out, size_t byteLength);
  bool describe(int32_t slot, Description* out);
  bool holds(int32_t slot) const;
  bool isContiguous(int32_t slot, const std::string& memoryFormat, bool* out);
  void release(int32_t slot);
  int64_t liveTensors() const;
  /// Of its own memory; 0 for a view.
  int64_t bytesOf(int32_t slot) const;
  /// Bytes that JavaScript's tensors came to hold since the last call of this function; negative when they shrank.
  int64_t takeBytesDelta();

  // Autograd.
  int32_t grad(int32_t slot);  // -1 with no error set: there is none
  bool setGrad(int32_t slot, int32_t grad);
  bool gradients(const std::vector<int32_t>& outputs, const std::vector<int32_t>& inputs,
                 const std::vector<int32_t>& outputGradients, bool retainGraph, bool createGraph, bool allowUnused,
                 std::vector<int32_t>* out);
  static bool setGradEnabled(bool enabled);  // returns the previous mode
  static bool gradEnabled();
  bool setAutocast(int deviceType, Autocast next, Autocast* previous);
  static void enterAutocast();
  static void leaveAutocast();

  // Random numbers.
  int32_t newGenerator(const std::string& device, uint64_t seed);  // id
  int32_t defaultGenerator(const std::string& device);                 // id
  bool seedGenerator(int32_t id, uint64_t seed);
  int32_t generatorState(int32_t id);  // slot of a uint8 tensor
  bool setGeneratorState(int32_t id, int32_t slot);
  void releaseGenerator(int32_t id);

  // The machine.
  /// Whether denormals are taken for 0 in this environment; at first as last set in any. To be set before anything is
  /// computed: the threads that libtorch starts keep what they are started with.
  void setFlushDenormals(bool flush);
  bool flushesDenormals() const { return flushesDenormals_; }
  static int threads();
  bool setThreads(int count);
  static int cudaDevices();
  static bool hasOneDnn();
  bool synchronize(int deviceIndex);
  static std::string version();
  static std::string buildConfiguration();
  static int dtypeFromName(const std::string& name);  // -1 if unknown
  static std::string dtypeName(int dtype);
  static int deviceTypeFromName(const std::string& name);
  static std::string deviceTypeName(int deviceType);

 private:
  template <typename F>
  bool guarded(F&& body);

  bool failed_ = false;
  bool flushesDenormals_;
  Error error_;
  std::vector<double> results_;
  std::unique_ptr<Operators> operators_;
  std::unique_ptr<Slots> slots_;
};

}  // namespace engine
