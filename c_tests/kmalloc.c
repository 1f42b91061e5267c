// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmalloc and kfree: every size, flags, wrong frees, limits.
 * At risk: a class that is too small for a size, an alignment that is promised and not kept, a size that wraps round.
 */
#include <limits.h>
#include <pthread.h>

#include "ktest.h"
#include "util.h"

static size_t class_of(size_t size)
{
	static const size_t sizes[] = { 8, 16, 32, 64, 96, 128, 192, 256, 512, 1024, 2048, 4096, 8192 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (size <= sizes[i])
			return sizes[i];
	for (size_t run = 16384;; run *= 2)
		if (size <= run)
			return run;
}

/* The size is hidden from the compiler: no class at compile time. */
static void *kmalloc_of(volatile size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

static void every_size(struct kunit *test)
{
	for (size_t size = 1; size <= 70000; size += size < 9000 ? 1 : 997) {
		unsigned char *p = kmalloc_of(size, GFP_KERNEL), *q = kmalloc_of(size, GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_ASSERT_NOT_NULL(test, q);
		KUNIT_EXPECT_EQ(test, ksize(p), class_of(size));
		KUNIT_EXPECT_EQ(test, kmalloc_size_roundup(size), class_of(size));
		memset(p, 0x11, class_of(size));
		memset(q, 0x22, class_of(size));
		KUNIT_EXPECT_EQ(test, p[class_of(size) - 1], 0x11);
		KUNIT_EXPECT_EQ(test, q[0], 0x22);
		kfree(p);
		kfree(q);
	}
	KTEST_EXPECT_SILENT(test);
}

#define CONSTANT(size)                                                     \
	do {                                                               \
		void *p = kmalloc(size, GFP_KERNEL), *q = kzalloc(size, GFP_KERNEL); \
		KUNIT_EXPECT_EQ(test, ksize(p), class_of(size));           \
		KUNIT_EXPECT_EQ(test, ksize(q), class_of(size));           \
		KUNIT_EXPECT_EQ(test, *(char *)q, 0);                      \
		kfree(p);                                                  \
		kfree(q);                                                  \
	} while (0)

/* The header computes the class: it must be the one that the library has for the size. */
static void constant_sizes(struct kunit *test)
{
	CONSTANT(1); CONSTANT(8); CONSTANT(9); CONSTANT(16); CONSTANT(17); CONSTANT(32); CONSTANT(33); CONSTANT(64);
	CONSTANT(65); CONSTANT(96); CONSTANT(97); CONSTANT(128); CONSTANT(129); CONSTANT(192); CONSTANT(193);
	CONSTANT(256); CONSTANT(257); CONSTANT(512); CONSTANT(513); CONSTANT(1024); CONSTANT(1025); CONSTANT(2048);
	CONSTANT(2049); CONSTANT(4096); CONSTANT(4097); CONSTANT(8192); CONSTANT(8193); CONSTANT(100000);
	KTEST_EXPECT_SILENT(test);
}

static void alignment(struct kunit *test)
{
	for (size_t size = 8; size <= 4 << 20; size *= 2) {
		void *p[5];

		for (size_t i = 0; i < ARRAY_LEN(p); i++) {
			size_t most = size > 4096 ? 4096 : size;

			p[i] = kmalloc_of(size, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, p[i]);
			KUNIT_EXPECT_EQ(test, (uintptr_t)p[i] % most, 0);
		}
		for (size_t i = 0; i < ARRAY_LEN(p); i++)
			kfree(p[i]);
	}
	for (int i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, (uintptr_t)kmalloc(96, GFP_KERNEL) % 32, 0);
		KUNIT_EXPECT_EQ(test, (uintptr_t)kmalloc(192, GFP_KERNEL) % 64, 0);
	}
}

static void no_bytes(struct kunit *test)
{
	void *p = kmalloc_of(0, GFP_KERNEL);

	KUNIT_EXPECT_PTR_EQ(test, p, ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kzalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kcalloc(0, 8, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, kmalloc_node(0, GFP_KERNEL, 0), ZERO_SIZE_PTR);
	KUNIT_EXPECT_TRUE(test, ZERO_OR_NULL_PTR(p) && ZERO_OR_NULL_PTR(NULL));
	KUNIT_EXPECT_EQ(test, ksize(p), 0);
	KUNIT_EXPECT_EQ(test, ksize(NULL), 0);
	kfree(p);
	kfree(NULL);
	kfree_sensitive(p);
	kfree_sensitive(NULL);
	KTEST_EXPECT_SILENT(test);
}

static void too_large(struct kunit *test)
{
	static const size_t sizes[] = { (4 << 20) + 1, (size_t)INT_MAX + 1, SIZE_MAX / 2, SIZE_MAX - 4096, SIZE_MAX - 15,
					SIZE_MAX - 8, SIZE_MAX - 7, SIZE_MAX - 1, SIZE_MAX };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		KUNIT_EXPECT_NULL(test, kmalloc_of(sizes[i], GFP_KERNEL | __GFP_NOWARN));
		KUNIT_EXPECT_NULL(test, kzalloc(sizes[i], GFP_KERNEL | __GFP_NOWARN));
		KUNIT_EXPECT_NULL(test, kmalloc_node(sizes[i], GFP_KERNEL | __GFP_NOWARN, -1));
		KUNIT_EXPECT_EQ(test, kmalloc_size_roundup(sizes[i]), sizes[i]);
	}
	KUNIT_EXPECT_NULL(test, kmalloc_array(SIZE_MAX, 2, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kcalloc((size_t)1 << 40, (size_t)1 << 40, GFP_KERNEL));
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, kmalloc_of(SIZE_MAX, GFP_KERNEL));
	KUNIT_EXPECT_NULL(test, kmalloc_of(SIZE_MAX, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, ktest_count("WARNING"), 1);
}

static void zeroes(struct kunit *test)
{
	for (size_t size = 1; size <= 100000; size = size * 3 / 2 + 1) {
		for (int round = 0; round < 3; round++) {
			unsigned char *p = round ? kzalloc(size, GFP_KERNEL) : kcalloc(1, size, GFP_ATOMIC);
			size_t n = ksize(p), set = 0;

			/* All of it: krealloc() in place relies on that. */
			for (size_t i = 0; i < n; i++)
				set += p[i] != 0;
			KUNIT_EXPECT_EQ(test, set, 0);
			memset(p, 0xff, n);
			kfree(p);
		}
	}
}

static void kinds_have_caches_of_their_own(struct kunit *test)
{
	void *plain = kmalloc(100, GFP_KERNEL), *cg = kmalloc(100, GFP_KERNEL_ACCOUNT);
	void *rcl = kmalloc(100, GFP_KERNEL | __GFP_RECLAIMABLE), *dma = kmalloc(100, GFP_KERNEL | __GFP_DMA);
	void *all = kmalloc_of(100, GFP_KERNEL | __GFP_DMA | __GFP_RECLAIMABLE | __GFP_ACCOUNT);
	void *two = kmalloc_of(100, GFP_KERNEL | __GFP_RECLAIMABLE | __GFP_ACCOUNT);

	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 52);
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-128").slabs, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-cg-128").slabs, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-rcl-128").slabs, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("dma-kmalloc-128").slabs, 1);
	kfree(all);
	kfree(two);
	kfree(dma);
	kfree(rcl);
	kfree(cg);
	kfree(plain);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("dma-kmalloc-128").active, 0);
	KTEST_EXPECT_SILENT(test);
}

