// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * krealloc, kvmalloc, kvrealloc, vmalloc, pages.
 * At risk: bytes lost in a move, stale bytes where zeroes are promised, memory of one kind freed as another.
 */
#include <limits.h>

#include "ktest.h"
#include "util.h"

#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/vmalloc.h>

static size_t different(const unsigned char *p, size_t from, size_t to, int value)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += p[i] != value;
	return n;
}

static void krealloc_cases(struct kunit *test)
{
	unsigned char *p = krealloc(NULL, 100, GFP_KERNEL), *q;

	KUNIT_EXPECT_EQ(test, ksize(p), 128);
	memset(p, 0x31, 128);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 128, GFP_KERNEL), p);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(p, 1, GFP_KERNEL), p);
	q = krealloc(p, 129, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, q && q != p);
	KUNIT_EXPECT_EQ(test, different(q, 0, 128, 0x31), 0);
	p = krealloc(q, 100000, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, different(p, 0, 128, 0x31), 0);
	KUNIT_EXPECT_EQ(test, ksize(p), 131072);
	memset(p, 0x32, 131072);
	q = krealloc(p, 131073, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, different(q, 0, 131072, 0x32), 0);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(q, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	KUNIT_EXPECT_PTR_EQ(test, krealloc(NULL, 0, GFP_KERNEL), ZERO_SIZE_PTR);
	p = krealloc(ZERO_SIZE_PTR, 8, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 8);
	*p = 9;
	KUNIT_EXPECT_NULL(test, krealloc(p, SIZE_MAX, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, krealloc_array(p, SIZE_MAX / 2, 4, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, *p, 9);
	p = krealloc_array(p, 10, 10, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, *p, 9);
	kfree(p);
	KTEST_EXPECT_SILENT(test);
}

static void krealloc_zeroes(struct kunit *test)
{
	unsigned char *p = kzalloc(50, GFP_KERNEL);

	memset(p, 0xee, 50);
	p = krealloc(p, 20, GFP_KERNEL | __GFP_ZERO);
	p = krealloc(p, 64, GFP_KERNEL | __GFP_ZERO);
	KUNIT_EXPECT_EQ(test, different(p, 0, 20, 0xee) + different(p, 20, 64, 0), 0);
	p = krealloc(p, 500, GFP_KERNEL | __GFP_ZERO);
	KUNIT_EXPECT_EQ(test, different(p, 0, 20, 0xee) + different(p, 20, 500, 0), 0);
	kfree(p);
}

static void kvmalloc_kinds(struct kunit *test)
{
	static const size_t sizes[] = { 1, 4096, 4097, 9000, 1 << 20, 4 << 20, (4 << 20) + 1, 20 << 20 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		unsigned char *p = kvzalloc(sizes[i], GFP_KERNEL);

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, is_vmalloc_addr(p), sizes[i] > 4 << 20);
		KUNIT_EXPECT_EQ(test, p[sizes[i] - 1], 0);
		p[sizes[i] - 1] = 1;
		kvfree(p);
	}
	KUNIT_EXPECT_NULL(test, kvmalloc(8 << 20, GFP_ATOMIC));
	KUNIT_EXPECT_NULL(test, kvmalloc((size_t)INT_MAX + 1, GFP_KERNEL | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, kvmalloc_array(SIZE_MAX, SIZE_MAX, GFP_KERNEL));
	KUNIT_EXPECT_PTR_EQ(test, kvmalloc(0, GFP_KERNEL), ZERO_SIZE_PTR);
	kvfree(NULL);
	kvfree(ZERO_SIZE_PTR);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, kvmalloc(SIZE_MAX, GFP_KERNEL));
	KTEST_EXPECT_SAID(test, "__kvmalloc_node_noprof");
}

static void kvrealloc_cases(struct kunit *test)
{
	unsigned char *p = kvrealloc(NULL, 100, GFP_KERNEL), *q;

	memset(p, 1, 100);
	q = kvrealloc(p, 3 << 20, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, different(q, 0, 100, 1), 0);
	memset(q, 2, 3 << 20);
	p = kvrealloc(q, 3 << 20, 6 << 20, GFP_KERNEL);
	KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p));
	KUNIT_EXPECT_EQ(test, different(p, 0, 3 << 20, 2), 0);
	KUNIT_EXPECT_PTR_EQ(test, kvrealloc(p, 5 << 20, GFP_KERNEL), p);
	q = kvrealloc(p, 30 << 20, GFP_KERNEL | __GFP_ZERO);
	KUNIT_EXPECT_EQ(test, different(q, 0, 3 << 20, 2) + different(q, 8 << 20, 30 << 20, 0), 0);
	kvrealloc(q, 0, GFP_KERNEL);
	KTEST_EXPECT_SILENT(test);
	p = kvmalloc(100, GFP_KERNEL);
	memset(p, 3, 100);
	kvfree_sensitive(p, 100);
	KTEST_EXPECT_SILENT(test);
}

