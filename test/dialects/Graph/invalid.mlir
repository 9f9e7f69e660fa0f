// RUN: lathe-opt --split-input-file --verify-diagnostics %s

func.func @operands_do_not_broadcast(%a: tensor<2xf32>, %b: tensor<3xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{operand sizes do not broadcast}}
  %0 = graph.add %a, %b : (tensor<2xf32>, tensor<3xf32>) -> tensor<3xf32>
  return
}

// -----
func.func @element_types_differ(%a: tensor<2xf32>, %b: tensor<2xf16>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{operands have different element types}}
  %0 = graph.add %a, %b : (tensor<2xf32>, tensor<2xf16>) -> tensor<2xf32>
  return
}

// -----
func.func @result_type_is_inferred(%a: tensor<2xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{inferred type(s)}}
  %0 = graph.relu %a : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----
func.func @exp_of_integers(%a: tensor<2xi32>) {
  // expected-error@+1 {{operand #0 must be}}
  %0 = graph.exp %a : (tensor<2xi32>) -> tensor<2xi32>
  return
}

// -----
func.func @clamp_bounds_of_the_wrong_kind(%a: tensor<2xf32>) {
  // expected-error@+1 {{bounds must be floats for floats}}
  %0 = graph.clamp %a {low = 1 : i64} : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----
func.func @linear_inner_size(%x: tensor<2x3xf32>, %w: tensor<4x5xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{the input's last size 3 is not the weight's 5}}
  %0 = graph.linear %x, %w : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x4xf32>
  return
}

// -----
func.func @linear_rounding_of_floats(%x: tensor<2x3xf32>, %w: tensor<4x3xf32>) {
  // expected-error@+1 {{are for quantized operands}}
  %0 = graph.linear %x, %w {rounding = #graph.rounding<fp32_rne>} : (tensor<2x3xf32>, tensor<4x3xf32>) -> tensor<2x4xf32>
  return
}

// -----
func.func @quantized_linear_needs_a_rounding(%x: tensor<2x3x!quant.uniform<i8:f32, 0.5>>, %w: tensor<4x3x!quant.uniform<i8:f32, 0.5>>) {
  // expected-error@+1 {{expects `rounding` and a quantized `result_element_type`}}
  %0 = graph.linear %x, %w : (tensor<2x3x!quant.uniform<i8:f32, 0.5>>, tensor<4x3x!quant.uniform<i8:f32, 0.5>>) -> tensor<2x4x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----
func.func @matmul_inner_size(%x: tensor<2x3xf32>, %y: tensor<4x5xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{inner sizes 3 and 4 differ}}
  %0 = graph.matmul %x, %y : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return
}

// -----
func.func @conv_channels(%x: tensor<1x3x8x8xf32>, %w: tensor<4x2x3x3xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{3 input channels do not fit weight}}
  %0 = graph.conv %x, %w {strides = array<i64: 1, 1>, padding_low = array<i64: 0, 0>, padding_high = array<i64: 0, 0>, dilations = array<i64: 1, 1>, groups = 1 : i64}
      : (tensor<1x3x8x8xf32>, tensor<4x2x3x3xf32>) -> tensor<1x4x6x6xf32>
  return
}

// -----
func.func @reduce_dims_are_sorted(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{`dims` must be sorted, distinct dimensions}}
  %0 = graph.reduce %x {kind = #graph.reduce_kind<sum>, dims = array<i64: 1, 0>} : (tensor<2x3xf32>) -> tensor<f32>
  return
}

// -----
func.func @any_reduces_flags(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{any and all reduce i1}}
  %0 = graph.reduce %x {kind = #graph.reduce_kind<any>, dims = array<i64: 1>} : (tensor<2x3xf32>) -> tensor<2xf32>
  return
}

