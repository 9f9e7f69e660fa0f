/* SPDX-License-Identifier: Apache-2.0 */
/* Which digit is in a picture: a whole program on the C API (docs/embedding.md).
 *   digit digits_cnn.lathe IMAGE.npy */
#include <lathe/lathe.h>
#include <stdio.h>

enum { side = 8, digits = 10 };

/* The last bytes of a .npy file are its elements. */
static int read_picture(const char *path, float *pixels, size_t bytes) {
  FILE *file = fopen(path, "rb");
  int ok = file && fseek(file, -(long)bytes, SEEK_END) == 0 &&
           fread(pixels, 1, bytes, file) == bytes;
  if (file)
    fclose(file);
  return ok;
}

static int32_t classify(lathe_instance *instance, float *pixels, float *scores, lathe_error *error) {
  /* Inputs and outputs are numbered as lathe-inspect lists them. */
  lathe_tensor image = {.struct_bytes = sizeof(image), .rank = 4, .data = pixels,
                        .bytes = sizeof(float) * side * side, .dims = {1, 1, side, side}};
  lathe_tensor result = {.struct_bytes = sizeof(result), .data = scores, .bytes = sizeof(float) * digits};
  int32_t status = lathe_bind(instance, 0, LATHE_INPUT, 0, &image, error);
  if (status == LATHE_OK)
    status = lathe_bind(instance, 0, LATHE_OUTPUT, 0, &result, error);
  /* Runs as often as wanted; the bindings stay. */
  return status == LATHE_OK ? lathe_run(instance, 0, error) : status;
}

int main(int argc, char **argv) {
  float pixels[side * side], scores[digits];
  lathe_options options = {.struct_bytes = sizeof(options), .flags = LATHE_TRUST_CODE};
  lathe_program *program = NULL;
  lathe_instance *instance = NULL;
  lathe_error error = {0};
  int32_t status, best = 0;
  if (argc != 3 || !read_picture(argv[2], pixels, sizeof(pixels)))
    return fprintf(stderr, "usage: digit MODEL.lathe IMAGE.npy (f32, %d x %d)\n", side, side), 2;
  status = lathe_program_open_file(argv[1], &options, &program, &error);
  if (status == LATHE_OK)
    status = lathe_instance_create(program, NULL, &instance, &error);
  if (status == LATHE_OK)
    status = classify(instance, pixels, scores, &error);
  if (status == LATHE_OK) {
    for (int i = 1; i < digits; ++i)
      best = scores[i] > scores[best] ? i : best;
    printf("it is a %d\n", best);
  } else {
    fprintf(stderr, "error: %s\n", error.text);
  }
  lathe_instance_destroy(instance);
  lathe_program_close(program);
  return status == LATHE_OK ? 0 : 1;
}
