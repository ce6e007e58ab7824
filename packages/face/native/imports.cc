#include "imports.h"

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <dlfcn.h>
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

constexpr const char* kOwnFile = "/face.node";

struct Search {
  const char* file_name;
  const Replacement* replacements;
  std::size_t count;
  int redirected;
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

bool is_redirected(void* function) {
  Dl_info about{};
  return dladdr(function, &about) != 0 && about.dli_fname != nullptr && ends_with(about.dli_fname, kOwnFile);
}

// The table that holds the address may be read-only since the module was loaded.
bool redirect(void** place, void* target) {
  const auto page_bytes = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  void* const page = reinterpret_cast<void*>(reinterpret_cast<std::uintptr_t>(place) & ~(page_bytes - 1));
  if (mprotect(page, page_bytes, PROT_READ | PROT_WRITE) != 0) return false;
  __atomic_store_n(place, target, __ATOMIC_SEQ_CST);
  return true;
}

void redirect_one(void** place, const char* name, Search* search) {
  for (std::size_t i = 0; i < search->count; i++) {
    if (std::strcmp(name, search->replacements[i].name) != 0) continue;
    const bool done = !is_redirected(*place) && redirect(place, search->replacements[i].function);
    if (done) search->redirected++;
    return;
  }
}

void redirect_in(const dl_phdr_info& module, const ElfW(Dyn) * entry, Search* search) {
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
  if (symbols == nullptr || names == nullptr) return;
  for (const auto& table : tables) {
    const ElfW(Rela)* const end = table.first + table.bytes / sizeof(ElfW(Rela));
    for (const ElfW(Rela)* one = table.first; one != end; one++) {
      const auto type = ELF64_R_TYPE(one->r_info);
      if (type != kJumpSlot && type != kGlobalData) continue;
      auto* const place = reinterpret_cast<void**>(module.dlpi_addr + one->r_offset);
      redirect_one(place, names + symbols[ELF64_R_SYM(one->r_info)].st_name, search);
    }
  }
}

int visit(dl_phdr_info* module, std::size_t, void* data) {
  auto* const search = static_cast<Search*>(data);
  if (module->dlpi_name == nullptr || !ends_with(module->dlpi_name, search->file_name)) return 0;
  for (int i = 0; i < module->dlpi_phnum; i++) {
    const auto& header = module->dlpi_phdr[i];
    if (header.p_type != PT_DYNAMIC) continue;
    redirect_in(*module, reinterpret_cast<const ElfW(Dyn)*>(module->dlpi_addr + header.p_vaddr), search);
  }
  return 0;
}

}  // namespace

int redirect_imports(const char* file_name, const Replacement* replacements, std::size_t count) {
  Search search{file_name, replacements, count, 0};
  dl_iterate_phdr(visit, &search);
  return search.redirected;
}

// The table of symbols says where a function is, from the start of the library.
bool redirect_export(const char* path, const char* name, void* function, void** original) {
  void* const library = dlopen(path, RTLD_LAZY | RTLD_NOLOAD);
  if (library == nullptr) return false;
  void* const found = dlsym(library, name);
  dlclose(library);
  Dl_info about{};
  ElfW(Sym)* symbol = nullptr;
  if (found == nullptr || is_redirected(found)) return false;
  if (dladdr1(found, &about, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT) == 0 || symbol == nullptr) return false;
  const auto start = reinterpret_cast<std::uintptr_t>(found) - symbol->st_value;
  const auto target = reinterpret_cast<std::uintptr_t>(function) - start;
  __atomic_store_n(original, found, __ATOMIC_SEQ_CST);
  return redirect(reinterpret_cast<void**>(&symbol->st_value), reinterpret_cast<void*>(target));
}

bool keep_loaded(const char* path) { return dlopen(path, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE) != nullptr; }

bool keep_self_loaded() {
  Dl_info about{};
  return dladdr(reinterpret_cast<void*>(keep_self_loaded), &about) != 0 && keep_loaded(about.dli_fname);
}

}  // namespace face

#else

int face::redirect_imports(const char*, const Replacement*, std::size_t) { return 0; }
bool face::redirect_export(const char*, const char*, void*, void**) { return false; }
bool face::keep_loaded(const char*) { return false; }
bool face::keep_self_loaded() { return false; }

#endif
