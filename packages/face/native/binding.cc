// The JavaScript side of the addon: five functions, arguments checked here; what takes long runs on the thread pool.
// No state of its own but what dlib's readers share (const models, lent detectors): any number of worker threads may load it.
#include "appearance.h"
#include "async_job.h"
#include "detector.h"
#include "predictor.h"
#include "termination_guard.h"
#include "weighted_sums.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace face {
namespace {

using SharedPredictor = std::shared_ptr<const Predictor>;

constexpr long kLargestImageSide = 1L << 16;

// Arguments of one call; every getter throws std::invalid_argument naming what was wrong.
class Arguments {
 public:
  Arguments(napi_env env, napi_callback_info info, std::size_t expected) : env_(env), values_(expected) {
    std::size_t count = expected;
    check(env, napi_get_cb_info(env, info, &count, values_.data(), nullptr, nullptr), "napi_get_cb_info");
    if (count < expected) throw std::invalid_argument("expected " + std::to_string(expected) + " arguments");
  }

  napi_value value(std::size_t i) const { return values_[i]; }

  double number(std::size_t i) const {
    double result = 0;
    if (napi_get_value_double(env_, values_[i], &result) != napi_ok) {
      throw std::invalid_argument("argument " + std::to_string(i + 1) + ": expected a number");
    }
    return result;
  }

  std::string text(std::size_t i) const {
    std::size_t length = 0;
    if (napi_get_value_string_utf8(env_, values_[i], nullptr, 0, &length) != napi_ok) {
      throw std::invalid_argument("argument " + std::to_string(i + 1) + ": expected a string");
    }
    std::string result(length, '\0');
    check(env_, napi_get_value_string_utf8(env_, values_[i], result.data(), length + 1, &length), "string");
    return result;
  }

  void* typed_array(std::size_t i, napi_typedarray_type expected, std::size_t* length) const {
    napi_typedarray_type type = napi_int8_array;
    void* data = nullptr;
    const napi_status status = napi_get_typedarray_info(env_, values_[i], &type, length, &data, nullptr, nullptr);
    if (status != napi_ok || type != expected) {
      throw std::invalid_argument("argument " + std::to_string(i + 1) + ": expected another typed array");
    }
    return data;
  }

  // Three arguments from `i`: bytes, width, height.
  GreyView image(std::size_t i) const {
    std::size_t length = 0;
    const void* data = typed_array(i, napi_uint8_array, &length);
    const double width = number(i + 1);
    const double height = number(i + 2);
    const bool sane = width >= 1 && height >= 1 && width <= kLargestImageSide && height <= kLargestImageSide;
    if (!sane || static_cast<std::size_t>(width) * static_cast<std::size_t>(height) != length) {
      throw std::invalid_argument("expected width x height bytes of grey");
    }
    return {static_cast<const std::uint8_t*>(data), static_cast<long>(width), static_cast<long>(height)};
  }

 private:
  napi_env env_;
  std::vector<napi_value> values_;
};

template <typename T>
napi_value to_typed_array(napi_env env, napi_typedarray_type type, const std::vector<T>& values) {
  void* data = nullptr;
  napi_value buffer = nullptr;
  napi_value result = nullptr;
  if (napi_create_arraybuffer(env, values.size() * sizeof(T), &data, &buffer) != napi_ok) return nullptr;
  std::copy(values.begin(), values.end(), static_cast<T*>(data));
  return napi_create_typedarray(env, type, values.size(), buffer, 0, &result) == napi_ok ? result : nullptr;
}

// loadPredictor(path: string): Promise<external>
napi_value load_predictor_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 1);
  const std::string path = arguments.text(0);
  auto predictor = std::make_shared<SharedPredictor>();
  const auto release = [](napi_env, void* data, void*) { delete static_cast<SharedPredictor*>(data); };
  return start_job(env, {[=] { *predictor = load_predictor(path); },
                         [=](napi_env scope) {
                           napi_value result = nullptr;
                           auto owned = std::make_unique<SharedPredictor>(*predictor);
                           if (napi_create_external(scope, owned.get(), release, nullptr, &result) != napi_ok) {
                             return static_cast<napi_value>(nullptr);
                           }
                           owned.release();
                           return result;
                         },
                         {}});
}

// detect(grey, width, height, [left, top, right, bottom, scale, threshold, levels]): Promise<Float64Array>, [n, 5]
napi_value detect_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 4);
  const GreyView image = arguments.image(0);
  std::size_t length = 0;
  const double* v = static_cast<double*>(arguments.typed_array(3, napi_float64_array, &length));
  if (length != 7 || !(v[4] > 0)) throw std::invalid_argument("expected 7 numbers and a positive scale");
  const Scan scan{{v[0], v[1], v[2], v[3]}, v[4], v[5], static_cast<int>(v[6])};
  auto found = std::make_shared<std::vector<double>>();
  return start_job(env, {[=] {
                           for (const Detection& d : detect(image, scan)) {
                             found->insert(found->end(), {d.left, d.top, d.right, d.bottom, d.score});
                           }
                         },
                         [=](napi_env scope) { return to_typed_array(scope, napi_float64_array, *found); },
                         {arguments.value(0)}});
}