static bool comes_before(const char *text, const char *a, const char *b)
{
	const char *first = strstr(text, a), *second = strstr(text, b);

	return first && second && first < second;
}

/* The caches come into being late, and count as old all the same. */
static void slabinfo_order(struct kunit *test)
{
	struct kmem_cache *first = kmem_cache_create("mine_first", 64, 64, 0, NULL), *second;
	const char *text;

	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 1);
	kfree(kmalloc(1, GFP_KERNEL));
	second = kmem_cache_create("mine_second", 64, 64, SLAB_ACCOUNT, NULL);
	text = slabinfo();
	KUNIT_EXPECT_TRUE(test, first != second);
	KUNIT_EXPECT_TRUE(test, comes_before(text, "mine_second", "mine_first"));
	KUNIT_EXPECT_TRUE(test, comes_before(text, "mine_first", "kmalloc-cg-8k"));
	KUNIT_EXPECT_TRUE(test, comes_before(text, "kmalloc-cg-96", "dma-kmalloc-8k"));
	KUNIT_EXPECT_TRUE(test, comes_before(text, "dma-kmalloc-96", "kmalloc-rcl-8k"));
	KUNIT_EXPECT_TRUE(test, comes_before(text, "kmalloc-rcl-96", "\nkmalloc-8k"));
	KUNIT_EXPECT_TRUE(test, comes_before(text, "\nkmalloc-8 ", "\nkmalloc-192"));
	kmem_cache_destroy(first);
	kmem_cache_destroy(second);
}

