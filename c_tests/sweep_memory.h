/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Pieces of work for sweep_work.h: memory without a cache of the program's own. */
#ifndef SWEEP_MEMORY_H
#define SWEEP_MEMORY_H

/* A larger block for one that holds the same; the old one stays if there is none. */
static void *moved(void *old, void *new, size_t len, bool *kept)
{
	*kept = !got(new);
	MUST(is_filled(*kept ? old : new, 7, len));
	return *kept ? old : new;
}

static void sizes(void)
{
	static const size_t sizes[] = { 8, 100, 5000, 8192, 20000, 300000, 6 << 20 };
	void *block, *other, *bulk[8];
	bool kept;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t size = sizes[i];
		gfp_t gfp = (i & 1 ? GFP_KERNEL : GFP_NOWAIT) | __GFP_NOWARN;

		if (size <= KMALLOC_MAX_SIZE) {
			if (got((block = DO(kmem_kmalloc)(size, gfp))))
				memset(block, 7, size);
			DO(kmem_kfree)(block);
			if (got((other = DO(kmem_kzalloc)(size, gfp))))
				MUST(is_filled(other, 0, size));
			DO(kmem_kfree_sensitive)(other);
			if (got((block = DO(kmem_kmalloc_array)(2, size / 2, gfp))))
				memset(block, 7, size);
			if (block)
				block = moved(block, DO(kmem_krealloc)(block, size + 9000, gfp), size, &kept);
			if (block)
				block = moved(block, DO(kmem_krealloc_array)(block, 3, size + 9000, gfp), size, &kept);
			kmem_kfree(block);
			got((block = DO(kmem_kmalloc_node)(size, gfp, 0)));
			kmem_kfree(block);
		}
		if (got((block = DO(kmem_kvmalloc)(size, gfp | GFP_KERNEL, -1))))
			memset(block, 7, size);
		if (block)
			block = moved(block, DO(kmem_kvrealloc)(block, size + 9000, GFP_KERNEL | __GFP_NOWARN), size, &kept);
		DO(kmem_kvfree)(block);
		got((block = DO(kmem_kvmalloc_array)(2, size / 2, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN)));
		if (block)
			MUST(is_filled(block, 0, size));
		DO(kmem_kvfree_sensitive)(block, size);
	}
	for (size_t i = 0; i < ARRAY_LEN(bulk); i++)
		got((bulk[i] = kmalloc(100, GFP_KERNEL)));
	note("kmem_kmalloc_class"); /* What the header makes of that. */
	DO(kmem_kfree_bulk)(ARRAY_LEN(bulk), bulk);
	MUST(DO(kmem_kmalloc_size_roundup)(100) == 128);
}

static void pages(void)
{
	void *block;
	bool kept;

	for (unsigned int order = 0; order <= 10; order += 5) {
		if (got((block = DO(kmem_alloc_pages)(order, GFP_KERNEL | __GFP_NOWARN))))
			memset(block, 7, 4096UL << order);
		DO(kmem_free_pages)(block);
		if (got((block = kmem_alloc_pages(order, GFP_NOWAIT | __GFP_ZERO))))
			MUST(is_filled(block, 0, 4096UL << order));
		kmem_free_pages(block);
	}
	for (size_t size = 5000; size < 6 << 20; size *= 1000) {
		if (got((block = DO(kmem_vmalloc)(size, GFP_KERNEL | __GFP_NOWARN))))
			memset(block, 7, size);
		if (block) {
			MUST(DO(kmem_is_vmalloc_addr)(block));
			block = moved(block, DO(kmem_vrealloc)(block, 2 * size, GFP_KERNEL | __GFP_NOWARN), size, &kept);
		}
		DO(kmem_vfree)(block);
		if (got((block = kmem_vmalloc(size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN))))
			MUST(is_filled(block, 0, size));
		kmem_vfree(block);
	}
}

static void buckets(void)
{
	static struct kmem_buckets *set; /* Sets cannot be destroyed. */
	void *block;

	if (!set)
		set = DO(kmem_buckets_create)("sweep_set", 0, 0, 0, NULL);
	if (!got(set))
		return;
	got((block = DO(kmem_buckets_alloc)(set, 100, GFP_KERNEL)));
	kmem_kfree(block);
	got((block = DO(kmem_buckets_valloc)(set, 100000, GFP_KERNEL | __GFP_NOWARN)));
	kmem_kvfree(block);
}

