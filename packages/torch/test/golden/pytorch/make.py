"""Writes cases.json, modules.pth and names.json beside this file: what PyTorch computes, its weights and its names.

    python3 make.py     with PyTorch 1.13 (Debian's python3-torch); the tests read the files and need no Python

cases.json: of each case the inputs, the shapes of the module's state by name, the outputs, and the gradients of
sum(output * sin(1 + 1.7 i)) over all outputs by every floating-point input and parameter. All is float64. The k-th tensor
of a state is 0.5 * sin(0.7 i + k), so that no weights need to be stored.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

torch.set_default_dtype(torch.float64)
here = pathlib.Path(__file__).parent


def wave(*shape, start=0.0, scale=0.5):
    count = int(torch.tensor(shape).prod()) if shape else 1
    return (scale * torch.sin(0.7 * torch.arange(count, dtype=torch.float64) + start)).reshape(shape)


def x(*shape, start=3.0):
    return wave(*shape, start=start, scale=1.0)


def probabilities(*shape, start=5.0):
    return 0.5 + 0.45 * wave(*shape, start=start, scale=1.0)


def distributions(*shape, start=5.0):
    return torch.softmax(x(*shape, start=start), -1)


def labels(*values):
    return torch.tensor(values)


def fill(module):
    with torch.no_grad():
        for k, tensor in enumerate(module.state_dict().values()):
            tensor.copy_(wave(*tensor.shape, start=float(k)))
    return module


padding = torch.tensor([[False, False, True], [False, True, True]])
causal = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
added = wave(3, 3, start=2.0)

# name: (module or None, inputs, call of the module or function and the inputs)
call = lambda f, *inputs: f(*inputs)
cases = {
    "Conv1d": (nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2), [x(2, 4, 9)], call),
    "Conv3d": (nn.Conv3d(2, 3, (2, 3, 1), stride=(1, 2, 1), padding=(1, 0, 0)), [x(1, 2, 3, 5, 2)], call),
    "ConvTranspose2d": (
        nn.ConvTranspose2d(4, 6, (3, 2), stride=2, padding=1, output_padding=(1, 0), groups=2, dilation=(1, 2)),
        [x(1, 4, 3, 4)], call),
    "ConvTranspose2d without bias": (nn.ConvTranspose2d(2, 3, 2, stride=2, bias=False), [x(1, 2, 3, 3)], call),
    "LayerNorm": (nn.LayerNorm((3, 4)), [x(2, 3, 4)], call),
    "LayerNorm of one size": (nn.LayerNorm(4, eps=0.1), [x(2, 3, 4)], call),
    "LayerNorm without weights": (nn.LayerNorm(4, elementwise_affine=False), [x(2, 4)], call),
    "GroupNorm": (nn.GroupNorm(2, 4), [x(2, 4, 3)], call),
    "GroupNorm without weights": (nn.GroupNorm(1, 4, affine=False), [x(2, 4, 3, 2)], call),
    "Embedding": (nn.Embedding(5, 3, padding_idx=-4), [labels([4, 1], [0, 4])], call),
    "Flatten": (nn.Flatten(), [x(2, 3, 2)], call),
    "Identity": (nn.Identity(), [x(2, 3)], call),
    "Softmax": (nn.Softmax(1), [x(2, 3)], call),
    "LogSoftmax": (nn.LogSoftmax(-1), [x(2, 3)], call),
    "Upsample nearest": (nn.Upsample(scale_factor=2), [x(1, 2, 3)], call),
    "Upsample bilinear": (nn.Upsample(scale_factor=(1.5, 2), mode="bilinear"), [x(1, 1, 3, 4)], call),
    "Upsample trilinear": (
        nn.Upsample(size=(3, 4, 2), mode="trilinear", align_corners=True), [x(1, 1, 2, 2, 3)], call),
    "LSTM": (nn.LSTM(2, 3), [x(4, 2, 2)], call),
    "LSTM of two layers, both ways, batch first": (
        nn.LSTM(2, 3, num_layers=2, bidirectional=True, batch_first=True),
        [x(2, 4, 2), wave(4, 2, 3), wave(4, 2, 3, start=1.0)],
        lambda m, i, h, c: m(i, (h, c))),
    "LSTM without batch and bias": (
        nn.LSTM(2, 3, bias=False), [x(4, 2), wave(1, 3), wave(1, 3, start=1.0)], lambda m, i, h, c: m(i, (h, c))),
    "GRU": (nn.GRU(2, 3), [x(4, 2, 2)], call),
    "GRU of two layers, both ways, batch first": (
        nn.GRU(2, 3, num_layers=2, bidirectional=True, batch_first=True), [x(2, 4, 2), wave(4, 2, 3)], call),
    "GRU without batch and bias": (nn.GRU(2, 3, bias=False, bidirectional=True), [x(4, 2), wave(2, 3)], call),
    "MultiheadAttention of one input": (nn.MultiheadAttention(4, 2), [x(3, 2, 4)], lambda m, q: m(q, q, q)),
    "MultiheadAttention": (
        nn.MultiheadAttention(4, 2, batch_first=True), [x(2, 2, 4), x(2, 3, 4, start=1.0), x(2, 3, 4, start=2.0)],
        call),
    "MultiheadAttention of other sizes, without bias": (
        nn.MultiheadAttention(4, 2, kdim=3, vdim=5, bias=False),
        [x(2, 2, 4), x(3, 2, 3, start=1.0), x(3, 2, 5, start=2.0)], call),
    "MultiheadAttention without batch": (
        nn.MultiheadAttention(4, 1), [x(2, 4), x(3, 4, start=1.0), x(3, 4, start=2.0)], call),
    "MultiheadAttention with padding": (
        nn.MultiheadAttention(4, 2, batch_first=True), [x(2, 3, 4), padding],
        lambda m, q, p: m(q, q, q, key_padding_mask=p, average_attn_weights=False)),
    "MultiheadAttention with a causal mask": (
        nn.MultiheadAttention(4, 2), [x(3, 2, 4), causal],
        lambda m, q, a: m(q, q, q, attn_mask=a, need_weights=False)),
    "MultiheadAttention with an added mask": (
        nn.MultiheadAttention(4, 2), [x(3, 2, 4), added], lambda m, q, a: m(q, q, q, attn_mask=a)),
    "MultiheadAttention with a mask of each head": (
        nn.MultiheadAttention(4, 2), [x(3, 2, 4), wave(4, 3, 3)], lambda m, q, a: m(q, q, q, attn_mask=a)),
    "L1Loss": (nn.L1Loss(), [x(2, 3), x(2, 3, start=1.0)], call),
    "L1Loss sum": (nn.L1Loss(reduction="sum"), [x(2, 3), x(2, 3, start=1.0)], call),
    "MSELoss none": (nn.MSELoss(reduction="none"), [x(2, 3), x(2, 3, start=1.0)], call),
    "SmoothL1Loss": (nn.SmoothL1Loss(beta=0.3), [x(2, 3), x(2, 3, start=1.0)], call),
    "HuberLoss": (nn.HuberLoss(delta=0.3), [x(2, 3), x(2, 3, start=1.0)], call),
    "BCELoss": (nn.BCELoss(), [probabilities(2, 3), probabilities(2, 3, start=1.0)], call),
    "BCEWithLogitsLoss": (
        nn.BCEWithLogitsLoss(pos_weight=torch.ones(3)), [x(2, 3), probabilities(2, 3)], call),
    "NLLLoss": (nn.NLLLoss(), [x(3, 4), labels(2, 0, 3)], call),
    "NLLLoss of pixels": (nn.NLLLoss(ignore_index=1), [x(1, 3, 2, 2), labels([[2, 0], [1, 1]])], call),
    "CrossEntropyLoss": (
        nn.CrossEntropyLoss(weight=torch.ones(4), label_smoothing=0.1, ignore_index=0),
        [x(3, 4), labels(2, 0, 3)], call),
    "CrossEntropyLoss of probabilities": (nn.CrossEntropyLoss(), [x(3, 4), distributions(3, 4)], call),
    "KLDivLoss": (nn.KLDivLoss(reduction="batchmean"), [x(3, 4), distributions(3, 4)], call),
    "KLDivLoss of logarithms": (
        nn.KLDivLoss(reduction="sum", log_target=True), [x(3, 4), x(3, 4, start=1.0)], call),
    "CosineSimilarity": (nn.CosineSimilarity(dim=-1), [x(2, 3), x(2, 3, start=1.0)], call),
    "CosineEmbeddingLoss": (
        nn.CosineEmbeddingLoss(margin=0.2), [x(2, 3), x(2, 3, start=1.0), labels(1, -1)], call),
    "TripletMarginLoss": (
        nn.TripletMarginLoss(margin=2.0, swap=True),
        [x(2, 3), x(2, 3, start=1.0), x(2, 3, start=2.0)], call),
    "prod": (None, [x(2, 3)], lambda _, a: (torch.prod(a), torch.prod(a, 1))),
    "outer": (None, [x(2), x(3, start=1.0)], lambda _, a, b: torch.outer(a, b)),
    "masked_select": (None, [x(2, 3)], lambda _, a: torch.masked_select(a, a > 0)),
    "layer_norm": (
        None, [x(2, 3, 4), x(4), x(4, start=1.0)], lambda _, a, w, b: F.layer_norm(a, [4], w, b, 0.01)),
    "embedding": (None, [labels([1, 1], [0, 2]), x(3, 2)], lambda _, i, w: F.embedding(i, w)),
    "normalize": (None, [x(2, 3)], lambda _, a: (F.normalize(a), F.normalize(a, p=1, dim=0))),
    "l1_loss": (None, [x(2, 3), x(2, 3, start=1.0)], lambda _, a, b: F.l1_loss(a, b, reduction="sum")),
    "smooth_l1_loss": (None, [x(2, 3), x(2, 3, start=1.0)], lambda _, a, b: F.smooth_l1_loss(a, b, beta=0.4)),
    "binary_cross_entropy_with_logits": (
        None, [x(2, 3), probabilities(2, 3), probabilities(3), probabilities(3, start=1.0)],
        lambda _, a, t, w, p: F.binary_cross_entropy_with_logits(a, t, w.detach(), pos_weight=p.detach())),
    "nll_loss": (
        None, [x(3, 4), labels(2, 0, 3), probabilities(4)], lambda _, a, t, w: F.nll_loss(a, t, w.detach())),
    "kl_div": (None, [x(3, 4), distributions(3, 4)], lambda _, a, b: F.kl_div(a, b, reduction="sum")),
    "cosine_similarity": (
        None, [x(2, 3, 2), x(1, 3, 2, start=1.0)], lambda _, a, b: F.cosine_similarity(a, b, dim=1)),
    "scaled_dot_product_attention": (
        None, [x(2, 2, 3, 4), x(2, 2, 5, 4, start=1.0), x(2, 2, 5, 3, start=2.0)],
        lambda _, q, k, v: F._scaled_dot_product_attention(q, k, v)[0]),
    "scaled_dot_product_attention, causal": (
        None, [x(1, 3, 4), x(1, 3, 4, start=1.0), x(1, 3, 4, start=2.0)],
        lambda _, q, k, v: F._scaled_dot_product_attention(q, k, v, is_causal=True)[0]),
    "scaled_dot_product_attention, bool mask": (
        None, [x(1, 3, 4), x(1, 3, 4, start=1.0), x(1, 3, 4, start=2.0), ~causal],
        lambda _, q, k, v, m: F._scaled_dot_product_attention(q, k, v, m)[0]),
    "scaled_dot_product_attention, added mask": (
        None, [x(1, 3, 4), x(1, 3, 4, start=1.0), x(1, 3, 4, start=2.0), added],
        lambda _, q, k, v, m: F._scaled_dot_product_attention(q, k, v, m)[0]),
    "interpolate linear": (
        None, [x(1, 2, 3)], lambda _, a: F.interpolate(a, scale_factor=1.7, mode="linear")),
    "interpolate bilinear": (
        None, [x(1, 1, 3, 4)], lambda _, a: F.interpolate(a, size=(5, 3), mode="bilinear", align_corners=True)),
    "interpolate bicubic": (
        None, [x(1, 1, 3, 4)], lambda _, a: F.interpolate(a, scale_factor=(2, 1.3), mode="bicubic")),
    "interpolate antialias": (
        None, [x(1, 1, 6, 6)], lambda _, a: F.interpolate(a, size=4, mode="bilinear", antialias=True)),
    "interpolate nearest of volumes": (None, [x(1, 1, 2, 2, 2)], lambda _, a: F.interpolate(a, scale_factor=1.5)),
    "where": (None, [x(2, 3), x(3, start=1.0)], lambda _, a, b: torch.where(a > 0, a, b)),
    "gather": (None, [x(2, 3), labels([2, 0], [1, 1])], lambda _, a, i: torch.gather(a, 1, i)),
    "topk": (None, [x(2, 5)], lambda _, a: torch.topk(a, 2, largest=False)),
    "sort": (None, [x(2, 5)], lambda _, a: torch.sort(a, descending=True)),
    "cat and stack": (
        None, [x(2, 3), x(2, 3, start=1.0)], lambda _, a, b: (torch.cat([a, b], 1), torch.stack([a, b], -1))),
    "mm and bmm": (
        None, [x(2, 3), x(3, 2, start=1.0)],
        lambda _, a, b: (torch.mm(a, b), torch.bmm(a[None], b[None]))),
}


def flat(outputs):
    if isinstance(outputs, torch.Tensor):
        return [outputs]
    return [t for o in outputs if o is not None for t in flat(o)]


def objective(outputs):
    return sum(
        (o * torch.sin(1 + 1.7 * torch.arange(o.numel(), dtype=torch.float64)).reshape(o.shape)).sum()
        for o in outputs
        if o.requires_grad
    )


def values(tensor):
    if tensor is None:
        return None
    number = (lambda v: float(f"{v:.10g}")) if tensor.is_floating_point() else int
    dtype = str(tensor.dtype).removeprefix("torch.")
    return {"dtype": dtype, "shape": list(tensor.shape), "data": [number(v) for v in tensor.flatten().tolist()]}


def run(module, inputs, use):
    if module is not None:
        fill(module)
    inputs = [i.clone().requires_grad_() if i.is_floating_point() else i for i in inputs]
    outputs = flat(use(module, *inputs))
    loss = objective(outputs)
    if isinstance(loss, torch.Tensor):
        loss.backward()
    state = module.state_dict() if module is not None else {}
    parameters = dict(module.named_parameters()) if module is not None else {}
    return {
        "state": {name: list(tensor.shape) for name, tensor in state.items()},
        "inputs": [values(i.detach()) for i in inputs],
        "outputs": [values(o.detach()) for o in outputs],
        "inputGradients": [values(i.grad) for i in inputs],
        "parameterGradients": {name: values(p.grad) for name, p in parameters.items()},
    }


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 4)
        self.lstm = nn.LSTM(4, 3, num_layers=2, bidirectional=True)
        self.gru = nn.GRU(6, 4, batch_first=True)
        self.attention = nn.MultiheadAttention(4, 2)
        self.cross_attention = nn.MultiheadAttention(4, 2, kdim=3, vdim=5)
        self.blocks = nn.ModuleList([nn.LayerNorm(4), nn.GroupNorm(2, 4)])
        self.heads = nn.ModuleDict({"up": nn.ConvTranspose2d(2, 3, 2), "line": nn.Conv1d(2, 3, 2)})
        self.volume = nn.Conv3d(1, 2, 2)
        self.loss = nn.CrossEntropyLoss(weight=torch.ones(3))


def public(owner):
    return [name for name in sorted(dir(owner)) if not name.startswith("_")]


def classes(module, base):
    """Public subclasses of a class."""
    return [
        name for name in public(module)
        if isinstance(getattr(module, name), type) and issubclass(getattr(module, name), base)]


def functions(owner):
    """Public functions with a text of their own: what PyTorch's reference shows."""
    found = [(name, getattr(owner, name)) for name in public(owner)]
    return [
        name for name, value in found
        if callable(value) and not isinstance(value, type) and getattr(value, "__doc__", None)
        and getattr(value, "__module__", None) != "typing" and "torch_function" not in name]


if __name__ == "__main__":
    made = {name: run(*case) for name, case in cases.items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(case, separators=(',', ':'))}" for name, case in made.items())
    (here / "cases.json").write_text("{\n" + lines + "\n}\n")
    torch.set_default_dtype(torch.float32)
    torch.save(fill(Model()).state_dict(), here / "modules.pth")
    names = {
        "torch": functions(torch),
        "torch.Tensor": functions(torch.Tensor),
        "torch.nn": classes(nn, nn.Module),
        "torch.nn.Module": functions(nn.Module),
        "torch.nn.functional": functions(F),
        "torch.nn.init": functions(nn.init),
        "torch.nn.utils": functions(nn.utils),
        "torch.optim": classes(torch.optim, torch.optim.Optimizer),
        "torch.optim.lr_scheduler": classes(torch.optim.lr_scheduler, torch.optim.lr_scheduler._LRScheduler),
    }
    operators = {schema.name.removeprefix("aten::") for schema in torch._C._jit_get_all_schemas()}
    names["aten"] = sorted({name for found in names.values() for name in found} & operators)
    (here / "names.json").write_text(json.dumps(names, separators=(",", ":")).replace('],"', '],\n"') + "\n")
