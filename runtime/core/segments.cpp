// SPDX-License-Identifier: Apache-2.0
// The parts of a program file around the metadata.
#include "runtime/core/error.h"
#include "runtime/core/program.h"
#include "runtime/core/sha256.h"
#include "runtime/include/lathe/limits.h"
#include "runtime/schema/file_layout.h"

#include <cstring>

namespace lathe::core {

using namespace view;

int32_t source_read(const byte_source &source, uint64_t offset,
                    void *destination, size_t bytes, lathe_error *error) {
  if (!source.memory)
    return platform::file_read(source.file, offset, destination, bytes, error);
  memcpy(destination, source.memory + offset, bytes);
  return LATHE_OK;
}

const uint8_t *segment_data(const lathe_program &program, uint32_t index) {
  const Segment &segment = *program.root->segments()->Get(index);
  const byte_source &source =
      program.sources[static_cast<size_t>(segment.file())];
  const uint8_t *base = source.memory ? source.memory : source.file.mapping;
  return base ? base + segment.offset_bytes() : nullptr;
}

int32_t verify_segments(const lathe_program &program, uint32_t kind,
                        lathe_error *error) {
  auto *segments = program.root->segments();
  uint8_t part[1024];
  for (uint32_t i = 0; i < segments->size(); ++i) {
    const Segment &segment = *segments->Get(i);
    if (kind != LATHE_NONE && kind != static_cast<uint32_t>(segment.kind()))
      continue;
    const byte_source &source =
        program.sources[static_cast<size_t>(segment.file())];
    sha256 hash;
    for (uint64_t done = 0; done < segment.bytes();) {
      uint64_t left = segment.bytes() - done;
      size_t bytes = left < sizeof(part) ? static_cast<size_t>(left) : sizeof(part);
      int32_t status = source_read(source, segment.offset_bytes() + done, part,
                                   bytes, error);
      if (status != LATHE_OK)
        return status;
      hash.update(part, bytes);
      done += bytes;
    }
    uint8_t digest[LATHE_DIGEST_BYTES];
    hash.finish(digest);
    if (memcmp(digest, segment.sha256()->bytes()->Data(), sizeof(digest)) != 0)
      return fail(error, LATHE_ERR_DIGEST,
                  "segment % does not match its digest", i);
  }
  return LATHE_OK;
}

int32_t check_padding(const lathe_program &program, lathe_error *error) {
  const byte_source &source = program.sources[0];
  auto *segments = program.root->segments();
  uint64_t end = LATHE_HEADER_BYTES + program.metadata_bytes;
  uint8_t part[256];
  for (uint32_t i = 0; i < segments->size(); ++i) {
    const Segment &segment = *segments->Get(i);
    if (segment.file() != SegmentFile::program)
      break;
    while (end < segment.offset_bytes()) {
      uint64_t left = segment.offset_bytes() - end;
      size_t bytes = left < sizeof(part) ? static_cast<size_t>(left) : sizeof(part);
      int32_t status = source_read(source, end, part, bytes, error);
      if (status != LATHE_OK)
        return status;
      for (size_t k = 0; k < bytes; ++k)
        if (part[k] != 0)
          return fail(error, LATHE_ERR_FORMAT,
                      "the padding before segment % is not zero", i);
      end += bytes;
    }
    end = segment.offset_bytes() + segment.bytes();
  }
  return LATHE_OK;
}

/// "dir/model.lathe" -> "dir/model.lathew"; a path without extension gets one.
static bool sidecar_path(const char *program_path, char *path, size_t capacity) {
  size_t length = 0, stem = 0;
  bool dotted = false; // the last part of the path has an extension
  for (; program_path[length] != '\0'; ++length) {
    char c = program_path[length];
    if (c == '.')
      stem = length;
    dotted = c == '.' || (dotted && c != '/');
  }
  if (!dotted)
    stem = length;
  if (stem + sizeof(".lathew") > capacity)
    return false;
  memcpy(path, program_path, stem);
  memcpy(path + stem, ".lathew", sizeof(".lathew"));
  return true;
}

int32_t open_sidecar(lathe_program *program, const char *program_path,
                     const lathe_options &options, lathe_error *error) {
  const Sidecar *expected = program->root->sidecar();
  if (!expected)
    return LATHE_OK;
  char beside[1024];
  const char *path = options.weights_path;
  if (!path && program_path && sidecar_path(program_path, beside, sizeof(beside)))
    path = beside;
  if (!path)
    return fail(error, LATHE_ERR_WEIGHTS,
                "the weights are in another file: set weights_path");
  byte_source &source = program->sources[1];
  int32_t status = platform::file_open(path, &source.file, error);
  if (status == LATHE_ERR_NOT_FOUND)
    return fail(error, LATHE_ERR_WEIGHTS,
                "the weights file '%' does not exist", path);
  if (status != LATHE_OK)
    return status;
  source.bytes = source.file.bytes;
  lathe_file_header header;
  if (source.bytes < sizeof(header))
    return fail(error, LATHE_ERR_FORMAT, "'%' is not a weights file", path);
  status = source_read(source, 0, &header, sizeof(header), error);
  if (status != LATHE_OK)
    return status;
  static const uint8_t magic[8] = LATHE_SIDECAR_MAGIC;
  if (memcmp(header.magic, magic, sizeof(magic)) != 0)
    return fail(error, LATHE_ERR_FORMAT, "'%' is not a weights file", path);
  if (header.major != LATHE_FORMAT_MAJOR || header.flags != 0)
    return fail(error, LATHE_ERR_VERSION,
                "'%' has format %", path, uint32_t{header.major});
  if (header.file_bytes != source.bytes ||
      expected->file_bytes() != source.bytes || header.metadata_bytes != 0 ||
      header.metadata_offset_bytes != 0 ||
      memcmp(header.digest, expected->digest()->bytes()->Data(),
             sizeof(header.digest)) != 0)
    return fail(error, LATHE_ERR_WEIGHTS,
                "'%' does not belong to this program", path);
  return LATHE_OK;
}

namespace {

/// Reads the segment of source locations, which nothing has verified: each
/// index is checked where it is used.
class location_reader {
public:
  location_reader(const uint8_t *data, uint64_t bytes)
      : data_(data), bytes_(bytes) {}

