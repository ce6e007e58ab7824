"""Milliseconds for one face through a ResNet in evaluation mode, two threads, median.

Arguments: depth, pixels. Requests: `network`, or `picture`, which cuts a face out of a 256 px picture first, and how often.
"""
import sys
from statistics import median
from time import perf_counter

import torch
from answer import answer
from resnet import resnet
from torch.nn.functional import interpolate

depth, pixels = (int(argument) for argument in sys.argv[1:3])
torch.set_num_threads(2)
torch.manual_seed(0)
model = resnet(depth, classes=8).eval()
image = torch.randn(1, 3, pixels, pixels)
picture = torch.randint(0, 256, (256, 256, 3), dtype=torch.uint8)
mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
working = round(pixels * 128 / 112)
start_pixel = round((working - pixels) / 2)


def network():
    model(image)


def from_picture():
    """A square of 192 px to 128, bicubic; then bilinear, both antialiased; the middle; normalised."""
    face = picture[28:220, 34:226].permute(2, 0, 1).unsqueeze(0).float()
    face = interpolate(face, (128, 128), mode="bicubic", antialias=True).clamp_(0, 255)
    face = interpolate(face, (working, working), mode="bilinear", antialias=True)
    face = face[:, :, start_pixel : start_pixel + pixels, start_pixel : start_pixel + pixels]
    model((face / 255 - mean) / deviation)


WORK = {"network": network, "picture": from_picture}


def measure(request):
    what, count = request.split()
    times = []
    for _ in range(int(count)):
        start = perf_counter()
        with torch.inference_mode():
            WORK[what]()
        times.append((perf_counter() - start) * 1000)
    return median(times)


answer(measure)
