/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first and only process of an emulated machine (emulated_test.py): runs
 * the lines of /commands, words apart by one space, says how each ended, and
 * switches the machine off.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORDS_MAX = 16, LINE_MAX_BYTES = 512, SHUTDOWN_PORT = 0x8900 };

/* The exit code of the program that `line` names; 127 where it did not exit. */
static int run(char *line) {
  char *words[WORDS_MAX + 1] = {NULL};
  int count = 0, status = 0;
  for (char *word = strtok(line, " "); word && count < WORDS_MAX; word = strtok(NULL, " "))
    words[count++] = word;
  pid_t child = fork();
  if (child == 0) {
    execv(words[0], words);
    _exit(127);
  }
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
    return 127;
  return WEXITSTATUS(status);
}

int main(void) {
  int console = open("/dev/console", O_RDWR);
  for (int number = 0; number < 3; ++number)
    dup2(console, number);
  FILE *commands = fopen("/commands", "r");
  char line[LINE_MAX_BYTES], words[LINE_MAX_BYTES];
  while (commands && fgets(line, sizeof line, commands)) {
    line[strcspn(line, "\n")] = 0;
    memcpy(words, line, sizeof line);
    int code = run(words);
    printf("exit code %d: %s\n", code, line);
    fflush(stdout);
  }
  sleep(1); /* The serial line empties. */
  /* Bochs' own way to be switched off. */
  if (ioperm(SHUTDOWN_PORT, 1, 1) == 0)
    for (const char *letter = "Shutdown"; *letter; ++letter)
      outb(*letter, SHUTDOWN_PORT);
  for (;;)
    pause();
}
