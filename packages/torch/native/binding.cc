// The JavaScript side of the addon: V8 values to engine calls. One Binding per environment, so that every worker thread
// has its own tensors.
//
// V8's own interface rather than Node-API, for one reason: only V8's weak handles are reported while a collection runs.
// Node-API's finalizers and FinalizationRegistry wait for the event loop, so a loop that never yields (a training loop)
// would fill memory with forgotten tensors; they also cost five times as much per tensor (benchmarks/dispatch.ts).
#include <node.h>
#include <v8.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "cpu_allocator.h"
#include "engine.h"
#include "environment.h"

namespace {

using v8::FunctionCallbackInfo;
using v8::Isolate;
using v8::Local;
using v8::Value;
using Args = FunctionCallbackInfo<Value>;

// Since 14.6 (Node 26) V8 wants every external pointer tagged; the default tag says nothing.
#if V8_MAJOR_VERSION > 14 || (V8_MAJOR_VERSION == 14 && V8_MINOR_VERSION >= 6)
Local<v8::External> wrap(Isolate* isolate, void* pointer) {
  return v8::External::New(isolate, pointer, v8::kExternalPointerTypeTagDefault);
}
void* unwrap(Local<v8::External> external) { return external->Value(v8::kExternalPointerTypeTagDefault); }
#else
Local<v8::External> wrap(Isolate* isolate, void* pointer) { return v8::External::New(isolate, pointer); }
void* unwrap(Local<v8::External> external) { return external->Value(); }
#endif

Binding& bindingOf(const Args& args) { return *static_cast<Binding*>(unwrap(args.Data().As<v8::External>())); }

int32_t integer(const Args& args, int index) {
  if (args[index]->IsInt32()) return args[index].As<v8::Int32>()->Value();
  return args[index]->Int32Value(args.GetIsolate()->GetCurrentContext()).FromMaybe(-1);
}

double number(const Args& args, int index) {
  return args[index]->NumberValue(args.GetIsolate()->GetCurrentContext()).FromMaybe(0);
}

uint64_t bits(const Args& args, int index) {
  return args[index]->IsBigInt() ? args[index].As<v8::BigInt>()->Uint64Value() : static_cast<uint64_t>(number(args, index));
}

std::string text(const Args& args, int index) {
  const v8::String::Utf8Value value(args.GetIsolate(), args[index]);
  return {*value, static_cast<size_t>(value.length())};
}

Local<v8::String> string(Isolate* isolate, const std::string& value) {
  return v8::String::NewFromUtf8(isolate, value.data(), v8::NewStringType::kNormal, static_cast<int>(value.size()))
      .ToLocalChecked();
}

Local<v8::Array> strings(Isolate* isolate, const std::vector<std::string>& values) {
  std::vector<Local<Value>> items;
  for (const auto& value : values) items.push_back(string(isolate, value));
  return v8::Array::New(isolate, items.data(), items.size());
}

std::vector<int64_t> sizesFromTape(Binding& binding, int32_t count) {
  std::vector<int64_t> sizes;
  for (int32_t i = 0; i < count; i++) sizes.push_back(static_cast<int64_t>(binding.tape()[i]));
  return sizes;
}

void setTape(const Args& args) { bindingOf(args).setTape(args[0].As<v8::Float64Array>()); }

// results(): how many tape values the last call gave, written to the tape if they fit.
int32_t writeResults(Binding& binding) {
  const auto& results = binding.engine().results();
  if (results.size() <= binding.capacity()) std::copy(results.begin(), results.end(), binding.tape());
  return static_cast<int32_t>(results.size());
}

// call(operator, tapeLength, argumentCount): results as above, or -1 for an error.
void call(const Args& args) {
  Binding& binding = bindingOf(args);
  binding.settle();
  const bool done = binding.engine().call(integer(args, 0), binding.tape(), static_cast<size_t>(integer(args, 1)),
                                          static_cast<size_t>(integer(args, 2)));
  args.GetReturnValue().Set(done ? writeResults(binding) : -1);
}

void results(const Args& args) { args.GetReturnValue().Set(writeResults(bindingOf(args))); }

void lastError(const Args& args) {
  Isolate* isolate = args.GetIsolate();
  const auto context = isolate->GetCurrentContext();
  const engine::Error& error = bindingOf(args).engine().lastError();
  const Local<v8::Object> object = v8::Object::New(isolate);
  const auto set = [&](const char* key, Local<Value> value) {
    // Not Check(): while its worker is being terminated V8 sets nothing, and that must not end the process.
    object->Set(context, string(isolate, key), value).FromMaybe(false);
  };
  set("kind", v8::Integer::New(isolate, static_cast<int>(error.kind)));
  set("message", string(isolate, error.message));
  set("argument", string(isolate, error.argument));
  set("expected", string(isolate, error.expected));
  set("received", string(isolate, error.received));
  args.GetReturnValue().Set(object);
}

void intern(const Args& args) { args.GetReturnValue().Set(bindingOf(args).engine().intern(text(args, 0))); }

void findOperator(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().findOperator(text(args, 0), text(args, 1)));
}

