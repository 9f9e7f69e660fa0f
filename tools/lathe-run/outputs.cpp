// SPDX-License-Identifier: Apache-2.0
#include "tools/lathe-run/outputs.h"

#include "tools/lathe-run/output_file.h"
#include "tools/lathe-run/output_names.h"
#include "tools/lathe-run/output_summary.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/stat.h>

namespace lathe::run {

int write_outputs(session &model, const options &opts) {
  std::vector<array> outputs = model.outputs();
  const std::string &path = opts.output;
  bool single = path == "-" ||
                (path.size() > 4 && path.compare(path.size() - 4, 4, ".npy") == 0);
  if (single && outputs.size() != 1)
    return report(kExitUsage, "the method has " + std::to_string(outputs.size()) +
                                  " outputs: --output needs a folder");
  if (!single && mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
    return report(kExitIo, "cannot make '" + path + "': " + strerror(errno));
  std::vector<std::string> names = output_names(model);
  std::vector<std::string> paths;
  for (const std::string &name : names) {
    bool separated = path.empty() || path.back() == '/';
    paths.push_back(single ? path : path + (separated ? "" : "/") + name + ".npy");
    if (int code = refuse_input(paths.back(), opts))
      return code;
  }
  std::string rows; // of the JSON document
  for (uint32_t i = 0; i < outputs.size(); ++i) {
    std::vector<uint8_t> bytes = format_npy(outputs[i]);
    const std::string &to = paths[i];
    std::string reason;
    if (!write_file(to, bytes.data(), bytes.size(), &reason))
      return report(kExitIo, reason);
    if (!opts.quiet && !opts.json && path != "-")
      printf("%s %s %s\n", to.c_str(), outputs[i].type.c_str(),
             dims_text(outputs[i].dims).c_str());
    rows += (i ? ",\n  " : "\n  ") + output_json(model.output_name(i), to, outputs[i], model.output_dtype(i));
  }
  // A comparison or a measurement prints the one document of its call.
  if (opts.json && path != "-" && opts.compare.empty() && !opts.bench)
    printf("{\"schema\": 1, \"outputs\": [%s\n]}\n", rows.c_str());
  return kExitOk;
}

void print_outputs(session &model, const options &opts) {
  std::vector<array> outputs = model.outputs();
  std::string rows;
  for (uint32_t i = 0; i < outputs.size(); ++i)
    if (opts.json)
      rows += (i ? ",\n  " : "\n  ") + output_json(model.output_name(i), "", outputs[i], model.output_dtype(i));
    else if (!opts.quiet)
      fputs(output_text(model.output_name(i), outputs[i], model.output_dtype(i)).c_str(), stdout);
  if (opts.json)
    printf("{\"schema\": 1, \"outputs\": [%s\n]}\n", rows.c_str());
}

} // namespace lathe::run
