"""Images per second of a training step: forward, cross-entropy, backward, Adam.

Arguments: depth, pixels, batch, memory format (nchw or channels-last). Requests: a number of steps, or `peak` for the
most memory the process ever held, in MB.
"""
import resource
import sys
from time import perf_counter

import torch
from answer import answer
from resnet import resnet
from torch.nn import functional

depth, pixels, batch = (int(argument) for argument in sys.argv[1:4])
memory_format = torch.channels_last if sys.argv[4] == "channels-last" else torch.contiguous_format
torch.set_num_threads(2)
torch.manual_seed(0)
model = resnet(depth).to(memory_format=memory_format)
images = torch.randn(batch, 3, pixels, pixels).contiguous(memory_format=memory_format)
labels = torch.randint(0, 1000, (batch,))
optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, weight_decay=1e-4)


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = functional.cross_entropy(model(images), labels)
    loss.backward()
    optimizer.step()


def measure(request):
    if request == "peak":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = perf_counter()
    for _ in range(int(request)):
        step()
    return int(request) * batch / (perf_counter() - start)


answer(measure)