// -----
func.func @mean_of_integers(%x: tensor<2x3xi32>) {
  // expected-error@+1 {{mean needs a float element type}}
  %0 = graph.reduce %x {kind = #graph.reduce_kind<mean>, dims = array<i64: 1>} : (tensor<2x3xi32>) -> tensor<2xi32>
  return
}

// -----
func.func @arg_reduce_kind(%x: tensor<2x3xf32>) {
  // expected-error@+1 {{expects kind max or min}}
  %0 = graph.arg_reduce %x {kind = #graph.reduce_kind<sum>, dim = 1 : i64} : (tensor<2x3xf32>) -> tensor<2xi64>
  return
}

// -----
func.func @negative_pool_padding(%x: tensor<1x1x4xf32>) {
  // expected-error@+1 {{padding must not be negative}}
  %0 = graph.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, padding_low = array<i64: -1>, padding_high = array<i64: 0>, dilations = array<i64: 1>} : (tensor<1x1x4xf32>) -> tensor<1x1x2xf32>
  return
}

// -----
func.func @zero_divisor(%x: tensor<1x1x4xf32>) {
  // expected-error@+1 {{divisor must not be 0}}
  %0 = graph.avg_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, padding_low = array<i64: 0>, padding_high = array<i64: 0>, divisor = 0 : i64} : (tensor<1x1x4xf32>) -> tensor<1x1x3xf32>
  return
}

// -----
func.func @quantize_to_a_plain_type(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a quantized target type}}
  %0 = graph.quantize %x {to = i8, scaling = #graph.scaling<divide>} : (tensor<2xf32>) -> tensor<2xi8>
  return
}

// -----
func.func @dequantize_a_plain_type(%x: tensor<2xi8>) {
  // expected-error@+1 {{expects a quantized input}}
  %0 = graph.dequantize %x : (tensor<2xi8>) -> tensor<2xf32>
  return
}

// -----
func.func @requantize_without_input_scale(%x: tensor<2xi32>) {
  // expected-error@+1 {{`input_scale` belongs to an i32 or i64 input}}
  %0 = graph.requantize %x {to = !quant.uniform<i8:f32, 0.5>, rounding = #graph.rounding<fp32_rne>} : (tensor<2xi32>) -> tensor<2x!quant.uniform<i8:f32, 0.5>>
  return
}

// -----
func.func @full_of_a_vector(%x: tensor<2xf32>) {
  // expected-error@+1 {{expects a rank-0 value}}
  %0 = graph.full %x {dims = #graph.dims<[3]>} : (tensor<2xf32>) -> tensor<3xf32>
  return
}

// -----
func.func @iota_kinds() {
  // expected-error@+1 {{expects start and step of the kind of 'f32'}}
  %0 = graph.iota {size = #graph.expr<3>, element_type = f32, start = 0 : i64, step = 1 : i64} : () -> tensor<3xf32>
  return
}

// -----
func.func @reshape_count(%x: tensor<2x3xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{the element counts differ}}
  %0 = graph.reshape %x {dims = #graph.dims<[7]>} : (tensor<2x3xf32>) -> tensor<7xf32>
  return
}

// -----
func.func @permutation_repeats(%x: tensor<2x2xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{permutation must hold each dimension once}}
  %0 = graph.permute %x {permutation = array<i64: 0, 0>} : (tensor<2x2xf32>) -> tensor<2x2xf32>
  return
}

// -----
func.func @slice_leaves_its_input(%x: tensor<4xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{slice of dimension 0 leaves its 4 elements}}
  %0 = graph.slice %x {starts = #graph.dims<[2]>, sizes = #graph.dims<[3]>, steps = array<i64: 1>} : (tensor<4xf32>) -> tensor<3xf32>
  return
}

// -----
func.func @insert_slice_starts_behind(%x: tensor<16x8xf32>, %v: tensor<14x1xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{range of dimension 0 leaves its 16 elements}}
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[100, 0]>, steps = array<i64: 1, 1>} : (tensor<16x8xf32>, tensor<14x1xf32>) -> tensor<16x8xf32>
  return
}

