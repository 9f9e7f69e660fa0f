/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody else: runs the compiled digits model on an empty picture. */
#include <lathe/lathe.h>
#include <stdio.h>

static float picture[64];

int main(int argc, char **argv) {
  lathe_error error = {0};
  lathe_options options = {sizeof(options), LATHE_TRUST_CODE};
  lathe_instance_options own = {sizeof(own), LATHE_OWN_IO};
  lathe_tensor in = {sizeof(in), 4, picture, sizeof(picture), {1, 1, 8, 8}};
  lathe_program *program = NULL;
  lathe_instance *instance = NULL;
  if (argc != 2 ||
      lathe_program_open_file(argv[1], &options, &program, &error) ||
      lathe_instance_create(program, &own, &instance, &error) ||
      lathe_bind(instance, 0, LATHE_INPUT, 0, &in, &error) ||
      lathe_run(instance, 0, &error)) {
    fprintf(stderr, "error: %s\n", error.text);
    return 1;
  }
  printf("lathe %s ran %s\n", lathe_version_text(),
         lathe_program_code_name(program));
  lathe_instance_destroy(instance);
  lathe_program_close(program);
  return 0;
}