static void cache_objects(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("objects", 60, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *again;

	KUNIT_EXPECT_EQ(test, ksize(object), 64);
	kfree(object);
	again = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_PTR_EQ(test, again, object);
	kfree(again);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("objects").active, 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void cache_free_of_kmalloc_memory(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("other", 100, 0, SLAB_NO_MERGE, NULL);
	void *p = kmalloc(100, GFP_KERNEL);

	kmem_cache_free(cache, p);
	KTEST_EXPECT_SAID(test, "Wrong slab cache. other but object is from kmalloc-128");
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-128").active, 0);
	kmem_cache_destroy(cache);
}

static void foreign_frees(struct kunit *test)
{
	int local;
	char *libc = malloc(100), *large = kmalloc(20000, GFP_KERNEL);

	kfree(&local);
	kfree(libc);
	kfree((void *)0x1234);
	kfree((void *)-4096L);
	kfree(large + 4096);
	KUNIT_EXPECT_EQ(test, ktest_count("object pointer: 0x"), 5);
	KUNIT_EXPECT_EQ(test, ktest_count("free_large_kmalloc"), 1);
	ktest_hush();
	kfree(large);
	KTEST_EXPECT_SILENT(test);
	kfree(large);
	KUNIT_EXPECT_EQ(test, ktest_count("object pointer: 0x"), 1);
	KUNIT_EXPECT_EQ(test, ksize(libc), 0);
	KTEST_EXPECT_SAID(test, "__ksize");
	free(libc);
}

static void foreign_frees_to_libc(struct kunit *test)
{
	char *p = malloc(100), *q = strdup("text"), *r = malloc(24);

	kfree(p);
	kfree(q);
	KUNIT_EXPECT_GE(test, ksize(r), 24);
	memset(r, 7, 24);
	r = krealloc(r, 5000, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, r[23], 7);
	KUNIT_EXPECT_EQ(test, ksize(r), 8192);
	kfree(r);
	KTEST_EXPECT_SILENT(test);
}

/* What is free now, or never was the program's, is not the C library's all the same. */
static void own_memory_does_not_go_to_libc(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("own", 3000, 0, SLAB_NO_MERGE, NULL);
	char *first = kmalloc(16384, GFP_KERNEL), *large = kmalloc(16384, GFP_KERNEL), *area = vmalloc(100000);
	char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	/* Looks like a chunk of the C library's. */
	memset(first, 0, 16384);
	if (large == first + 16384)
		((size_t *)large)[-1] = 0x31;
	kmem_cache_free(cache, object);
	kmem_cache_shrink(cache);
	kfree(large);
	vfree(area);
	KTEST_EXPECT_SILENT(test);
	kfree(large);
	kfree(area);
	kfree(object);
	kfree(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("object pointer: 0x"), 4);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 4);
	ktest_hush();
	KUNIT_EXPECT_EQ(test, ksize(large), 0);
	KTEST_EXPECT_SAID(test, "__ksize");
	kmem_cache_destroy(cache);
	kfree(first);
}

static void double_frees(struct kunit *test)
{
	void *p = kmalloc(64, GFP_KERNEL);

	kfree(p);
	kfree(p);
	KTEST_EXPECT_SAID(test, "BUG kmalloc-64 ");
	KTEST_EXPECT_SAID(test, "Object already free");
}

static void hardened_frees(struct kunit *test)
{
	char *p = kmalloc(64, GFP_KERNEL), *q = kmalloc(64, GFP_KERNEL);

	kfree(p + 8);
	KTEST_EXPECT_SAID(test, "Invalid object pointer");
	kfree(p);
	kfree(q);
	ktest_hush();
	kfree(p);
	KTEST_EXPECT_SAID(test, "Object already free");
}

static void bulk(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("bulk", 40, 0, SLAB_NO_MERGE, NULL);
	void *p[200];

	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_LEN(p); i++)
			p[i] = i % 3 ? kmalloc_of(i * 97, GFP_KERNEL) : kmem_cache_alloc(cache, GFP_KERNEL);
		p[7] = NULL;
		if (round)
			kfree_bulk(ARRAY_LEN(p), p);
		else
			kmem_cache_free_bulk(NULL, ARRAY_LEN(p), p);
	}
	kfree_bulk(0, NULL);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("bulk").active, 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void sensitive(struct kunit *test)
{
	volatile unsigned char *p = kmalloc(4096, GFP_KERNEL);
	unsigned char *neighbour = kmalloc(4096, GFP_KERNEL);
	int left = 0;

	memset((void *)p, 0x77, 4096);
	memset(neighbour, 0x55, 4096);
	kfree_sensitive((void *)p);
	for (int i = 0; i < 4096; i++)
		left += p[i] == 0x77;
	KUNIT_EXPECT_EQ(test, left, 0);
	KUNIT_EXPECT_EQ(test, neighbour[0] + neighbour[4095], 0xaa);
	kfree(neighbour);
}

