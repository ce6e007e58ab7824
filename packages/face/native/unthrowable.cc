#include "unthrowable.h"

#include <node_api.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace face {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kJumpSlot = R_X86_64_JUMP_SLOT;
constexpr std::uint32_t kGlobalData = R_X86_64_GLOB_DAT;
#else
constexpr std::uint32_t kJumpSlot = R_AARCH64_JUMP_SLOT;
constexpr std::uint32_t kGlobalData = R_AARCH64_GLOB_DAT;
#endif

napi_status throw_if_possible(napi_env env, napi_value error) {
  const napi_status status = napi_throw(env, error);
  const bool terminating = status == napi_pending_exception || status == napi_cannot_run_js;
  return terminating ? napi_ok : status;
}

struct Search {
  const char* file_name;
  int redirected;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The table that holds the address may be read-only since the module was loaded.
bool redirect(void** place, void* target) {
  const auto page_bytes = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  void* const page = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(place) & ~(page_bytes - 1));
  if (mprotect(page, page_bytes, PROT_READ | PROT_WRITE) != 0) return false;
  __atomic_store_n(place, target, __ATOMIC_SEQ_CST);
  return true;
}

int redirect_in(const dl_phdr_info& module, const ElfW(Dyn) * entry) {
  const ElfW(Sym)* symbols = nullptr;
  const char* names = nullptr;
  struct { const ElfW(Rela)* first = nullptr; std::size_t bytes = 0; } tables[2];
  for (; entry->d_tag != DT_NULL; entry++) {
    const auto address = entry->d_un.d_ptr;
    switch (entry->d_tag) {
      case DT_SYMTAB: symbols = reinterpret_cast<const ElfW(Sym)*>(address); break;
      case DT_STRTAB: names = reinterpret_cast<const char*>(address); break;
      case DT_RELA: tables[0].first = reinterpret_cast<const ElfW(Rela)*>(address); break;
      case DT_RELASZ: tables[0].bytes = entry->d_un.d_val; break;
      case DT_JMPREL: tables[1].first = reinterpret_cast<const ElfW(Rela)*>(address); break;
      case DT_PLTRELSZ: tables[1].bytes = entry->d_un.d_val; break;
      default: break;
    }
  }
  if (symbols == nullptr || names == nullptr) return 0;
  int redirected = 0;
  for (const auto& table : tables) {
    const ElfW(Rela)* const end = table.first + table.bytes / sizeof(ElfW(Rela));
    for (const ElfW(Rela)* one = table.first; one != end; one++) {
      const auto type = ELF64_R_TYPE(one->r_info);
      if (type != kJumpSlot && type != kGlobalData) continue;
      if (std::strcmp(names + symbols[ELF64_R_SYM(one->r_info)].st_name, "napi_throw") != 0) continue;
      auto* const place = reinterpret_cast<void**>(module.dlpi_addr + one->r_offset);
      if (redirect(place, reinterpret_cast<void*>(throw_if_possible))) redirected++;
    }
  }
  return redirected;
}

int visit(dl_phdr_info* module, std::size_t, void* data) {
  auto* const search = static_cast<Search*>(data);
  if (module->dlpi_name == nullptr || !ends_with(module->dlpi_name, search->file_name)) return 0;
  for (int i = 0; i < module->dlpi_phnum; i++) {
    const auto& header = module->dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    search->redirected += redirect_in(*module, reinterpret_cast<const ElfW(Dyn)*>(module->dlpi_addr + header.p_vaddr));
  }
  return 0;
}

}  // namespace

int drop_unthrowable_errors(const char* file_name) {
  Search search{file_name, 0};
  dl_iterate_phdr(visit, &search);
  return search.redirected;
}

}  // namespace face

#else

int face::drop_unthrowable_errors(const char*) { return 0; }

#endif