static void copies(void)
{
	char local[] = "a string that does not last";
	const char *lasting;
	char *copy[6];

	copy[0] = DO(kmem_kstrdup)(local, GFP_KERNEL);
	copy[1] = DO(kmem_kstrndup)(local, 8, GFP_KERNEL);
	copy[2] = DO(kmem_kmemdup)(local, sizeof(local), GFP_KERNEL);
	copy[3] = DO(kmem_kmemdup_nul)(local, 8, GFP_KERNEL);
	copy[4] = kmem_kmemdup(local, sizeof(local), GFP_NOWAIT);
	for (int i = 0; i < 5; i++) {
		if (got(copy[i]))
			MUST(!strncmp(copy[i], local, 8));
		kmem_kfree(copy[i]);
	}
	got((copy[5] = DO(kmem_kvmemdup)(local, sizeof(local), GFP_KERNEL)));
	kmem_kvfree(copy[5]);
	got((lasting = DO(kmem_kstrdup_const)(local, GFP_KERNEL)));
	kmem_kfree_const(lasting);
	MUST(kmem_kstrdup_const("a literal", GFP_KERNEL));
}

static void use_pool(struct mempool_s *pool)
{
	void *elements[6], *reserved;
	int n = 0, result;

	for (int i = 0; i < 6; i++) {
		elements[i] = DO(kmem_mempool_alloc)(pool, GFP_NOWAIT);
		n += !!elements[i];
	}
	MUST(n >= 4);
	got(n == 6);
	reserved = DO(kmem_mempool_alloc_preallocated)(pool);
	for (int i = 0; i < 6; i++)
		DO(kmem_mempool_free)(elements[i], pool);
	kmem_mempool_free(reserved, pool);
	result = DO(kmem_mempool_resize)(pool, 20);
	MUST(result == 0 || result == -ENOMEM);
	MUST(result == -ENOMEM ? pool->min_nr == 4 : pool->min_nr == 20);
	got(result == 0 && pool->curr_nr == 20);
	MUST(kmem_mempool_resize(pool, 2) == 0);
}

static void *make_element(gfp_t gfp, void *size)
{
	pthread_testcancel();
	return kmem_kmalloc((size_t)size, gfp);
}

static void free_element(void *element, void *size)
{
	(void)size;
	pthread_testcancel();
	kmem_kfree(element);
}

static void pools(void)
{
	struct kmem_cache *cache = kmem_cache_create("sweep_pool", 100, 0, SLAB_NO_MERGE, NULL);
	struct mempool_s own = { .min_nr = 0 }, *made[4] = { NULL, NULL, NULL, NULL };
	int result;

	if (got(cache))
		made[0] = DO(kmem_mempool_create)(4, DO(kmem_mempool_alloc_slab), DO(kmem_mempool_free_slab), cache, GFP_KERNEL);
	made[1] = kmem_mempool_create(4, DO(kmem_mempool_kmalloc), DO(kmem_mempool_kfree), (void *)100, GFP_KERNEL);
	made[2] = kmem_mempool_create(4, DO(kmem_mempool_kvmalloc), DO(kmem_mempool_kvfree), (void *)9000, GFP_KERNEL);
	made[3] = kmem_mempool_create(4, DO(kmem_mempool_alloc_pages), DO(kmem_mempool_free_pages), (void *)1, GFP_KERNEL);
	result = DO(kmem_mempool_init)(&own, 4, make_element, free_element, (void *)50, GFP_KERNEL);
	MUST(result == 0 || result == -ENOMEM);
	if (got(result == 0))
		use_pool(&own);
	DO(kmem_mempool_exit)(&own);
	for (int i = 0; i < 4; i++) {
		if (got(made[i]))
			use_pool(made[i]);
		DO(kmem_mempool_destroy)(made[i]);
	}
	kmem_cache_destroy(cache);
}

#endif /* SWEEP_MEMORY_H */