static void buckets(struct kunit *test)
{
	struct kmem_buckets *set = kmem_buckets_create("mine", 0, 0, INT_MAX, NULL);
	void *p;

	KUNIT_ASSERT_NOT_NULL(test, set);
	p = kmem_buckets_alloc(set, 100, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 128);
	KUNIT_EXPECT_EQ(test, slabinfo_row("mine-128").slabs, 1);
	KUNIT_EXPECT_TRUE(test, slabinfo_has("mine-8k") && slabinfo_has("mine-96 ") && !slabinfo_has("mine-16k"));
	kfree(p);
	p = kmem_buckets_alloc(set, 100000, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 131072);
	kfree(p);
	KUNIT_EXPECT_PTR_EQ(test, kmem_buckets_alloc(set, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	p = kmem_buckets_valloc(set, 8 << 20, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p));
	kvfree(p);
	p = kmem_buckets_valloc(set, 3000, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 4096);
	kvfree(p);
	p = kmem_buckets_alloc(NULL, 3000, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 4096);
	kfree(p);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, kmem_buckets_create("refused", 1 << 31, 0, 0, NULL));
	KUNIT_EXPECT_FALSE(test, slabinfo_has("refused"));
	KUNIT_EXPECT_NULL(test, kmem_buckets_create(NULL, 0, 0, 0, NULL));
}

/* A set's name that fills what a cache's name is put together in. */
static void buckets_with_a_long_name(struct kunit *test)
{
	static const int sizes[] = { 1000, 1020, 1024, 5000 };
	static char name[5001], expected[1100];

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		memset(name, 'a' + (int)i, (size_t)sizes[i]);
		KUNIT_ASSERT_NOT_NULL(test, kmem_buckets_create(name, 0, 0, 0, NULL));
		snprintf(expected, sizeof(expected), "%.1000s-8k", name);
		KUNIT_EXPECT_NOT_NULL(test, kmem_cache_find(expected));
		snprintf(expected, sizeof(expected), "%.1000s-192", name);
		KUNIT_EXPECT_NOT_NULL(test, kmem_cache_find(expected));
		KUNIT_EXPECT_NULL(test, kmem_cache_find("kmalloc"));
	}
}

struct point {
	int x;
	double y;
};

struct list_of_points {
	size_t n;
	struct point p[];
};

