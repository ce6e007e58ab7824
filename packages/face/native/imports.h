// Replaces functions that a loaded module imports, or offers.
#pragma once

#include <cstddef>

namespace face {

// A function by the name under which modules import it, and what they call in its place.
struct Replacement {
  const char* name;
  void* function;
};

// Redirects the imports of every loaded module whose path ends with `file_name`. Imports that this library, or another copy of it,
// has redirected already stay as they are. Returns how many were redirected; 0 where the system is not known.
int redirect_imports(const char* file_name, const Replacement* replacements, std::size_t count);

// Lets whoever looks up the function `name` of a loaded library find `function`, and first stores in `original` what they found until
// now. Returns false if there is no such function, or if this library, or another copy of it, took its place already.
bool redirect_export(const char* path, const char* name, void* function, void** original);

// Keeps a library in memory until the process ends. Loads it if it is not loaded; the initialisers for JavaScript do not run.
// Returns false if it cannot be loaded.
bool keep_loaded(const char* path);

// Keeps this library in memory: modules that were redirected call into it even when the last thread that loaded it has ended.
bool keep_self_loaded();

}  // namespace face
