"""torchrun of Debian's PyTorch 1.13, which fails on Python 3.11: there, redirects that nobody asked for arrive as None.

    python3 scripts/ranks/torchrun.py --nproc_per_node 2 --no_python npx duchenne pretrain ...

Other versions of PyTorch have a torchrun that works.
"""
import torch.distributed.elastic.multiprocessing as processes
import torch.distributed.elastic.multiprocessing.api as api
import torch.distributed.run as run

original = api.to_map


def to_map(value, count):
    return original(api.Std.NONE if value is None else value, count)


api.to_map = processes.to_map = to_map

if __name__ == "__main__":
    run.main()
