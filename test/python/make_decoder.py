#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exports a small decoder with a key-value cache as two methods.

    python3 -m venv build/venv && build/venv/bin/pip install torch==2.13.0 numpy
    build/venv/bin/python test/python/make_decoder.py test/models

Writes decoder_prefill.pt2 (1 to 24 tokens, fills the cache), decoder_step.pt2
(one token at a position), and decoder/case<N>.<method>/: one sequence of calls
with what PyTorch computed. Both files hold the same weights and buffers under
the same names; the weights are random, with a fixed seed.
"""
import pathlib
import sys

import numpy
import torch
from torch import nn
from torch.nn import functional

VOCABULARY, WIDTH, HEADS, HIDDEN, LAYERS, CONTEXT = 61, 48, 4, 112, 2, 32
PREFILL_TOKENS_MAX = 24


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.query_key_value = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)
        self.hidden_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.expand = nn.Linear(WIDTH, HIDDEN)
        self.contract = nn.Linear(HIDDEN, WIDTH)
        shape = (1, HEADS, CONTEXT, WIDTH // HEADS)
        self.register_buffer("keys", torch.zeros(shape))
        self.register_buffer("values", torch.zeros(shape))

    def forward(self, x, positions, mask):
        split = [t.unflatten(2, (HEADS, -1)).transpose(1, 2)
                 for t in self.query_key_value(self.attention_norm(x)).chunk(3, dim=2)]
        self.keys.index_copy_(2, positions, split[1])
        self.values.index_copy_(2, positions, split[2])
        attended = functional.scaled_dot_product_attention(
            split[0], self.keys, self.values, attn_mask=mask)
        x = x + self.output(attended.transpose(1, 2).flatten(2))
        return x + self.contract(functional.silu(self.expand(self.hidden_norm(x))))


class Decoder(nn.Module):
    """Both methods: modules of the same names hold the same weights."""

    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        self.places = nn.Embedding(CONTEXT, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.head = nn.Linear(WIDTH, VOCABULARY, bias=False)

    def decode(self, tokens, positions):
        # A token sees the cache up to its own position, nothing behind it.
        mask = torch.arange(CONTEXT) <= positions.unsqueeze(1)
        x = self.embedding(tokens) + self.places(positions)
        for layer in self.layers:
            x = layer(x, positions, mask)
        return self.head(self.norm(x))


class Prefill(Decoder):
    def forward(self, tokens):
        return self.decode(tokens, torch.arange(tokens.size(1)))


class Step(Decoder):
    def forward(self, token, position):
        return self.decode(token, position)


def clear(model):
    for name, buffer in model.named_buffers():
        buffer.zero_()


def make_calls(generator):
    """(method, inputs): two conversations, the second over the first's cache."""
    calls = []
    for prompt, steps in ((5, 6), (9, 3)):
        tokens = torch.randint(VOCABULARY, (1, prompt + steps), generator=generator)
        calls.append(("prefill", [tokens[:, :prompt].contiguous()]))
        for position in range(prompt, prompt + steps):
            calls.append(("step", [tokens[:, position : position + 1].contiguous(), torch.tensor([position])]))
    return calls


def write_cases(models, calls, folder):
    """The state goes from call to call: both models use one set of buffers."""
    prefill, step = models["prefill"], models["step"]
    for number, (method, inputs) in enumerate(calls):
        model, other = (prefill, step) if method == "prefill" else (step, prefill)
        output = model(*inputs)
        for (_, mine), (_, theirs) in zip(model.named_buffers(), other.named_buffers()):
            theirs.copy_(mine)
        case = folder / f"case{number}.{method}"
        case.mkdir(parents=True, exist_ok=True)
        for index, value in enumerate(inputs):
            numpy.save(case / f"in{index}.npy", value.numpy())
        numpy.save(case / "out0.npy", output.numpy())


@torch.no_grad()
def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(7)
    models = {"prefill": Prefill().eval(), "step": Step().eval()}
    for name, parameter in models["prefill"].named_parameters():
        if "norm" in name:  # not the ones that all norms start with
            parameter.uniform_(0.5, 1.5)
    models["step"].load_state_dict(models["prefill"].state_dict())
    length = torch.export.Dim("length", min=1, max=PREFILL_TOKENS_MAX)
    programs = {
        "prefill": torch.export.export(
            models["prefill"], (torch.zeros(1, 5, dtype=torch.int64),),
            dynamic_shapes={"tokens": {1: length}}),
        "step": torch.export.export(
            models["step"], (torch.zeros(1, 1, dtype=torch.int64), torch.tensor([5])))}
    for method, program in programs.items():
        torch.export.save(program, folder / f"decoder_{method}.pt2")
    for model in models.values():
        clear(model)
    write_cases(models, make_calls(torch.Generator().manual_seed(11)), folder / "decoder")


if __name__ == "__main__":
    main()
