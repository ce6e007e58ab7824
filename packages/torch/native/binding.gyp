{
  # What was found, as scripts/addon.mjs says it: libtorch_defines, libtorch_flags, libtorch_libraries, libtorch_own_headers.
  "includes": ["found.gypi"],
  "target_defaults": {
    "defines": ["<@(libtorch_defines)"],
    "target_conditions": [
      ["_type=='static_library'", {
        "include_dirs": ["<@(libtorch_own_headers)"],
        "cflags_cc!": ["-fno-exceptions", "-fno-rtti"],
        "cflags_cc": ["-fexceptions", "-frtti", "-g0", "-Wno-unused-parameter", "-Wno-stringop-overflow", "<@(libtorch_flags)"],
        "cflags": ["-fPIC", "-fvisibility=hidden"],
        "xcode_settings": {
          "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
          "GCC_ENABLE_CPP_RTTI": "YES",
          "OTHER_CPLUSPLUSFLAGS": ["<@(libtorch_flags)"]
        }
      }]
    ]
  },
  # Each unit includes several files: libtorch's headers take as long to read as all of a file to compile.
  "targets": [
    {
      "target_name": "engine",
      "type": "static_library",
      "sources": ["unit_engine.cc"],
      "cflags_cc": ["-O2"]
    },
    {
      # Its own code takes far less time than what it waits for, and the user waits for the compiler: -O1 takes a sixth less.
      "target_name": "group",
      "type": "static_library",
      "sources": ["unit_group.cc"],
      "cflags_cc": ["-O1"]
    },
    {
      "target_name": "torch",
      "sources": ["binding.cc"],
      "dependencies": ["engine", "group"],
      "cflags_cc": ["-O2", "-g0", "-Wno-cast-function-type"],
      "libraries": ["<@(libtorch_libraries)"]
    }
  ]
}
