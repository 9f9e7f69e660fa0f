/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the linked model `digits` on a picture, in memory that is all static, in
 * a process that may not make memory executable.
 *
 *   linked_digits PICTURE.npy SCORES [DISABLED_CPU_FEATURES [PROGRAM.lathe]]
 *
 * SCORES gets the ten floats as they are; standard output names the code that
 * was chosen and the digit, and what opening the program file says. */
#include "digits/digits.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define ALIGNED __attribute__((aligned(LATHE_MEMORY_ALIGNMENT)))
static unsigned char program_memory[16384] ALIGNED;
static unsigned char instance_memory[LATHE_MEMORY_COUNT][131072] ALIGNED;
static float picture[64], scores[10];

static int read_picture(const char *path) {
  unsigned char start[10];
  FILE *file = fopen(path, "rb");
  int ok = file && fread(start, 1, 10, file) == 10 &&
           fseek(file, 10 + start[8] + 256 * start[9], SEEK_SET) == 0 &&
           fread(picture, 4, 64, file) == 64;
  if (file)
    fclose(file);
  return ok;
}

/* What a hardened system does: mmap and mprotect with PROT_EXEC fail. */
static int forbid_executable_memory(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[2])),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void try_file(const char *path) {
  lathe_program *program = NULL;
  lathe_options options = {0};
  options.struct_bytes = sizeof(options);
  options.flags = LATHE_TRUST_CODE;
  puts(lathe_status_name(
      lathe_program_open_file(path, &options, &program, NULL)));
  lathe_program_close(program);
}

/* No allocator is given, so a size that grows beyond its block is an error. */
static int32_t make_instance(lathe_program *program, lathe_instance **instance,
                             lathe_error *error) {
  lathe_instance_options options = {0};
  options.struct_bytes = sizeof(options);
  for (int i = 0; i < (int)LATHE_MEMORY_COUNT; ++i) {
    options.memory[i].data = instance_memory[i];
    options.memory[i].bytes = sizeof(instance_memory[i]);
  }
  return lathe_instance_create(program, &options, instance, error);
}

int main(int argc, char **argv) {
  lathe_error error = {0};
  lathe_program *program = NULL;
  lathe_instance *instance = NULL;
  lathe_options options = {0};
  lathe_tensor in = {sizeof(in), 4, picture, sizeof(picture), {1, 1, 8, 8}};
  lathe_tensor out = {sizeof(out), 2, scores, sizeof(scores), {1, 10}};
  if (!forbid_executable_memory())
    return 3;
  if (argc < 3 || !read_picture(argv[1]))
    return 2;
  options.struct_bytes = sizeof(options);
  if (argc > 3)
    options.cpu_features_disabled = strtoull(argv[3], NULL, 0);
  if (lathe_program_open_static(&digits_model, program_memory,
                                sizeof(program_memory), &options, &program,
                                &error) ||
      make_instance(program, &instance, &error) ||
      lathe_bind(instance, 0, LATHE_INPUT, 0, &in, &error) ||
      lathe_bind(instance, 0, LATHE_OUTPUT, 0, &out, &error) ||
      lathe_run(instance, 0, &error)) {
    fprintf(stderr, "error: %s [%s]\n", error.text,
            lathe_status_name(error.status));
    return 1;
  }
  int best = 0;
  for (int i = 1; i < 10; ++i)
    best = scores[i] > scores[best] ? i : best;
  printf("%s: %d\n", lathe_program_code_name(program), best);
  if (argc > 4)
    try_file(argv[4]);
  FILE *file = fopen(argv[2], "wb");
  return !file || fwrite(scores, sizeof(scores), 1, file) != 1 ||
         fclose(file) != 0;
}
