# SPDX-License-Identifier: Apache-2.0
"""That random_graphs.py finds differences, shrinks what fails, and repeats itself by seed."""
import math
import unittest

from generate import generate
from graphs import Graph, Input, Operator, Value
from random_graphs import difference, shrink


class OnlyThisFails:
    """Stands for the tools: graphs with the operator `name` fail."""

    def __init__(self, name):
        self.name = name

    def check(self, graph, _folder):
        graph.text()
        fails = any(op.name == self.name for op in graph.operators)
        return ("difference", "") if fails else ("", "")


def chain(*names):
    first = Value("f32", [2, 3], 4.0)
    graph = Graph([Input(first)])
    for name in names:
        graph.operators.append(Operator(name, [first], "", Value("f32", [2, 3], 4.0)))
        first = graph.operators[-1].result
    return graph


class RandomGraphs(unittest.TestCase):
    def test_equal_seeds_give_equal_graphs(self):
        texts = [generate(seed).text() for seed in range(40)]
        self.assertEqual(texts, [generate(seed).text() for seed in range(40)])
        self.assertGreater(len(set(texts)), 35)

    def test_most_operators_occur(self):
        names = {op.name for seed in range(300) for op in generate(seed).operators}
        self.assertLessEqual({"conv", "linear", "matmul", "reduce", "softmax", "max_pool", "gather",
                              "concat", "pad", "slice", "where", "cast", "index_put"}, names)
        self.assertTrue(any(generate(seed).is_dynamic() for seed in range(40)))

    def test_layers_states_and_tensors_without_elements_occur(self):
        graphs = [generate(seed) for seed in range(300)]
        texts = [graph.text() for graph in graphs]
        for part in ("graph.lstm", "graph.gru", "bidirectional", "enable_gqa", "state_update", "!quant.uniform<u8",
                     "groups = 4 : i64, transposed", "symbol @n [0,"):
            self.assertTrue(any(part in text for text in texts), part)
        self.assertTrue(any(0 in entry.value.dims for graph in graphs for entry in graph.live_inputs()))

    def test_further_results_and_states_survive_shrinking(self):
        for seed in range(300):
            graph = generate(seed)
            op = next((op for op in graph.operators if op.name == "lstm"), None)
            if op:
                self.assertIn(":3 = graph.lstm", graph.text())
                self.assertNotIn("graph.lstm", graph.without(op).text())
                return
        self.fail("no seed has an lstm")

    def test_kernels_of_several_operators_occur(self):
        found = set()
        for seed in range(300):
            graph = generate(seed)
            makers = {id(op.result): op for op in graph.operators}
            for op in graph.operators:
                before = [makers.get(id(value)) for value in op.operands]
                sums = [maker for maker in before if maker and maker.name in ("linear", "matmul", "conv")]
                if sums and op.name in ("add", "sub", "mul", "maximum", "minimum"):
                    dims, partner = (value.dims for value in sorted(op.operands, key=lambda value: value not in
                                                                    [maker.result for maker in sums]))
                    if len(dims) == len(partner):
                        found.add("residual" if dims == partner else "broadcast")
                features = op.result.dims[1] if op.name == "conv" else 0
                if features and features % 8 == 0 and f"groups = {features} " in op.attributes and sums:
                    found.add("chain")
        self.assertEqual(found, {"residual", "broadcast", "chain"})

    def test_shrinking_leaves_the_operator_that_fails(self):
        graph = shrink(OnlyThisFails("tanh"), chain("abs", "neg", "tanh", "relu"), "difference", "")
        self.assertEqual([op.name for op in graph.operators], ["tanh"])
        self.assertIn("%a0: tensor<2x3xf32>", graph.text())

    def test_a_graph_that_fails_otherwise_is_left_alone(self):
        graph = shrink(OnlyThisFails("tanh"), chain("abs", "tanh"), "hang", "")
        self.assertEqual([op.name for op in graph.operators], ["abs", "tanh"])

    def test_differences_beyond_the_bound_are_found(self):
        real = Value("f32", [2], 4.0, error=1e-3)
        self.assertEqual(difference([1.0, math.nan], [1.001, math.nan], real), "")
        self.assertIn("element 1", difference([1.0, 2.0], [1.0, 2.1], real))
        self.assertIn("element 0", difference([1.0], [math.nan], real))
        self.assertIn("element 0", difference([3], [4], Value("i32", [1], 4.0)))
        self.assertIn("1 elements", difference([3], [3, 4], Value("i32", [1], 4.0)))


if __name__ == "__main__":
    unittest.main()
