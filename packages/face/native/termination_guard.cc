#include "termination_guard.h"

#include "imports.h"

#include <node_api.h>

#include <csetjmp>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace face {
namespace {

// The functions of one property of a class, or of one job, and the data that they expect.
struct Callbacks {
  napi_callback method = nullptr;
  napi_callback getter = nullptr;
  napi_callback setter = nullptr;
  void* data = nullptr;
};

struct Job {
  napi_async_execute_callback execute;
  napi_async_complete_callback complete;
  void* data;
};

struct OpenScope {
  napi_handle_scope plain;
  napi_escapable_handle_scope escapable;
};

// One call from JavaScript into node-av. Node checks that it closes the handle scopes that it opens.
struct Call {
  Call* outer;
  napi_callback_info info;
  const Callbacks* callbacks;
  std::vector<OpenScope> scopes;
  std::jmp_buf end;
};

thread_local Call* innermost = nullptr;
// As long as the thread: JavaScript may call these functions until then. node-av 6.1 creates them in its initialiser alone, 662 in a
// thread; films that are read add none.
thread_local std::deque<Callbacks> wrapped;

bool may_call_javascript(napi_env env) {
  napi_value global = nullptr;
  bool has = false;
  return napi_get_global(env, &global) == napi_ok && napi_has_named_property(env, global, "undefined", &has) == napi_ok;
}

// A pending exception makes each function fail, too. It stays pending.
bool is_terminating(napi_env env) {
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok) return false;
  if (!pending) return !may_call_javascript(env);
  napi_value exception = nullptr;
  napi_get_and_clear_last_exception(env, &exception);
  if (!may_call_javascript(env)) return true;
  napi_throw(env, exception);
  return false;
}

bool failed_by_termination(napi_env env, napi_status status) {
  return (status == napi_pending_exception || status == napi_cannot_run_js) && is_terminating(env);
}

void end_call(napi_env env) {
  auto& scopes = innermost->scopes;
  for (; !scopes.empty(); scopes.pop_back()) {
    if (scopes.back().plain != nullptr) napi_close_handle_scope(env, scopes.back().plain);
    else napi_close_escapable_handle_scope(env, scopes.back().escapable);
  }
  std::longjmp(innermost->end, 1);
}

// Runs `body`; a function of Node-API that fails in it because the thread is terminated ends it.
template <typename Body>
void run(napi_callback_info info, const Callbacks* callbacks, const Body& body) {
  Call call{innermost, info, callbacks, {}, {}};
  innermost = &call;
  if (setjmp(call.end) == 0) body();
  innermost = call.outer;
}

template <napi_callback Callbacks::*member>
napi_value call_wrapped(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  if (napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data) != napi_ok) return nullptr;
  const auto* const callbacks = static_cast<const Callbacks*>(data);
  napi_value result = nullptr;
  napi_value* const place = &result;
  run(info, callbacks, [=] { *place = (callbacks->*member)(env, info); });
  return *place;
}

void* wrap(const Callbacks& callbacks) {
  wrapped.push_back(callbacks);
  return &wrapped.back();
}

napi_callback when(napi_callback given, napi_callback ours) { return given == nullptr ? nullptr : ours; }

napi_property_descriptor wrap_property(napi_property_descriptor property) {
  if (property.method == nullptr && property.getter == nullptr && property.setter == nullptr) return property;
  property.data = wrap({property.method, property.getter, property.setter, property.data});
  property.method = when(property.method, call_wrapped<&Callbacks::method>);
  property.getter = when(property.getter, call_wrapped<&Callbacks::getter>);
  property.setter = when(property.setter, call_wrapped<&Callbacks::setter>);
  return property;
}

std::vector<napi_property_descriptor> wrap_properties(std::size_t count, const napi_property_descriptor* properties) {
  std::vector<napi_property_descriptor> all;
  for (std::size_t i = 0; i < count; i++) all.push_back(wrap_property(properties[i]));
  return all;
}

// Outside of a call, when objects are freed, there is nothing to end.
napi_status checked(napi_env env, napi_status status) {
  if (innermost != nullptr && failed_by_termination(env, status)) end_call(env);
  return status;
}

template <auto function>
struct Guarded;
template <typename... Arguments, napi_status (*function)(napi_env, Arguments...)>
struct Guarded<function> {
  static napi_status call(napi_env env, Arguments... arguments) { return checked(env, function(env, arguments...)); }
};

napi_status throw_if_possible(napi_env env, napi_value error) {
  const napi_status status = checked(env, napi_throw(env, error));
  return failed_by_termination(env, status) ? napi_ok : status;
}

napi_status define_properties(napi_env env, napi_value object, std::size_t count, const napi_property_descriptor* properties) {
  const auto all = wrap_properties(count, properties);
  const napi_status status = napi_define_properties(env, object, all.size(), all.data());
  return failed_by_termination(env, status) ? napi_ok : status;
}

