/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* A cache of one type, in plain C: cc hello.c -lkmem */
#include <kmem.h>
#include <stdio.h>
#include <unistd.h>

struct connection {
	int fd;
	unsigned int requests;
	char peer[48];
};

/* Runs once per object when its memory is new; an object goes back in this state and comes again in it. */
static void connection_init(void *object)
{
	struct connection *c = object;

	c->fd = -1;
	c->requests = 0;
}

int main(void)
{
	struct kmem_cache *cache = kmem_cache_create("connection", sizeof(struct connection), 0,
						     SLAB_HWCACHE_ALIGN | SLAB_NO_MERGE, connection_init);
	struct connection *c = cache ? kmem_cache_alloc(cache, GFP_KERNEL) : NULL;

	if (!c)
		return 1;
	printf("a new connection: fd %d, %u requests\n", c->fd, c->requests);
	fflush(stdout);
	kmem_slabinfo_write(STDOUT_FILENO);

	kmem_cache_free(cache, c);
	kmem_cache_destroy(cache);
	return 0;
}