static void vmalloc_sizes(struct kunit *test)
{
	for (size_t size = 1; size < 40 << 20; size = size * 5 / 2 + 1) {
		unsigned char *p = vmalloc(size), *z;

		KUNIT_ASSERT_NOT_NULL(test, p);
		KUNIT_EXPECT_EQ(test, (uintptr_t)p % PAGE_SIZE, 0);
		KUNIT_EXPECT_TRUE(test, is_vmalloc_addr(p) && is_vmalloc_addr(p + size - 1));
		memset(p, 0x5e, size);
		vfree(p);
		KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(p));
		z = vzalloc(size);
		KUNIT_EXPECT_EQ(test, different(z, 0, size, 0), 0);
		vfree(z);
	}
	vfree(NULL);
	KUNIT_EXPECT_NULL(test, vmalloc_array(SIZE_MAX, 3));
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, vmalloc(0));
	KTEST_EXPECT_SAID(test, "__vmalloc_node_range_noprof");
	KUNIT_EXPECT_NULL(test, vmalloc(SIZE_MAX));
	KTEST_EXPECT_SAID(test, "vmalloc error: size 18446744073709551615, exceeds total pages, mode:0xcc0(GFP_KERNEL)");
	KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(NULL) || is_vmalloc_addr(test) || is_vmalloc_addr((void *)-1L));
}

/* Long runs lie between each other without overlap, and their room is used again. */
static void long_runs(struct kunit *test)
{
	unsigned char *p[24];
	uint64_t random = 7;

	memset(p, 0, sizeof(p));
	for (int i = 0; i < 2000; i++) {
		int at = (int)(random_next(&random) % ARRAY_LEN(p));
		size_t size = (4 << 20) + random_next(&random) % (24 << 20);

		if (p[at]) {
			KUNIT_EXPECT_EQ(test, *(int *)p[at], at);
			KUNIT_EXPECT_EQ(test, ksize(p[at]) % (4 << 20), 0);
			KUNIT_EXPECT_EQ(test, *(int *)(p[at] + ksize(p[at]) - 4), at);
			vfree(p[at]);
		}
		p[at] = vmalloc(size);
		KUNIT_ASSERT_NOT_NULL(test, p[at]);
		*(int *)p[at] = at;
		*(int *)(p[at] + ksize(p[at]) - 4) = at;
	}
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		vfree(p[i]);
	KTEST_EXPECT_SILENT(test);
}

static void wrong_vfrees(struct kunit *test)
{
	char *k = kmalloc(100, GFP_KERNEL), *v = vmalloc(20000), local;

	vfree(k);
	KTEST_EXPECT_SAID(test, "Trying to vfree() nonexistent vm area");
	ktest_hush();
	vfree(v + 8);
	KTEST_EXPECT_SAID(test, "Trying to vfree() bad address");
	vfree(&local);
	vfree(v);
	ktest_hush();
	vfree(v);
	KTEST_EXPECT_SAID(test, "Trying to vfree() nonexistent vm area");
	kfree(k);
	ktest_hush();
	v = vmalloc(20000);
	kfree(v);
	KTEST_EXPECT_SAID(test, "kfree() of vmalloc memory");
	KUNIT_EXPECT_FALSE(test, is_vmalloc_addr(v));
}

