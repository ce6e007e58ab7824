"""Images per second of a whole SimCLR loop as it is usually published: a PyTorch DataLoader whose workers change one picture at a time.

Per sample two views of a stored frame: a random crop, mirrored, with other brightness, contrast, saturation and hue, turned grey, blurred,
normalised, on the processor. Per step: ResNet, projection head, NT-Xent, Adam; on CUDA pinned copies, channels last and AMP in bfloat16.
Frames are raw bytes and nothing is asked of them: published code also decodes a JPEG and finds landmarks for each sample, which
benchmarks/reference/published_pipeline.py does where dlib and torchvision are installed.

Arguments: device, pixels, clips in a batch, layers of the ResNet (18 or 50), workers. Requests: numbers of steps; each is answered by a line.
"""
import math
import os
import random
import sys
from time import perf_counter

import torch
from torch import nn
from torch.nn import functional

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../benchmarks/reference"))
from resnet import resnet

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
DEVIATION = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
GREY = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)
TEMPERATURE = 0.07
STORED = 128
FRAMES = 512


def blend(picture, other, share):
    return (share * picture + (1 - share) * other).clamp(0, 1)


def grey(picture):
    return (picture * GREY).sum(0, keepdim=True).expand(3, -1, -1)


def turn_hue(picture, angle):
    """Turns colours around the grey axis."""
    cosine, sine = math.cos(angle), math.sin(angle)
    a, b = cosine + (1 - cosine) / 3, (1 - cosine) / 3
    c = sine / math.sqrt(3)
    matrix = torch.tensor([[a, b - c, b + c], [b + c, a, b - c], [b - c, b + c, a]])
    return (matrix @ picture.reshape(3, -1)).view_as(picture).clamp(0, 1)


def jitter(picture):
    changes = [
        lambda one: blend(one, torch.zeros(()), random.uniform(0.6, 1.4)),
        lambda one: blend(one, grey(one).mean(), random.uniform(0.6, 1.4)),
        lambda one: blend(one, grey(one), random.uniform(0.6, 1.4)),
        lambda one: turn_hue(one, 2 * math.pi * random.uniform(-0.1, 0.1)),
    ]
    random.shuffle(changes)
    for change in changes:
        picture = change(picture)
    return picture


def blur(picture):
    sigma = random.uniform(0.1, 2)
    weights = torch.exp(-torch.arange(-1, 2.0) ** 2 / (2 * sigma**2))
    kernel = (weights[:, None] * weights).div(weights.sum() ** 2).expand(3, 1, 3, 3)
    padded = functional.pad(picture[None], (1, 1, 1, 1), mode="reflect")
    return functional.conv2d(padded, kernel, groups=3)[0]


def view(frame, pixels):
    side = random.randint(math.ceil(0.8 * STORED), STORED)
    top, left = random.randint(0, STORED - side), random.randint(0, STORED - side)
    cut = frame[:, top : top + side, left : left + side].float().div(255)
    picture = functional.interpolate(cut[None], (pixels, pixels), mode="bilinear", align_corners=False)[0]
    if random.random() < 0.5:
        picture = picture.flip(2)
    if random.random() < 0.8:
        picture = jitter(picture)
    if random.random() < 0.2:
        picture = grey(picture)
    if random.random() < 0.5:
        picture = blur(picture)
    return (picture - MEAN) / DEVIATION


class Frames(torch.utils.data.Dataset):
    def __init__(self, pixels):
        self.frames = torch.randint(0, 256, (FRAMES, 3, STORED, STORED), dtype=torch.uint8)
        self.pixels = pixels

    def __len__(self):
        return len(self.frames)

    def __getitem__(self, index):
        frame = self.frames[index]
        return view(frame, self.pixels), view(frame, self.pixels)


def nt_xent(embeddings):
    rows = len(embeddings)
    unit = functional.normalize(embeddings.float())
    logits = unit @ unit.T / TEMPERATURE
    logits.fill_diagonal_(-math.inf)
    positive = (torch.arange(rows, device=unit.device) + rows // 2) % rows
    return functional.cross_entropy(logits, positive)


class Loop:
    def __init__(self, device, pixels, batch, layers, workers):
        self.device, self.on_cuda = device, device.startswith("cuda")
        frames = Frames(pixels)
        endless = torch.utils.data.RandomSampler(frames, replacement=True, num_samples=10**9)
        loader = torch.utils.data.DataLoader(
            frames, batch, sampler=endless, num_workers=workers, drop_last=True, pin_memory=self.on_cuda
        )
        self.batches = iter(loader)
        self.model = resnet(layers)
        width = self.model[-1].in_features
        self.model[-1] = nn.Sequential(nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 128))
        self.model = self.model.to(device).to(memory_format=torch.channels_last)
        fused = {"fused": True} if self.on_cuda else {}
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=3e-4, **fused)

    def step(self):
        views = torch.cat([part.to(self.device, non_blocking=True) for part in next(self.batches)])
        views = views.contiguous(memory_format=torch.channels_last)
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda" if self.on_cuda else "cpu", dtype=torch.bfloat16, enabled=self.on_cuda):
            embeddings = self.model(views)
        nt_xent(embeddings).backward()
        self.optimizer.step()
        return len(views)

    def measure(self, steps):
        start = perf_counter()
        images = sum(self.step() for _ in range(steps))
        if self.on_cuda:
            torch.cuda.synchronize()
        return images / (perf_counter() - start)


if __name__ == "__main__":
    device = sys.argv[1]
    pixels, batch, layers, workers = (int(text) for text in sys.argv[2:6])
    torch.manual_seed(0)
    random.seed(0)
    torch.backends.cudnn.benchmark = True
    loop = Loop(device, pixels, batch, layers, workers)
    for line in sys.stdin:
        print(loop.measure(int(line)), flush=True)
