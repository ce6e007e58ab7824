{
  # What was found, as scripts/addon.mjs says it: dlib_include, dlib_library_directory, dlib_libraries, use_avx2.
  "includes": ["found.gypi"],
  "targets": [
    {
      "target_name": "face",
      "sources": [
        "appearance.cc",
        "async_job.cc",
        "binding.cc",
        "detector.cc",
        "grey_image.cc",
        "imports.cc",
        "predictor.cc",
        "termination_guard.cc",
        "weighted_sums.cc"
      ],
      "include_dirs": ["<(dlib_include)"],
      "defines": ["NAPI_VERSION=8"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20"],
      # No fused multiply-add: landmarks must equal those of dlib built anywhere else.
      "cflags_cc": ["-std=c++17", "-O3", "-fexceptions", "-ffp-contract=off", "-w"],
      "ldflags": ["-Wl,--as-needed"],
      "conditions": [
        ["use_avx2==1", { "cflags_cc": ["-mavx2"] }],
        ["OS=='linux'", { "libraries": ["<@(dlib_libraries)"] }],
        ["OS=='mac'", {
          "libraries": ["<@(dlib_libraries)", "-framework Accelerate"],
          "xcode_settings": {
            "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
            "GCC_ENABLE_CPP_RTTI": "YES",
            "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
            "OTHER_CPLUSPLUSFLAGS": ["-O3", "-ffp-contract=off", "-w"]
          }
        }],
        ["dlib_library_directory!=''", {
          "ldflags": ["-L<(dlib_library_directory)"],
          "xcode_settings": { "OTHER_LDFLAGS": ["-L<(dlib_library_directory)"] }
        }]
      ]
    }
  ]
}
