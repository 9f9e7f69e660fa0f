# SPDX-License-Identifier: Apache-2.0
"""Steps of a random graph that are layers of models: recurrent ones, attention, convolutions in groups,
quantized operators in a row, states."""
import math

from graphs import FLOATS, Operator, Value, count_of

# What rounding changes in one step of a recurrent layer, in units of its values.
ROUNDINGS_PER_STEP = 32
QUANTIZED = ("!quant.uniform<i8:f32, 0.25:3>", "!quant.uniform<i8:f32, 0.0625:-5>", "!quant.uniform<u8:f32, 0.125:128>",
             "!quant.uniform<i8<-127:127>:f32, 0.1>", "!quant.uniform<i16:f32, 0.003>")


class Layers:
    """Methods of Generator: they add operators, or return without."""

    def small_constant(self, dims, element="f32"):
        """Weights of at most a quarter, so that what a layer feeds back does not grow."""
        count = count_of(dims)
        if count <= 64:
            numbers = [self.random.randint(-2, 2) / 8 for _ in range(count)]
            return self.add("constant", [], "", Value(element, dims, 0.25), self.nested(numbers, dims), is_seen=False)
        wave = self.constant(element, dims)
        quarter = wave and self.add("constant", [], "", Value(element, [1], 0.25), "0.25", is_seen=False)
        return quarter and self.add("mul", [wave, quarter], "", self.rounded(element, dims, 0.25), is_seen=False)

    def recurrent_op(self):
        """One or two layers, there and back, with and without biases."""
        value = self.pick(lambda value: value.element == "f32" and len(value.dims) == 3 and value.error < 1e-4
                          and value.limit <= 64 and all(isinstance(dim, int) for dim in value.dims))
        if not value:
            value = self.input("f32", [self.random.randint(1, 5), self.random.randint(1, 3), self.random.choice([1, 3, 8])])
        name, gates = self.random.choice([("lstm", 4), ("gru", 3)])
        layers, directions = self.random.choice([1, 1, 2]), self.random.choice([1, 1, 2])
        hidden, biases = self.random.choice([1, 2, 4, 8, 16]), self.random.random() < 0.7
        is_batch_first = self.random.random() < 0.3
        steps, batch, width = value.dims
        if is_batch_first:
            steps, batch = batch, steps
        state = [layers * directions, batch, hidden]
        operands = [value] + [self.input("f32", state) for _ in range(gates - 2 if name == "lstm" else 1)]
        for layer in range(layers):
            columns = width if layer == 0 else directions * hidden
            for _ in range(directions):
                operands += [self.small_constant([gates * hidden, size]) for size in (columns, hidden)]
                operands += [self.small_constant([gates * hidden]) for _ in range(2 * biases)]
        if None in operands:
            return
        error = (1 + 0.25 * hidden) ** min(steps, 4) * layers * (
            value.error * width + FLOATS["f32"] * ROUNDINGS_PER_STEP * (width + hidden + steps))
        result = Value("f32", value.dims[:2] + [directions * hidden], 4.0, error)
        last = [Value("f32", state, 4.0 + steps, error) for _ in range(2 if name == "lstm" else 1)]
        flags = ", has_biases" * biases + ", bidirectional" * (directions == 2) + ", batch_first" * is_batch_first
        if self.may_add(result) and all(self.may_add(other) for other in last):
            self.graph.operators.append(Operator(name, operands, f"layers = {layers} : i64{flags}", result, others=last))
            self.values += [result] + last

    def attention_op(self):
        """Queries, keys and values of their own sizes, heads that share keys, masks of both kinds."""
        heads, queries, keys = self.random.choice([1, 2, 4]), *self.random.choices([1, 3, 8, 17, 33], k=2)
        shared = self.random.choice([1, 1, 2]) if heads > 1 else 1
        width, out = self.random.choice([4, 8, 16]), self.random.choice([4, 8, 16, 20])
        dims = [[heads, queries, width], [heads // shared, keys, width], [heads // shared, keys, out]]
        batch = [self.random.choice([1, 2])] if self.random.random() < 0.6 else []
        operands = []
        for wanted in dims:
            value = self.pick(lambda value, wanted=wanted: value.element == "f32" and value.dims == batch + wanted
                              and value.error == 0 and value.limit <= 8)
            operands.append(value or self.input("f32", batch + wanted))
        attributes = "scale = 0.25 : f64" + ", enable_gqa" * (shared > 1)
        limit = operands[2].limit
        if self.random.random() < 0.5:
            # One query at least keeps no key, now and then: its row is 0.
            mask = [queries if self.random.random() < 0.8 else 1, keys]
            operands.append(self.input(self.random.choice(["i1", "f32"]), mask))
        elif self.random.random() < 0.5:
            attributes += ", is_causal"
        scores = operands[0].limit * operands[1].limit * width
        self.add("sdpa", operands, attributes, self.rounded("f32", batch + [heads, queries, out], limit,
                                                            FLOATS["f32"] * scores * limit, 8))

    def grouped_conv_op(self):
        """Several features for each group, whole panels and parts of them; now and then transposed."""
        groups, per_group, out = self.random.choice([2, 3, 4, 8]), self.random.choice([1, 2, 4, 8]), self.random.choice([1, 2, 4, 8])
        spatial = [self.random.choice([4, 5, 8, 9]) for _ in range(self.random.choice([1, 2, 2]))]
        value = self.pick(lambda value: value.is_float and len(value.dims) in (3, 4) and value.dims[1] == groups * per_group
                          and all(isinstance(dim, int) for dim in value.dims[1:]))
        if not value:
            value = self.input(self.random.choice(["f32", "f32", "f16", "bf16"]), [self.random.choice([1, 2]), groups * per_group] + spatial)
        spatial = value.dims[2:]
        if self.random.random() < 0.3:
            self.transposed_conv(value, groups * out, groups)
            return
        kernel = [self.random.choice([1, 3, 3, 5]) for _ in spatial]
        strides = [self.random.choice([1, 1, 2]) for _ in spatial]
        low, high = ([self.random.choice([0, size // 2]) for size in kernel] for _ in range(2))
        found = self.conv(value, groups * out, groups, kernel, strides, (low, high), [1] * len(spatial))
        if found:
            self.epilogue(found, self.random.choice(["", "relu", "silu", "add"]))

    def quantized_chain_op(self):
        """Convolution and linear between codes of any scale: what they compute is defined to the bit."""
        kinds = [self.random.choice(QUANTIZED[:4]) for _ in range(3)]
        groups = self.random.choice([1, 1, 2, 4])
        channels, out, side = groups * self.random.choice([1, 2, 4]), groups * self.random.choice([1, 2, 8]), self.random.choice([3, 6, 8])
        value = self.pick(lambda value: value.element == "f32" and len(value.dims) == 4 and value.error == 0
                          and value.dims[1] == channels and all(isinstance(dim, int) for dim in value.dims))
        value = value or self.input("f32", [self.random.choice([1, 2]), channels, side, side])
        kernel = self.random.choice([1, 2, 3])
        stride, margin = self.random.choice([1, 1, 2]), kernel // 2
        sizes = [(size + 2 * margin - kernel) // stride + 1 for size in value.dims[2:]]
        if min(sizes) < 1:
            return
        codes = self.quantize(value, kinds[0])
        weight = self.quantize(self.small_constant([out, channels // groups, kernel, kernel]), "!quant.uniform<i8<-127:127>:f32, 0.01>")
        bias = codes and weight and self.biases(out)
        result = bias and self.add(
            "conv", [codes, weight, bias], f"strides = {[stride] * 2}, padding_low = {[margin] * 2}, padding_high = {[margin] * 2}, "
            f"dilations = [1, 1], groups = {groups} : i64, rounding = #graph.rounding<{self.rounding()}>, "
            f"result_element_type = {kinds[1]}".replace("[", "array<i64: ").replace("]", ">"),
            Value(kinds[1], [value.dims[0], out] + sizes, 256.0), is_seen=False)
        if result and self.random.random() < 0.5:
            result = self.add("relu", [result], "", self.like(result), is_seen=False)
        width = math.prod(result.dims[1:]) if result else 0
        if width and width <= 256 and self.random.random() < 0.6:
            flat = self.add("reshape", [result], f"dims = #graph.dims<[{value.dims[0]}, {width}]>",
                            self.like(result, dims=[value.dims[0], width]), is_seen=False)
            matrix = self.quantize(self.small_constant([5, width]), "!quant.uniform<i8<-127:127>:f32, 0.01>")
            bias = flat and matrix and self.biases(5)
            result = bias and self.add("linear", [flat, matrix, bias], f"rounding = #graph.rounding<{self.rounding()}>, "
                                       f"result_element_type = {kinds[2]}", Value(kinds[2], [value.dims[0], 5], 256.0), is_seen=False)
        if result:
            self.add("dequantize", [result], "", self.rounded("f32", result.dims, 64.0))

    def rounding(self):
        return "fp32_rne"

    def quantize(self, value, kind):
        scaling = self.random.choice(["divide", "reciprocal"])
        return value and self.add("quantize", [value], f"to = {kind}, scaling = #graph.scaling<{scaling}>",
                                  Value(kind, value.dims, 256.0), is_seen=False)

    def biases(self, count):
        numbers = [self.random.randint(-2000, 2000) for _ in range(count)]
        return self.add("constant", [], "", Value("i32", [count], 2000.0), self.nested(numbers, [count]), is_seen=False)

    def state_op(self):
        """A state that is read, written and updated: the values in between are those of that moment."""
        value = self.pick(lambda value: value.element != "i1" and value.error == 0
                          and all(isinstance(dim, int) and dim > 0 for dim in value.dims))
        if not value:
            return
        operands, lines = [value], ["graph.state_write STATE = OPERAND0 : TYPE0"]
        if self.random.random() < 0.6:
            count = self.random.choice([1, 1, 2])
            indices = self.input("i64", [count], "indices", value.dims[0])
            rows = self.input(value.element, [count] + value.dims[1:])
            operands += [rows, indices]
            lines.append("graph.state_update STATE[OPERAND2] = OPERAND1 {dims = array<i64: 0>} : (TYPE2), TYPE1")
        limit = max(operand.limit for operand in operands[:2])
        if self.random.random() < 0.5:
            lines.insert(0, "RESULT_old = graph.state_read STATE : TYPE")
            lines.insert(2, "RESULT_new = graph.state_read STATE : TYPE")
            lines.append("RESULT_sum = graph.add RESULT_old, RESULT_new : (TYPE, TYPE) -> TYPE")
            lines.append("graph.state_write STATE = RESULT_sum : TYPE")
        lines.append("RESULT = graph.state_read STATE : TYPE")
        result = self.like(value, limit=limit)
        if self.may_add(result):
            self.graph.operators.append(Operator("state", operands, "", result, lines=lines))
            self.values.append(result)
