/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fixed part of Lathe files: what lies around the FlatBuffer metadata.
 * Everything is little-endian.
 *
 *   program (.lathe):  header | metadata | segment | segment ...
 *   sidecar (.lathew): header | segment | segment ...
 *
 * Each part starts at the next offset that its alignment allows (metadata: 64,
 * segments: LATHE_SEGMENT_ALIGNMENT, code: LATHE_CODE_ALIGNMENT); the bytes
 * between are zero; the file ends with its last part.
 *
 * Digests form a chain: the header's digest covers header and metadata, the
 * metadata holds the SHA-256 of each segment. So the header's digest names all
 * of a program, and loading hashes no byte that it does not use.
 */
#ifndef LATHE_SCHEMA_FILE_LAYOUT_H
#define LATHE_SCHEMA_FILE_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/include/lathe/kernel_abi.h"

#define LATHE_FORMAT_MAJOR 1u
#define LATHE_FORMAT_MINOR 0u

/* "LATHE\r\n\x1a" and "LATHW\r\n\x1a": they show text-mode damage and stop a
 * terminal's type command. */
#define LATHE_PROGRAM_MAGIC                                                    \
  { 'L', 'A', 'T', 'H', 'E', '\r', '\n', 0x1a }
#define LATHE_SIDECAR_MAGIC                                                    \
  { 'L', 'A', 'T', 'H', 'W', '\r', '\n', 0x1a }

#define LATHE_HEADER_BYTES 64u
#define LATHE_METADATA_ALIGNMENT 64u
#define LATHE_DIGEST_BYTES 32u

/* Program.required_features: none is defined yet. A reader refuses a program
 * with a bit that it does not know. */
#define LATHE_FEATURES_KNOWN UINT64_C(0)

typedef struct lathe_file_header {
  uint8_t magic[8];
  uint16_t major; /* another major is refused */
  uint16_t minor; /* a larger minor is accepted: it only adds fields */
  uint32_t flags; /* 0 */
  uint64_t file_bytes;
  uint32_t metadata_offset_bytes; /* 64; 0 in a sidecar */
  uint32_t metadata_bytes;        /* 0 in a sidecar */
  /* Program: SHA-256 of this header with this field zero, then the metadata.
   * Sidecar: SHA-256 of this header with this field zero, then the SHA-256
   * values of its segments in file order. */
  uint8_t digest[LATHE_DIGEST_BYTES];
} lathe_file_header;

LATHE_ABI_ASSERT(sizeof(lathe_file_header) == LATHE_HEADER_BYTES, "header");
LATHE_ABI_ASSERT(offsetof(lathe_file_header, digest) == 32, "header digest");

/*
 * Segment of kind `locations`, read only to word an error:
 *   lathe_locations_header
 *   uint32_t list_begin[list_count + 1]   records of list i: [begin i, begin i+1)
 *   lathe_location_record records[record_count]
 *   char text[text_bytes]                 zero-terminated strings
 * Instruction.location is an index of a list: the model nodes that were fused
 * into that instruction, of which errors name the first. Nothing in it is
 * trusted; readers check every index.
 */
#define LATHE_LOCATIONS_MAGIC 0x434f4c4cu /* "LLOC" */

typedef struct lathe_locations_header {
  uint32_t magic;
  uint32_t list_count;
  uint32_t record_count;
  uint32_t text_bytes;
} lathe_locations_header;

/* Offsets into text; the empty string for what is unknown. */
typedef struct lathe_location_record {
  uint32_t node;     /* "conv2d_3" */
  uint32_t op;       /* "aten.conv2d.default" */
  uint32_t file;     /* "model.py" */
  uint32_t function; /* "forward" */
  uint32_t line;     /* 1-based, 0 = unknown */
} lathe_location_record;

LATHE_ABI_ASSERT(sizeof(lathe_locations_header) == 16, "locations header");
LATHE_ABI_ASSERT(sizeof(lathe_location_record) == 20, "location record");

#endif /* LATHE_SCHEMA_FILE_LAYOUT_H */