static void typed(struct kunit *test)
{
	struct point *one = kmalloc_obj(*one), *zero = kzalloc_obj(struct point, GFP_ATOMIC);
	struct point *many = kzalloc_objs(*many, 10), *v = kvzalloc_objs(*v, 3, GFP_KERNEL);
	struct list_of_points *flex = kzalloc_flex(*flex, p, 7);
	volatile size_t huge = SIZE_MAX / 4;

	KUNIT_EXPECT_EQ(test, ksize(one), 16);
	KUNIT_EXPECT_EQ(test, zero->x, 0);
	KUNIT_EXPECT_EQ(test, ksize(many), 192);
	KUNIT_EXPECT_EQ(test, ksize(flex), 128);
	KUNIT_EXPECT_EQ(test, flex->p[6].x + v[2].x, 0);
	KUNIT_EXPECT_NULL(test, kmalloc_objs(*many, huge, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, kvmalloc_flex(*flex, p, huge, GFP_KERNEL | __GFP_NOWARN));
	kfree(one);
	kfree(zero);
	kfree(many);
	kvfree(v);
	kfree(flex);
	KTEST_EXPECT_SILENT(test);
}

/* Debugging sees an overrun that stays inside the object; ksize() makes it legal. */
static void overrun_inside(struct kunit *test)
{
	char *p = kmalloc(41, GFP_KERNEL), *q = kmalloc(41, GFP_KERNEL);

	q[41] = 0x77;
	kfree(q);
	KTEST_EXPECT_SAID(test, "[kmalloc Redzone overwritten]");
	ktest_hush();
	KUNIT_EXPECT_EQ(test, ksize(p), 64);
	p[63] = 0x77;
	kfree(p);
	KTEST_EXPECT_SILENT(test);
}

/* With this option a request waits for memory, which another thread gives back. */
static void *free_slowly(void *head)
{
	void **next;

	for (void **p = head; p; p = next) {
		next = *p;
		usleep(20000);
		kfree(p);
	}
	return NULL;
}

static void nofail(struct kunit *test)
{
	void **head = NULL, **p;
	pthread_t thread;

	while ((p = kmalloc_of(1 << 20, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN))) {
		*p = head;
		head = p;
	}
	pthread_create(&thread, NULL, free_slowly, head);
	p = kmalloc_of(3 << 20, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	pthread_join(thread, NULL);
	kfree(p);
	KUNIT_EXPECT_NULL(test, kmalloc_of(64 << 20, GFP_KERNEL | __GFP_NOWARN));
}

enum { HANDED_OVER = 20000 };

static void *free_all(void *array)
{
	kfree_bulk(HANDED_OVER, array);
	return NULL;
}

static void freed_by_another_thread(struct kunit *test)
{
	static void *p[HANDED_OVER];
	uint64_t random = 1;

	for (int round = 0; round < 5; round++) {
		pthread_t thread;

		for (int i = 0; i < HANDED_OVER; i++) {
			size_t size = 1 + random_next(&random) % 600;

			p[i] = kmalloc_of(size, GFP_KERNEL);
			memset(p[i], i, size);
		}
		pthread_create(&thread, NULL, free_all, p);
		pthread_join(thread, NULL);
	}
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, slabinfo_row("kmalloc-64").active, 0);
	KTEST_EXPECT_SILENT(test);
}

/* Under an option that clears everything. */
static void init_on_alloc(struct kunit *test)
{
	for (int round = 0; round < 2; round++) {
		for (size_t size = 1; size < 2 << 20; size *= 3) {
			unsigned char *p = kmalloc_of(size, GFP_KERNEL);
			size_t set = 0;

			for (size_t i = 0; i < size; i++)
				set += p[i] != 0;
			KUNIT_EXPECT_EQ(test, set, 0);
			memset(p, 0xab, size);
			kfree(p);
		}
	}
}

/* Memory runs out: NULL with a message, and everything usable again afterwards. */
static void out_of_memory(struct kunit *test)
{
	void **head = NULL, **p;
	int n = 0;

	while ((p = kmalloc_of(1 << 20, GFP_KERNEL))) {
		*p = head;
		head = p;
		n++;
	}
	KUNIT_EXPECT_GT(test, n, 4);
	KTEST_EXPECT_SAID(test, "page allocation failure: order:8, mode:0xcc0(GFP_KERNEL)");
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmalloc_of(4 << 20, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, vmalloc(64 << 20));
	while (head) {
		p = head;
		head = *p;
		kfree(p);
	}
	p = kmalloc_of(4 << 20, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, p);
	kfree(p);
}

KTEST_MAIN(KTEST(every_size), KTEST(constant_sizes), KTEST(alignment), KTEST(no_bytes), KTEST(too_large), KTEST(zeroes),
	   KTEST(kinds_have_caches_of_their_own), KTEST(slabinfo_order), KTEST(cache_objects),
	   KTEST(cache_free_of_kmalloc_memory, .cmdline = "kmem.harden=1"), KTEST(foreign_frees),
	   KTEST(foreign_frees_to_libc, .cmdline = "kmem.foreign_free=libc"),
	   KTEST(own_memory_does_not_go_to_libc, .cmdline = "kmem.foreign_free=libc"), KTEST(double_frees),
	   KTEST(hardened_frees, .cmdline = "kmem.harden=1"), KTEST(bulk), KTEST(sensitive), KTEST(buckets),
	   KTEST(buckets_with_a_long_name), KTEST(typed),
	   KTEST(freed_by_another_thread), KTEST(init_on_alloc, .cmdline = "init_on_alloc=1"),
	   KTEST(out_of_memory, .cmdline = "kmem.arena=32M"),
	   KTEST(overrun_inside, .cmdline = "slab_debug=FZPU,kmalloc-*"),
	   KTEST(nofail, .cmdline = "kmem.arena=32M kmem.nofail=1"))
