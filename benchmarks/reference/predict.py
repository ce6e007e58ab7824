"""Milliseconds for one face through a ResNet in evaluation mode, two threads, median.

Arguments: depth, pixels. Requests: how often, its last word.
"""
import sys
from statistics import median
from time import perf_counter

import torch
from answer import answer
from resnet import resnet

depth, pixels = (int(argument) for argument in sys.argv[1:3])
torch.set_num_threads(2)
torch.manual_seed(0)
model = resnet(depth, classes=8).eval()
image = torch.randn(1, 3, pixels, pixels)


def measure(request):
    times = []
    for _ in range(int(request.split()[-1])):
        start = perf_counter()
        with torch.inference_mode():
            model(image)
        times.append((perf_counter() - start) * 1000)
    return median(times)


answer(measure)