void operatorNames(const Args& args) {
  args.GetReturnValue().Set(strings(args.GetIsolate(), engine::Engine::operatorNames()));
}

void schema(const Args& args) {
  args.GetReturnValue().Set(string(args.GetIsolate(), engine::Engine::schema(text(args, 0), text(args, 1))));
}

// fromBytes(view, dtype, dimensions), the sizes on the tape: a copy.
void fromBytes(const Args& args) {
  Binding& binding = bindingOf(args);
  binding.settle();
  const auto view = args[0].As<v8::ArrayBufferView>();
  const char* data = static_cast<char*>(view->Buffer()->Data()) + view->ByteOffset();
  args.GetReturnValue().Set(binding.engine().fromBytes(data, view->ByteLength(), integer(args, 1),
                                                       sizesFromTape(binding, integer(args, 2))));
}

// fromShared: as fromBytes, on the array's own memory. The backing store outlives even a transferred or detached buffer.
void fromShared(const Args& args) {
  Binding& binding = bindingOf(args);
  binding.settle();
  const auto view = args[0].As<v8::ArrayBufferView>();
  auto store = view->Buffer()->GetBackingStore();
  char* data = static_cast<char*>(store->Data()) + view->ByteOffset();
  args.GetReturnValue().Set(binding.engine().fromShared(std::move(store), data, view->ByteLength(), integer(args, 1),
                                                        sizesFromTape(binding, integer(args, 2))));
}

void toBytes(const Args& args) {
  const auto view = args[1].As<v8::ArrayBufferView>();
  char* data = static_cast<char*>(view->Buffer()->Data()) + view->ByteOffset();
  args.GetReturnValue().Set(bindingOf(args).engine().toBytes(integer(args, 0), data, view->ByteLength()));
}

// describe(slot): dtype, device type, device index, requires grad, is leaf, dimensions, sizes, strides. Returns how many
// tape values that is, written if they fit; -1 for a disposed tensor.
void describe(const Args& args) {
  Binding& binding = bindingOf(args);
  engine::Description description;
  if (!binding.engine().describe(integer(args, 0), &description)) return args.GetReturnValue().Set(-1);
  const size_t length = 6 + 2 * description.sizes.size();
  args.GetReturnValue().Set(static_cast<int32_t>(length));
  if (length > binding.capacity()) return;
  double* out = binding.tape();
  const auto dimensions = static_cast<double>(description.sizes.size());
  for (const double value : {double(description.dtype), double(description.deviceType), double(description.deviceIndex),
                             double(description.requiresGrad), double(description.isLeaf), dimensions})
    *out++ = value;
  for (const int64_t size : description.sizes) *out++ = static_cast<double>(size);
  for (const int64_t stride : description.strides) *out++ = static_cast<double>(stride);
}

// isContiguous(slot, memory format): 1 or 0, -1 for an error.
void isContiguous(const Args& args) {
  bool contiguous = false;
  const bool done = bindingOf(args).engine().isContiguous(integer(args, 0), text(args, 1), &contiguous);
  args.GetReturnValue().Set(done ? static_cast<int32_t>(contiguous) : -1);
}

void guard(const Args& args) { bindingOf(args).guard(args[0].As<v8::Object>(), integer(args, 1)); }
void release(const Args& args) { bindingOf(args).release(integer(args, 0)); }