  bool open() {
    return read(0, &header_, sizeof(header_)) &&
           header_.magic == LATHE_LOCATIONS_MAGIC;
  }
  bool first_record(uint32_t list, lathe_location_record *record) const {
    uint32_t range[2];
    if (list >= header_.list_count ||
        !read(sizeof(header_) + uint64_t{4} * list, range, sizeof(range)) ||
        range[0] >= range[1] || range[0] >= header_.record_count)
      return false;
    return read(records() + uint64_t{sizeof(*record)} * range[0], record,
                sizeof(*record));
  }
  /// Copies a string, always terminated. Of a longer one the end, which says
  /// more of a path than its beginning, from the start of a character on.
  [[gnu::noinline]] void text(uint32_t offset, char *out, size_t capacity) const {
    uint64_t begin = text_begin() + offset, end = begin;
    while (end < text_begin() + header_.text_bytes && byte(end) != 0)
      ++end;
    if (end - begin >= capacity)
      for (begin = end - capacity + 1; begin < end && (byte(begin) & 0xc0) == 0x80;)
        ++begin;
    for (; begin < end; ++begin)
      *out++ = static_cast<char>(byte(begin));
    *out = '\0';
  }

private:
  uint64_t records() const {
    return sizeof(header_) + uint64_t{4} * header_.list_count + 4;
  }
  uint64_t text_begin() const {
    return records() + uint64_t{sizeof(lathe_location_record)} * header_.record_count;
  }
  uint8_t byte(uint64_t at) const { return at < bytes_ ? data_[at] : 0; }
  bool read(uint64_t offset, void *out, size_t bytes) const {
    if (offset > bytes_ || bytes > bytes_ - offset)
      return false;
    memcpy(out, data_ + offset, bytes);
    return true;
  }

  const uint8_t *data_;
  uint64_t bytes_;
  lathe_locations_header header_ = {};
};

} // namespace

void append_location(const lathe_program &program, uint32_t location,
                     lathe_error *error) {
  uint32_t segment = program.root->locations_segment();
  if (!error || program.linked || segment == LATHE_NONE || location == LATHE_NONE)
    return;
  const uint8_t *data = segment_data(program, segment);
  location_reader reader(data, program.root->segments()->Get(segment)->bytes());
  lathe_location_record record;
  if (!data || !reader.open() || !reader.first_record(location, &record))
    return;
  char before[sizeof(error->text)], node[64], op[64], file[64], function[64];
  memcpy(before, error->text, sizeof(before));
  reader.text(record.node, node, sizeof(node));
  reader.text(record.op, op, sizeof(op));
  reader.text(record.file, file, sizeof(file));
  reader.text(record.function, function, sizeof(function));
  // Parts that the record does not know are left out with their punctuation.
  write_text(error->text, "% at node '%'%%%", before, node, op[0] ? " (" : "", op,
             op[0] ? ")" : "");
  if (file[0] == '\0')
    return;
  memcpy(before, error->text, sizeof(before));
  write_text(error->text, "%, %:%%%", before, file, record.line,
             function[0] ? " in " : "", function);
}

} // namespace lathe::core