// -----
func.func @insert_slice_starts_before(%x: tensor<16x8xf32>, %v: tensor<14x1xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{range of dimension 1 leaves its 8 elements}}
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[1, -1]>, steps = array<i64: 1, 1>} : (tensor<16x8xf32>, tensor<14x1xf32>) -> tensor<16x8xf32>
  return
}

// -----
func.func @insert_slice_ends_behind(%x: tensor<16x8xf32>, %v: tensor<14x1xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{range of dimension 0 leaves its 16 elements}}
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[3, 0]>, steps = array<i64: 1, 1>} : (tensor<16x8xf32>, tensor<14x1xf32>) -> tensor<16x8xf32>
  return
}

// -----
func.func @insert_slice_steps_before(%x: tensor<4xf32>, %v: tensor<2xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{range of dimension 0 leaves its 4 elements}}
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[1]>, steps = array<i64: -2>} : (tensor<4xf32>, tensor<2xf32>) -> tensor<4xf32>
  return
}

// -----
func.func @insert_slice_before_an_unknown_size(%x: tensor<?xf32, #graph.info<[n]>>, %v: tensor<2xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{range of dimension 0 begins or ends before its first element}}
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[-1]>, steps = array<i64: 1>} : (tensor<?xf32, #graph.info<[n]>>, tensor<2xf32>) -> tensor<?xf32, #graph.info<[n]>>
  return
}

