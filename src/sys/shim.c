// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What stable Rust cannot say: C functions with variable arguments. No logic lives here.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* Not exported: the names are for the Rust side only. */
#define SHIM __attribute__((visibility("hidden")))

_Static_assert(sizeof(va_list) <= 32, "Storage in va.rs is too small");
_Static_assert(sizeof(long) == sizeof(long long), "va.rs reads long as long long");

SHIM int kmem_shim_va_int(va_list *list)
{
    return va_arg(*list, int);
}

SHIM long long kmem_shim_va_long_long(va_list *list)
{
    return va_arg(*list, long long);
}

SHIM void *kmem_shim_va_pointer(va_list *list)
{
    return va_arg(*list, void *);
}

SHIM void kmem_shim_va_copy(va_list *to, va_list *from)
{
    va_copy(*to, *from);
}

SHIM void kmem_shim_va_end(va_list *list)
{
    va_end(*list);
}

/*
 * Variadic functions cannot be defined in stable Rust. Each one here only turns its arguments into a va_list;
 * the exported function of the same name without `shim_` (src/capi) is a jump to it, because nothing
 * of this file is exported. The Rust functions that they call are hidden by these declarations.
 */
SHIM int kmem_shim_vprintk(const char *fmt, va_list ap);
SHIM int kmem_shim_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
SHIM int kmem_shim_vscnprintf(char *buf, size_t size, const char *fmt, va_list ap);
SHIM void kmem_shim_vwarn(const char *file, int line, const char *function, const char *fmt, va_list ap);
SHIM _Noreturn void kmem_shim_vpanic(const char *fmt, va_list ap);
SHIM char *kmem_shim_kvasprintf(unsigned int flags, const char *fmt, va_list ap);

SHIM int kmem_shim_printk(const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = kmem_shim_vprintk(fmt, ap);
    va_end(ap);
    return n;
}

SHIM int kmem_shim_snprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = kmem_shim_vsnprintf(buf, size, fmt, ap);
    va_end(ap);
    return n;
}

SHIM int kmem_shim_scnprintf(char *buf, size_t size, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = kmem_shim_vscnprintf(buf, size, fmt, ap);
    va_end(ap);
    return n;
}

SHIM void kmem_shim_warn(const char *file, int line, const char *function, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    kmem_shim_vwarn(file, line, function, fmt, ap);
    va_end(ap);
}

SHIM _Noreturn void kmem_shim_panic(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    kmem_shim_vpanic(fmt, ap);
}

SHIM char *kmem_shim_kasprintf(unsigned int flags, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = kmem_shim_kvasprintf(flags, fmt, ap);
    va_end(ap);
    return text;
}

/*
 * The tables that the thread-local word (src/sys/tls.rs) points to when a thread has none of its own: a mask of 0
 * leads to slot 0, whose key no handle has. Whoever passes that key as a cache finds a sheaf that is empty and full at
 * once. src/sheaf/table.rs and src/sheaf/block.rs have the layout.
 */
struct kmem_shim_table {
	uintptr_t mask;
	const void *thread;
	uintptr_t key;
	void *const *top;
};

_Alignas(512) static void *const nothing[512 / sizeof(void *)];

SHIM struct kmem_shim_table kmem_shim_table_none = { 0, 0, 1, nothing + 512 / sizeof(void *) };
SHIM struct kmem_shim_table kmem_shim_table_gone = { 0, 0, 1, nothing + 512 / sizeof(void *) };

/*
 * The thread-local word. Programs that compile the fast path in (include/kmem/inline.h) read it under this name, which
 * is exported (src/sys/tls.rs) and is all they know of the version of table and sheaf: it changes with them.
 * Protected: where two copies of the library meet in a process, each uses its own.
 */
__attribute__((visibility("protected"), tls_model("initial-exec")))
__thread const struct kmem_shim_table *kmem_inline_abi_1 = &kmem_shim_table_none;

SHIM const void *kmem_shim_swap_table(const void *table)
{
	return __atomic_exchange_n(&kmem_inline_abi_1, (const struct kmem_shim_table *)table, __ATOMIC_SEQ_CST);
}

/* How many locks that a signal handler must not wait for the thread holds or waits for, and more (src/sys/tls.rs). */
__attribute__((visibility("hidden"), tls_model("initial-exec")))
__thread uintptr_t kmem_shim_depth;

/* The calling thread's id and the mark of the process that it was asked in (src/sys/thread.rs). */
__attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread uint64_t kmem_shim_thread_id;

SHIM uint64_t *kmem_shim_thread_id_word(void)
{
	return &kmem_shim_thread_id;
}

/*
 * AddressSanitizer's run-time library, if the program has it (src/sys/tool.rs).
 */
extern void __asan_poison_memory_region(const volatile void *start, size_t bytes) __attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *start, size_t bytes) __attribute__((weak));
extern void __lsan_register_root_region(const void *start, size_t bytes) __attribute__((weak));

SHIM _Bool kmem_shim_asan_is_here(void)
{
	return __asan_poison_memory_region && __asan_unpoison_memory_region;
}

SHIM void kmem_shim_asan_poison(const void *start, size_t bytes)
{
	__asan_poison_memory_region(start, bytes);
}

SHIM void kmem_shim_asan_unpoison(const void *start, size_t bytes)
{
	__asan_unpoison_memory_region(start, bytes);
}

SHIM void kmem_shim_asan_scan(const void *start, size_t bytes)
{
	if (__lsan_register_root_region)
		__lsan_register_root_region(start, bytes);
}

#ifdef KMEM_DEBUG_BUILD
/* The ranks of the locks that the thread holds (src/sync/order.rs). */
__attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread uint64_t kmem_shim_held;

SHIM uint64_t *kmem_shim_held_ranks(void)
{
	return &kmem_shim_held;
}

/* What a test may define, to have the library's own allocations fail and to count them (src/sys/mem.rs). */
extern _Bool kmem_test_refuses(void) __attribute__((weak));
extern void kmem_test_counts(long bytes) __attribute__((weak));

SHIM _Bool kmem_shim_test_refuses(void)
{
	return kmem_test_refuses && kmem_test_refuses();
}

SHIM void kmem_shim_test_counts(long bytes)
{
	if (kmem_test_counts)
		kmem_test_counts(bytes);
}
#endif

__attribute__((visibility("hidden"))) uintptr_t *kmem_shim_depth_word(void)
{
	return &kmem_shim_depth;
}