// releaseMany(n): the slots on the tape.
void releaseMany(const Args& args) {
  Binding& binding = bindingOf(args);
  const int32_t count = integer(args, 0);
  for (int32_t i = 0; i < count; i++) binding.release(static_cast<int32_t>(binding.tape()[i]));
  binding.settle();
}

void liveTensors(const Args& args) {
  bindingOf(args).settleAll();
  args.GetReturnValue().Set(static_cast<double>(bindingOf(args).engine().liveTensors()));
}

// grad(slot): a slot, -1 where there is none, -2 for an error.
void grad(const Args& args) {
  bindingOf(args).settle();
  auto& engine = bindingOf(args).engine();
  const int32_t slot = engine.grad(integer(args, 0));
  args.GetReturnValue().Set(engine.failed() ? -2 : slot);
}

void setGrad(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().setGrad(integer(args, 0), integer(args, 1)));
}

// gradients(outputs, inputs, retainGraph, createGraph, allowUnused): on the tape the slots of the outputs, of their
// gradients (-1: ones) and of the inputs; then, on the tape, the gradients' slots (-1: unused).
void gradients(const Args& args) {
  Binding& binding = bindingOf(args);
  binding.settle();
  const int32_t outputs = integer(args, 0);
  const int32_t inputs = integer(args, 1);
  const double* next = binding.tape();
  const auto take = [&](int32_t count) {
    std::vector<int32_t> slots(next, next + count);
    next += count;
    return slots;
  };
  const auto outputSlots = take(outputs);
  const auto outputGradients = take(outputs);
  const auto inputSlots = take(inputs);
  std::vector<int32_t> out;
  const bool done = binding.engine().gradients(outputSlots, inputSlots, outputGradients, args[2]->IsTrue(),
                                               args[3]->IsTrue(), args[4]->IsTrue(), &out);
  std::copy(out.begin(), out.end(), binding.tape());
  args.GetReturnValue().Set(done);
}

void setGradEnabled(const Args& args) { args.GetReturnValue().Set(engine::Engine::setGradEnabled(args[0]->IsTrue())); }
void gradEnabled(const Args& args) { args.GetReturnValue().Set(engine::Engine::gradEnabled()); }

// setAutocast(device type, enabled, dtype); the previous two on the tape.
void setAutocast(const Args& args) {
  Binding& binding = bindingOf(args);
  engine::Autocast previous{};
  const engine::Autocast next{args[1]->IsTrue(), integer(args, 2)};
  const bool done = binding.engine().setAutocast(integer(args, 0), next, &previous);
  binding.tape()[0] = previous.enabled;
  binding.tape()[1] = previous.dtype;
  args.GetReturnValue().Set(done);
}

void enterAutocast(const Args&) { engine::Engine::enterAutocast(); }
void leaveAutocast(const Args&) { engine::Engine::leaveAutocast(); }

void newGenerator(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().newGenerator(text(args, 0), bits(args, 1)));
}
void defaultGenerator(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().defaultGenerator(text(args, 0)));
}
void seedGenerator(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().seedGenerator(integer(args, 0), bits(args, 1)));
}
void generatorState(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().generatorState(integer(args, 0)));
}
void setGeneratorState(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().setGeneratorState(integer(args, 0), integer(args, 1)));
}
void releaseGenerator(const Args& args) { bindingOf(args).engine().releaseGenerator(integer(args, 0)); }

void setFlushDenormals(const Args& args) { bindingOf(args).engine().setFlushDenormals(args[0]->IsTrue()); }
void flushesDenormals(const Args& args) {
  args.GetReturnValue().Set(bindingOf(args).engine().flushesDenormals());
}

void threads(const Args& args) { args.GetReturnValue().Set(engine::Engine::threads()); }
void setThreads(const Args& args) { args.GetReturnValue().Set(bindingOf(args).engine().setThreads(integer(args, 0))); }
void cudaDevices(const Args& args) { args.GetReturnValue().Set(engine::Engine::cudaDevices()); }
void hasOneDnn(const Args& args) { args.GetReturnValue().Set(engine::Engine::hasOneDnn()); }
void synchronize(const Args& args) { args.GetReturnValue().Set(bindingOf(args).engine().synchronize(integer(args, 0))); }

