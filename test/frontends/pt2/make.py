# SPDX-License-Identifier: Apache-2.0
"""Exports the small models of this folder (torch 2.13, by hand: `python make.py`); tests need no torch."""

import collections
import copy
import dataclasses
import re
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.export import Dim
from torch.nn import functional as F

HERE = Path(__file__).resolve().parent


def drop_machine_paths(graph_module):
    prefixes = "|".join(re.escape(str(Path(p).resolve()) + "/") for p in [HERE, *sys.path] if p)
    for module in graph_module.modules():
        if isinstance(module, torch.fx.GraphModule):
            for node in module.graph.nodes:
                if trace := node.meta.get("stack_trace"):
                    node.meta["stack_trace"] = re.sub(prefixes, "", trace)


def take_apart(exported, ops):
    """As the fault of operators that are not imported advises."""
    table = {**torch.export.default_decompositions(), **torch._decomp.decomposition_table}
    return exported.run_decompositions({op: table[op] for op in ops})


def save(name, model, args, decompose=False, taken_apart=(), **options):
    program = torch.export.export(model.eval(), args, **options)
    if decompose:
        program = program.run_decompositions()
    if taken_apart:
        program = take_apart(program, taken_apart)
    drop_machine_paths(program.graph_module)
    torch.export.save(program, HERE / "small" / f"{name}.pt2")


class Weights(nn.Module):
    """Tied, sliced, transposed and empty stored tensors."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(6, 4)
        self.head = nn.Linear(4, 6, bias=False)
        self.head.weight = self.embedding.weight
        base = torch.arange(24.0).reshape(4, 6)
        self.register_buffer("sliced", base[1:3, 2:5])
        self.register_buffer("transposed", torch.arange(8.0).reshape(2, 4).t())
        self.register_buffer("empty", torch.zeros(0, 2), persistent=False)

    def forward(self, i):
        x = self.head(self.embedding(i))
        return x + self.sliced.sum() + self.transposed.sum(), torch.cat([self.empty, self.transposed])


class Cropped(nn.Module):
    """Crops what the input has, not what the other side adds: PyTorch runs it with 8 elements or more."""

    def forward(self, x):
        return F.pad(x, (8, -8))


class Effects(nn.Module):
    """Decomposed, it checks its result, which is an effect that tokens keep in order."""

    def forward(self, x):
        return torch.linalg.inv(x)


class Resampled(nn.Module):
    """Operators that torch takes apart, and a form of one that is imported otherwise; the LSTM stays whole."""

    def __init__(self):
        super().__init__()
        self.recurrent = nn.LSTM(4, 4)

    def forward(self, x):
        bilinear = F.interpolate(x, size=(5, 7), mode="bilinear")
        nearest = F.interpolate(F.interpolate(x, size=(5, 7)), size=(6, 9))
        doubled = F.interpolate(x, scale_factor=2)
        return bilinear, nearest, doubled, torch.einsum("bchw,bcwk->bhk", x, x), self.recurrent(x[0])[0]


class Refused(nn.Module):
    """Operators and forms that are not imported; some read what others give."""

    def forward(self, x):
        branch = torch.cond(x.sum() > 0, lambda x: F.dropout(x, training=True), lambda x: x * 2, (x,))
        best = F.interpolate(branch, size=(5, 7)).topk(2, -1)
        return F.interpolate(best.values, size=(5, 7)) + 1, best.indices + 1


class Guarded(nn.Module):
    def forward(self, x, y):
        return x + y if x.shape[0] % 2 == 0 else x - y


class Halves(nn.Module):
    """Sizes that only a guard makes equal: those of two windows, and of there and back again."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(2, 2, 3, 2, 1)
        self.up = nn.ConvTranspose1d(2, 2, 4, 2, 1)

    def forward(self, x):
        half = self.conv(x) + F.avg_pool1d(x, 2)
        return half, self.up(half) + x


class Largest(nn.Module):
    """Maxima over a dimension that may have no elements."""

    def forward(self, x):
        return x.amax(0), x.argmin(0), x.sum(0)


