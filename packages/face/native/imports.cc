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

// Part of a loaded module as its program headers say.
struct Segment {
  std::uintptr_t start, end;
  std::uint32_t flags;
};

Segment segment_of(const dl_phdr_info& module, const ElfW(Phdr) & header) {
  const std::uintptr_t start = module.dlpi_addr + header.p_vaddr;
  return {start, start + header.p_memsz, header.p_flags};
}

bool holds(const Segment& segment, std::uintptr_t address) { return segment.start <= address && address < segment.end; }

int visit_owner(dl_phdr_info* module, std::size_t, void* function) {
  if (module->dlpi_name == nullptr || !ends_with(module->dlpi_name, kOwnFile)) return 0;
  for (int i = 0; i < module->dlpi_phnum; i++) {
    const auto& header = module->dlpi_phdr[i];
    if (header.p_type == PT_LOAD && holds(segment_of(*module, header), reinterpret_cast<std::uintptr_t>(function))) return 1;
  }
  return 0;
}

// Not dladdr: it waits for a thread that loads a library, which itself waits for whoever visits the modules.
bool is_redirected(void* function) { return dl_iterate_phdr(visit_owner, function) != 0; }

std::uintptr_t page_of(std::uintptr_t address) { return address & ~(static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE)) - 1); }

// What the loader lets a program do with a page of a module: as its segment says, but the tables that it fills and then seals.
int protection_of(const dl_phdr_info& module, std::uintptr_t page) {
  int protection = PROT_READ;
  for (int i = 0; i < module.dlpi_phnum; i++) {
    const auto& header = module.dlpi_phdr[i];
    const Segment segment = segment_of(module, header);
    if (header.p_type == PT_GNU_RELRO && page_of(segment.start) <= page && page < page_of(segment.end)) return PROT_READ;
    if (header.p_type != PT_LOAD || page < page_of(segment.start) || page >= segment.end) continue;
    protection = ((segment.flags & PF_R) ? PROT_READ : 0) | ((segment.flags & PF_W) ? PROT_WRITE : 0) |
                 ((segment.flags & PF_X) ? PROT_EXEC : 0);
  }
  return protection;
}

// The page is read-only again afterwards if it was before. Call it while the modules are visited: of all threads and all copies of this
// library, one at a time then makes pages writable.
bool redirect(const dl_phdr_info& module, void** place, void* target) {
  const std::uintptr_t address = page_of(reinterpret_cast<std::uintptr_t>(place));
  void* const page = reinterpret_cast<void*>(address);
  const auto page_bytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  if (mprotect(page, page_bytes, PROT_READ | PROT_WRITE) != 0) return false;
  __atomic_store_n(place, target, __ATOMIC_SEQ_CST);
  mprotect(page, page_bytes, protection_of(module, address));
  return true;
}

void redirect_one(const dl_phdr_info& module, void** place, const char* name, Search* search) {
  for (std::size_t i = 0; i < search->count; i++) {
    if (std::strcmp(name, search->replacements[i].name) != 0) continue;
    const bool done = !is_redirected(*place) && redirect(module, place, search->replacements[i].function);
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
      redirect_one(module, place, names + symbols[ELF64_R_SYM(one->r_info)].st_name, search);
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

struct Export {
  void** place;
  void* target;
  bool redirected;
};

int visit_export(dl_phdr_info* module, std::size_t, void* data) {
  auto* const found = static_cast<Export*>(data);
  for (int i = 0; i < module->dlpi_phnum; i++) {
    const auto& header = module->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    if (!holds(segment_of(*module, header), reinterpret_cast<std::uintptr_t>(found->place))) continue;
    found->redirected = redirect(*module, found->place, found->target);
    return 1;
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
  Export one{reinterpret_cast<void**>(&symbol->st_value), reinterpret_cast<void*>(target), false};
  dl_iterate_phdr(visit_export, &one);
  return one.redirected;
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