static void pages(struct kunit *test)
{
	for (unsigned int order = 0; order <= 10; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);
		unsigned char *bytes = page_address(page);

		KUNIT_ASSERT_NOT_NULL(test, page);
		KUNIT_EXPECT_EQ(test, (uintptr_t)bytes % (PAGE_SIZE << order), 0);
		memset(bytes, 0x66, PAGE_SIZE << order);
		KUNIT_EXPECT_PTR_EQ(test, virt_to_page(bytes + PAGE_SIZE - 1), page);
		KUNIT_EXPECT_PTR_EQ(test, page_address(page + 1), bytes + PAGE_SIZE);
		KUNIT_EXPECT_EQ(test, ksize(bytes), PAGE_SIZE << order);
		__free_pages(page, order);
		bytes = (unsigned char *)__get_free_pages(GFP_KERNEL | __GFP_ZERO, order);
		KUNIT_EXPECT_EQ(test, different(bytes, 0, PAGE_SIZE << order, 0), 0);
		free_pages((unsigned long)bytes, order);
	}
	free_page(get_zeroed_page(GFP_KERNEL));
	__free_page(alloc_page(GFP_KERNEL));
	free_pages_exact(alloc_pages_exact(9000, GFP_KERNEL), 9000);
	free_page(0);
	KUNIT_EXPECT_EQ(test, get_order(1) + get_order(4096) + get_order(4097), 1);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL, 11));
	KTEST_EXPECT_SAID(test, "__alloc_pages_noprof");
	KUNIT_EXPECT_NULL(test, alloc_pages(GFP_KERNEL, UINT_MAX));
	ktest_hush();
	free_page((unsigned long)kmalloc(10000, GFP_KERNEL));
	KTEST_EXPECT_SAID(test, "is not allocated");
	ktest_hush();
	kfree((void *)__get_free_page(GFP_KERNEL));
	KTEST_EXPECT_SAID(test, "object pointer: 0x");
}

static void large_memory_goes_back(struct kunit *test)
{
	long before = private_dirty_kib();

	for (int i = 0; i < 4; i++) {
		char *p = vmalloc(64 << 20), *q = kmalloc(4 << 20, GFP_KERNEL);

		memset(p, 1, 64 << 20);
		memset(q, 1, 4 << 20);
		vfree(p);
		kfree(q);
	}
	kmem_reclaim();
	KUNIT_EXPECT_LT(test, private_dirty_kib() - before, 1024);
}

/* With pages of 16 KiB; before anything has set the library up. */
static void roundup_is_the_first_call(struct kunit *test)
{
	void *p;

	KUNIT_EXPECT_EQ(test, kmem_kmalloc_size_roundup(5 << 20), 8 << 20);
	p = kmalloc(5 << 20, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, ksize(p), 8 << 20);
	KUNIT_EXPECT_EQ(test, kmalloc_size_roundup(16 << 20), 16 << 20);
	KUNIT_EXPECT_EQ(test, kmalloc_size_roundup((16 << 20) + 1), (16 << 20) + 1);
	KUNIT_EXPECT_EQ(test, kmalloc_size_roundup(SIZE_MAX), SIZE_MAX);
	kfree(p);
}

KTEST_MAIN(KTEST(krealloc_cases), KTEST(krealloc_zeroes), KTEST(kvmalloc_kinds), KTEST(kvrealloc_cases),
	   KTEST(vmalloc_sizes), KTEST(long_runs), KTEST(wrong_vfrees), KTEST(pages), KTEST(large_memory_goes_back),
	   KTEST(roundup_is_the_first_call, .cmdline = "kmem.page_size=16K"))