class ThroughViews(nn.Module):
    """Writes through views of a buffer and of a value; later reads see them."""

    def __init__(self):
        super().__init__()
        self.register_buffer("state", torch.zeros(3, 4))

    def forward(self, x):
        self.state[0] = x
        self.state[1:3].add_(1)
        row = self.state.view(12)[4:8]
        y = x.clone()
        y[1:3] = 5.0
        z = y.unsqueeze(0)
        z.mul_(2)
        return y + row, self.state.sum()


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    def forward(self, x):
        self.count.add_(1)
        return x * self.count


class Cache(nn.Module):
    """Writes by index into a buffer, then reads all of it."""

    def __init__(self):
        super().__init__()
        self.register_buffer("cache", torch.zeros(1, 8, 2))

    def forward(self, position, row):
        self.cache[:, position] = row
        return self.cache.sum(1)


class WrittenAfterReshape(nn.Module):
    """reshape() copies only sometimes: what x holds afterwards cannot be known."""

    def forward(self, x):
        y = x.clone()
        y.reshape(4).mul_(2)
        return y


class InputWritten(nn.Module):
    def forward(self, x):
        x.add_(1)
        return x * 2


class Branches(nn.Module):
    def forward(self, x):
        return torch.cond(x.sum() > 0, lambda x: x + 1, lambda x: x * 2, (x,))


class Loops(nn.Module):
    def forward(self, n, x):
        return torch.while_loop(lambda n, x: n > 0, lambda n, x: (n - 1, x * 2), (n, x))


class Resized(nn.Module):
    def forward(self, x):
        return x.reshape(x.shape[0] * 2, -1)[:-1].chunk(2, dim=1), F.pad(x, (1, 2))


class Plumbing(nn.Module):
    def forward(self, x):
        a, b, c = x.split([1, 2, 1], dim=1)
        u = torch.stack(x.unbind(0))
        t = u.flatten(1).unflatten(1, (2, 2, 3)).squeeze(0).transpose(-1, -2).movedim(0, 1)
        return torch.cat([c, b, a], 1), t.contiguous(), x[:, -1], x[..., ::2], x.narrow(1, 1, 2).expand(3, -1, -1, -1)


class Infinite(nn.Module):
    def forward(self, x):
        return x.masked_fill(x > 0, float("-inf")).clamp(min=-10.0), torch.full_like(x, float("nan"))


class Unbounded(nn.Module):
    def forward(self, ids, mask):
        return ids * mask


class SetGrad(nn.Module):
    def forward(self, x):
        with torch.no_grad():
            y = x.sin()
        return y + 1


class Quantity(nn.Module):
    """Data-dependent scalar through item()."""

    def forward(self, n, x):
        k = n.item()
        torch._check(k >= 1)
        torch._check(k <= 4)
        return x[:k].sum(0)


class Named(nn.Module):
    """Outputs in containers with keys and without; two paths give one name."""

    def forward(self, x, more):
        y = x + more["shift"][0]
        return {
            "logits": y * 2,
            "state": {"h": y + 1, "c": [y - 1, (y * 3,)]},
            "state_h": y * y,
            "a.b/c": None,
            7: y.exp(),
        }


class Wide(nn.Module):
    """Rows of 512 between rows of 2: large bounds make a large arena."""

    def __init__(self):
        super().__init__()
        self.widen = nn.Linear(2, 512)
        self.narrow = nn.Linear(512, 2)

    def forward(self, x):
        return self.narrow(self.widen(x).softmax(-1))


class Pair(NamedTuple):
    left: torch.Tensor
    right: torch.Tensor


@dataclasses.dataclass
class Record:
    mean: torch.Tensor
    extra: torch.Tensor | None


class Containers(nn.Module):
    """Containers whose keys the file holds in four ways, and one output without any."""

    def forward(self, x):
        counted = collections.defaultdict(list)
        counted["k"] = x + 4
        ordered = collections.OrderedDict(z=x + 5)
        return Pair(x + 1, x + 2), Record(x + 3, None), counted, ordered, (x.exp(),)


