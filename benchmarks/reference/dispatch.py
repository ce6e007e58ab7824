"""Seconds per `a + b` of one-element tensors, forgetting the result."""
from time import perf_counter

import torch
from answer import answer

torch.set_num_threads(2)
a = torch.ones(1)
b = torch.ones(1)


def measure(request):
    count = int(request)
    start = perf_counter()
    for _ in range(count):
        a + b
    return (perf_counter() - start) / count


answer(measure)
