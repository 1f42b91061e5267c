/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Attributes, branch hints and single-access helpers.
 *
 * The kernel's build gives these to every file without an #include, so every other header here includes
 * this one. A name that the program or the C library already has is left alone.
 */
#ifndef KMEM_LINUX_COMPILER_H
#define KMEM_LINUX_COMPILER_H

#include <linux/kconfig.h>

/* glibc has some of the same names. Read first, it sees no definition of ours and we see all of its own. */
#if __has_include(<sys/cdefs.h>)
#include <sys/cdefs.h>
#endif

/* Branch hints: the value is 0 or 1, whatever the type of the condition. */
#ifndef likely
#define likely(x)		__builtin_expect(!!(x), 1)
#endif
#ifndef unlikely
#define unlikely(x)		__builtin_expect(!!(x), 0)
#endif

/* Functions. */
#ifndef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#endif
#ifndef noinline
#define noinline		__attribute__((__noinline__))
#endif
#ifndef noinline_for_stack
#define noinline_for_stack	noinline
#endif
#ifndef __must_check
#define __must_check		__attribute__((__warn_unused_result__))
#endif
#ifndef __noreturn
#define __noreturn		__attribute__((__noreturn__))
#endif
#ifndef __pure
#define __pure			__attribute__((__pure__))
#endif
#ifndef __attribute_const__
#define __attribute_const__	__attribute__((__const__))
#endif
#ifndef __cold
#define __cold			__attribute__((__cold__))
#endif
#ifndef __hot
#define __hot			__attribute__((__hot__))
#endif
#ifndef __malloc
#define __malloc		__attribute__((__malloc__))
#endif
#ifndef __printf
#define __printf(string, first)	__attribute__((__format__(__printf__, string, first)))
#endif
#ifndef __scanf
#define __scanf(string, first)	__attribute__((__format__(__scanf__, string, first)))
#endif
#ifndef __no_sanitize_address
#define __no_sanitize_address	__attribute__((__no_sanitize_address__))
#endif

/* Symbols. */
#ifndef __weak
#define __weak			__attribute__((__weak__))
#endif
#ifndef __alias
#define __alias(symbol)		__attribute__((__alias__(#symbol)))
#endif
#ifndef __section
#define __section(name)		__attribute__((__section__(name)))
#endif
/* <spawn.h> has a member of this name: nobody says it in C, where that header still compiles; in C++ it would not. */
#if !defined(__used) && !defined(__cplusplus)
#define __used			__attribute__((__used__))
#endif
#ifndef __maybe_unused
#define __maybe_unused		__attribute__((__unused__))
#endif
#ifndef __always_unused
#define __always_unused		__attribute__((__unused__))
#endif
#ifndef __visible
#define __visible		__attribute__((__externally_visible__))
#endif
#ifndef __deprecated
#define __deprecated
#endif

/* Types and data. */
#ifndef __packed
#define __packed		__attribute__((__packed__))
#endif
#ifndef __aligned
#define __aligned(x)		__attribute__((__aligned__(x)))
#endif
#ifndef __nonstring
#if __has_attribute(__nonstring__)
#define __nonstring		__attribute__((__nonstring__))
#else
#define __nonstring
#endif
#endif
#ifndef __counted_by
#define __counted_by(member)
#endif
#ifndef __read_mostly
#define __read_mostly
#endif
#ifndef __ro_after_init
#define __ro_after_init
#endif
#ifndef __cleanup
#define __cleanup(function)	__attribute__((__cleanup__(function)))
#endif

/*
 * In C++, and in C23 with its [[fallthrough]], a macro of this name would break the attribute. C++ has had the
 * attribute since 2017, so it goes without the macro; ported C does not use the C23 spelling.
 */
#if !defined(fallthrough) && !defined(__cplusplus)
#define fallthrough		__attribute__((__fallthrough__))
#endif

/* Address spaces and locking notes, for checkers only. */
#ifndef __user
#define __user
#endif
#ifndef __kernel
#define __kernel
#endif
#ifndef __iomem
#define __iomem
#endif
#ifndef __percpu
#define __percpu
#endif
#ifndef __rcu
#define __rcu
#endif
#ifndef __force
#define __force
#endif
#ifndef __nocast
#define __nocast
#endif
#ifndef __private
#define __private
#endif
#ifndef __must_hold
#define __must_hold(lock)
#endif
#ifndef __acquires
#define __acquires(lock)
#endif
#ifndef __releases
#define __releases(lock)
#endif
#ifndef __acquire
#define __acquire(lock)		((void)0)
#endif
#ifndef __release
#define __release(lock)		((void)0)
#endif

/* Same type, qualifiers at the top aside. */
#if !defined(__same_type) && !defined(__cplusplus)
#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#endif

#define KMEM_CONCAT_(a, b)	a##b
#define KMEM_CONCAT(a, b)	KMEM_CONCAT_(a, b)
#ifndef __UNIQUE_ID
#define __UNIQUE_ID(prefix)	KMEM_CONCAT(kmem_##prefix##_, __COUNTER__)
#endif

/*
 * One access, neither merged with another nor repeated by the compiler. No ordering between threads.
 * ThreadSanitizer takes a volatile access for a race, so for it they are atomic, of numbers and pointers only.
 */
#ifdef __SANITIZE_THREAD__
#define KMEM_TSAN
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define KMEM_TSAN
#endif
#endif
#ifdef KMEM_TSAN
#ifndef READ_ONCE
#define READ_ONCE(x)		__atomic_load_n(&(x), __ATOMIC_RELAXED)
#endif
#ifndef WRITE_ONCE
#define WRITE_ONCE(x, value)	__atomic_store_n(&(x), value, __ATOMIC_RELAXED)
#endif
#endif
#ifndef READ_ONCE
/* A value, of a type without qualifiers. */
#define READ_ONCE(x)		(__extension__ ({ *(const volatile __typeof__(x) *)&(x); }))
#endif
#ifndef WRITE_ONCE
#define WRITE_ONCE(x, value) \
	do { *(volatile __typeof__(x) *)&(x) = (value); } while (0)
#endif
#ifndef data_race
#define data_race(expression)	(expression)
#endif

/* Keeps the compiler from moving memory accesses across. C++ has a std::barrier that a macro would break. */
#ifndef barrier
#ifdef __cplusplus
static inline void barrier(void) { __asm__ __volatile__("" : : : "memory"); }
#else
#define barrier()		__asm__ __volatile__("" : : : "memory")
#endif
#endif
#ifndef barrier_data
#define barrier_data(pointer)	__asm__ __volatile__("" : : "r"(pointer) : "memory")
#endif
#ifndef OPTIMIZER_HIDE_VAR
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "+r"(var))
#endif

/* True for the first caller only, in all threads together. One flag per place in the source. */
#define KMEM_FIRST_TIME() \
	(__extension__ ({ \
		static char kmem_done; \
		!__atomic_load_n(&kmem_done, __ATOMIC_RELAXED) && \
			!__atomic_exchange_n(&kmem_done, 1, __ATOMIC_RELAXED); \
	}))

#endif