// -----
// The first and the last element that a range may touch; an empty one touches none.
func.func @insert_slice_stays(%x: tensor<16x8xf32>, %v: tensor<14x8xf32>, %e: tensor<0x8xf32>) {
  %0 = graph.insert_slice %x, %v {starts = #graph.dims<[2, 7]>, steps = array<i64: 1, -1>} : (tensor<16x8xf32>, tensor<14x8xf32>) -> tensor<16x8xf32>
  %1 = graph.insert_slice %0, %e {starts = #graph.dims<[16, 0]>, steps = array<i64: 1, 1>} : (tensor<16x8xf32>, tensor<0x8xf32>) -> tensor<16x8xf32>
  return
}

// -----
func.func @slice_step_is_zero(%x: tensor<4xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{slice step must not be 0}}
  %0 = graph.slice %x {starts = #graph.dims<[0]>, sizes = #graph.dims<[1]>, steps = array<i64: 0>} : (tensor<4xf32>) -> tensor<1xf32>
  return
}

// -----
func.func @concat_sizes(%x: tensor<2x3xf32>, %y: tensor<2x4xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{cannot join}}
  %0 = graph.concat %x, %y {dim = 0 : i64} : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<4x3xf32>
  return
}

// -----
func.func @pad_value_of_another_mode(%x: tensor<3xf32>) {
  // expected-error@+1 {{a value belongs to mode constant}}
  %0 = graph.pad %x {low = array<i64: 1>, high = array<i64: 1>, mode = #graph.pad_mode<reflect>, value = 0.0 : f32} : (tensor<3xf32>) -> tensor<5xf32>
  return
}

// -----
func.func @pad_crops_what_it_adds(%x: tensor<4xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{negative margins crop more than the 4 elements of dimension 0}}
  %0 = graph.pad %x {low = array<i64: 8>, high = array<i64: -5>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<4xf32>) -> tensor<7xf32>
  return
}

// -----
// All that there is may go.
func.func @pad_crops_all(%x: tensor<4xf32>) -> tensor<8xf32> {
  %0 = graph.pad %x {low = array<i64: 8>, high = array<i64: -4>, mode = #graph.pad_mode<constant>, value = 0.0 : f32} : (tensor<4xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----
func.func @index_put_types(%x: tensor<3xf32>, %v: tensor<1xf16>, %i: tensor<1xi64>) {
  // expected-error@+1 {{expects data and values of one element type}}
  %0 = graph.index_put %x, %v, %i {dims = array<i64: 0>} : (tensor<3xf32>, tensor<1xf16>, tensor<1xi64>) -> tensor<3xf32>
  return
}

// -----
func.func @index_dims_are_sorted(%x: tensor<3x3xf32>, %i: tensor<1xi64>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{`dims` must be sorted dimensions of the data}}
  %0 = graph.index %x, %i, %i {dims = array<i64: 1, 0>} : (tensor<3x3xf32>, tensor<1xi64>, tensor<1xi64>) -> tensor<1xf32>
  return
}

// -----
// expected-error@+1 {{is empty or negative}}
graph.symbol @n[3, 2]

// -----
// expected-error@+1 {{needs either a key or an initializer region}}
graph.weight @w : tensor<2xf32>

// -----
func.func @unknown_weight() {
  // expected-error@+1 {{which is no graph.weight}}
  %0 = graph.use_weight @missing : tensor<2xf32>
  return
}

// -----
graph.state @s : tensor<2xf32>
func.func @state_of_another_type() {
  // expected-error@+1 {{has type 'tensor<3xf32>', its state 'tensor<2xf32>'}}
  %0 = graph.state_read @s : tensor<3xf32>
  return
}

// -----
graph.symbol @n[1, 4]
func.func @bound_symbol_is_data_dependent(%v: tensor<i64>) {
  // expected-error@+1 {{which is not data_dependent}}
  graph.bind_symbol @n = %v : tensor<i64>
  return
}

// -----
func.func @two_anchors(%x: tensor<2x2xf32>) {
  // expected-error@+1 {{holds 2 anchors; more than one needs the target's `chain`}}
  %0 = graph.group "k" on "cpu"(%x) : (tensor<2x2xf32>) -> tensor<2x2xf32> {
  ^bb0(%a: tensor<2x2xf32>):
    %1 = graph.matmul %a, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    %2 = graph.matmul %1, %a : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    graph.yield %2 : tensor<2x2xf32>
  }
  return
}

// -----
func.func @transfer_to_itself(%x: tensor<2xf32>) {
  // expected-error@+1 {{crosses from a device to itself}}
  %0 = graph.transfer %x from "cpu" to "cpu" : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----
func.func @max_of_nothing(%x: tensor<2x0x3xf32>) {
  // expected-error@+2 {{there is no largest or smallest element along dimension 1, which is empty}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.reduce %x {kind = #graph.reduce_kind<max>, dims = array<i64: 1>} : (tensor<2x0x3xf32>) -> tensor<2x3xf32>
  return
}

// -----
func.func @argmin_of_nothing(%x: tensor<0x3xf32>) {
  // expected-error@+2 {{there is no largest or smallest element along dimension 0, which is empty}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.arg_reduce %x {kind = #graph.reduce_kind<min>, dim = 0 : i64} : (tensor<0x3xf32>) -> tensor<3xi64>
  return
}

// -----
// PyTorch refuses it as well, though the margins give each window a place.
func.func @max_pool_of_nothing(%x: tensor<1x1x0xf32>) {
  // expected-error@+2 {{spatial dimension 0 is empty}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.max_pool %x {kernel = array<i64: 2>, strides = array<i64: 1>, padding_low = array<i64: 1>, padding_high = array<i64: 1>, dilations = array<i64: 1>} : (tensor<1x1x0xf32>) -> tensor<1x1x1xf32>
  return
}

// -----
func.func @adaptive_pool_of_nothing(%x: tensor<1x2x4x0xf32>) {
  // expected-error@+2 {{spatial dimension 1 is empty}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 2, 2>} : (tensor<1x2x4x0xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----
func.func @adaptive_pool_of_negative_size(%x: tensor<1x2x4x4xf32>) {
  // expected-error@+2 {{expects output sizes of at least 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.adaptive_avg_pool %x {output_size = array<i64: 2, -1>} : (tensor<1x2x4x4xf32>) -> tensor<1x2x2x2xf32>
  return
}

// -----
func.func @bits_of_floats(%x: tensor<4xf32>) {
  // expected-error@+2 {{bits of 'f32' elements have no meaning}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.and %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----
func.func @complement_of_floats(%x: tensor<4xf16>) {
  // expected-error@+2 {{bits of 'f16' elements have no meaning}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.not %x : (tensor<4xf16>) -> tensor<4xf16>
  return
}

// -----
func.func @filtering_in_tiles_that_do_not_divide(%x: tensor<1x1x5x4xf32>, %w: tensor<4x4x1x1xf32>) {
  // expected-error@+2 {{spatial dimension 0 of the result is not a multiple of 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.winograd_conv %x, %w {outputs = 2 : i64, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>} : (tensor<1x1x5x4xf32>, tensor<4x4x1x1xf32>) -> tensor<1x1x5x4xf32>
  return
}

// -----
func.func @filtering_with_a_plain_window(%x: tensor<1x1x4x4xf32>, %w: tensor<1x1x3x3xf32>) {
  // expected-error@+2 {{is not [t, t, filters, channels] with t = outputs + 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.winograd_conv %x, %w {outputs = 2 : i64, padding_low = array<i64: 1, 1>, padding_high = array<i64: 1, 1>} : (tensor<1x1x4x4xf32>, tensor<1x1x3x3xf32>) -> tensor<1x1x4x4xf32>
  return
}

// -----
func.func @filtering_with_negative_padding(%x: tensor<1x1x8x8xf32>, %w: tensor<4x4x1x1xf32>) {
  // expected-error@+1 {{padding must not be negative}}
  %0 = graph.winograd_conv %x, %w {outputs = 2 : i64, padding_low = array<i64: -1, 1>, padding_high = array<i64: 1, 1>} : (tensor<1x1x8x8xf32>, tensor<4x4x1x1xf32>) -> tensor<1x1x6x8xf32>
  return
}

// -----
func.func @phases_beyond_the_stride(%x: tensor<1x3x4x4xf32>, %w: tensor<8x3x2x2x1x1xf32>) {
  // expected-error@+2 {{expects 0 <= shift < stride and as many phases in the weight, got 2 and 2}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.phase_conv %x, %w {strides = array<i64: 2, 2>, shifts = array<i64: 2, 0>} : (tensor<1x3x4x4xf32>, tensor<8x3x2x2x1x1xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----
func.func @phases_of_a_plain_window(%x: tensor<1x3x4x4xf32>, %w: tensor<8x3x2x2xf32>) {
  // expected-error@+2 {{expects an input [n, c, s...], a weight [f, c, stride..., k...]}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.phase_conv %x, %w {strides = array<i64: 2, 2>, shifts = array<i64: 0, 0>} : (tensor<1x3x4x4xf32>, tensor<8x3x2x2xf32>) -> tensor<1x8x8x8xf32>
  return
}

// -----
func.func @phases_without_margins(%x: tensor<1x3x1x4xf32>, %w: tensor<8x3x2x2x1x1xf32>) {
  // expected-error@+2 {{a window does not fit spatial dimension 0}}
  // expected-error@+1 {{failed to infer returned types}}
  %0 = graph.phase_conv %x, %w {strides = array<i64: 2, 2>, shifts = array<i64: 1, 0>} : (tensor<1x3x1x4xf32>, tensor<8x3x2x2x1x1xf32>) -> tensor<1x8x2x8xf32>
  return
}

// -----
// bf16 weights stand beside f32 only, and f32 beside nothing else.
func.func @narrow_weight_beside_f64(%x: tensor<2x3xf64>, %w: tensor<4x3xbf16>) {
  // expected-error@+1 {{expects input, weight and bias of one element type, or a bf16 weight beside f32}}
  %0 = graph.linear %x, %w : (tensor<2x3xf64>, tensor<4x3xbf16>) -> tensor<2x4xf64>
  return
}

// -----
func.func @half_weight_beside_f32(%x: tensor<2x3xf32>, %w: tensor<4x3xf16>) {
  // expected-error@+1 {{expects input, weight and bias of one element type, or a bf16 weight beside f32}}
  %0 = graph.linear %x, %w : (tensor<2x3xf32>, tensor<4x3xf16>) -> tensor<2x4xf32>
  return
}
