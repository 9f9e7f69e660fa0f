// SPDX-License-Identifier: Apache-2.0
#ifndef LATHE_PASSES_LAYOUT_USEWINOGRAD_TD
#define LATHE_PASSES_LAYOUT_USEWINOGRAD_TD

include "mlir/Pass/PassBase.td"

def UseWinograd : Pass<"lathe-use-winograd", "::mlir::ModuleOp"> {
  let summary = "3x3 convolutions by minimal filtering, where that is less work";
  let description = [{
    A tile of 4 x 4 results of a 3x3 window takes 36 multiplications for each
    channel and filter instead of 144, one of 2 x 2 takes 16 instead of 36; the
    transforms around them grow with channels plus filters, not with their
    product. Taken are convolutions with channels last (AssignLayouts), constant
    weights, stride 1, at least `channels-min` channels and filters, and a result
    that tiles divide. Transformed weights are 4 or 1.8 times as large, and
    computed when the program is written; `growth-percent` bounds what that adds
    to the model. Within it, tiles go where they save most time for each byte
    (WinogradChoice.h): to layers of few channels, and 2 x 2 before 4 x 4. Targets ask
    for it with `winograd` in `graph.targets`.

    ```mlir
    %w = graph.use_weight @w : tensor<64x64x3x3xf32>
    %0 = graph.conv %x, %w {...}
    // becomes
    %w = graph.use_weight @w.winograd4 : tensor<6x6x64x64xf32, #graph.info<[6, 6, 64, 64], #graph.layout<[0, 1, 2, 3], tiles = [2, 16]>>>
    %0 = graph.winograd_conv %x, %w {outputs = 4 : i64, ...}
    ```
  }];
  let options = [
    Option<"channelsMin", "channels-min", "int64_t", "32",
           "fewer channels or filters than these do not pay for the transforms">,
    Option<"growthPercent", "growth-percent", "uint64_t", "kWeightGrowthPercent",
           "all weights together grow by no more, or by 1 MiB">
  ];
}

#endif // LATHE_PASSES_LAYOUT_USEWINOGRAD_TD
