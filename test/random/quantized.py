# SPDX-License-Identifier: Apache-2.0
"""Random quantized networks as text of the graph dialect: convolutions and linear layers with constant weights.

Sizes are such that tiles, panels and rows have rests, that some weights lie in panels and others do not, and that codes
and sums come near their ends.
"""
import random

# What a constant in the text may hold; more belongs in a weight.
CONSTANT_MAX = 64
ROUNDING = "rounding = #graph.rounding<fp32_rne>"


def shape(dims, element):
    return "tensor<" + "".join(f"{dim}x" for dim in dims) + element + ">"


class Network:
    """One layer or two behind a quantized input, for a seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.types, self.weights, self.body = [], [], []
        self.is_convolution = self.random.random() < 0.6
        if self.is_convolution:
            self.input_dims = [self.random.choice([1, 1, 2]), self.random.choice([3, 4, 8, 12, 16]),
                               self.random.randint(3, 12), self.random.randint(3, 12)]
        else:
            self.input_dims = [self.random.randint(1, 30), self.random.choice([4, 8, 12, 33, 36, 64, 100])]

    def type_of(self, text):
        name = f"!t{len(self.types)}"
        self.types.append(f"{name} = {text}")
        return name

    def activation(self, scale):
        """A type of codes: signed or not, its zero anywhere, often at an end."""
        signed = self.random.random() < 0.6
        low, high = (-128, 127) if signed else (0, 255)
        zero = self.random.choice([low, high, 0, self.random.randint(low, high)])
        return self.type_of(f"!quant.uniform<{'i8' if signed else 'u8'}:f32, {scale}:{zero}>")

    def weight(self, dims):
        """Sines, quantized for each feature or with one scale, to the end of the codes."""
        count, name = 1, f"@w{len(self.weights)}"
        for dim in dims:
            count *= dim
        scales = [self.random.choice([0.0078125, 0.008, 0.0071]) for _ in range(dims[0])]
        if self.random.random() < 0.7:
            kind = "!quant.uniform<i8<-127:127>:f32:0, {" + ", ".join(map(str, scales)) + "}>"
        else:
            kind = f"!quant.uniform<i8:f32, 0.0078125:{self.random.choice([0, 0, 3])}>"
        type_name = self.type_of(kind)
        step = self.random.choice([1.0, 7.0, 0.3])
        full, flat = shape(dims, type_name), shape([count], "f32")
        real = shape(dims, "f32")
        self.weights.append(f"""graph.weight {name} : {full} {{
  %0 = graph.iota {{size = #graph.expr<{count}>, element_type = f32, start = 1.0 : f64, step = {step} : f64}} : () -> {flat}
  %1 = graph.sin %0 : ({flat}) -> {flat}
  %2 = graph.reshape %1 {{dims = #graph.dims<{list(dims)}>}} : ({flat}) -> {real}
  %3 = graph.quantize %2 {{to = {type_name}, scaling = #graph.scaling<reciprocal>}} : ({real}) -> {full}
  graph.yield %3 : {full}
}}""")
        return name, full

    def operands(self, index, value, input_type, weight_dims):
        """The text and the types of a layer's operands: input, weight, and sometimes a bias."""
        name, full = self.weight(weight_dims)
        self.body.append(f"  %w{index} = graph.use_weight {name} : {full}")
        names, types = [value, f"%w{index}"], [input_type, full]
        if self.random.random() < 0.7 and weight_dims[0] <= CONSTANT_MAX:
            reach = self.random.choice([100, 5000, 2**31 - 1])
            numbers = ", ".join(str(self.random.randint(-reach, reach)) for _ in range(weight_dims[0]))
            bias = shape([weight_dims[0]], "i32")
            self.body.append(f"  %b{index} = graph.constant dense<[{numbers}]> : {bias}")
            names.append(f"%b{index}")
            types.append(bias)
        return ", ".join(names), ", ".join(types)

    def features(self):
        return self.random.choice([5, 8, 16, 24, 32, 40, 48, 64, 80])

    def convolution(self, index, value, dims, element):
        window = [self.random.randint(1, 3), self.random.randint(1, 3)]
        low, high = ([self.random.randint(0, 1) for _ in range(2)] for _ in range(2))
        strides = [self.random.randint(1, 2) for _ in range(2)]
        features = self.features()
        names, types = self.operands(index, value, shape(dims, element), [features, dims[1], *window])
        out = [(size + front + back - width) // stride + 1
               for size, front, back, width, stride in zip(dims[2:], low, high, window, strides)]
        result = self.activation(self.random.choice([0.1, 0.3, 1.0]))
        made = shape([dims[0], features, *out], result)
        self.body.append(
            f"  %{index} = graph.conv {names} {{strides = array<i64: {strides[0]}, {strides[1]}>, "
            f"padding_low = array<i64: {low[0]}, {low[1]}>, padding_high = array<i64: {high[0]}, {high[1]}>, "
            f"dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = {result}, {ROUNDING}}} "
            f": ({types}) -> {made}")
        return f"%{index}", [dims[0], features, *out], result

    def linear(self, index, value, dims, element):
        features = self.features()
        names, types = self.operands(index, value, shape(dims, element), [features, dims[-1]])
        result = self.activation(self.random.choice([0.1, 0.3]))
        made = shape([*dims[:-1], features], result)
        self.body.append(f"  %{index} = graph.linear {names} {{result_element_type = {result}, {ROUNDING}}} "
                         f": ({types}) -> {made}")
        return f"%{index}", [*dims[:-1], features], result

    def text(self):
        first = self.activation(0.0625)
        real = shape(self.input_dims, "f32")
        self.body.append(f"  %x = graph.quantize %a0 {{to = {first}, scaling = #graph.scaling<reciprocal>}} "
                         f": ({real}) -> {shape(self.input_dims, first)}")
        value, dims, element = "%x", self.input_dims, first
        layer = self.convolution if self.is_convolution else self.linear
        for index in range(self.random.randint(1, 2)):
            value, dims, element = layer(index, value, dims, element)
        last = shape(dims, "f32")
        self.body.append(f"  %r = graph.dequantize {value} : ({shape(dims, element)}) -> {last}")
        head = (f'func.func @main(%a0: {real} {{graph.name = "a0"}}) -> ({last} {{graph.name = "r0"}}) {{')
        return "\n".join([*self.types, *self.weights, head, *self.body, f"  return %r : {last}", "}", ""])

    def contents(self):
        """Numbers for the input: most within the codes, some beyond."""
        count = 1
        for dim in self.input_dims:
            count *= dim
        return [self.random.uniform(-9, 9) for _ in range(count)]
