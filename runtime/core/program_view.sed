# SPDX-License-Identifier: Apache-2.0
# From flatc's header to accessors over runtime/core/reader.h: without builders,
# names of enum values and entry points, under names of its own.
/^static_assert(FLATBUFFERS_VERSION/,/;$/d
/^struct [A-Za-z]*Builder;$/d
/^  typedef [A-Za-z]*Builder Builder;$/d
/^struct [A-Za-z]*Builder {$/,/^};$/d
/^inline flatbuffers::Offset</,/^}$/d
/^inline const .*Enum\(Values\|Names\|Name\)/,/^}$/d
/^template.*Traits/,/^};$/d
/^  Digest(flatbuffers::span/,/^  }$/d
/^bool VerifyInstructionBodyVector/d
/^inline bool VerifyInstructionBodyVector/,/^}$/d
/^inline const lathe::format::Program \*Get/,/^}$/d
/^inline bool [A-Za-z]*Program/,/^}$/d
/^inline bool Verify[A-Za-z]*Program/,/^}$/d
/^inline void Finish/,/^}$/d
/^    flatbuffers::FlatBufferBuilder/d
s|flatbuffers/flatbuffers\.h|runtime/core/reader.h|
s/FLATBUFFERS_GENERATED_PROGRAM_LATHE_FORMAT/LATHE_RUNTIME_CORE_PROGRAM_VIEW/
s/FLATBUFFERS_MANUALLY_ALIGNED_STRUCT(1)/struct/
s/^FLATBUFFERS_STRUCT_END(\(.*\), \(.*\));/static_assert(sizeof(\1) == \2, "structs have no padding");/
s/FLATBUFFERS_FINAL_CLASS/final/
s/FLATBUFFERS_VTABLE_UNDERLYING_TYPE/: uint16_t/
s/^namespace format {/namespace view {/
s/^}  \/\/ namespace format/}  \/\/ namespace view/
s/lathe::format::/lathe::view::/g
s/flatbuffers::/lathe::reader::/g
