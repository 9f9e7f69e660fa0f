# SPDX-License-Identifier: Apache-2.0
"""Prints quantized layers with constant weights as text of the graph dialect: one method with a result for each."""

HEAD = """!x = !quant.uniform<i8:f32, 0.0625:-5>
!w = !quant.uniform<i8<-127:127>:f32, 0.0078125>
!y = !quant.uniform<u8:f32, 0.3:7>
"""
WEIGHT = """graph.weight @w{index} : tensor<{weight}x!w> {{
  %0 = graph.iota {{size = #graph.expr<{count}>, element_type = f32, start = 1.0 : f64, step = 7.0 : f64}} : () -> tensor<{count}xf32>
  %1 = graph.sin %0 : (tensor<{count}xf32>) -> tensor<{count}xf32>
  %2 = graph.reshape %1 {{dims = #graph.dims<{dims}>}} : (tensor<{count}xf32>) -> tensor<{weight}xf32>
  %3 = graph.quantize %2 {{to = !w, scaling = #graph.scaling<reciprocal>}} : (tensor<{weight}xf32>) -> tensor<{weight}x!w>
  graph.yield %3 : tensor<{weight}x!w>
}}
"""
LINEAR = """  %w{index} = graph.use_weight @w{index} : tensor<{weight}x!w>
  %r{index} = graph.linear %a{index}, %w{index} {{result_element_type = !y, rounding = #graph.rounding<fp32_rne>}} : ({inputs}) -> {result}
"""
# The mean reads channels that lie last: nothing is copied.
CONVOLUTION = """  %w{index} = graph.use_weight @w{index} : tensor<{weight}x!w>
  %c{index} = graph.conv %a{index}, %w{index} {{strides = array<i64: {stride}, {stride}>, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>, dilations = array<i64: 1, 1>, groups = 1 : i64, result_element_type = !y, rounding = #graph.rounding<fp32_rne>}} : ({inputs}) -> {made}
  %f{index} = graph.dequantize %c{index} : ({made}) -> {real}
  %r{index} = graph.reduce %f{index} {{kind = #graph.reduce_kind<sum>, dims = array<i64: 2, 3>}} : ({real}) -> {result}
"""
# Rows, channels, features; and channels, features, window, stride, size.
LINEARS = [(1, 64, 64), (14, 32, 16), (14, 36, 24), (7, 64, 40)]
CONVOLUTIONS = [(16, 32, 3, 1, 12), (8, 24, 3, 2, 11), (64, 64, 1, 1, 9)]


def join(dims):
    return "x".join(map(str, dims))


def main():
    weights, body, arguments, results = [], [], [], []

    def add(template, dims, given, result, **more):
        index, count = len(weights), 1
        for dim in dims:
            count *= dim
        weight = join(dims)
        weights.append(WEIGHT.format(index=index, weight=weight, count=count, dims=dims))
        body.append(template.format(index=index, weight=weight, inputs=f"{given}, tensor<{weight}x!w>", result=result, **more))
        arguments.append((f"%a{index}", given, f"a{index}"))
        results.append((f"%r{index}", result, f"r{index}"))

    for rows, channels, features in LINEARS:
        add(LINEAR, [features, channels], f"tensor<{rows}x{channels}x!x>", f"tensor<{rows}x{features}x!y>")
    for channels, features, window, stride, size in CONVOLUTIONS:
        out = (size + 2 - window) // stride + 1
        shape = join([1, features, out, out])
        add(CONVOLUTION, [features, channels, window, window], f"tensor<{join([1, channels, size, size])}x!x>",
            f"tensor<1x{features}xf32>", stride=stride, made=f"tensor<{shape}x!y>", real=f"tensor<{shape}xf32>")
    named = ", ".join(f'{value}: {kind} {{graph.name = "{name}"}}' for value, kind, name in arguments)
    returned = ", ".join(f'{kind} {{graph.name = "{name}"}}' for _, kind, name in results)
    print(HEAD + "".join(weights) + f"func.func @main({named}) -> ({returned}) {{")
    print("".join(body) + f"  return {', '.join(value for value, _, _ in results)} : "
          f"{', '.join(kind for _, kind, _ in results)}\n}}")


if __name__ == "__main__":
    main()
