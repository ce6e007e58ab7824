#!/bin/sh
# Acceptance on a machine with a GPU: builds the binding against its PyTorch and prints JSON lines, within eight minutes.
#
#     NODE=/opt/node/bin/node sh scripts/gpu/accept.sh [cuda|cpu] [store]
#
# The machine needs a Python with torch and g++, and no network. Copy the repository with its node_modules (after `make build` on another
# machine), and a Node folder with bin/node and include/node. `store` is a prepared store with labels and splits for the
# pre-training and the probe; without one a store of smooth pictures is trained on and nothing is probed. `cpu` is a dry run with small cases.
set -eu
cd "$(dirname "$0")/../.."
device=${1:-cuda}
store=${2:-}
node=${NODE:-node}
began=$(date +%s)
limit=${LIMIT_SECONDS:-480}
# Seconds left, but some for what comes after.
left() { l=$((limit - $(date +%s) + began - ${1:-0})); [ $l -gt 0 ] && echo $l || echo 1; }
run() { timeout "$(left)" "$node" --conditions=source --import tsx scripts/gpu/accept.ts "$@" || echo "{\"check\": \"$1\", \"ok\": false, \"error\": \"ended with $?\"}"; }

if command -v make > /dev/null; then "$node" packages/torch/scripts/build.mjs
else "$node" scripts/gpu/compile.mjs; fi
echo "{\"check\": \"build\", \"ok\": true, \"seconds\": $(($(date +%s) - began))}"
# Agreement with the CPU is asked of float32 products: TF32 has ten bits.
NVIDIA_TF32_OVERRIDE=0 run agreement "$device"
NVIDIA_TF32_OVERRIDE=0 CUBLAS_WORKSPACE_CONFIG=:4096:8 run resume "$device"
run speed "$device"
run loop "$device"
# Three minutes, or what is left but for the probe and the last group.
learn=$(left 60)
export LEARN_SECONDS=${LEARN_SECONDS:-$([ "$device" = cpu ] && echo 10 || { [ $learn -lt 180 ] && echo $learn || echo 180; })}
run learn "$device" $store
# Last: if CUDA graphs fail here, the other groups have printed their lines.
run graphs "$device"
echo "{\"check\": \"all\", \"seconds\": $(($(date +%s) - began)), \"limitSeconds\": $limit}"
