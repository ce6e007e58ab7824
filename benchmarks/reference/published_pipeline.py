"""Images per second of a plain PyTorch loop that does what the published code does for each sample and each step.

Per sample, in the data loader's workers: four JPEG files are decoded, dlib finds the face and places 68 landmarks on each, one
part is covered, the picture is resized, cropped, mirrored, its colours changed, blurred, turned grey and normalised by
torchvision's transforms on PIL images, and eyes and mouth are cut out. Per step: eye and mouth crops go through a ResNet-18,
the most similar row becomes a false negative, and a ResNet-18 is trained on the four blocks. FaceSwap is left out: the
published code never runs it together with MaskFN.

    published_pipeline.py [--batch 32] [--pixels 64] [--threads 2] [--workers 2] [folder]

`folder` holds one folder of JPEG frames per clip; without it, faces of shaded ellipses are drawn, 128 px, which dlib takes
for faces. Requests: a number of steps. Answers null where torchvision, PIL, a C++ compiler, dlib or its model is missing, and
says so on standard error.
"""
import argparse
import math
import os
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy
import torch
from answer import answer
from torch import nn
from torch.nn import functional

MODEL = os.environ.get("DUCHENNE_LANDMARK_MODEL", "/usr/share/dlib/shape_predictor_68_face_landmarks.dat")
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
REGIONS = ((48, 68), (36, 42), (42, 48))
TEMPERATURE, WEIGHT = 0.07, 0.8
FRAME_RATE_HZ = 25 / 6
PART_PIXELS = 64


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--batch", type=int, default=32, help="clips; four images each")
    parser.add_argument("--pixels", type=int, default=64)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def compile_landmarks(folder):
    """Builds the landmark program as the project builds its own binding. Returns its path."""
    source = Path(__file__).with_name("published_landmarks.cc")
    program = folder / "landmarks"
    avx2 = ["-mavx2"] if "avx2" in Path("/proc/cpuinfo").read_text() else []
    libraries = ["-ldlib", "-l:libblas.so.3", "-l:liblapack.so.3"]
    subprocess.run(["g++", "-std=c++17", "-O2", *avx2, str(source), "-o", str(program), *libraries], check=True)
    return program


def draw_face(person, moment, pixels=128):
    """A face of shaded ellipses, as bytes of an RGB image."""
    grid = (numpy.arange(pixels) + 0.5) * (180 / pixels) - 90
    x, y = grid[None, :] - 3 * math.sin(moment), grid[:, None] - 2 * math.cos(moment)
    hue = numpy.array([90 + 25 * math.sin(person + k) for k in range(3)])
    canvas = numpy.broadcast_to(hue, (pixels, pixels, 3)).copy()

    def ellipse(centre_x, centre_y, width, height, centre, rim):
        distance = ((x - centre_x) / width) ** 2 + ((y - centre_y) / height) ** 2
        shade = numpy.sqrt(distance).clip(0, 1)[..., None]
        colour = (1 - shade) * numpy.array(centre) + shade * numpy.array(rim)
        canvas[distance <= 1] = colour[distance <= 1]

    skin = numpy.array([226, 178, 146]) - 8 * (person % 4)
    ellipse(0, 0, 48 + 2 * (person % 3), 62, skin, (138, 95, 72))
    ellipse(0, -58, 50, 20, (42, 28, 20), (26, 16, 10))
    for side in (-20, 20):
        ellipse(side, -14, 12, 6, (125, 86, 67), (201, 155, 128))
        ellipse(side, -13, 9, 3 + abs(math.sin(moment)), (255, 255, 255), (221, 221, 221))
        ellipse(side, -13, 4, 4, (34, 20, 12), (59, 42, 32))
        ellipse(side, -27 - person % 2, 13, 3, (42, 30, 20), (58, 40, 28))
    ellipse(0, 8, 5, 12, (220, 168, 140), (192, 140, 112))
    ellipse(0, 18, 9, 3, (109, 70, 54), (184, 132, 104))
    ellipse(0, 34, 18, 4 + 3 * abs(math.sin(moment / 2)), (122, 42, 42), (176, 80, 80))
    return canvas.astype(numpy.uint8)


