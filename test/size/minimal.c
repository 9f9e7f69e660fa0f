/* SPDX-License-Identifier: Apache-2.0 */
/* The least program that opens a file and runs it on a thread pool: its text
 * less that of empty.c is what the runtime costs an application. */
#include <lathe/lathe.h>
#include <stddef.h>

int main(int argc, char **argv) {
  lathe_options options = {sizeof(options), LATHE_TRUST_CODE};
  lathe_instance_options instance_options = {sizeof(instance_options),
                                             LATHE_OWN_IO};
  lathe_program *program = NULL;
  lathe_instance *instance = NULL;
  lathe_pool *pool = NULL;
  lathe_error error;
  int32_t status;
  if (argc < 2)
    return 2;
  status = lathe_program_open_file(argv[1], &options, &program, &error);
  if (status == LATHE_OK)
    status = lathe_pool_create(0, NULL, &pool, &error);
  instance_options.pool = pool;
  if (status == LATHE_OK)
    status =
        lathe_instance_create(program, &instance_options, &instance, &error);
  if (status == LATHE_OK)
    status = lathe_run(instance, 0, &error);
  lathe_instance_destroy(instance);
  if (pool)
    lathe_pool_destroy(pool);
  lathe_program_close(program);
  return status == LATHE_OK ? 0 : 1;
}
