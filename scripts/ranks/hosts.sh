#!/bin/sh
# One run over two hosts: network namespaces of this machine with addresses of their own, a rank in each. Needs root and iproute2.
#
#     sudo sh scripts/ranks/hosts.sh <store> <run folder>
set -eu
store=$1
out=$2
program=$(dirname "$0")/../../packages/duchenne/bin/duchenne.js
for name in duchenne-a duchenne-b; do ip netns add $name; done
trap 'ip netns del duchenne-a; ip netns del duchenne-b' EXIT
ip link add dch-a netns duchenne-a type veth peer name dch-b netns duchenne-b
ip -n duchenne-a address add 10.77.0.1/24 dev dch-a
ip -n duchenne-b address add 10.77.0.2/24 dev dch-b
for side in a b; do
  ip -n duchenne-$side link set lo up
  ip -n duchenne-$side link set dch-$side up
done
start() { # side, rank
  ip netns exec duchenne-"$1" env RANK="$2" LOCAL_RANK=0 WORLD_SIZE=2 MASTER_ADDR=10.77.0.1 MASTER_PORT=29500 \
    GLOO_SOCKET_IFNAME=dch-"$1" node "$program" pretrain "$store" --preset tiny --size 16 --batch 8 --steps 20 --warmup-steps 2 \
    --threads 1 --rank-timeout 60 --out "$out"
}
start b 1 &
start a 0
wait $!