def write_frames(folder, clips, frames=33):
    from PIL import Image

    for clip in range(clips):
        place = folder / f"{clip:04d}"
        place.mkdir(parents=True)
        for i in range(frames):
            Image.fromarray(draw_face(clip, clip * 10 + i / 4)).save(place / f"{i:04d}.jpg", quality=95)


class LandmarkPlacer:
    """dlib in a process of its own, so that Python does not count."""

    def __init__(self, program):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([str(program), MODEL], stdin=pipe, stdout=pipe)

    def place(self, picture):
        """68 points as [68, 2], or None where dlib finds no face."""
        self.process.stdin.write(struct.pack("<ii", *picture.size) + picture.tobytes())
        self.process.stdin.flush()
        points = numpy.frombuffer(self.process.stdout.read(136 * 4), numpy.float32).reshape(68, 2)
        return None if numpy.isnan(points).any() else points


def cover_part(picture, points):
    """Fills an ellipse over the mouth or one eye with the picture's mean colour."""
    from PIL import ImageDraw

    margin = 10 * picture.width / 224
    part = points[slice(*random.choice(REGIONS))]
    (left, top), (right, bottom) = part.min(0) - margin, part.max(0) + margin
    mean = tuple(int(value) for value in numpy.asarray(picture).mean((0, 1)))
    ImageDraw.Draw(picture).ellipse((left, top, right, bottom), fill=mean)
    return picture


