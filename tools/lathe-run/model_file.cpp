// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/model_file.h"

#include <cstdio>
#include <cstring>
#include <sys/stat.h>

namespace lathe::run {

namespace {

bool ends_with(const std::string &text, const char *end) {
  size_t size = strlen(end);
  return text.size() >= size && text.compare(text.size() - size, size, end) == 0;
}

std::string first_bytes(const std::string &path) {
  char bytes[8];
  // What a pipe gives is there once, for its reader.
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
    return "";
  FILE *file = fopen(path.c_str(), "rb");
  if (!file)
    return "";
  size_t count = fread(bytes, 1, sizeof(bytes), file);
  fclose(file);
  return std::string(bytes, count);
}

} // namespace

model_file recognise_model(const std::string &path) {
  std::string bytes = first_bytes(path);
  size_t dot = path.rfind('.');
  bool has_suffix = dot != std::string::npos && path.find('/', dot) == std::string::npos;
  std::string stem = has_suffix ? path.substr(0, dot) : path;
  std::string compile = "compile it first: lathec " + path + " -o " + stem + ".lathe";
  const char *from_pytorch = "export the model from PyTorch (torch.export.save), then compile it with lathec";
  if (bytes.compare(0, 4, "PK\3\4") == 0)
    return {"a zip archive, as PyTorch's models (.pt2) are, not a compiled program", compile};
  if (bytes.size() == 8 && bytes.compare(4, 4, "TFL3") == 0)
    return {"a TensorFlow Lite model, not a compiled program", from_pytorch};
  // A ModelProto begins with its version, a small number.
  if (ends_with(path, ".onnx") && bytes[0] == 8)
    return {"an ONNX model, not a compiled program", from_pytorch};
  if (ends_with(path, ".mlir") && !bytes.empty() && bytes.compare(0, 5, "LATHE") != 0)
    return {"text of a graph, not a compiled program", compile};
  return {};
}

} // namespace lathe::run
