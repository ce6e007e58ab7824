#!/bin/sh
# Fuzzes the one native reader of files that is the project's own, of landmark models, guided by coverage (libFuzzer), under
# AddressSanitizer and UndefinedBehaviorSanitizer. The reader may take 512 MB. Linux with clang and its runtime (libclang-rt-14-dev).
#   scripts/hardening/fuzz.sh [seconds, default 60] [seed, default 1]
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
clang++ -std=c++17 -O1 -g -w -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -ffp-contract=off \
  scripts/hardening/fuzz/predictor.cc packages/face/native/predictor.cc \
  packages/face/native/model_file.cc packages/face/native/grey_image.cc \
  -o "$folder/predictor" -ldlib -l:libblas.so.3 -l:liblapack.so.3
mkdir "$folder/corpus"
FUZZ_SEED="$folder/corpus/seed" "$folder/predictor"
"$folder/predictor" -max_total_time="${1:-60}" -seed="${2:-1}" -rss_limit_mb=512 -max_len=16384 -print_final_stats=1 \
  -artifact_prefix="$folder/" "$folder/corpus" || { cp "$folder"/crash-* "$folder"/oom-* "$folder"/timeout-* . 2>/dev/null; exit 1; }
