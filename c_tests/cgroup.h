/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A control group for a child process, in either version of cgroups. */
#ifndef CGROUP_H
#define CGROUP_H

#include <fcntl.h>
#include <sys/stat.h>

#include "ktest.h"

static char cgroup[64]; /* its directory */

/* Makes one below `parent`. */
static inline bool cgroup_make(const char *parent)
{
	snprintf(cgroup, sizeof(cgroup), "%s/libkmem-test-%d", parent, getpid());
	return mkdir(cgroup, 0700) == 0;
}

static inline bool cgroup_write(const char *file, const char *text)
{
	char path[128];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", cgroup, file);
	fd = open(path, O_WRONLY);
	good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (fd >= 0)
		close(fd);
	return good;
}

/* Moves the calling process into it. */
static inline bool cgroup_enter(void)
{
	char pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	return cgroup_write("cgroup.procs", pid);
}

/* It takes a moment until a group is empty. */
static inline void cgroup_remove(void)
{
	for (int i = 0; rmdir(cgroup) != 0 && errno == EBUSY && i < 1000; i++)
		usleep(1000);
}

#endif /* CGROUP_H */
