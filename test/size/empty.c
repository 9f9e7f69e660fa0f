/* SPDX-License-Identifier: Apache-2.0 */
/* What a program costs before it does anything: see minimal.c. */
int main(void) { return 0; }
