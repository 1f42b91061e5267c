/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * inline.h - the fast path of kmem_cache_alloc() and kmem_cache_free(), compiled into the caller
 *
 *	#define KMEM_INLINE
 *	#include <kmem.h>
 *
 * Included by kmem.h where KMEM_INLINE is defined (-DKMEM_INLINE does too). Both functions then become macros for
 * inline ones that do what the library's do: take an object from the thread's own array, or put one there, and call
 * the library for everything else (an empty or full array, __GFP_ZERO, the object that was freed last, a cache that
 * checks every object, an invalid cache). Results, messages and contexts are the same. The library's functions can
 * still be called, or their addresses taken, as (kmem_cache_alloc) and (kmem_cache_free).
 *
 * Code so compiled fits one version of the library's arrays. The version is in the name of the variable through which
 * it finds them: with another version it does not link, or is not loaded.
 *
 * gcc and clang on x86-64 and AArch64. Elsewhere, and under a sanitizer, which would not see what happens inline,
 * KMEM_INLINE has no effect.
 */
#ifndef KMEM_INLINE_H
#define KMEM_INLINE_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(hwaddress_sanitizer) || \
	__has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define KMEM_INLINE_SANITIZED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_HWADDRESS__) || defined(__SANITIZE_THREAD__)
#define KMEM_INLINE_SANITIZED
#endif

#if defined(__GNUC__) && defined(__ELF__) && defined(__LP64__) && \
	(defined(__x86_64__) || defined(__aarch64__)) && !defined(KMEM_INLINE_SANITIZED)

/*
 * The library's layout, version 1. src/sheaf has the theory; it checks that its own numbers are these.
 *
 * A thread's table: where the slots begin. A slot: the cache it belongs to, 0 while it is being changed, and the
 * array's top. The array: object pointers below the top, NULL below the first of them, free words above up to the
 * next multiple of KMEM_INLINE_BLOCK.
 */
#define KMEM_INLINE_SLOTS 16
#define KMEM_INLINE_BLOCK 512

struct kmem_inline_table {
	uintptr_t mask;
	const void *thread;
};

struct kmem_inline_slot {
	uintptr_t key;
	void **top;
};

/*
 * The calling thread's slot for a cache, or another cache's: the key tells.
 *
 * The variable's distance from the thread pointer is the same in all threads, and the compiler may keep it. It must
 * not keep the thread pointer, with which the code could come to another thread: coroutines do that.
 */
__attribute__((__always_inline__)) static inline struct kmem_inline_slot *kmem_inline_slot_of(uintptr_t handle)
{
	const struct kmem_inline_table *table;
	uintptr_t offset;

#if defined(__x86_64__)
	__asm__("mov{q\tkmem_inline_abi_1@gottpoff(%%rip), %0|\t%0, QWORD PTR kmem_inline_abi_1@gottpoff[rip]}"
		: "=r"(offset));
	__asm__ __volatile__("mov{q\t%%fs:(%1), %0|\t%0, QWORD PTR fs:[%1]}" : "=r"(table) : "r"(offset) : "memory");
#else
	uintptr_t thread;

	__asm__("adrp\t%0, :gottprel:kmem_inline_abi_1\n\tldr\t%0, [%0, #:gottprel_lo12:kmem_inline_abi_1]"
		: "=r"(offset));
	__asm__ __volatile__("mrs\t%0, tpidr_el0" : "=r"(thread) : : "memory");
	table = *(const struct kmem_inline_table *const volatile *)(thread + offset);
#endif
	return (struct kmem_inline_slot *)((uintptr_t)table + KMEM_INLINE_SLOTS + (handle & table->mask));
}

/* kmem_cache_alloc() */
__attribute__((__always_inline__)) static inline void *kmem_inline_alloc(struct kmem_cache *cache, gfp_t flags)
{
	const uintptr_t handle = (uintptr_t)cache;
	struct kmem_inline_slot *slot;
	void **top, *object;

	if (flags & __GFP_ZERO)
		return (kmem_cache_alloc)(cache, flags);
	slot = kmem_inline_slot_of(handle);
	if (__builtin_expect(__atomic_load_n(&slot->key, __ATOMIC_RELAXED) != handle, 0))
		return (kmem_cache_alloc)(cache, flags);
	/* The mark comes before the look, and goes after the change: for a signal handler, and for other threads. */
	__atomic_store_n(&slot->key, 0, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	top = __atomic_load_n(&slot->top, __ATOMIC_RELAXED) - 1;
	object = *top;
	if (__builtin_expect(object != NULL, 1))
		__atomic_store_n(&slot->top, top, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&slot->key, handle, __ATOMIC_RELEASE);
	if (__builtin_expect(object == NULL, 0))
		return (kmem_cache_alloc)(cache, flags);
	return object;
}

/* kmem_cache_free() */
__attribute__((__always_inline__)) static inline void kmem_inline_free(struct kmem_cache *cache, void *object)
{
	const uintptr_t handle = (uintptr_t)cache;
	struct kmem_inline_slot *slot = kmem_inline_slot_of(handle);
	void **top;
	int room;

	if (__builtin_expect(__atomic_load_n(&slot->key, __ATOMIC_RELAXED) != handle, 0)) {
		(kmem_cache_free)(cache, object);
		return;
	}
	__atomic_store_n(&slot->key, 0, __ATOMIC_RELAXED);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	top = __atomic_load_n(&slot->top, __ATOMIC_RELAXED);
	room = ((uintptr_t)top & (KMEM_INLINE_BLOCK - 1)) != 0 && top[-1] != object;
	if (__builtin_expect(room, 1)) {
		__atomic_store_n(top, object, __ATOMIC_RELAXED);
		__atomic_store_n(&slot->top, top + 1, __ATOMIC_RELAXED);
	}
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	__atomic_store_n(&slot->key, handle, __ATOMIC_RELEASE);
	if (__builtin_expect(!room, 0))
		(kmem_cache_free)(cache, object);
}

#define kmem_cache_alloc(...) kmem_inline_alloc(__VA_ARGS__)
#define kmem_cache_free(...) kmem_inline_free(__VA_ARGS__)

#endif

#endif /* KMEM_INLINE_H */