napi_status define_class(napi_env env, const char* name, std::size_t length, napi_callback constructor, void* data,
                         std::size_t count, const napi_property_descriptor* properties, napi_value* result) {
  const auto all = wrap_properties(count, properties);
  return napi_define_class(env, name, length, when(constructor, call_wrapped<&Callbacks::method>),
                           wrap({constructor, nullptr, nullptr, data}), all.size(), all.data(), result);
}

napi_status create_function(napi_env env, const char* name, std::size_t length, napi_callback callback, void* data,
                            napi_value* result) {
  return napi_create_function(env, name, length, when(callback, call_wrapped<&Callbacks::method>),
                              wrap({callback, nullptr, nullptr, data}), result);
}

// A function that was created before this library was loaded has data of its own.
napi_status get_cb_info(napi_env env, napi_callback_info info, std::size_t* count, napi_value* arguments, napi_value* self,
                        void** data) {
  const napi_status status = napi_get_cb_info(env, info, count, arguments, self, data);
  if (data != nullptr && innermost != nullptr && innermost->info == info) *data = innermost->callbacks->data;
  return status;
}

void execute_job(napi_env env, void* data) {
  const auto* const job = static_cast<const Job*>(data);
  if (job->execute != nullptr) job->execute(env, job->data);
}

void complete_job(napi_env env, napi_status status, void* data) {
  const auto* const job = static_cast<const Job*>(data);
  run(nullptr, nullptr, [=] {
    if (job->complete != nullptr) job->complete(env, status, job->data);
  });
  delete job;
}

napi_status create_async_work(napi_env env, napi_value resource, napi_value name, napi_async_execute_callback execute,
                              napi_async_complete_callback complete, void* data, napi_async_work* result) {
  auto* const job = new Job{execute, complete, data};
  const napi_status status = napi_create_async_work(env, resource, name, execute_job, complete_job, job, result);
  if (status != napi_ok) delete job;
  return checked(env, status);
}

napi_status open_scope(napi_env env, napi_handle_scope* result) {
  const napi_status status = napi_open_handle_scope(env, result);
  if (status == napi_ok && innermost != nullptr) innermost->scopes.push_back({*result, nullptr});
  return status;
}

napi_status open_escapable_scope(napi_env env, napi_escapable_handle_scope* result) {
  const napi_status status = napi_open_escapable_handle_scope(env, result);
  if (status == napi_ok && innermost != nullptr) innermost->scopes.push_back({nullptr, *result});
  return status;
}

void forget_scope() {
  if (innermost != nullptr && !innermost->scopes.empty()) innermost->scopes.pop_back();
}

napi_status close_scope(napi_env env, napi_handle_scope scope) {
  forget_scope();
  return napi_close_handle_scope(env, scope);
}

napi_status close_escapable_scope(napi_env env, napi_escapable_handle_scope scope) {
  forget_scope();
  return napi_close_escapable_handle_scope(env, scope);
}

void* initialiser = nullptr;

napi_value call_initialiser(napi_env env, napi_value exports) {
  napi_value result = exports;
  napi_value* const place = &result;
  const auto initialise = reinterpret_cast<napi_addon_register_func>(initialiser);
  run(nullptr, nullptr, [=] { *place = initialise(env, exports); });
  return *place;
}

template <typename Function>
Replacement replace(const char* name, Function* function) {
  return {name, reinterpret_cast<void*>(function)};
}

#define GUARDED(function) replace(#function, Guarded<function>::call)

// GUARDED: all that node-av imports of what fails in a thread that is terminated.
std::vector<Replacement> replacements() {
  return {
      replace("napi_throw", throw_if_possible),
      replace("napi_define_properties", define_properties),
      replace("napi_define_class", define_class),
      replace("napi_create_function", create_function),
      replace("napi_get_cb_info", get_cb_info),
      replace("napi_create_async_work", create_async_work),
      replace("napi_open_handle_scope", open_scope),
      replace("napi_close_handle_scope", close_scope),
      replace("napi_open_escapable_handle_scope", open_escapable_scope),
      replace("napi_close_escapable_handle_scope", close_escapable_scope),
      GUARDED(napi_call_function),
      GUARDED(napi_coerce_to_object),
      GUARDED(napi_create_buffer),
      GUARDED(napi_create_buffer_copy),
      GUARDED(napi_create_external_buffer),
      GUARDED(napi_create_promise),
      GUARDED(napi_get_element),
      GUARDED(napi_get_named_property),
      GUARDED(napi_get_property),
      GUARDED(napi_has_named_property),
      GUARDED(napi_has_property),
      GUARDED(napi_instanceof),
      GUARDED(napi_new_instance),
      GUARDED(napi_reject_deferred),
      GUARDED(napi_resolve_deferred),
      GUARDED(napi_set_element),
      GUARDED(napi_set_named_property),
      GUARDED(napi_unwrap),
      GUARDED(napi_wrap),
  };
}

#undef GUARDED

}  // namespace

int guard_termination(const char* path) {
  if (!keep_self_loaded() || !keep_loaded(path)) return 0;
  redirect_export(path, "napi_register_module_v1", reinterpret_cast<void*>(call_initialiser), &initialiser);
  const auto all = replacements();
  return redirect_imports("/node-av.node", all.data(), all.size());
}

}  // namespace face
