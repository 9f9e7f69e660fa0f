# SPDX-License-Identifier: Apache-2.0
"""The language model of decoder.py in the terms of llama.cpp: its weights as a GGUF file, a cache of keys and values as a state.

llama.cpp turns pairs of neighbouring features where decoder.py turns one of a head's first half with one of its second,
so that rows of queries and keys change places, as in every Llama that it reads. All weights stay float32.
"""
import struct

import numpy

from decoder import CONTEXT, HEAD_WIDTH, HEADS, HIDDEN, LAYERS, VOCABULARY, WIDTH

NORM_EPSILON, ROTARY_BASE = 1e-5, 10000.0
PARTS = {"attention_norm": "attn_norm", "query": "attn_q", "key": "attn_k", "value": "attn_v", "output": "attn_output",
         "hidden_norm": "ffn_norm", "gate": "ffn_gate", "expand": "ffn_up", "contract": "ffn_down"}
FLOAT32 = 0  # of ggml's types


def neighbours(array, axis):
    """Feature i and i + half of each head beside one another, along an axis of HEAD_WIDTH or of HEADS x HEAD_WIDTH."""
    shape, heads = array.shape, array.shape[axis] // HEAD_WIDTH
    halves = array.reshape(*shape[:axis], heads, 2, HEAD_WIDTH // 2, *shape[axis + 1:])
    return numpy.ascontiguousarray(halves.swapaxes(axis + 1, axis + 2)).reshape(shape)


def write(weights, path):
    """Writes decoder.py's weights, {name: array}, as a GGUF file of the architecture "llama".

    The table of the embedding scores words too, which llama.cpp does where there is no "output.weight". Tokens are
    numbers without text.
    """
    import gguf
    file = gguf.GGUFWriter(path, "llama")
    file.add_context_length(CONTEXT)
    file.add_embedding_length(WIDTH)
    file.add_block_count(LAYERS)
    file.add_feed_forward_length(HIDDEN)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_layer_norm_rms_eps(NORM_EPSILON)
    file.add_rope_dimension_count(HEAD_WIDTH)
    file.add_rope_freq_base(ROTARY_BASE)
    file.add_vocab_size(VOCABULARY)
    file.add_tokenizer_model("none")
    file.add_file_type(gguf.LlamaFileType.ALL_F32)
    file.add_tensor("token_embd.weight", weights["embedding.weight"])
    file.add_tensor("output_norm.weight", weights["norm.weight"])
    for layer in range(LAYERS):
        for ours, theirs in PARTS.items():
            weight = weights[f"layers.{layer}.{ours}.weight"]
            file.add_tensor(f"blk.{layer}.{theirs}.weight", neighbours(weight, 0) if ours in ("query", "key") else weight)
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()


def replace_cache(state, cache, tokens):
    """Puts decoder.py's keys and values of the first `tokens` positions into a saved sequence of as many tokens.

    `state` is a bytearray of llama_state_seq_get_data, with the values transposed (without flash attention): it ends
    with all layers' keys, each a type, the bytes of a row and a row for each token, then all layers' values, each a type,
    the bytes of an element, the number of features, and a row for each feature. `cache` holds keys and values in turn,
    (1, heads, positions, width of a head). A state that lies otherwise, as of another version, is a ValueError.
    """
    heads = struct.pack("<iQ", FLOAT32, 4 * WIDTH), struct.pack("<iII", FLOAT32, 4, WIDTH)
    bytes_of_layer = 4 * WIDTH * tokens
    place = len(state) - LAYERS * (sum(map(len, heads)) + 2 * bytes_of_layer)
    if place < 8 or struct.unpack_from("<II", state, place - 8) != (1, LAYERS):  # values transposed; layers
        raise ValueError("a saved state of llama.cpp lies otherwise than expected")
    for kind, head in enumerate(heads):
        for layer in range(LAYERS):
            if state[place:place + len(head)] != head:
                raise ValueError("a saved state of llama.cpp holds other rows than expected")
            place += len(head)
            given = cache[2 * layer + kind][0, :, :tokens]
            rows = neighbours(given, 2).swapaxes(0, 1) if kind == 0 else given.swapaxes(1, 2)
            state[place:place + bytes_of_layer] = numpy.ascontiguousarray(rows).tobytes()
            place += bytes_of_layer