def cut_part(picture, points, margin):
    """A part's bounding box, padded to a square."""
    from PIL import Image

    left, right = points[:, 0].min(), points[:, 0].max() + 1
    top, bottom = points[:, 1].min() - margin, points[:, 1].max() + 1 + margin
    part = picture.crop((int(left), int(top), int(right), int(bottom)))
    square = Image.new("RGB", (max(part.size),) * 2)
    square.paste(part, ((square.width - part.width) // 2, (square.height - part.height) // 2))
    return square.resize((PART_PIXELS, PART_PIXELS), Image.BICUBIC)


class Clips(torch.utils.data.Dataset):
    """One sample per clip: anchor, hard negative, positive and its positive, as views and as eye and mouth crops."""

    def __init__(self, folder, program, pixels):
        from torchvision import transforms

        self.clips = [sorted(clip.glob("*.jpg")) for clip in sorted(Path(folder).iterdir())]
        self.program, self.placer = program, None
        crop = [
            transforms.Resize(round(pixels * 128 / 112)),
            transforms.RandomCrop(pixels),
            transforms.RandomHorizontalFlip(),
        ]
        jitter = transforms.ColorJitter(0.4, 0.4, 0.4, 0.2)
        rest = [
            transforms.RandomApply([transforms.GaussianBlur(3, (0.1, 2))], 0.5),
            transforms.RandomGrayscale(0.2),
            transforms.ToTensor(),
            transforms.Normalize(MEAN, DEVIATION),
        ]
        self.anchor_view = transforms.Compose([*crop, jitter, *rest])
        self.positive_view = transforms.Compose([*crop, transforms.RandomApply([jitter], 0.8), *rest])
        self.part_view = transforms.Compose([transforms.ToTensor(), transforms.Normalize(MEAN, DEVIATION)])

    def __len__(self):
        return len(self.clips)

    def __getitem__(self, index):
        self.placer = self.placer or LandmarkPlacer(self.program)
        frames = self.clips[index % len(self.clips)]
        anchor = random.randrange(len(frames))
        apart = math.ceil(3 * FRAME_RATE_HZ)
        far = [i for i in range(len(frames)) if abs(i - anchor) >= apart] or [anchor]
        negative = random.choice(far)
        near = [min(len(frames) - 1, max(0, i + random.choice((-4, 4)))) for i in (anchor, negative)]
        rows = [(anchor, self.anchor_view), (negative, self.anchor_view)]
        rows += [(place, self.positive_view) for place in near]
        views, parts, found = zip(*(self.row(frames[place], view) for place, view in rows))
        return torch.stack(views), torch.stack(parts), torch.tensor(found)

    def row(self, path, view):
        from PIL import Image

        picture = Image.open(path).convert("RGB")
        points = self.placer.place(picture)
        parts = torch.zeros(2, 3, PART_PIXELS, PART_PIXELS)
        if points is not None:
            eyes = cut_part(picture, points[36:48], 10 * picture.width / 224)
            mouth = cut_part(picture, points[48:68], 0)
            parts = torch.stack([self.part_view(eyes), self.part_view(mouth)])
            if random.random() < 0.8:
                picture = cover_part(picture, points)
        return view(picture), parts, points is not None


def contrastive_loss(embeddings, features):
    """NT-Xent, and the same of the most similar other row, both over the negatives."""
    rows = len(embeddings)
    own = torch.eye(rows, dtype=torch.bool)
    place = torch.arange(rows)
    positive = (place + rows // 2) % rows
    embeddings, features = functional.normalize(embeddings), functional.normalize(features)
    similarity = (features @ features.T).masked_fill(own, -2)
    similarity[place, positive] = -2
    alike = similarity.argmax(1)
    logits = embeddings @ embeddings.T / TEMPERATURE
    out = own.clone()
    out[place, positive] = out[place, alike] = True
    negatives = logits.masked_fill(out, -math.inf).logsumexp(1)

    def against_negatives(column):
        logit = logits[place, column]
        return (torch.logaddexp(logit, negatives) - logit).mean()

    return against_negatives(positive) + WEIGHT * against_negatives(alike)


class Loop:
    def __init__(self, folder, program, batch, pixels, workers):
        from torchvision.models import resnet18

        clips = Clips(folder, program, pixels)
        endless = torch.utils.data.RandomSampler(clips, replacement=True, num_samples=10**9)
        loader = torch.utils.data.DataLoader(clips, batch, sampler=endless, num_workers=workers, drop_last=True)
        self.batches = iter(loader)
        self.encoder = resnet18()
        self.encoder.fc = nn.Identity()
        self.encoder.eval()
        self.model = resnet18()
        self.model.fc = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 128))
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=3e-4, weight_decay=1e-4)
        self.faces = self.images = 0

    def step(self):
        views, parts, found = next(self.batches)
        # Rows in blocks: anchors, hard negatives, positives, their positives.
        views, parts = views.transpose(0, 1).flatten(0, 1), parts.transpose(0, 1).flatten(0, 1)
        with torch.no_grad():
            features = self.encoder(parts.flatten(0, 1)).view(len(views), -1)
        self.optimizer.zero_grad(set_to_none=True)
        contrastive_loss(self.model(views), features).backward()
        self.optimizer.step()
        self.faces += int(found.sum())
        self.images += len(views)

    def measure(self, request):
        start, before = perf_counter(), self.images
        for _ in range(int(request)):
            self.step()
        speed = (self.images - before) / (perf_counter() - start)
        print(f"published_pipeline.py: faces found in {self.faces} of {self.images} images", file=sys.stderr)
        return speed


def prepare(settings, folder):
    """The loop's way to measure, or one that answers null where the machine lacks a part."""
    try:
        import PIL  # noqa: F401
        import torchvision  # noqa: F401

        if not Path(MODEL).exists():
            raise FileNotFoundError(f"no landmark model {MODEL}")
        program = compile_landmarks(folder)
    except (ImportError, OSError, subprocess.CalledProcessError) as error:
        print(f"published_pipeline.py: reference missing: {error}", file=sys.stderr)
        return lambda request: None
    frames = settings.folder
    if frames is None:
        frames = folder / "frames"
        write_frames(frames, 64)
    return Loop(frames, program, settings.batch, settings.pixels, settings.workers).measure


if __name__ == "__main__":
    settings = options()
    torch.set_num_threads(settings.threads)
    torch.manual_seed(0)
    random.seed(0)
    with tempfile.TemporaryDirectory() as folder:
        answer(prepare(settings, Path(folder)))
