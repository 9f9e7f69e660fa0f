// SPDX-License-Identifier: Apache-2.0
// Each check of the verifier has a program that only it rejects: a sound
// program with one change, and the check's own words.
#include "test/runtime/program_builder.h"

#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include <gtest/gtest.h>

#include <cstring>

namespace lathe::test {
namespace {

using change = std::function<void(program_source &)>;

struct rejection {
  const char *name;
  change damage;
  const char *message;
  int32_t status = LATHE_ERR_METADATA;
  // Changes after segments were placed, where packing would repair them.
  bool after_placing = false;
  program_source (*base)(bool) = dynamic_program;
};

f::VariantT &variant(program_source &p, size_t method = 0) {
  return *p.method(method).variants[0];
}
template <typename T> T &body(program_source &p, size_t instruction, size_t method = 0) {
  return *static_cast<T *>(variant(p, method).instructions.at(instruction)->body.value);
}
f::KernelT &kernel_at(program_source &p, size_t index) {
  return *p.metadata.kernels.at(index);
}

program_source state_program(bool linked) {
  program_source source = static_program(linked);
  source.add_state("s", {4}, 0);
  return source;
}

program_source sidecar_program(bool linked) {
  program_source source = new_program(linked);
  source.metadata.sidecar = std::make_unique<f::SidecarT>();
  source.add_weights("w", {1, 2, 3}, f::SegmentFile::sidecar);
  return source;
}

/// All kinds of instructions and uses.
program_source control_program(bool linked) {
  program_source source = new_program(linked);
  f::MethodT &method = source.add_method("forward");
  method_builder b(method);
  uint32_t i = b.symbol("i", 0, 4);
  method.inputs.push_back(tensor("x", f::DType::i32, {4}));
  method.outputs.push_back(tensor("y", f::DType::i32, {4}));
  uint32_t x = b.buffer(f::Region::input, 0, 16);
  uint32_t y = b.buffer(f::Region::output, 0, 16);
  uint32_t t = b.arena(16, 16);
  b.copy(x, t);                                 // 0
  b.fill(y, 7, 4);                              // 1
  b.wait();                                     // 2
  b.bind_symbol(i, t, f::DType::i64);           // 3
  b.set_symbol(i, 2);                           // 4
  b.branch_if(7, t);                            // 5
  b.branch(7);                                  // 6
  return source;
}

std::string expect_rejected(const rejection &test) {
  program_source source = test.base(false);
  bytes sidecar;
  if (!test.after_placing)
    test.damage(source);
  bytes file = pack_file(source, &sidecar);
  if (test.after_placing) {
    f::ProgramT placed = source.metadata;
    test.damage(source);
    // The metadata may have another size now; the segments stay in place.
    size_t old_end = 64 + pack_metadata(placed).size();
    std::fill(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(old_end), 0);
    bytes metadata = pack_metadata(source.metadata);
    file = frame_metadata(metadata, bytes(file.begin() + static_cast<std::ptrdiff_t>(64 + metadata.size()), file.end()));
  }
  opened program = open_bytes(file);
  EXPECT_EQ(program.status, test.status) << program.error.text;
  return program.error.text;
}

class Verify : public testing::TestWithParam<rejection> {};

TEST_P(Verify, Rejects) {
  const rejection &test = GetParam();
  std::string text = expect_rejected(test);
  EXPECT_NE(text.find(test.message), std::string::npos) << text;
}

TEST(VerifyBase, SoundProgramsAreAccepted) {
  for (auto base : {static_program, dynamic_program, two_method_program,
                    state_program, control_program}) {
    opened program = open_program(base(false));
    EXPECT_EQ(program.status, LATHE_OK) << program.error.text;
    if (base == state_program)
      continue;
    auto table = open_linked(base(true));
    EXPECT_EQ(table->status, LATHE_OK) << table->error.text;
  }
}

#define P program_source &p
const rejection rejections[] = {
    // ------------------------------------------------------------- program
    {"unknown_feature", [](P) { p.metadata.required_features = 1; },
     "features that this library does not know", LATHE_ERR_UNSUPPORTED},
    {"producer_text", [](P) { p.metadata.producer = "a\nb"; }, "producer: not UTF-8"},
    {"name_overlong_utf8", [](P) { p.metadata.producer = "\xc0\xaf"; }, "producer: not UTF-8"},
    {"name_surrogate", [](P) { p.metadata.producer = "\xed\xa0\x80"; }, "producer: not UTF-8"},
    {"name_cut", [](P) { p.metadata.producer = "\xe2\x82"; }, "producer: not UTF-8"},
    {"name_length", [](P) { p.metadata.producer.assign(LATHE_MAX_NAME_BYTES + 1, 'x'); },
     "exceed the limit of 1024", LATHE_ERR_LIMIT},
    // ------------------------------------------------------------ segments
    {"segment_kind", [](P) { p.metadata.segments[0]->kind = static_cast<f::SegmentKind>(99); },
     "unknown kind"},
    {"segment_file", [](P) { p.metadata.segments[0]->file = static_cast<f::SegmentFile>(9); },
     "unknown file", LATHE_ERR_METADATA, true},
    {"segment_order", [](P) {
       p.metadata.segments[1]->file = f::SegmentFile::sidecar;
       p.metadata.segments[1]->offset_bytes = LATHE_HEADER_BYTES;
     }, "not sorted by file", LATHE_ERR_METADATA, true},
    {"segment_digest", [](P) { p.metadata.segments[1]->sha256.reset(); }, "has no digest",
     LATHE_ERR_METADATA, true},
    {"code_in_sidecar", [](P) { p.metadata.segments[0]->file = f::SegmentFile::sidecar; },
     "holds code outside", LATHE_ERR_METADATA, true},
    {"segment_alignment", [](P) { p.metadata.segments[1]->offset_bytes += 1; },
     "is not a multiple of 64", LATHE_ERR_METADATA, true},
    {"segment_gap", [](P) { p.metadata.segments[1]->offset_bytes += 64; },
     "is not the first possible one", LATHE_ERR_METADATA, true},
    {"segment_overlap", [](P) { p.metadata.segments[1]->offset_bytes -= 64; },
     "is not the first possible one", LATHE_ERR_METADATA, true},
    {"segment_bytes", [](P) { p.metadata.segments[1]->bytes = uint64_t{1} << 60; },
     "too many bytes", LATHE_ERR_LIMIT, true},
    {"trailing_bytes", [](P) { p.metadata.segments[2]->bytes -= 1; }, "but the file at",
     LATHE_ERR_METADATA, true},
    {"sidecar_unused", [](P) { p.metadata.sidecar = std::make_unique<f::SidecarT>(); },
     "belong together"},
    {"sidecar_digest", [](P) { p.metadata.sidecar->digest.reset(); }, "sidecar has no digest",
     LATHE_ERR_METADATA, true, sidecar_program},
    {"sidecar_bytes", [](P) { p.metadata.sidecar->file_bytes = 64; }, "leaves the sidecar",
     LATHE_ERR_METADATA, true, sidecar_program},
    // ------------------------------------------------------ weights, state
    {"slot_index", [](P) { p.metadata.weight_slots[0] = 99; }, "names segment 99",
     LATHE_ERR_METADATA, false, static_program},
    {"slot_kind", [](P) { p.metadata.weight_slots[0] = 0; }, "names a segment without weights",
     LATHE_ERR_METADATA, false, static_program},
    {"weight_dtype", [](P) { p.metadata.weights[0]->dtype = f::DType::none; },
     "weight 0 has an unknown dtype", LATHE_ERR_METADATA, false, static_program},
    {"weight_slot", [](P) { p.metadata.weights[0]->slot = 1; }, "is in slot 1 of 1",
     LATHE_ERR_METADATA, false, static_program},
    {"weight_range", [](P) { p.metadata.weights[0]->offset_bytes = 80; }, "weight 0 leaves",
     LATHE_ERR_METADATA, false, static_program},
    {"weight_bytes", [](P) { p.metadata.weights[0]->bytes = 12; }, "its dimensions need 16",
     LATHE_ERR_METADATA, false, static_program},
    {"weight_dimension", [](P) { p.metadata.weights[0]->dims = {-1}; }, "is out of range",
     LATHE_ERR_METADATA, false, static_program},
    {"weight_too_large", [](P) { p.metadata.weights[0]->dims = {int64_t{1} << 40, int64_t{1} << 40}; },
     "a tensor has too many bytes", LATHE_ERR_LIMIT, false, static_program},
    {"weight_rank", [](P) { p.metadata.weights[0]->dims.assign(9, 1); }, "rank: 9 exceed",
     LATHE_ERR_LIMIT, false, static_program},
    {"weight_format_name", [](P) { p.metadata.weights[0]->format = "\x01"; }, "weight format",
     LATHE_ERR_METADATA, false, static_program},
    {"state_dtype", [](P) { p.metadata.states[0]->dtype = static_cast<f::DType>(77); },
     "state 0 has an unknown dtype"},
    {"state_bytes", [](P) { p.metadata.states[0]->bytes = 4; }, "its dimensions need 256"},
    {"state_alignment", [](P) { p.metadata.states[0]->offset_bytes = 4; }, "is not aligned"},
    {"state_range", [](P) { p.metadata.states[0]->offset_bytes = 64; }, "leaves the state region"},
    {"state_region", [](P) { p.metadata.state_bytes = uint64_t{1} << 50; }, "state bytes",
     LATHE_ERR_LIMIT},
    {"state_region_unused", [](P) { p.metadata.state_bytes = uint64_t{1} << 32; },
     "the state region has 4294967296 bytes, its states need 256"},
    {"state_region_one_more", [](P) { p.metadata.state_bytes = 257; }, "the state region has 257 bytes"},
    {"state_region_without_states", [](P) { p.metadata.state_bytes = 1; }, "its states need 0",
     LATHE_ERR_METADATA, false, static_program},
    {"state_initial", [](P) { p.metadata.states[0]->initial_weight = 1; }, "starts as weight 1 of 1",
     LATHE_ERR_METADATA, false, state_program},
    {"state_initial_size", [](P) { p.metadata.states[0]->initial_weight = 0; p.metadata.states[0]->dims = {3};
       p.metadata.states[0]->bytes = 12; },
     "a weight of another size", LATHE_ERR_METADATA, false, state_program},
    // -------------------------------------------------------------- images
    {"image_format", [](P) { p.metadata.images[0]->format = f::ImageFormat::none; },
     "image 0 has an unknown format"},
    {"image_segment", [](P) { p.metadata.images[0]->segment = 7; }, "names segment 7 of 3"},
    {"image_kind", [](P) { p.metadata.images[0]->segment = 1; }, "names a segment without code"},
    {"image_text", [](P) { p.metadata.images[0]->text_bytes += 1; }, "leaves its segment"},
    {"image_slots", [](P) { p.metadata.images[0]->weight_segments = {1, 1}; },
     "replaces 2 of 1 weight slots", LATHE_ERR_METADATA, false, static_program},
    {"image_slot_segment", [](P) { p.metadata.images[0]->weight_segments = {9}; },
     "by segment 9 of 2", LATHE_ERR_METADATA, false, static_program},
    {"image_slot_kind", [](P) { p.metadata.images[0]->weight_segments = {0}; },
     "by a segment without weights", LATHE_ERR_METADATA, false, static_program},
    {"image_slot_short", [](P) {
       p.metadata.images[0]->weight_segments = {p.add_segment(f::SegmentKind::weights, bytes(8))};
     }, "by a shorter segment", LATHE_ERR_METADATA, false, static_program},
    // ------------------------------------------------------------- kernels
    {"kernel_device", [](P) { kernel_at(p, 0).device = static_cast<f::Device>(8); },
     "for an unknown device"},
    {"kernel_entries", [](P) { kernel_at(p, 0).entries.clear(); }, "has 0 entries for 1 images"},
    {"kernel_entry", [](P) { kernel_at(p, 0).entries[0] = p.metadata.images[0]->text_bytes; },
     "is outside the text"},
    {"kernel_entry_before", [](P) {
       p.metadata.images[0]->text_offset_bytes = 64;
       p.metadata.images[0]->text_bytes -= 64;
       kernel_at(p, 7).entries[0] = 63;
     }, "entry 0 is outside the text"},
    {"argument_kind", [](P) { kernel_at(p, 0).arguments[2]->kind = static_cast<f::ArgumentKind>(9); },
     "argument 2 has an unknown kind"},
    {"argument_order", [](P) { kernel_at(p, 0).arguments[1]->kind = f::ArgumentKind::weight; },
     "is not sorted by kind"},
    {"argument_access", [](P) { kernel_at(p, 0).arguments[2]->access = static_cast<f::Access>(9); },
     "argument 2 has an unknown access"},
    {"argument_writes", [](P) { kernel_at(p, 0).arguments[0]->access = f::Access::write; },
     "writes an input or weight"},
    {"argument_alignment", [](P) { kernel_at(p, 0).arguments[0]->alignment = 3; },
     "has an alignment of 3"},
    {"argument_alignment_large", [](P) { kernel_at(p, 0).arguments[0]->alignment = 128; },
     "has an alignment of 128"},
    {"in_place", [](P) {
       kernel_at(p, 0).in_place.push_back(std::make_unique<f::InPlaceT>());
       kernel_at(p, 0).in_place[0]->output = 3;
     }, "in-place pair names a missing"},
    {"shader_segment", [](P) {
       kernel_at(p, 0).shaders.push_back(std::make_unique<f::ShaderEntryT>());
     }, "shader 0 is not in a segment of shaders"},
    // ---------------------------------------------------------------- data
    {"data_segment", [](P) { p.metadata.data[0]->segment = 50; }, "data 0 names segment 50"},
    {"data_kind", [](P) { p.metadata.data[0]->segment = 0; }, "of another kind"},
    {"data_range", [](P) { p.metadata.data[0]->bytes = 6; }, "data 0 leaves its segment"},
    {"locations", [](P) { p.metadata.locations_segment = 0; }, "source locations are not in"},
    // ------------------------------------------------------------- methods
    {"method_name", [](P) { p.method().name.clear(); }, "a method has no name"},
    {"method_names", [](P) { p.method(1).name = "layer"; }, "two methods have the same name",
     LATHE_ERR_METADATA, false, two_method_program},
    {"symbol_range", [](P) { p.method().symbols[0]->min = 65; }, "has the range 65 to 64"},
    {"symbol_negative", [](P) { p.method().symbols[0]->min = -1; }, "has the range -1 to 64"},
    {"symbol_max", [](P) { p.method().symbols[0]->max = LATHE_MAX_DIMENSION + 1; },
     "the largest value of a symbol: 1099511627777 exceed the limit of 1099511627776", LATHE_ERR_LIMIT},
    {"symbol_multiple", [](P) { p.method().symbols[0]->multiple = 0; }, "is a multiple of 0"},
    {"expression_op", [](P) { p.method().expressions[0]->ops[0] = static_cast<f::ExpressionOp>(40); },
     "unknown operation"},
    {"expression_empty", [](P) { p.method().expressions[0]->ops.clear(); p.method().expressions[0]->operands.clear(); },
     "leaves 0 values"},
    {"expression_underflow", [](P) { p.method().expressions[0]->ops.push_back(f::ExpressionOp::add); },
     "takes a value that is not there"},
    {"expression_operands", [](P) { p.method().expressions[0]->operands.clear(); }, "too few operands"},
    {"expression_extra", [](P) { p.method().expressions[0]->operands.push_back(1); }, "too many operands"},
    {"expression_symbol", [](P) { p.method().expressions[0]->operands[0] = 1; }, "uses symbol 1 of 1"},
    {"expression_results", [](P) {
       p.method().expressions[0]->ops.push_back(f::ExpressionOp::symbol);
       p.method().expressions[0]->operands.push_back(0);
     }, "leaves 2 values"},
    {"assumption_relation", [](P) { p.method().assumptions[0]->relation = static_cast<f::Relation>(9); },
     "unknown relation"},
    {"assumption_size", [](P) { p.method().assumptions[0]->left = -99; }, "an assumption is expression 98"},
    {"binding_symbol", [](P) { p.method().bindings[0]->symbol = 5; }, "is of symbol 5 of 1"},
    {"binding_input", [](P) { p.method().bindings[0]->input = 5; }, "reads input 5 of 2"},
    {"binding_axis", [](P) { p.method().bindings[0]->axis = 1; }, "reads axis 1"},
    {"binding_divisor", [](P) { p.method().bindings[0]->divisor = 0; }, "divides by 0"},
    {"binding_twice", [](P) {
       p.method().bindings.push_back(std::make_unique<f::SymbolBindingT>(*p.method().bindings[0]));
     }, "symbol 0 is bound twice"},
    {"tensor_dtype", [](P) { p.method().inputs[0]->dtype = f::DType::none; }, "a tensor has an unknown dtype"},
    {"tensor_dim", [](P) { p.method().inputs[0]->dims[0] = -50; }, "a dimension is expression 49"},
    {"tensor_unbounded", [](P) { p.method().inputs[0]->dims_min.clear(); p.method().inputs[0]->dims_max.clear(); },
     "dimension 0 has no bounds"},
    {"tensor_bounds_rank", [](P) { p.method().inputs[0]->dims_max.push_back(1); }, "bounds of another rank"},
    {"tensor_bounds", [](P) { p.method().inputs[0]->dims_min[0] = 65; }, "has the bounds 65 to 64"},
    {"tensor_bytes", [](P) { p.method().inputs[0]->dims_max[0] = LATHE_MAX_DIMENSION + 1; },
     "a dimension: 1099511627777 exceed the limit of", LATHE_ERR_LIMIT},
    {"static_tensor_dim", [](P) { p.method().inputs[0]->dims[0] = LATHE_MAX_DIMENSION + 1; },
     "a dimension: 1099511627777 exceed the limit of", LATHE_ERR_LIMIT, false, static_program},
    {"static_tensor_bytes", [](P) { p.method().inputs[0]->dims = {LATHE_MAX_DIMENSION, LATHE_MAX_DIMENSION}; },
     "a tensor has too many bytes", LATHE_ERR_LIMIT, false, static_program},
    {"quantization_count", [](P) {
       p.method().inputs[0]->quantization = std::make_unique<f::QuantizationT>();
       p.method().inputs[0]->quantization->scales = {1};
     }, "1 scales and 0 zero points"},
    {"quantization_axis", [](P) {
       p.method().inputs[0]->quantization = std::make_unique<f::QuantizationT>();
       p.method().inputs[0]->quantization->scales = {1};
       p.method().inputs[0]->quantization->zero_points = {0};
       p.method().inputs[0]->quantization->axis = 1;
     }, "quantized along axis 1"},
    {"quantization_scales", [](P) {
       p.method().inputs[0]->quantization = std::make_unique<f::QuantizationT>();
       p.method().inputs[0]->quantization->scales = {1, 1};
       p.method().inputs[0]->quantization->zero_points = {0, 0};
     }, "has 2 scales for 1"},
    {"alias", [](P) {
       p.method().aliases.push_back(std::make_unique<f::OutputAliasT>());
       p.method().aliases[0]->output = 2;
     }, "an alias names a missing"},
    // ------------------------------------------------------------ variants
    {"variant_device", [](P) { variant(p).devices = {static_cast<f::Device>(7)}; }, "for an unknown device"},
    {"variant_plan", [](P) { variant(p).plans.clear(); }, "has no plan"},
    {"plan_offsets", [](P) { variant(p).plans[0]->offsets_bytes.pop_back(); }, "has 2 offsets for 3 buffers"},
    {"plan_alignment", [](P) { variant(p).plans[0]->offsets_bytes[0] = 32; }, "has a misaligned offset"},
    {"plan_symbols", [](P) { variant(p).plans[0]->symbol_max = {1, 2}; }, "bounds 2 of 1 symbols"},
    {"plan_coverage", [](P) { variant(p).plans[1]->symbol_max = {63}; }, "does not cover symbol 0"},
    {"plan_runtime_symbol", [](P) {
       variant(p).plans.insert(variant(p).plans.begin(), std::make_unique<f::PlanT>(*variant(p).plans[0]));
       variant(p).plans[0]->symbol_max = {3};
     }, "bounds symbol 0, which is set while running", LATHE_ERR_METADATA, false, control_program},
    {"plan_arena", [](P) { variant(p).plans[1]->arena_bytes = (uint64_t{1} << 48) + 1; }, "arena bytes",
     LATHE_ERR_LIMIT},
    {"buffer_region", [](P) { variant(p).buffers[0]->region = static_cast<f::Region>(9); }, "in an unknown region"},
    {"buffer_input", [](P) { variant(p).buffers[0]->index = 2; }, "is in region 2 of 2"},
    {"buffer_state", [](P) { variant(p).buffers[4]->index = 1; }, "is in region 1 of 1"},
    {"buffer_offset_size", [](P) { variant(p).buffers[0]->view_offset_bytes = -77; }, "a buffer's offset is expression 76"},
    {"buffer_size", [](P) { variant(p).buffers[0]->bytes = -77; }, "a buffer's size is expression 76"},
    {"buffer_arena_offset", [](P) { variant(p).buffers[5]->offset_bytes = 64; }, "has an offset outside the plans"},
    {"buffer_offset", [](P) { variant(p).buffers[4]->offset_bytes = (uint64_t{1} << 48) + 64; }, "offset bytes",
     LATHE_ERR_LIMIT},
    {"buffer_state_range", [](P) { variant(p).buffers[4]->bytes = 257; }, "leaves the state region"},
    {"buffer_arena_range", [](P) { variant(p).buffers[5]->bytes = 1 << 20; }, "leaves the arena of plan 0"},
    {"buffer_weight_range", [](P) { variant(p).buffers[2]->bytes = 17; }, "leaves its weight segment",
     LATHE_ERR_METADATA, false, static_program},
    {"buffer_overflow", [](P) { variant(p).buffers[2]->view_offset_bytes = INT64_MAX; }, "leaves its weight segment",
     LATHE_ERR_METADATA, false, static_program},
    // -------------------------------------------------------- instructions
    {"instruction_body", [](P) { variant(p).instructions[2]->body.Reset(); }, "an instruction has no body",
     LATHE_ERR_METADATA, false, control_program},
    {"call_kernel", [](P) { body<f::CallKernelT>(p, 1).kernel = 80; }, "calls kernel 80 of 8"},
    {"call_device", [](P) { body<f::CallKernelT>(p, 1).device = 1; }, "is for device 1 of 1"},
    {"call_other_device", [](P) { variant(p).devices = {f::Device::vulkan}; }, "a kernel of another device"},
    {"call_arity", [](P) { body<f::CallKernelT>(p, 1).buffers.pop_back(); }, "passes 2 buffers to a kernel of 3"},
    {"call_buffer", [](P) { body<f::CallKernelT>(p, 1).buffers[0] = 88; }, "uses buffer 88"},
    {"call_writes_input", [](P) { body<f::CallKernelT>(p, 1).buffers[1] = 0; }, "writes buffer 0, a weight or input"},
    {"call_writes_weight", [](P) { body<f::CallKernelT>(p, 0).buffers[2] = 2; }, "writes buffer 2, a weight or input",
     LATHE_ERR_METADATA, false, static_program},
    {"call_alignment", [](P) { kernel_at(p, accumulate).arguments[0]->alignment = 16; },
     "needs buffer 0 aligned to 16, its region has 4"},
    {"call_offset_alignment", [](P) { variant(p).buffers[4]->offset_bytes = 2; }, "needs buffer 4 aligned to 4"},
    {"call_view_alignment", [](P) { variant(p).buffers[4]->view_offset_bytes = 2; }, "needs buffer 4 aligned to 4"},
    {"call_sizes", [](P) { body<f::CallKernelT>(p, 1).sizes = {1}; }, "passes 1 sizes to a kernel of 0"},
    {"call_size", [](P) { body<f::CallKernelT>(p, 1).sizes[0] = -40; }, "a kernel's size is expression 39",
     LATHE_ERR_METADATA, false, static_program},
    {"call_tiles", [](P) { body<f::CallKernelT>(p, 1).tiles = -40; }, "the tile count is expression 39"},
    {"call_tiles_many", [](P) { body<f::CallKernelT>(p, 1).tiles = LATHE_MAX_TILES + 1; },
     "tiles of a call: 16777217 exceed the limit of 16777216", LATHE_ERR_LIMIT},
    {"call_tile_cost", [](P) { body<f::CallKernelT>(p, 1).tile_cost_ns = -40; }, "the tile cost is expression 39"},
    {"call_method", [](P) { body<f::CallMethodT>(p, 0, 1).method = 1; }, "does not come before its own",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_arity", [](P) { body<f::CallMethodT>(p, 0, 1).inputs.clear(); }, "passes 0 inputs and 1 outputs",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_writes", [](P) { body<f::CallMethodT>(p, 0, 1).outputs[0] = 0; }, "writes buffer 0",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_input", [](P) { body<f::CallMethodT>(p, 0, 1).inputs[0] = 9; }, "uses buffer 9",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_symbols", [](P) { body<f::CallMethodT>(p, 0, 1).symbols.clear(); }, "passes 0 symbols to a method of 1",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_symbol", [](P) { body<f::CallMethodT>(p, 0, 1).symbols[0] = -9; }, "a symbol's value is expression 8",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_no_arena", [](P) { body<f::CallMethodT>(p, 0, 1).arena = LATHE_NONE; }, "passes no arena",
     LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_arena", [](P) {
       method_builder(p.method(1)).buffer(f::Region::state, 0, 64);
       body<f::CallMethodT>(p, 0, 1).arena = 3;
     }, "passes an arena outside its own", LATHE_ERR_METADATA, false, two_method_program},
    {"call_method_arena_alignment", [](P) { variant(p, 1).buffers[2]->view_offset_bytes = 32; variant(p, 1).buffers[2]->bytes = 32; },
     "needs buffer 2 aligned to 64", LATHE_ERR_METADATA, false, two_method_program},
    {"copy_source", [](P) { body<f::CopyT>(p, 0).source = 50; }, "uses buffer 50"},
    {"copy_target", [](P) { body<f::CopyT>(p, 0).destination = 0; }, "writes buffer 0"},
    {"copy_bytes", [](P) { variant(p).buffers[1]->bytes = 3; }, "copies 3 bytes to 4"},
    {"fill_width", [](P) { body<f::FillT>(p, 1).value_bytes = 3; }, "fills with values of 3 bytes",
     LATHE_ERR_METADATA, false, control_program},
    {"fill_wide", [](P) { body<f::FillT>(p, 1).value_bytes = 16; }, "fills with values of 16 bytes",
     LATHE_ERR_METADATA, false, control_program},
    {"fill_target", [](P) { body<f::FillT>(p, 1).destination = 0; }, "writes buffer 0",
     LATHE_ERR_METADATA, false, control_program},
    {"fill_bytes", [](P) { variant(p).buffers[1]->bytes = 15; }, "fills 15 bytes with values of 4",
     LATHE_ERR_METADATA, false, control_program},
    {"branch_target", [](P) { body<f::BranchT>(p, 6).target = 8; }, "branches to instruction 8 of 7",
     LATHE_ERR_METADATA, false, control_program},
    {"branch_if_target", [](P) { body<f::BranchIfT>(p, 3).target = 7; }, "branches to instruction 7 of 6"},
    {"branch_if_buffer", [](P) { body<f::BranchIfT>(p, 3).buffer = 70; }, "uses buffer 70"},
    {"branch_if_empty", [](P) { variant(p).buffers[6]->bytes = 0; }, "branches on a buffer of 0 bytes"},
    {"branch_if_condition", [](P) {
       body<f::BranchIfT>(p, 3).buffer = LATHE_NONE;
       body<f::BranchIfT>(p, 3).condition = -50;
     }, "a condition is expression 49"},
    {"wait_device", [](P) { body<f::WaitT>(p, 2).device = 1; }, "is for device 1 of 1",
     LATHE_ERR_METADATA, false, control_program},
    {"bind_dtype", [](P) { body<f::BindSymbolT>(p, 3).dtype = f::DType::f32; }, "neither i32 nor i64",
     LATHE_ERR_METADATA, false, control_program},
    {"bind_buffer", [](P) { body<f::BindSymbolT>(p, 3).buffer = 60; }, "uses buffer 60",
     LATHE_ERR_METADATA, false, control_program},
    {"bind_bytes", [](P) {
       method_builder(p.method()).arena(4, 4);
       body<f::BindSymbolT>(p, 3).buffer = 3;
     }, "to a buffer of 4 bytes", LATHE_ERR_METADATA, false, control_program},
    {"set_value", [](P) { body<f::SetSymbolT>(p, 4).value = -60; }, "a symbol's value is expression 59",
     LATHE_ERR_METADATA, false, control_program},
    {"set_missing_symbol", [](P) { body<f::SetSymbolT>(p, 4).symbol = 1; }, "sets symbol 1 of 1",
     LATHE_ERR_METADATA, false, control_program},
    {"set_bound_symbol", [](P) { method_builder(p.method()).bind(0, 0, 0); }, "which an input binds",
     LATHE_ERR_METADATA, false, control_program},
};
#undef P

INSTANTIATE_TEST_SUITE_P(, Verify, testing::ValuesIn(rejections),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(VerifyStructure, UnknownInstructionIsRefused) {
  // A union member of a later version: patch the type byte of a body.
  program_source source = control_program(false);
  bytes file = pack_file(source);
  lathe_file_header header;
  memcpy(&header, file.data(), sizeof(header));
  auto *program = f::GetProgram(file.data() + 64);
  auto *table = reinterpret_cast<const flatbuffers::Table *>(
      program->methods()->Get(0)->variants()->Get(0)->instructions()->Get(2));
  auto *type =
      const_cast<uint8_t *>(table->GetAddressOf(f::Instruction::VT_BODY_TYPE));
  ASSERT_NE(type, nullptr);
  *type = 200;
  repair_digest(&file);
  opened program_opened = open_bytes(file);
  EXPECT_EQ(program_opened.status, LATHE_ERR_UNSUPPORTED);
  EXPECT_STREQ(program_opened.error.text, "an unknown instruction");
}

TEST(VerifyStructure, TypesWithoutBodiesAreRefused) {
  // Types are there, but the offsets of the bodies are taken out of the table of
  // fields that the instructions share. Two of them set symbols: the search for
  // those comes before the check that each has a body.
  program_source source = control_program(false);
  bytes file = pack_file(source);
  auto *program = f::GetProgram(file.data() + 64);
  auto *table = reinterpret_cast<const flatbuffers::Table *>(
      program->methods()->Get(0)->variants()->Get(0)->instructions()->Get(3));
  ASSERT_NE(table->GetOptionalFieldOffset(f::Instruction::VT_BODY), 0);
  memset(const_cast<uint8_t *>(table->GetVTable()) + f::Instruction::VT_BODY, 0,
         sizeof(flatbuffers::voffset_t));
  repair_digest(&file);
  opened program_opened = open_bytes(file);
  EXPECT_EQ(program_opened.status, LATHE_ERR_METADATA);
  EXPECT_STREQ(program_opened.error.text, "an instruction has no body");
}

TEST(VerifyStructure, DamagedFlatBufferIsRefused) {
  bytes metadata = pack_metadata(static_program().metadata);
  metadata[0] ^= 0xff;
  opened program = open_bytes(frame_metadata(metadata, {}));
  EXPECT_EQ(program.status, LATHE_ERR_METADATA);
  EXPECT_STREQ(program.error.text, "the metadata is not a well-formed FlatBuffer");
}

TEST(VerifyStructure, SharedVectorsAreCountedAtEveryVisit) {
  // 20,000 kernels that all point at one long name: each would read it.
  flatbuffers::FlatBufferBuilder builder;
  auto name = builder.CreateString(std::string(1000, 'x'));
  std::vector<flatbuffers::Offset<f::Kernel>> kernels;
  for (int i = 0; i < 20000; ++i)
    kernels.push_back(f::CreateKernel(builder, name, f::Device::vulkan));
  auto list = builder.CreateVector(kernels);
  f::ProgramBuilder program(builder);
  program.add_kernels(list);
  f::FinishProgramBuffer(builder, program.Finish());
  bytes metadata(builder.GetBufferPointer(),
                 builder.GetBufferPointer() + builder.GetSize());
  opened result = open_bytes(frame_metadata(metadata, {}));
  EXPECT_EQ(result.status, LATHE_ERR_LIMIT);
  EXPECT_STREQ(result.error.text, "vectors are shared too often");
}

// ------------------------------------------------------------------- limits

struct limit_case {
  const char *name;
  std::function<void(program_source &, int64_t)> set; // to this many
  int64_t limit;
  program_source (*base)(bool) = dynamic_program;
};

class Limit : public testing::TestWithParam<limit_case> {};

TEST_P(Limit, IsTheLastAccepted) {
  const limit_case &test = GetParam();
  for (int64_t over : {0, 1}) {
    program_source source = test.base(false);
    test.set(source, test.limit + over);
    opened program = open_program(std::move(source));
    EXPECT_EQ(program.status, over ? LATHE_ERR_LIMIT : LATHE_OK)
        << test.limit + over << ": " << program.error.text;
  }
}

const limit_case limits[] = {
    {"names", [](program_source &p, int64_t n) { p.metadata.producer.assign(static_cast<size_t>(n), 'x'); },
     LATHE_MAX_NAME_BYTES},
    {"methods", [](program_source &p, int64_t n) {
       for (int64_t i = 1; i < n; ++i)
         p.add_method("m" + std::to_string(i));
     }, LATHE_MAX_METHODS},
    {"instructions", [](program_source &p, int64_t n) {
       method_builder b(p.add_method("many"));
       for (int64_t i = 6; i < n; ++i)
         b.branch(0);
     }, LATHE_MAX_INSTRUCTIONS},
    {"kernels", [](program_source &p, int64_t n) {
       for (int64_t i = kernel_count; i < n; ++i)
         p.metadata.kernels.push_back(std::make_unique<f::KernelT>(*p.metadata.kernels[fail_always]));
     }, LATHE_MAX_KERNELS},
    {"arguments", [](program_source &p, int64_t n) {
       auto &kernel = kernel_at(p, fail_always);
       for (int64_t i = 0; i < n; ++i)
         kernel.arguments.push_back(std::make_unique<f::KernelArgumentT>());
     }, LATHE_MAX_KERNEL_ARGUMENTS},
    {"sizes", [](program_source &p, int64_t n) { kernel_at(p, fail_always).size_count = static_cast<uint32_t>(n); },
     LATHE_MAX_KERNEL_SIZES},
    {"scratch", [](program_source &p, int64_t n) { kernel_at(p, fail_always).scratch_bytes = static_cast<uint64_t>(n); },
     static_cast<int64_t>(LATHE_MAX_SCRATCH_BYTES)},
    {"rank", [](program_source &p, int64_t n) {
       p.add_method("m").inputs.push_back(tensor("x", f::DType::i32, std::vector<int64_t>(static_cast<size_t>(n), 1)));
     }, LATHE_MAX_RANK},
    {"inputs", [](program_source &p, int64_t n) {
       f::MethodT &method = p.add_method("m");
       for (int64_t i = 0; i < n; ++i)
         method.inputs.push_back(tensor("x", f::DType::i32, {1}));
     }, LATHE_MAX_METHOD_TENSORS},
    {"symbols", [](program_source &p, int64_t n) {
       method_builder b(p.add_method("m"));
       for (int64_t i = 0; i < n; ++i)
         b.symbol("s", 1, 2);
     }, LATHE_MAX_SYMBOLS},
    {"expression_ops", [](program_source &p, int64_t n) {
       // A sound expression has an odd number of operations.
       std::vector<f::ExpressionOp> ops = {f::ExpressionOp::constant};
       std::vector<int64_t> operands = {1};
       while (static_cast<int64_t>(ops.size()) < n) {
         ops.insert(ops.end(), {f::ExpressionOp::constant, f::ExpressionOp::add});
         operands.push_back(1);
       }
       method_builder(p.add_method("m")).expression(ops, operands);
     }, LATHE_MAX_EXPRESSION_OPS - 1},
    {"expression_depth", [](program_source &p, int64_t n) {
       std::vector<f::ExpressionOp> ops(static_cast<size_t>(n), f::ExpressionOp::constant);
       ops.insert(ops.end(), static_cast<size_t>(n - 1), f::ExpressionOp::add);
       method_builder(p.add_method("m")).expression(ops, std::vector<int64_t>(static_cast<size_t>(n), 1));
     }, LATHE_MAX_EXPRESSION_DEPTH},
    {"assumptions", [](program_source &p, int64_t n) {
       f::MethodT &method = p.add_method("m");
       for (int64_t i = 0; i < n; ++i)
         method.assumptions.push_back(std::make_unique<f::AssumptionT>());
     }, LATHE_MAX_ASSUMPTIONS},
    {"variants", [](program_source &p, int64_t n) {
       for (int64_t i = 1; i < n; ++i)
         p.method().variants.push_back(std::make_unique<f::VariantT>(*p.method().variants[0]));
     }, LATHE_MAX_VARIANTS},
    {"devices", [](program_source &p, int64_t n) {
       variant(p).devices.assign(static_cast<size_t>(n), f::Device::cpu);
     }, LATHE_MAX_DEVICES},
    {"plans", [](program_source &p, int64_t n) {
       while (static_cast<int64_t>(variant(p).plans.size()) < n)
         variant(p).plans.push_back(std::make_unique<f::PlanT>(*variant(p).plans[1]));
     }, LATHE_MAX_PLANS},
    {"images", [](program_source &p, int64_t n) {
       for (int64_t i = 1; i < n; ++i) {
         p.metadata.images.push_back(std::make_unique<f::CodeImageT>(*p.metadata.images[0]));
         for (auto &kernel : p.metadata.kernels)
           kernel->entries.push_back(kernel->entries[0]);
       }
     }, LATHE_MAX_IMAGES},
    {"call_depth", [](program_source &p, int64_t n) {
       p.metadata.methods.clear();
       for (int64_t i = 0; i < n; ++i) {
         method_builder b(p.add_method("m" + std::to_string(i)));
         f::CallMethodT call;
         call.method = static_cast<uint32_t>(i - 1);
         if (i != 0)
           b.call_method(call);
       }
     }, LATHE_MAX_CALL_DEPTH},
    {"segments", [](program_source &p, int64_t n) {
       while (static_cast<int64_t>(p.segments.size()) < n)
         p.add_segment(f::SegmentKind::debug, {});
     }, LATHE_MAX_SEGMENTS},
};

INSTANTIATE_TEST_SUITE_P(, Limit, testing::ValuesIn(limits),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(LimitMetadata, IsTheCallersToLower) {
  program_source source = static_program();
  aligned_bytes file(pack_file(source));
  auto size = pack_metadata(source.metadata).size();
  for (uint64_t over : {0, 1}) {
    lathe_options options = {};
    options.struct_bytes = sizeof(options);
    options.flags = LATHE_TRUST_CODE;
    options.metadata_bytes_max = size - over;
    lathe_program *program = nullptr;
    EXPECT_EQ(lathe_program_open_memory(file.data(), file.size(), &options, &program, nullptr),
              over ? LATHE_ERR_LIMIT : LATHE_OK);
    lathe_program_close(program);
  }
}

} // namespace
} // namespace lathe::test
