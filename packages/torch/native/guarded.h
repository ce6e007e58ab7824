// The one place where a C++ exception becomes an Error.
#pragma once

#include <c10/util/Exception.h>

#include <new>

#include "engine.h"
#include "operators.h"

namespace engine {

template <typename F>
bool Engine::guarded(F&& body) {
  failed_ = false;
  const auto fail = [&](ErrorKind kind, const char* message) {
    failed_ = true;
    error_ = {kind, message, "", "", ""};
    return false;
  };
  try {
    body();
    return true;
  } catch (const ArgumentMismatch& mismatch) {
    failed_ = true;
    error_ = {ErrorKind::kArgument, "", mismatch.argument, mismatch.expected, mismatch.received};
    return false;
  } catch (const c10::IndexError& e) {
    return fail(ErrorKind::kIndex, e.what_without_backtrace());
  } catch (const c10::NotImplementedError& e) {
    return fail(ErrorKind::kNotImplemented, e.what_without_backtrace());
  } catch (const c10::TypeError& e) {
    return fail(ErrorKind::kUnsupportedType, e.what_without_backtrace());
  } catch (const c10::Error& e) {
    const bool memory = std::string(e.what_without_backtrace()).find("out of memory") != std::string::npos ||
                        std::string(e.what_without_backtrace()).find("can't allocate memory") != std::string::npos;
    return fail(memory ? ErrorKind::kOutOfMemory : ErrorKind::kOperator, e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return fail(ErrorKind::kOutOfMemory, "out of memory");
  } catch (const std::exception& e) {
    return fail(ErrorKind::kOperator, e.what());
  } catch (...) {
    return fail(ErrorKind::kOperator, "an exception of unknown type");
  }
}

}  // namespace engine
