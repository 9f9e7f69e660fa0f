// SPDX-License-Identifier: Apache-2.0
#include "compiler/Frontends/ExportedProgram/Pt2Weights.h"

#include "compiler/Frontends/ExportedProgram/GraphDecoder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

namespace lathe::pt2 {
namespace {

Fault faultOf(FaultCode code, const llvm::Twine &what,
              const llvm::Twine &why = "",
              const llvm::Twine &remedy = "") {
  return takeFault(makeFault(code, what, why, remedy));
}

/// The bytes of the storage that the tensor reaches, 0 for an empty tensor.
/// Returns a fault for negative fields and for 64-bit overflow.
std::optional<Fault> reachOf(const StoredTensor &tensor, uint64_t &reach) {
  std::string owner = "'" + tensor.name.str() + "'";
  const TensorMeta &meta = tensor.meta;
  if (meta.strides.size() != meta.sizes.size())
    return faultOf(FaultCode::WeightOutOfBounds,
                   owner + " has " + llvm::Twine(meta.sizes.size()) +
                       " sizes but " + llvm::Twine(meta.strides.size()) +
                       " strides");
  auto isUsable = [](const SymInt &number) {
    return number.isConstant() && number.value >= 0;
  };
  if (!llvm::all_of(meta.sizes, isUsable) ||
      !llvm::all_of(meta.strides, isUsable) || !isUsable(meta.storageOffset))
    return faultOf(FaultCode::WeightOutOfBounds,
                   "a size, stride or offset of " + owner +
                       " is negative or not a constant");
  auto overflow = [&] {
    return faultOf(FaultCode::WeightOutOfBounds,
                   "the sizes of " + owner + " overflow 64 bits",
                   "its shape is " + meta.str());
  };
  int64_t last = meta.storageOffset.value, elements = 1;
  bool isEmpty = llvm::any_of(
      meta.sizes, [](const SymInt &size) { return size.value == 0; });
  for (size_t i = 0; i < meta.sizes.size() && !isEmpty; ++i) {
    int64_t span = 0;
    if (llvm::MulOverflow(elements, meta.sizes[i].value, elements) ||
        llvm::MulOverflow(meta.sizes[i].value - 1, meta.strides[i].value,
                          span) ||
        llvm::AddOverflow(last, span, last))
      return overflow();
  }
  int64_t elementBytes = elementTypeBytes(meta.type), bytes = 0, dense = 0;
  if (llvm::MulOverflow(elements, elementBytes, dense) ||
      llvm::AddOverflow(last, int64_t(1), last) ||
      llvm::MulOverflow(last, elementBytes, bytes))
    return overflow();
  reach = isEmpty ? 0 : static_cast<uint64_t>(bytes);
  return std::nullopt;
}

/// Checks that every element lies in the stored bytes.
std::optional<Fault> boundsFault(const StoredTensor &tensor) {
  uint64_t reach = 0;
  if (std::optional<Fault> fault = reachOf(tensor, reach))
    return fault;
  uint64_t stored = tensor.member->bytes;
  // Strides of 0 make a large tensor of few bytes; that is no weight.
  if (reach <= stored &&
      tensor.denseBytes() > std::max(stored, kExpandedBytesMax))
    return faultOf(FaultCode::LimitExceeded,
                   "'" + tensor.name + "' expands " + llvm::Twine(stored) +
                       " stored bytes to " +
                       llvm::Twine(tensor.denseBytes()));
  if (reach <= stored)
    return std::nullopt;
  std::string owner = "'" + tensor.name.str() + "'";
  uint64_t elementBytes = elementTypeBytes(tensor.meta.type);
  int64_t offset = tensor.meta.storageOffset.value;
  if (static_cast<uint64_t>(offset) >= stored / elementBytes && offset > 0)
    return faultOf(FaultCode::WeightOutOfBounds,
                   llvm::formatv("the storage offset {0} of {1} lies beyond "
                                 "its {2} bytes",
                                 offset, owner, stored)
                       .str());
  return faultOf(FaultCode::WeightOutOfBounds,
                 llvm::formatv("{0} has {1} bytes; its tensor needs {2}",
                               tensor.member->name, stored, reach)
                     .str(),
                 llvm::formatv("{0} is {1}", owner, tensor.meta.str()).str(),
                 "copy or export the file again");
}

} // namespace

bool StoredTensor::isContiguous() const {
  int64_t expected = 1;
  for (size_t i = meta.sizes.size(); i-- > 0;) {
    if (meta.sizes[i].value != 1 && meta.strides[i].value != expected)
      return false;
    expected *= meta.sizes[i].value;
  }
  return true;
}

uint64_t StoredTensor::denseBytes() const {
  uint64_t bytes = elementTypeBytes(meta.type);
  for (const SymInt &size : meta.sizes)
    bytes *= static_cast<uint64_t>(size.value);
  return bytes;
}

llvm::Error StoredTensors::readEntry(const Pt2Archive &archive,
                                     llvm::StringRef folder, JsonValue entry,
                                     const JsonTree &tree) {
  ValueDecoder decoder(tree, pool);
  StoredTensor &tensor = tensors[entry.key()];
  tensor.name = entry.key();
  llvm::StringRef path;
  if (!decoder.requireString(entry, "path_name", path))
    return decoder.takeError();
  std::string owner = "'" + tensor.name.str() + "'";
  std::optional<JsonValue> pickled = entry.find("use_pickle");
  std::optional<JsonValue> meta = entry.find("tensor_meta");
  if ((pickled && pickled->asBool().value_or(true)) || !meta) {
    tensor.fault =
        faultOf(FaultCode::WeightPickled, owner + " is stored as a pickle",
                "tensor subclasses and custom objects are written as pickles, "
                "which are never executed",
                "unwrap tensor subclasses before the export "
                "(torchao.utils.unwrap_tensor_subclass)");
    return llvm::Error::success();
  }
  if (!decoder.decode(*meta, tensor.meta, tensor.name, /*isStored=*/true))
    return decoder.takeError();
  tensor.member = archive.find((folder + path).str());
  if (!tensor.member)
    tensor.fault = faultOf(FaultCode::WeightMissing,
                           "the member " + folder + path + " of " + owner +
                               " is missing",
                           "the archive's table names it, but the archive "
                           "has no such member",
                           "copy or export the file again");
  else
    tensor.fault = boundsFault(tensor);
  return llvm::Error::success();
}

llvm::Error StoredTensors::readTable(const Pt2Archive &archive,
                                     llvm::StringRef folder,
                                     llvm::StringRef memberName) {
  const ZipMember *member = archive.find(memberName);
  if (!member)
    return llvm::Error::success();
  llvm::Expected<std::unique_ptr<JsonTree>> tree =
      JsonTree::parse(archive.bytes(*member), memberName);
  if (!tree)
    return tree.takeError();
  trees.push_back(std::move(*tree));
  const JsonTree &parsed = *trees.back();
  ValueDecoder decoder(parsed, pool);
  JsonValue config = parsed.root();
  if (!decoder.require(parsed.root(), "config", config))
    return decoder.takeError();
  for (JsonValue entry : config) {
    if (tensors.count(entry.key()))
      return makeFault(FaultCode::JsonStructure,
                       "'" + entry.key() +
                           "' is both a weight and a constant");
    if (llvm::Error error = readEntry(archive, folder, entry, parsed))
      return error;
  }
  return llvm::Error::success();
}

llvm::Expected<std::unique_ptr<StoredTensors>>
StoredTensors::read(const Pt2Archive &archive, llvm::StringRef model) {
  auto result = std::make_unique<StoredTensors>();
  std::string weights =
      ("data/weights/" + model + "_weights_config.json").str();
  std::string constants =
      ("data/constants/" + model + "_constants_config.json").str();
  if (!archive.find(weights)) {
    result->missingTable = weights;
    if (archive.find(("data/weights/" + model + ".pt").str()))
      return makeFault(FaultCode::ArchiveVersion,
                       "this .pt2 file has the layout of torch 2.8",
                       "its weights are one pickle, which is never executed",
                       "export the model again with torch 2.9 to 2.13 "
                       "(torch.export.save)");
  }
  if (llvm::Error error = result->readTable(archive, "data/weights/", weights))
    return error;
  if (llvm::Error error =
          result->readTable(archive, "data/constants/", constants))
    return error;
  return result;
}

llvm::Expected<const StoredTensor *>
StoredTensors::find(llvm::StringRef name) const {
  auto it = tensors.find(name);
  if (it != tensors.end()) {
    if (it->second.fault)
      return makeFault(*it->second.fault);
    return &it->second;
  }
  if (!missingTable.empty())
    return makeFault(FaultCode::MemberMissing,
                     "the archive lacks " + missingTable,
                     "the graph reads '" + name + "', which that table lists",
                     "copy or export the file again");
  std::vector<llvm::StringRef> names;
  for (const auto &entry : tensors)
    names.push_back(entry.first());
  llvm::sort(names);
  std::string nearest = nearestName(name, names);
  return makeFault(FaultCode::WeightMissing,
                   "'" + name + "' is not among the stored weights",
                   "the signature names it, but no table of the archive does" +
                       llvm::Twine(nearest.empty() ? "" : "\nnearest name: ") +
                       nearest);
}

} // namespace lathe::pt2
