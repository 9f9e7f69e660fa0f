# SPDX-License-Identifier: Apache-2.0
"""A language model in the manner of Llama, of 110 million parameters, for tools/bench.py.

12 layers of width 768: RMS norm, rotary embedding, SwiGLU; one table embeds tokens and scores them. `Prefill` reads
128 tokens, `Decode` one at a position. The cache of keys and values is an argument and what was added to it is
returned, since not every runtime of the table lets a model change its own buffers.
"""
import torch
from torch import nn
from torch.nn import functional

VOCABULARY, WIDTH, HEADS, HIDDEN, LAYERS, CONTEXT, PROMPT = 32000, 768, 12, 2048, 12, 256, 128
HEAD_WIDTH = WIDTH // HEADS


def rotate(x, cos, sin):
    """Turns pairs of features of x (1, heads, tokens, width of a head) by the angles of their positions."""
    low, high = x.chunk(2, dim=3)
    return torch.cat([low * cos - high * sin, high * cos + low * sin], dim=3)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.query = nn.Linear(WIDTH, WIDTH, bias=False)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH, bias=False)
        self.output = nn.Linear(WIDTH, WIDTH, bias=False)
        self.hidden_norm = nn.RMSNorm(WIDTH, eps=1e-5)
        self.gate = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.expand = nn.Linear(WIDTH, HIDDEN, bias=False)
        self.contract = nn.Linear(HIDDEN, WIDTH, bias=False)

    def forward(self, x, cos, sin, past, mask):
        """The layer's output, and the keys and values of its tokens. Without a cache the attention is causal."""
        normed = self.attention_norm(x)
        query, key, value = (project(normed).unflatten(2, (HEADS, HEAD_WIDTH)).transpose(1, 2)
                             for project in (self.query, self.key, self.value))
        query, key = rotate(query, cos, sin), rotate(key, cos, sin)
        if past:
            seen = [torch.cat([old, new], dim=2) for old, new in zip(past, (key, value))]
            attended = functional.scaled_dot_product_attention(query, *seen, attn_mask=mask)
        else:
            attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.output(attended.transpose(1, 2).flatten(2))
        normed = self.hidden_norm(x)
        return x + self.contract(functional.silu(self.gate(normed)) * self.expand(normed)), key, value


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(VOCABULARY, WIDTH)
        nn.init.normal_(self.embedding.weight, 0.0, WIDTH**-0.5)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.RMSNorm(WIDTH, eps=1e-5)
        steps = torch.arange(0, HEAD_WIDTH, 2).float() / HEAD_WIDTH
        angles = torch.outer(torch.arange(CONTEXT).float(), 10000.0**-steps)
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())

    def run(self, tokens, cos, sin, cache, mask):
        """Scores of the word after the last token, then the keys and values of each layer."""
        x, added = self.embedding(tokens), []
        for number, layer in enumerate(self.layers):
            x, key, value = layer(x, cos, sin, cache[2 * number : 2 * number + 2], mask)
            added += [key, value]
        return functional.linear(self.norm(x[:, -1:]), self.embedding.weight), *added


class Prefill(Decoder):
    def forward(self, tokens):
        count = tokens.size(1)
        return self.run(tokens, self.cos[:count], self.sin[:count], (), None)


class Decode(Decoder):
    def forward(self, token, position, *cache):
        # Of the cache what lies before the position, and the token itself.
        mask = torch.cat([torch.arange(CONTEXT) < position, torch.ones(1, dtype=torch.bool)]).unsqueeze(0)
        return self.run(token, self.cos[position], self.sin[position], cache, mask)


def prefill_inputs():
    return (torch.randint(VOCABULARY, (1, PROMPT)),)


def decode_inputs():
    cache = [torch.randn(1, HEADS, CONTEXT, HEAD_WIDTH) for _ in range(2 * LAYERS)]
    return torch.randint(VOCABULARY, (1, 1)), torch.tensor([PROMPT]), *cache
