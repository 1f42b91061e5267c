// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * bugs.c - one bug for each argument, for a memory checker to find
 *
 * `clean` has none, and uses what could be taken for one: constructed objects, one of them a whole page, zeroed ones, bulk
 * calls, memory that only a slab object points to, objects of another thread.
 */
#include <kmem.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct inode {
	char name[36];
	void *data;
	int count;
};

static struct kmem_cache *inodes;
static volatile char sink;

static void construct(void *object)
{
	memset(object, 7, sizeof(struct inode));
}

static void fill_page(void *object)
{
	memset(object, 7, 4096);
}

static __attribute__((noinline)) struct inode *new_inode(void)
{
	return kmem_cache_alloc(inodes, GFP_KERNEL);
}

static __attribute__((noinline)) void put_inode(struct inode *inode)
{
	kmem_cache_free(inodes, inode);
}

static void *elsewhere(void *inode)
{
	put_inode(inode);
	return new_inode();
}

static void clean(void)
{
	struct kmem_cache *built = kmem_cache_create("built", sizeof(struct inode), 0, 0, construct);
	struct inode *inode = kmem_cache_alloc(built, GFP_KERNEL);
	void *many[64], *from_there;
	char *page;
	pthread_t thread;

	for (size_t i = 0; i < sizeof(*inode); i++)
		if (((char *)inode)[i] != 7)
			abort();
	kmem_cache_free(built, inode);
	kmem_cache_destroy(built);
	built = kmem_cache_create("page", 4096, 0, 0, fill_page);
	page = kmem_cache_alloc(built, GFP_KERNEL);
	for (size_t i = 0; i < 4096; i++)
		if (page[i] != 7)
			abort();
	kmem_cache_free(built, page);
	kmem_cache_destroy(built);

	inode = kmem_cache_zalloc(inodes, GFP_KERNEL);
	if (inode->count || inode->name[0])
		abort();
	inode->data = strdup("held by a slab object alone");
	pthread_create(&thread, NULL, elsewhere, new_inode());
	pthread_join(thread, &from_there);
	put_inode(from_there);
	for (int round = 0; round < 3; round++) {
		if (kmem_cache_alloc_bulk(inodes, GFP_KERNEL, 64, many) != 64)
			abort();
		for (int i = 0; i < 64; i++)
			memset(many[i], i, sizeof(struct inode));
		kmem_cache_free_bulk(inodes, 64, many);
	}
	free(inode->data);
	put_inode(inode);
	kmem_cache_destroy(inodes);
}

int main(int argc, char **argv)
{
	const char *bug = argc > 1 ? argv[1] : "clean";
	struct inode *inode, *other;

	inodes = kmem_cache_create("inode", sizeof(struct inode), 0, 0, NULL);
	if (!strcmp(bug, "clean")) {
		clean();
		puts("clean: done");
		return 0;
	}
	other = new_inode();
	inode = new_inode();
	if (!strcmp(bug, "read-after-free")) {
		put_inode(inode);
		sink = inode->name[3];
	} else if (!strcmp(bug, "write-after-free")) {
		put_inode(inode);
		inode->count = 1;
	} else if (!strcmp(bug, "bulk-after-free")) {
		void *both[] = { inode, other };

		kmem_cache_free_bulk(inodes, 2, both);
		sink = other->name[0];
		return 0;
	} else if (!strcmp(bug, "page-after-free")) {
		struct kmem_cache *pages = kmem_cache_create("page", 4096, 0, 0, NULL);
		char *page = kmem_cache_alloc(pages, GFP_KERNEL);

		kmem_cache_free(pages, page);
		sink = page[100];
	} else if (!strcmp(bug, "overflow")) {
		((char *)inode)[sizeof(*inode)] = 1;
	} else if (!strcmp(bug, "underflow")) {
		((volatile char *)inode)[-1] = 1;
	} else if (!strcmp(bug, "uninitialised")) {
		if (inode->count == 4711)
			puts("an unlikely number");
	} else if (!strcmp(bug, "held")) {
		static struct inode *root;

		root = inode;
		root->data = strdup("not a leak");
		inode = NULL;
		return 0;
	} else if (!strcmp(bug, "leak")) {
		inode = NULL;
		other = NULL;
		return 0;
	} else {
		fprintf(stderr, "bugs: no such bug: %s\n", bug);
		return 2;
	}
	put_inode(other);
	return 0;
}