// landmarks(predictor, grey, width, height, boxes: Float64Array [n, 4]): Promise<Float32Array>, [n, 136]
napi_value landmarks_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 5);
  void* external = nullptr;
  if (napi_get_value_external(env, arguments.value(0), &external) != napi_ok) {
    throw std::invalid_argument("argument 1: expected a loaded predictor");
  }
  const SharedPredictor predictor = *static_cast<SharedPredictor*>(external);
  const GreyView image = arguments.image(1);
  std::size_t length = 0;
  const double* values = static_cast<double*>(arguments.typed_array(4, napi_float64_array, &length));
  if (length % 4 != 0) throw std::invalid_argument("expected four numbers per box");
  const std::vector<double> boxes(values, values + length);
  auto points = std::make_shared<std::vector<float>>(length / 4 * kLandmarks * 2);
  return start_job(env, {[=] {
                           for (std::size_t i = 0; i * 4 < boxes.size(); ++i) {
                             float* out = points->data() + i * kLandmarks * 2;
                             predictor->place(image, boxes.data() + i * 4, out);
                           }
                         },
                         [=](napi_env scope) { return to_typed_array(scope, napi_float32_array, *points); },
                         {arguments.value(1)}});
}

// Two arguments from `i`: positions and weights of one axis, all positions within [0, length).
AxisTaps taps_argument(const Arguments& arguments, std::size_t i, std::size_t size, long length) {
  std::size_t positions_length = 0;
  std::size_t weights_length = 0;
  const auto* positions =
      static_cast<const std::int32_t*>(arguments.typed_array(i, napi_int32_array, &positions_length));
  const auto* weights = static_cast<const double*>(arguments.typed_array(i + 1, napi_float64_array, &weights_length));
  if (positions_length == 0 || positions_length % size != 0 || weights_length != positions_length) {
    throw std::invalid_argument("expected as many weights as positions, a multiple of the size");
  }
  // The first and last position bound the rows that are computed, so every other must lie between them.
  const std::int32_t first = positions[0];
  const std::int32_t last = positions[positions_length - 1];
  const bool inside = first >= 0 && last < length &&
                      std::all_of(positions, positions + positions_length,
                                  [=](std::int32_t position) { return position >= first && position <= last; });
  if (!inside) throw std::invalid_argument("expected positions within the image, the least first and the largest last");
  return {positions, weights, static_cast<int>(positions_length / size)};
}

// resample(rgb, width, height, size, positionsX, weightsX, positionsY, weightsY): Uint8Array, [size, size, 3]
napi_value resample_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 8);
  std::size_t length = 0;
  const auto* rgb = static_cast<const std::uint8_t*>(arguments.typed_array(0, napi_uint8_array, &length));
  const double width = arguments.number(1);
  const double height = arguments.number(2);
  const double size = arguments.number(3);
  if (!(width >= 1 && height >= 1 && width * height * 3 == static_cast<double>(length) && size >= 1 && size <= 4096)) {
    throw std::invalid_argument("expected width x height x 3 bytes and a size from 1 to 4096");
  }
  const AxisTaps across = taps_argument(arguments, 4, static_cast<std::size_t>(size), static_cast<long>(width));
  const AxisTaps down = taps_argument(arguments, 6, static_cast<std::size_t>(size), static_cast<long>(height));
  std::vector<std::uint8_t> out(static_cast<std::size_t>(size * size * 3));
  resample_rgb(rgb, static_cast<long>(width), across, down, static_cast<int>(size), out.data());
  return to_typed_array(env, napi_uint8_array, out);
}

// unlikeness(a, b): number; both [side, side, 4] bytes
napi_value unlikeness_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 2);
  constexpr std::size_t kBytes = 4 * static_cast<std::size_t>(kPatchSide) * kPatchSide;
  const std::uint8_t* patches[2];
  for (std::size_t i = 0; i < 2; ++i) {
    std::size_t length = 0;
    patches[i] = static_cast<const std::uint8_t*>(arguments.typed_array(i, napi_uint8_array, &length));
    if (length != kBytes) throw std::invalid_argument("expected pictures of " + std::to_string(kBytes) + " bytes");
  }
  napi_value result = nullptr;
  return napi_create_double(env, unlikeness(patches[0], patches[1]), &result) == napi_ok ? result : nullptr;
}

// guardTermination(path): number of imports of node-av that were redirected, see termination_guard.h
napi_value guard_termination_call(napi_env env, napi_callback_info info) {
  const Arguments arguments(env, info, 1);
  const std::string path = arguments.text(0);
  napi_value redirected = nullptr;
  check(env, napi_create_int32(env, guard_termination(path.c_str()), &redirected), "napi_create_int32");
  return redirected;
}

// No C++ exception may cross into JavaScript's frames.
template <napi_value (*function)(napi_env, napi_callback_info)>
napi_value guarded(napi_env env, napi_callback_info info) {
  try {
    return function(env, info);
  } catch (const NapiFailure& failure) {
    napi_throw_error(env, nullptr, failure.call);
  } catch (const std::exception& error) {
    napi_throw_type_error(env, nullptr, error.what());
  }
  return nullptr;
}

template <napi_value (*function)(napi_env, napi_callback_info)>
void export_function(napi_env env, napi_value exports, const char* name) {
  napi_value value = nullptr;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded<function>, nullptr, &value);
  napi_set_named_property(env, exports, name, value);
}

}  // namespace
}  // namespace face

NAPI_MODULE_INIT() {
  face::export_function<face::load_predictor_call>(env, exports, "loadPredictor");
  face::export_function<face::detect_call>(env, exports, "detect");
  face::export_function<face::landmarks_call>(env, exports, "landmarks");
  face::export_function<face::resample_call>(env, exports, "resample");
  face::export_function<face::unlikeness_call>(env, exports, "unlikeness");
  face::export_function<face::guard_termination_call>(env, exports, "guardTermination");
  return exports;
}
