// RUN: lathe-opt %s | lathe-opt | FileCheck %s

graph.symbol @n[1, 64]
graph.symbol @m[1, 64]
// Multiples of the divisor leave a division, rounded down or up.
// CHECK: graph.assume <n floordiv 2> <eq> <m>
graph.assume <(n + -2) floordiv 2 + 1> <eq> <m>
// CHECK: graph.assume <(n + 1) floordiv 2> <eq> <m>
graph.assume <(n + -1) floordiv 2 + 1> <eq> <m>
// CHECK: graph.assume <n + 1> <eq> <m>
graph.assume <(n * 2 + 3) floordiv 2> <eq> <m>
// CHECK: graph.assume <n + 2> <eq> <m>
graph.assume <(n * 2 + 3) ceildiv 2> <eq> <m>
// CHECK: graph.assume <(n + 2) ceildiv 3 + -2> <eq> <m>
graph.assume <(n + -4) ceildiv 3> <eq> <m>
// A part of a term stays with the rest of it: apart, both have wider bounds.
// CHECK: graph.assume <(n * 3 + 1) floordiv 2> <eq> <m>
graph.assume <(n * 3 + 1) floordiv 2> <eq> <m>
// CHECK: graph.assume <(n * -1 + 1) floordiv 2 + 31> <eq> <m>
graph.assume <(n * -1 + 63) floordiv 2> <eq> <m>
// So does all of a sum that is divided by another size.
// CHECK: graph.assume <(n + 4) floordiv m> <eq> <m>
graph.assume <(n + 4) floordiv m> <eq> <m>
// CHECK: graph.assume <(n + -9223372036854775808) floordiv 3> <eq> <m>
graph.assume <(n + -9223372036854775808) floordiv 3> <eq> <m>
