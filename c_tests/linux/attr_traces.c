// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * attr_traces - where live objects were allocated, and freed before that
 *
 * The files alloc_traces and free_traces: a record per place and stack, the
 * most frequent first. Times, threads and CPUs are taken out, and stacks are
 * counted. At risk: objects that are counted to the wrong place, or not.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#ifdef __KERNEL__
#include <linux/fs.h>
#include <linux/umh.h>
#endif

static char text[1 << 15];

/* Reads the traces of a cache. */
static long __init read_traces(struct kmem_cache *cache, const char *name,
			       const char *which)
{
#ifdef __KERNEL__
	/* Such a file can only be read from user space. */
	char command[256], *argv[] = { "/bin/busybox", "sh", "-c", command, NULL };
	char *envp[] = { NULL };
	struct file *file;
	loff_t at = 0;
	long n;

	snprintf(command, sizeof(command),
		 "b=/bin/busybox; d=/sys/kernel/debug; [ -d $d/slab ] || "
		 "$b mount -t debugfs none $d; $b rm -f /traces; "
		 "$b cat $d/slab/%s/%s >/copy 2>/dev/null && $b mv /copy /traces",
		 name, which);
	call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC);
	file = filp_open("/traces", O_RDONLY, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = kernel_read(file, text, sizeof(text) - 1, &at);
	filp_close(file, NULL);
	text[n < 0 ? 0 : n] = '\0';
	return n;
#else
	(void)name;
	return kmem_cache_attr_show(cache, which, text, sizeof(text));
#endif
}

static void __init show_traces(struct kmem_cache *cache, const char *name,
			       const char *which)
{
	long n = read_traces(cache, name, which);
	char *at = text, *line, *end, *to, *from;

	if (n < 0) {
		pr_info("%s %s: error %ld\n", name, which, n);
		return;
	}
	while ((line = strsep(&at, "\n")) && at) {
		/* Of a stack the first line tells enough. */
		if (!strncmp(line, "        ", 8)) {
			if ((end = strchr(line, '+')))
				*end = '\0';
			pr_info("%s\n", line);
			while (at && !strncmp(at, "        ", 8))
				strsep(&at, "\n");
			continue;
		}
		/* Digits behind an equals sign, and the place in a function. */
		for (to = from = line; *from; from++) {
			if (*from == '+') {
				while (from[1] && strncmp(from + 1, " age=", 5))
					from++;
				continue;
			}
			*to++ = *from;
			if (*from == '=') {
				while (from[1] && strchr("0123456789/-,", from[1]))
					from++;
				*to++ = 'N';
			}
		}
		*to = '\0';
		pr_info("|%s\n", line);
	}
}

static noinline void *allocate_here(struct kmem_cache *cache)
{
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	barrier();
	return object;
}

static noinline void *allocate_there(struct kmem_cache *cache)
{
	void *object = kmem_cache_zalloc(cache, GFP_KERNEL);

	barrier();
	return object;
}

static noinline void free_here(struct kmem_cache *cache, void *object)
{
	kmem_cache_free(cache, object);
	barrier();
}

static int __init attr_traces_init(void)
{
	static void *objects[60];
	struct kmem_cache *cache;
	int i;

	cache = kmem_cache_create("test_none", 120, 0, SLAB_NO_MERGE, NULL);
	show_traces(cache, "test_none", "alloc_traces");

	/* 22 objects per slab. */
	cache = kmem_cache_create("test_tracks", 120, 0, SLAB_STORE_USER, NULL);
	show_traces(cache, "test_tracks", "alloc_traces");
	show_traces(cache, "test_tracks", "free_traces");
	objects[0] = allocate_here(cache);
	show_traces(cache, "test_tracks", "alloc_traces");
	free_here(cache, objects[0]);
	show_traces(cache, "test_tracks", "alloc_traces");

	/* Two full slabs and a partial one. */
	for (i = 0; i < 60; i++)
		objects[i] = i % 3 ? allocate_here(cache) : allocate_there(cache);
	show_traces(cache, "test_tracks", "alloc_traces");
	for (i = 0; i < 60; i++)
		free_here(cache, objects[i]);
	/* The slabs' worth of objects again. */
	for (i = 0; i < 60; i++)
		objects[i] = allocate_there(cache);
	show_traces(cache, "test_tracks", "alloc_traces");
	return 0;
}
module_init(attr_traces_init);
MODULE_DESCRIPTION("where live objects were allocated, and freed before that");
MODULE_LICENSE("Dual MIT/GPL");
