{
  "variables": {
    "libtorch_defines": ["<!@(node scripts/libtorch.mjs defines)"],
    "libtorch_stubs": ["<!@(node scripts/libtorch.mjs stubs)"],
    "libtorch_distributed": ["<!@(node scripts/libtorch.mjs distributed)"],
    "libtorch_flags": ["<!@(node scripts/libtorch.mjs flags)"],
    "libtorch_libraries": ["<!@(node scripts/libtorch.mjs libraries)"]
  },
  "target_defaults": { "defines": ["<@(libtorch_defines)"] },
  "targets": [
    {
      "target_name": "engine",
      "type": "static_library",
      "include_dirs": ["<@(libtorch_stubs)"],
      "sources": [
        "native/cpu_allocator.cc",
        "<@(libtorch_distributed)",
        "native/engine.cc",
        "native/operators.cc",
        "native/slots.cc",
        "native/state.cc",
        "native/tape_reader.cc"
      ],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
      "cflags_cc": ["-fexceptions", "-frtti", "-O2", "-g0", "-Wno-unused-parameter", "-Wno-stringop-overflow", "<@(libtorch_flags)"],
      "cflags": ["-fPIC", "-fvisibility=hidden"],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_ENABLE_CPP_RTTI": "YES",
        "OTHER_CPLUSPLUSFLAGS": ["<@(libtorch_flags)"]
      }
    },
    {
      "target_name": "torch",
      "sources": ["native/binding.cc"],
      "dependencies": ["engine"],
      "cflags_cc": ["-O2", "-g0", "-Wno-cast-function-type"],
      "libraries": ["<@(libtorch_libraries)"]
    }
  ]
}
