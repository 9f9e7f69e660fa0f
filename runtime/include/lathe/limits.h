/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit of the program format, with one name each. The compiler refuses
 * to write what exceeds them, the loader refuses to read it. A limit may be
 * raised by a later format version, never lowered.
 */
#ifndef LATHE_LIMITS_H
#define LATHE_LIMITS_H

#include <stdint.h>

/* File */
#define LATHE_MAX_METADATA_BYTES (UINT64_C(64) << 20)
#define LATHE_MAX_SEGMENTS 65536u
#define LATHE_MAX_CODE_BYTES (UINT64_C(256) << 20) /* all images together */
#define LATHE_MAX_NAME_BYTES 1024u
#define LATHE_MAX_NAMED_DATA 65536u
/* The upstream FlatBuffers verifier counts a shared table at every visit, so
 * its budget is tied to the size of the metadata. */
#define LATHE_MAX_METADATA_DEPTH 16u
#define LATHE_METADATA_BYTES_PER_TABLE 8u
/* Vectors may be shared between tables; what the loader reads of them all
 * together is at most this many times the metadata. */
#define LATHE_MAX_VECTOR_READS 8u

/* Program */
#define LATHE_MAX_IMAGES 32u
#define LATHE_MAX_KERNELS 65536u
#define LATHE_MAX_WEIGHTS 1048576u
#define LATHE_MAX_STATES 65536u
#define LATHE_MAX_METHODS 256u
#define LATHE_MAX_CALL_DEPTH 16u /* methods on the stack; calls are acyclic */

/* Kernel */
#define LATHE_MAX_KERNEL_ARGUMENTS 64u /* buffers of one call */
#define LATHE_MAX_KERNEL_SIZES 64u     /* sizes of one call */
#define LATHE_MAX_SCRATCH_BYTES (UINT64_C(1) << 30)
#define LATHE_MAX_SHADERS 32u          /* alternatives of one kernel */
/* Tiles of one call. The compiler makes tiles of about 30 us: so many of those
 * take 8 minutes. So many tiles without any work, which a file can claim at no
 * cost to it, take less than a second, and a run can be cancelled only between
 * calls. */
#define LATHE_MAX_TILES (INT64_C(1) << 24)

/* Method */
#define LATHE_MAX_METHOD_TENSORS 4096u /* inputs; the same for outputs */
#define LATHE_MAX_RANK 8u
#define LATHE_MAX_DIMENSION (INT64_C(1) << 40)
#define LATHE_MAX_SYMBOLS 256u
#define LATHE_MAX_EXPRESSIONS 1048576u
#define LATHE_MAX_EXPRESSION_OPS 64u
#define LATHE_MAX_EXPRESSION_DEPTH 16u /* values on the evaluation stack */
#define LATHE_MAX_ASSUMPTIONS 4096u
#define LATHE_MAX_VARIANTS 8u
#define LATHE_MAX_DEVICES 4u /* of one variant */
#define LATHE_MAX_PLANS 4u   /* of one variant */
#define LATHE_MAX_BUFFERS 1048576u      /* of one variant */
#define LATHE_MAX_INSTRUCTIONS 1048576u /* of all variants together */

/* Bytes of a tensor, a region or a file: sums of two never overflow. */
#define LATHE_MAX_REGION_BYTES (UINT64_C(1) << 48)

/* Host */
#define LATHE_MAX_THREADS 256u
#define LATHE_CODE_ALIGNMENT 65536u /* in the file: every page size divides it */
#define LATHE_SEGMENT_ALIGNMENT 64u

#endif /* LATHE_LIMITS_H */
