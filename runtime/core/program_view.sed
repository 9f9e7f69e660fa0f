# SPDX-License-Identifier: Apache-2.0
# From flatc's header to accessors over runtime/core/reader.h: without builders,
# names of enum values and entry points, under names of its own. Places and
# defaults of fields become template arguments. Each table's Verify() becomes a
# list of its fields, for program_layout.cpp.
/^static_assert(FLATBUFFERS_VERSION/,/;$/d
/^struct [A-Za-z]*Builder;$/d
/^  typedef [A-Za-z]*Builder Builder;$/d
/^struct [A-Za-z]*Builder {$/,/^};$/d
/^inline flatbuffers::Offset</,/^}$/d
/^inline const .*Enum\(Values\|Names\|Name\)/,/^}$/d
/^  Digest(flatbuffers::span/,/^  }$/d
/^bool VerifyInstructionBody/d
/^inline bool VerifyInstructionBody/,/^}$/d
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
s/GetField<\(.*\)>(\(VT_[A-Z0-9_]*\), \([-0-9L]*\))/GetField<\1, \2, \3>()/
s/Get\(Pointer\|Struct\)<\(.*\)>(\(VT_[A-Z0-9_]*\))/Get\1<\2, \3>()/
s/^  bool Verify(lathe::reader::Verifier &verifier) const {/  template <typename L> constexpr void Describe(L \&layout) const {/
/^    return VerifyTableStart(/d
/^           verifier\.EndTable();/d
/^           verifier\.VerifyVectorOfTables(/d
s/^ *VerifyField<\(.*\)>(verifier, \(VT_[A-Z0-9_]*\), [0-9]*) &&/    layout.template Value<\1>(\2);/
/^ *VerifyOffset(verifier, /{
N
s/^ *VerifyOffset(verifier, \(VT_[A-Z0-9_]*\)) &&\n *verifier\.VerifyString(.*/    layout.Text(\1);/
s/^ *VerifyOffset(verifier, \(VT_[A-Z0-9_]*\)) &&\n *verifier\.VerifyVector(\(.*\)) &&/    layout.template Vector<decltype(\2)>(\1);/
s/^ *VerifyOffset(verifier, \(VT_[A-Z0-9_]*\)) &&\n *verifier\.VerifyTable(\(.*\)) &&/    layout.template Table<decltype(\2)>(\1);/
s/^ *VerifyOffset(verifier, \(VT_[A-Z0-9_]*\)) &&\n *Verify\([A-Za-z]*\)(verifier, .*/    layout.template Union<\2>(\1);/
}
