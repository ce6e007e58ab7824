#!/bin/sh
# Builds the face addon under AddressSanitizer and UndefinedBehaviorSanitizer, runs the tests of @duchenne/face with it, and puts
# the ordinary addon back. Linux with gcc. Leaks are not counted: V8 frees nothing at exit.
set -eu
cd "$(dirname "$0")/../.."
node packages/face/scripts/build.mjs
addon=$(ls -t packages/face/build/*/face.node | head -n 1)
kept=$(mktemp)
cp "$addon" "$kept"
trap 'cp "$kept" "$addon"; rm -f "$kept"' EXIT INT TERM
headers=$(node -p 'require("node:path").resolve(process.execPath, "../../include/node")')
g++ -std=c++17 -O1 -g -fPIC -shared -fexceptions -w -fsanitize=address,undefined -fno-sanitize-recover=undefined \
  -DNAPI_VERSION=8 -DNODE_GYP_MODULE_NAME=face -DBUILDING_NODE_EXTENSION -I"$headers" \
  packages/face/native/*.cc -o "$addon" -ldlib -l:libblas.so.3 -l:liblapack.so.3
LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \
  ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=print_stacktrace=1 \
  node_modules/.bin/vitest run --project face "$@"
