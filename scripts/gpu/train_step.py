"""Images per second of PyTorch's eager training step of ResNet-50: channels last, AMP in bfloat16, fused Adam on CUDA.

Arguments: device, pixels, batch. Requests: numbers of steps; each is answered by a line.
"""
import os
import sys
from time import perf_counter

import torch
from torch.nn import functional

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../benchmarks/reference"))
from resnet import resnet

device, pixels, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.manual_seed(0)
on_cuda = device.startswith("cuda")
if on_cuda:
    torch.backends.cudnn.benchmark = True
model = resnet(50).to(device).to(memory_format=torch.channels_last)
images = torch.randn(batch, 3, pixels, pixels, device=device).contiguous(memory_format=torch.channels_last)
labels = torch.randint(0, 1000, (batch,), device=device)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, **({"fused": True} if on_cuda else {}))


def step():
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast("cuda" if on_cuda else "cpu", dtype=torch.bfloat16, enabled=on_cuda):
        loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()


def finish():
    if on_cuda:
        torch.cuda.synchronize()


for line in sys.stdin:
    finish()
    start = perf_counter()
    for _ in range(int(line)):
        step()
    finish()
    print(int(line) * batch / (perf_counter() - start), flush=True)
