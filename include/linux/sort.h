/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Sorts an array in place, without memory of its own and in n log n steps at worst. The order of equals is open, as
 * it is in the kernel, which also uses a heap; code that depends on the kernel's very order is broken there too.
 */
#ifndef _LINUX_SORT_H
#define _LINUX_SORT_H

#include <linux/types.h>
#include <stddef.h>

typedef int (*cmp_r_func_t)(const void *a, const void *b, const void *priv);
typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_r_func_t)(void *a, void *b, int size, const void *priv);
typedef void (*swap_func_t)(void *a, void *b, int size);

static inline void kmem_sort_swap(char *a, char *b, size_t size)
{
	while (size--) {
		char t = a[size];

		a[size] = b[size];
		b[size] = t;
	}
}

/* One of each pair of functions is used: with priv, or without. */
struct kmem_sort {
	char *base;
	size_t size;
	cmp_r_func_t cmp_r;
	cmp_func_t cmp;
	swap_r_func_t swap_r;
	swap_func_t swap;
	const void *priv;
};

static inline int kmem_sort_cmp(const struct kmem_sort *s, size_t a, size_t b)
{
	const char *x = s->base + a * s->size, *y = s->base + b * s->size;

	return s->cmp_r ? s->cmp_r(x, y, s->priv) : s->cmp(x, y);
}

static inline void kmem_sort_exchange(const struct kmem_sort *s, size_t a, size_t b)
{
	char *x = s->base + a * s->size, *y = s->base + b * s->size;

	/* In parentheses, because swap() is a macro of linux/minmax.h. */
	if (s->swap_r)
		(s->swap_r)(x, y, (int)s->size, s->priv);
	else if (s->swap)
		(s->swap)(x, y, (int)s->size);
	else
		kmem_sort_swap(x, y, s->size);
}

/* The children of i are 2i + 1 and 2i + 2; none is larger than its parent, afterwards, among the first n. */
static inline void kmem_sort_sift(const struct kmem_sort *s, size_t i, size_t n)
{
	for (;;) {
		size_t largest = i, child = 2 * i + 1;

		if (child < n && kmem_sort_cmp(s, child, largest) > 0)
			largest = child;
		if (child + 1 < n && kmem_sort_cmp(s, child + 1, largest) > 0)
			largest = child + 1;
		if (largest == i)
			return;
		kmem_sort_exchange(s, i, largest);
		i = largest;
	}
}

static inline void kmem_sort_run(const struct kmem_sort *s, size_t n)
{
	size_t i;

	for (i = n / 2; i-- > 0;)
		kmem_sort_sift(s, i, n);
	while (n-- > 1) {
		kmem_sort_exchange(s, 0, n);
		kmem_sort_sift(s, 0, n);
	}
}

/* swap may be NULL: objects are then exchanged byte by byte. */
static inline void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp, swap_r_func_t swap, const void *priv)
{
	const struct kmem_sort s = { (char *)base, size, cmp, NULL, swap, NULL, priv };

	kmem_sort_run(&s, num);
}

static inline void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap)
{
	const struct kmem_sort s = { (char *)base, size, NULL, cmp, NULL, swap, NULL };

	kmem_sort_run(&s, num);
}

#endif
