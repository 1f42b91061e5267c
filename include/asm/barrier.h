/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Memory barriers. Acquire and release accesses are better where they do: ThreadSanitizer follows those. */
#ifndef KMEM_ASM_BARRIER_H
#define KMEM_ASM_BARRIER_H

#include <linux/compiler.h>

#ifndef mb
#define mb()			__atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif
#ifndef rmb
#define rmb()			__atomic_thread_fence(__ATOMIC_ACQUIRE)
#endif
#ifndef wmb
#define wmb()			__atomic_thread_fence(__ATOMIC_RELEASE)
#endif
#ifndef smp_mb
#define smp_mb()		__atomic_thread_fence(__ATOMIC_SEQ_CST)
#endif
#ifndef smp_rmb
#define smp_rmb()		__atomic_thread_fence(__ATOMIC_ACQUIRE)
#endif
#ifndef smp_wmb
#define smp_wmb()		__atomic_thread_fence(__ATOMIC_RELEASE)
#endif
/*
 * On x86 an operation on an atomic_t is a whole barrier by itself. Elsewhere one that returns nothing orders nothing, and
 * what comes after one of the strongest order may overtake its store.
 */
#if defined(__x86_64__) || defined(__i386__)
#ifndef smp_mb__before_atomic
#define smp_mb__before_atomic()	__atomic_signal_fence(__ATOMIC_SEQ_CST)
#endif
#ifndef smp_mb__after_atomic
#define smp_mb__after_atomic()	__atomic_signal_fence(__ATOMIC_SEQ_CST)
#endif
#endif
#ifndef smp_mb__before_atomic
#define smp_mb__before_atomic()	smp_mb()
#endif
#ifndef smp_mb__after_atomic
#define smp_mb__after_atomic()	smp_mb()
#endif
#ifndef smp_mb__after_spinlock
#define smp_mb__after_spinlock()	smp_mb()
#endif

#ifndef smp_load_acquire
#define smp_load_acquire(p)	__atomic_load_n(p, __ATOMIC_ACQUIRE)
#endif
#ifndef smp_store_release
#define smp_store_release(p, value)	__atomic_store_n(p, value, __ATOMIC_RELEASE)
#endif
#ifndef smp_store_mb
#define smp_store_mb(var, value) \
	((void)__atomic_exchange_n(&(var), value, __ATOMIC_SEQ_CST), smp_mb__after_atomic())
#endif

/* Waiting in a loop: tells the processor, which may give its resources to a sibling. */
static __always_inline void kmem_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ __volatile__("pause" : : : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("yield" : : : "memory");
#else
	__asm__ __volatile__("" : : : "memory");
#endif
}
#ifndef cpu_relax
#define cpu_relax()		kmem_relax()
#endif

/* Spins until the condition holds for VAL, the value at ptr, which it returns. */
#ifndef smp_cond_load_relaxed
#define KMEM_COND_LOAD(ptr, condition, order) \
	(__extension__ ({ \
		__typeof__(*(ptr) + 0) VAL; \
		for (;;) { \
			VAL = __atomic_load_n(ptr, order); \
			if (condition) \
				break; \
			cpu_relax(); \
		} \
		VAL; \
	}))
#define smp_cond_load_relaxed(ptr, condition)	KMEM_COND_LOAD(ptr, condition, __ATOMIC_RELAXED)
#define smp_cond_load_acquire(ptr, condition)	KMEM_COND_LOAD(ptr, condition, __ATOMIC_ACQUIRE)
#endif

#endif
