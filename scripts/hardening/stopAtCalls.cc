// Stops the calls that node-av makes into Node-API: the n-th one in a thread waits until its thread has been terminated. An addon of its
// own, loaded after the guard of @duchenne/face, so that its trampolines come before the guard's functions. Linux on x86-64.
// It is built as face.node: that name tells the guard that an import is redirected already.
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <node_api.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstring>
#include <string>

// All that node-av 6.1 imports, but for napi_fatal_error.
#define NAMES(X) \
  X(add_finalizer) X(adjust_external_memory) X(async_destroy) X(call_function) X(call_threadsafe_function) \
  X(close_callback_scope) X(close_escapable_handle_scope) X(close_handle_scope) X(coerce_to_object) X(create_array) \
  X(create_array_with_length) X(create_async_work) X(create_bigint_int64) X(create_bigint_uint64) X(create_buffer) \
  X(create_buffer_copy) X(create_double) X(create_error) X(create_external_buffer) X(create_function) X(create_object) \
  X(create_promise) X(create_range_error) X(create_reference) X(create_string_latin1) X(create_string_utf8) \
  X(create_threadsafe_function) X(create_type_error) X(define_class) X(define_properties) X(delete_async_work) \
  X(delete_reference) X(escape_handle) X(get_and_clear_last_exception) X(get_array_length) X(get_boolean) X(get_cb_info) \
  X(get_element) X(get_global) X(get_last_error_info) X(get_named_property) X(get_new_target) X(get_null) X(get_property) \
  X(get_reference_value) X(get_typedarray_info) X(get_undefined) X(get_value_bigint_int64) X(get_value_bigint_uint64) \
  X(get_value_bool) X(get_value_double) X(get_value_int32) X(get_value_int64) X(get_value_string_utf8) X(get_value_uint32) \
  X(has_named_property) X(has_property) X(instanceof) X(is_array) X(is_buffer) X(is_exception_pending) X(new_instance) \
  X(open_escapable_handle_scope) X(open_handle_scope) X(queue_async_work) X(reference_unref) X(reject_deferred) \
  X(release_threadsafe_function) X(remove_wrap) X(resolve_deferred) X(set_element) X(set_named_property) X(throw) \
  X(typeof) X(unref_threadsafe_function) X(unwrap) X(wrap)

static std::atomic<int> made{0};
static std::atomic<int> stop_at{0};
static std::atomic<bool> reached{false};
static std::atomic<bool> goes_on{false};
static pid_t main_thread = 0;

extern "C" __attribute__((visibility("hidden"))) void before_call() {
  if (gettid() == main_thread || ++made != stop_at) return;
  reached = true;
  while (!goes_on) usleep(200);
}

// Each trampoline keeps the arguments, counts, and goes on to what was called until now.
#define TRAMPOLINE(name)                                                                                          \
  extern "C" {                                                                                              \
  __attribute__((visibility("hidden"))) void* real_##name = nullptr;                                        \
  __attribute__((visibility("hidden"))) void trampoline_##name();                                                 \
  }                                                                                                         \
  asm(".text\n.hidden trampoline_" #name "\n.globl trampoline_" #name "\ntrampoline_" #name ":\n"                             \
      "push %rdi\npush %rsi\npush %rdx\npush %rcx\npush %r8\npush %r9\nsub $8, %rsp\ncall before_call\n"    \
      "add $8, %rsp\npop %r9\npop %r8\npop %rcx\npop %rdx\npop %rsi\npop %rdi\njmp *real_" #name "(%rip)\n");
NAMES(TRAMPOLINE)

struct Import {
  const char* name;
  void** real;
  void* trampoline;
};

#define IMPORT(name) {"napi_" #name, &real_##name, reinterpret_cast<void*>(trampoline_##name)},
static const Import imports[] = {NAMES(IMPORT)};

static void redirect(void** place, const char* name) {
  for (const Import& import : imports) {
    if (std::strcmp(import.name, name) != 0) continue;
    const auto page_bytes = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto page = reinterpret_cast<std::uintptr_t>(place) & ~(page_bytes - 1);
    mprotect(reinterpret_cast<void*>(page), page_bytes, PROT_READ | PROT_WRITE);
    *import.real = *place;
    *place = import.trampoline;
  }
}

static int visit(dl_phdr_info* module, std::size_t, void*) {
  if (std::strstr(module->dlpi_name, "/node-av.node") == nullptr) return 0;
  const ElfW(Dyn)* entry = nullptr;
  for (int i = 0; i < module->dlpi_phnum; i++)
    if (module->dlpi_phdr[i].p_type == PT_DYNAMIC)
      entry = reinterpret_cast<const ElfW(Dyn)*>(module->dlpi_addr + module->dlpi_phdr[i].p_vaddr);
  std::uintptr_t values[64] = {};
  for (; entry->d_tag != DT_NULL; entry++)
    if (entry->d_tag > 0 && entry->d_tag < 64) values[entry->d_tag] = entry->d_un.d_ptr;
  const auto* const symbols = reinterpret_cast<const ElfW(Sym)*>(values[DT_SYMTAB]);
  const auto visit_table = [&](std::uintptr_t table, std::uintptr_t bytes) {
    const auto* one = reinterpret_cast<const ElfW(Rela)*>(table);
    for (std::size_t i = 0; i < bytes / sizeof *one; i++, one++) {
      const auto type = ELF64_R_TYPE(one->r_info);
      if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
      const char* const name = reinterpret_cast<const char*>(values[DT_STRTAB]) + symbols[ELF64_R_SYM(one->r_info)].st_name;
      redirect(reinterpret_cast<void**>(module->dlpi_addr + one->r_offset), name);
    }
  };
  visit_table(values[DT_RELA], values[DT_RELASZ]);
  visit_table(values[DT_JMPREL], values[DT_PLTRELSZ]);
  return 0;
}

// install(): in the main thread, when node-av is in memory
static napi_value install(napi_env, napi_callback_info) {
  main_thread = gettid();
  dl_iterate_phdr(visit, nullptr);
  return nullptr;
}

// stopAt(n): of the next thread
static napi_value stop_at_call(napi_env env, napi_callback_info info) {
  std::size_t count = 1;
  napi_value argument = nullptr;
  int number = 0;
  napi_get_cb_info(env, info, &count, &argument, nullptr, nullptr);
  napi_get_value_int32(env, argument, &number);
  made = 0;
  reached = false;
  goes_on = false;
  stop_at = number;
  return nullptr;
}

// isReached(): boolean
static napi_value is_reached(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_get_boolean(env, reached, &result);
  return result;
}

static napi_value go_on(napi_env, napi_callback_info) {
  goes_on = true;
  return nullptr;
}

NAPI_MODULE_INIT() {
  const auto add = [&](const char* name, napi_callback callback) {
    napi_value function = nullptr;
    napi_create_function(env, name, NAPI_AUTO_LENGTH, callback, nullptr, &function);
    napi_set_named_property(env, exports, name, function);
  };
  add("install", install);
  add("stopAt", stop_at_call);
  add("isReached", is_reached);
  add("goOn", go_on);
  return exports;
}
