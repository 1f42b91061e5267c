// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Frame a scenario's standard error the way `oracle` frames a kernel's log.
 *
 * Linked into every scenario built for libkmem. Prints "==== LOG" before the
 * scenario starts; when it ends prints "==== SLABINFO", the rows of slabinfo
 * whose names begin with "test", and "==== END".
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <kmem.h>

static void print_test_rows(void)
{
	char line[512];
	FILE *in;
	int fd;

	fd = memfd_create("slabinfo", 0);
	if (fd < 0)
		return;
	if (kmem_slabinfo_write(fd) < 0)
		fprintf(stderr, "kmem_slabinfo_write failed\n");
	lseek(fd, 0, SEEK_SET);
	in = fdopen(fd, "r");
	if (!in) {
		close(fd);
		return;
	}
	while (fgets(line, sizeof(line), in))
		if (strncmp(line, "test", 4) == 0)
			fputs(line, stderr);
	fclose(in);
}

__attribute__((constructor(101))) static void frame_begin(void)
{
	fputs("==== LOG\n", stderr);
	fflush(stderr);
}

__attribute__((destructor(101))) static void frame_end(void)
{
	fflush(NULL);
	fputs("==== SLABINFO\n", stderr);
	print_test_rows();
	fputs("==== END\n", stderr);
	fflush(stderr);
}
