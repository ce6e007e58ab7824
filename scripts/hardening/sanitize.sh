#!/bin/sh
# Builds an addon under AddressSanitizer and UndefinedBehaviorSanitizer, runs the tests of its package with it, and puts the ordinary
# addon back. Linux with gcc. `torch` leaves slow tests out: they count memory, or take minutes.
# `distributed` runs what starts several processes, in @duchenne/torch and in duchenne, slow or not, with the addon of the former.
#   scripts/hardening/sanitize.sh [face, torch or distributed, default face] [what Vitest takes]
set -eu
cd "$(dirname "$0")/../.."
package=face
tests='--project face'
case "${1:-}" in
  face) shift ;;
  torch) shift && package=torch && tests='--project torch --exclude=**/*.slow.test.ts' ;;
  distributed)
    shift && package=torch
    tests='--project torch --project duchenne torch/test/distributed/ test/evaluate/ranks. test/ssl/train/nproc. test/ssl/train/ranks'
    ;;
esac
node "packages/$package/scripts/build.mjs"
addon=$(ls -t packages/$package/build/*/"$package".node | head -n 1)
# Not where builds are looked for.
place=$PWD/packages/$package/build/sanitized
kept=$addon.kept
trap 'if [ -e "$kept" ]; then mv -f "$kept" "$addon"; fi' EXIT INT TERM
# The vptr check needs RTTI, which Node's headers go without.
flags="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=undefined"
# The build runs a program of its own.
ASAN_OPTIONS=detect_leaks=0 CXXFLAGS="$flags -w" LDFLAGS="$flags" node --input-type=module --eval "
  import { build } from '@duchenne/addon';
  import { ${package}Addon } from './packages/$package/scripts/addon.mjs';
  build(${package}Addon, { place: process.argv[1], keepObjects: true, output: 'stderr' });" "$place"
cp -p "$addon" "$kept"
# By its name: a process that has the ordinary one open keeps it.
cp "$(ls -t "$place"/*/"$package".node | head -n 1)" "$addon.draft"
mv -f "$addon.draft" "$addon"
# - detect_leaks=0: V8 frees nothing at exit.
# - allocator_may_return_null=1: tests ask for more memory than any machine has, and for the error.
# - detect_container_overflow=0: libtorch and dlib are not instrumented; what they append to a vector is not noted.
LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \
  ASAN_OPTIONS="detect_leaks=0:allocator_may_return_null=1:detect_container_overflow=0" UBSAN_OPTIONS=print_stacktrace=1 \
  node_modules/.bin/vitest run $tests "$@"