// settleAllocator(keep): whether that is how it was settled in this process.
void settleAllocator(const Args& args) {
  args.GetReturnValue().Set(engine::settleCpuAllocator(args[0]->IsTrue()));
}

// memoryUse(): allocated, peak and reserved bytes on the tape.
void memoryUse(const Args& args) {
  const engine::MemoryUse use = engine::cpuMemoryUse();
  double* out = bindingOf(args).tape();
  out[0] = static_cast<double>(use.allocated);
  out[1] = static_cast<double>(use.peak);
  out[2] = static_cast<double>(use.reserved);
}
void releaseFreeMemory(const Args&) { engine::releaseFreeCpuMemory(); }

void version(const Args& args) { args.GetReturnValue().Set(string(args.GetIsolate(), engine::Engine::version())); }
void buildConfiguration(const Args& args) {
  args.GetReturnValue().Set(string(args.GetIsolate(), engine::Engine::buildConfiguration()));
}
void dtypeFromName(const Args& args) { args.GetReturnValue().Set(engine::Engine::dtypeFromName(text(args, 0))); }
void dtypeName(const Args& args) {
  args.GetReturnValue().Set(string(args.GetIsolate(), engine::Engine::dtypeName(integer(args, 0))));
}
void deviceTypeFromName(const Args& args) {
  args.GetReturnValue().Set(engine::Engine::deviceTypeFromName(text(args, 0)));
}
void deviceTypeName(const Args& args) {
  args.GetReturnValue().Set(string(args.GetIsolate(), engine::Engine::deviceTypeName(integer(args, 0))));
}

struct Export {
  const char* name;
  v8::FunctionCallback function;
};

constexpr Export kExports[] = {
    {"setTape", setTape},
    {"call", call},
    {"results", results},
    {"lastError", lastError},
    {"intern", intern},
    {"findOperator", findOperator},
    {"operatorNames", operatorNames},
    {"schema", schema},
    {"fromBytes", fromBytes},
    {"fromShared", fromShared},
    {"toBytes", toBytes},
    {"describe", describe},
    {"isContiguous", isContiguous},
    {"guard", guard},
    {"release", release},
    {"releaseMany", releaseMany},
    {"liveTensors", liveTensors},
    {"grad", grad},
    {"setGrad", setGrad},
    {"gradients", gradients},
    {"setGradEnabled", setGradEnabled},
    {"gradEnabled", gradEnabled},
    {"setAutocast", setAutocast},
    {"enterAutocast", enterAutocast},
    {"leaveAutocast", leaveAutocast},
    {"newGenerator", newGenerator},
    {"defaultGenerator", defaultGenerator},
    {"seedGenerator", seedGenerator},
    {"generatorState", generatorState},
    {"setGeneratorState", setGeneratorState},
    {"releaseGenerator", releaseGenerator},
    {"setFlushDenormals", setFlushDenormals},
    {"flushesDenormals", flushesDenormals},
    {"settleAllocator", settleAllocator},
    {"threads", threads},
    {"setThreads", setThreads},
    {"cudaDevices", cudaDevices},
    {"hasOneDnn", hasOneDnn},
    {"synchronize", synchronize},
    {"memoryUse", memoryUse},
    {"releaseFreeMemory", releaseFreeMemory},
    {"version", version},
    {"buildConfiguration", buildConfiguration},
    {"dtypeFromName", dtypeFromName},
    {"dtypeName", dtypeName},
    {"deviceTypeFromName", deviceTypeFromName},
    {"deviceTypeName", deviceTypeName},
};

}  // namespace

NODE_MODULE_INIT() {
  Isolate* isolate = Isolate::GetCurrent();  // Context::GetIsolate is gone from V8 14.6
  auto* binding = new Binding(isolate);
  node::AddEnvironmentCleanupHook(isolate, [](void* data) { delete static_cast<Binding*>(data); }, binding);
  const auto data = wrap(isolate, binding);
  for (const auto& entry : kExports) {
    const auto function = v8::Function::New(context, entry.function, data).ToLocalChecked();
    exports.As<v8::Object>()->Set(context, string(isolate, entry.name), function).Check();
  }
}
