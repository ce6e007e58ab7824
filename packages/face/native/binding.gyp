{
  # What was found, as scripts/addon.mjs says it: dlib_include, dlib_library_directory, dlib_libraries, use_avx2.
  "includes": ["found.gypi"],
  "targets": [
    {
      # A program that the build runs.
      "target_name": "write_detector",
      "type": "executable",
      "product_extension": "",
      "sources": ["write_detector.cc"],
      "include_dirs": ["<(dlib_include)"],
      "cflags_cc!": ["-fno-exceptions", "-fno-rtti", "-std=gnu++17", "-std=gnu++20", "-O3"],
      "cflags_cc": ["-std=c++17", "-O0", "-fexceptions", "-frtti", "-w"],
      "libraries": ["<@(dlib_libraries)"],
      "conditions": [
        ["dlib_library_directory!=''", {
          "ldflags": ["-L<(dlib_library_directory)", "-Wl,-rpath,<(dlib_library_directory)"],
          "xcode_settings": { "OTHER_LDFLAGS": ["-L<(dlib_library_directory)"] }
        }]
      ],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "GCC_ENABLE_CPP_RTTI": "YES",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17"
      }
    },
    {
      "target_name": "face",
      "dependencies": ["write_detector"],
      "actions": [{
        "action_name": "write_detector",
        "inputs": ["<(PRODUCT_DIR)/write_detector"],
        "outputs": ["<(INTERMEDIATE_DIR)/unpacked_detector.h"],
        "action": ["<(PRODUCT_DIR)/write_detector", "<@(_outputs)"]
      }],
      "sources": [
        "appearance.cc",
        "async_job.cc",
        "binding.cc",
        "detector.cc",
        "grey_image.cc",
        "imports.cc",
        "model_file.cc",
        "predictor.cc",
        "termination_guard.cc",
        "weighted_sums.cc"
      ],
      "include_dirs": ["<(dlib_include)", "<(INTERMEDIATE_DIR)"],
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
