// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * A thread's first use of the library, interrupted at one instruction after the other by a handler that uses it too
 * (docs/guarantees.md, 2 and 3).
 *
 * At risk: a table that is made twice, of which one is nobody's.
 */
#include "at_hand.h"

#include <pthread.h>
#include <ucontext.h>

#if defined(KMEM_INLINE_BLOCK) && defined(__x86_64__)

/* A step takes microseconds: a library that was not optimised has too many. */
enum { AROUND = 150, MOST = 2000, TRAP_FLAG = 0x100 };

static struct kmem_cache *cache;
static int steps, handle_at, handled;

/* What the thread's word leads to. */
static const void *table(void)
{
	return kmem_inline_slot_of(0);
}

/* Comes after each instruction, until it has done its work. */
static void step(int signal, siginfo_t *info, void *context)
{
	greg_t *flags = &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];
	static const void *none;
	bool done;

	(void)signal, (void)info;
	if (++steps == 1)
		none = table();
	done = handle_at ? steps == handle_at : table() != none;
	if (done && handle_at) {
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_ATOMIC));
		handled++;
	}
	*flags = done ? *flags & ~TRAP_FLAG : *flags | TRAP_FLAG;
}

static void *use_first(void *unused)
{
	__asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq" : : "i"(TRAP_FLAG) : "memory", "cc");
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	return unused;
}

/* The first use in a new thread, with the handler after so many instructions. 0: at no time; how many they are. */
static int use_in_a_thread(struct kunit *test, int at)
{
	pthread_t thread;

	steps = 0;
	handle_at = at;
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, NULL, use_first, NULL) == 0);
	pthread_join(thread, NULL);
	return steps;
}

static size_t metadata(void)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	kmem_reclaim();
	kmem_usage(&usage);
	return usage.metadata_bytes;
}

/* Around the instruction with which the thread begins to make its table. No step of decay comes in between. */
static void g3_interrupted_anywhere(struct kunit *test)
{
	struct sigaction action = { .sa_sigaction = step, .sa_flags = SA_SIGINFO };
	int begins, first;
	size_t before;

	cache = kmem_cache_create("first", 64, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	sigaction(SIGTRAP, &action, NULL);
	begins = use_in_a_thread(test, 0);
	KUNIT_EXPECT_GT(test, begins, 10);
	if (begins > MOST)
		ktest_skip("too many instructions");
	printf("# a table is begun after %d instructions\n", begins);
	first = begins > AROUND ? begins - AROUND : 1;
	for (int i = 0; i < 10; i++)
		use_in_a_thread(test, begins + i);
	handled = 0;
	before = metadata();
	for (int at = first; at < begins + AROUND; at++)
		use_in_a_thread(test, at);
	KUNIT_EXPECT_EQ(test, handled, begins + AROUND - first);
	KUNIT_EXPECT_EQ(test, metadata(), before);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(g3_interrupted_anywhere, .cmdline = "kmem.decay=0"))

#else

int main(void)
{
	puts("1..0 # SKIP no way to stop after each instruction");
	return 0;
}

#endif