class DroppedInPlace(nn.Module):
    """Every kind of dropout, in place and not, as a model in evaluation keeps them."""

    def forward(self, x):
        y = x + 1
        for drop in (F.dropout, F.dropout2d, F.alpha_dropout, F.feature_alpha_dropout):
            y = drop(drop(y, 0.5, False), 0.5, False, inplace=True)
        return F.hardswish(y, inplace=True)


class Softplus(nn.Module):
    def forward(self, x):
        return F.softplus(x)


class EqualLayers(nn.Module):
    """Layers that PyTorch clones have equal weights until they are trained."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.first = nn.Linear(32, 32)
        self.second = copy.deepcopy(self.first)

    def forward(self, x):
        return self.second(F.relu(self.first(x)))


def main():
    (HERE / "small").mkdir(exist_ok=True)
    torch.manual_seed(0)
    batch = Dim("batch", min=1, max=8)
    save("weights", Weights(), (torch.tensor([1, 2]),))
    save("guarded", Guarded(), (torch.rand(4, 3), torch.rand(4, 3)), dynamic_shapes=({0: Dim.AUTO}, {0: Dim.AUTO}))
    save("halves", Halves(), (torch.rand(1, 2, 8),), dynamic_shapes=({2: Dim.AUTO},))
    save("largest", Largest(), (torch.rand(4, 3),), dynamic_shapes=({0: Dim("rows", min=0, max=8)},))
    save("through_views", ThroughViews(), (torch.rand(4),))
    save("counter", Counter(), (torch.rand(2, 3),), dynamic_shapes=({0: batch},))
    save("counter.aten", Counter(), (torch.rand(2, 3),), decompose=True, dynamic_shapes=({0: batch},))
    save("cache", Cache(), (torch.tensor([3]), torch.rand(1, 1, 2)))
    save("cache.aten", Cache(), (torch.tensor([3]), torch.rand(1, 1, 2)), decompose=True)
    save("written_after_reshape", WrittenAfterReshape(), (torch.rand(2, 2),))
    save("input_written", InputWritten(), (torch.rand(3),))
    save("input_written.aten", InputWritten(), (torch.rand(3),), decompose=True)
    save("branches", Branches(), (torch.rand(3),))
    save("loops", Loops(), (torch.tensor(3), torch.rand(3)))
    save("resized", Resized(), (torch.rand(3, 4),), dynamic_shapes=({0: batch},))
    save("plumbing", Plumbing(), (torch.rand(1, 4, 3),))
    save("infinite", Infinite(), (torch.rand(3),))
    save("unbounded", Unbounded(), (torch.rand(2, 3), torch.rand(2, 3)), dynamic_shapes=({1: Dim("n")}, {1: Dim("n")}))
    save("set_grad", SetGrad(), (torch.rand(3),))
    save("dropped", DroppedInPlace(), (torch.rand(2, 3, 2, 2),))
    save("softplus", Softplus(), (torch.rand(8, dtype=torch.float16),))
    save("equal_layers", EqualLayers(), (torch.rand(2, 32),))
    save("named", Named(), (torch.rand(2, 3), {"shift": [torch.rand(2, 3)]}))
    torch.export.register_dataclass(Record, serialized_type_name="Record")
    torch.utils._pytree._register_namedtuple(Pair, serialized_type_name="Pair")
    save("containers", Containers(), (torch.rand(3),))
    save("wide", Wide(), (torch.rand(3, 2),), dynamic_shapes=({0: Dim("n")},))
    save("cropped", Cropped(), (torch.rand(20),), dynamic_shapes=({0: Dim("n", max=100)},))
    save("effects.aten", Effects(), (torch.eye(3),), decompose=True)
    resampled = (Resampled(), (torch.rand(1, 2, 4, 4),))
    save("resampled", *resampled)
    aten = torch.ops.aten
    ops = (aten.upsample_bilinear2d.vec, aten.upsample_nearest2d.vec, aten.einsum.default)
    save("resampled.apart", *resampled, taken_apart=ops)
    save("refused", Refused(), (torch.rand(1, 2, 4, 4),))
    save("quantity", Quantity(), (torch.tensor(3), torch.rand(4, 2)))


if __name__ == "__main__":
    main()
