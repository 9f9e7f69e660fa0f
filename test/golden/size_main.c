/* SPDX-License-Identifier: Apache-2.0 */
/* The least that runs a model: open, pool, run. size_test.cmake links it with
 * and without the runtime. */
#ifdef LATHE_SIZE_EMPTY
int main(void) { return 0; }
#else
#include "lathe/lathe.h"

int main(int argc, char **argv) {
  lathe_program *program = 0;
  lathe_instance *instance = 0;
  lathe_pool *pool = 0;
  lathe_options options = {sizeof options, LATHE_TRUST_CODE};
  lathe_instance_options instance_options = {sizeof instance_options,
                                             LATHE_OWN_IO};
  int status = argc < 2 || lathe_program_open_file(argv[1], &options, &program, 0) ||
               lathe_pool_create(0, 0, &pool, 0);
  instance_options.pool = pool;
  status = status ||
           lathe_instance_create(program, &instance_options, &instance, 0) ||
           lathe_run(instance, 0, 0);
  lathe_instance_destroy(instance);
  lathe_pool_destroy(pool);
  lathe_program_close(program);
  return status;
}
#endif
