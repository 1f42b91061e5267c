/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * kmem.h - the Linux slab allocator in userspace
 *
 * Link with -lkmem. Generated from src/capi; edit there and run `make header`.
 */

#ifndef KMEM_H
#define KMEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "kmem/attributes.h"
#include "kmem/gfp.h"

/* SLAB_* flags: the kernel's type for them. */
typedef unsigned int slab_flags_t;


/**
 * A set of caches, one for each size class. C knows it by pointer only.
 */
struct kmem_buckets;

/**
 * A cache of objects of one size. C knows it by pointer only.
 */
struct kmem_cache;

/**
 * A list of reclaimable objects per memory cgroup. Accepted where the kernel takes one, and never looked into.
 */
struct list_lru;

/**
 * A cache of the program that can be made smaller; `kmem/shrinker.h` says what is in it.
 */
struct shrinker;

/**
 * A constructor: called once for each object when its slab is made, with no lock held. It may use other caches;
 * it must not throw, longjmp or end the thread (the process is aborted if it does).
 */
typedef void (*kmem_ctor_t)(void*);

/**
 * What a creator may ask for beyond name, size and flags (Linux 6.12). All zeroes means all defaults.
 */
struct kmem_cache_args {
  /**
   * Alignment in bytes, a power of two; 0 for none in particular. A creation that is not
   * merged into another cache stores the resulting one here.
   */
  unsigned int align;
  /**
   * Start of the part of an object that may be copied to user space, in bytes.
   */
  unsigned int useroffset;
  /**
   * Length of that part in bytes; 0 for none. A window outside the object is cleared, with a warning.
   */
  unsigned int usersize;
  /**
   * Where the free pointer may lie inside the object: a multiple of 8, with SLAB_TYPESAFE_BY_RCU only.
   */
  unsigned int freeptr_offset;
  /**
   * Whether freeptr_offset is meant.
   */
  bool use_freeptr_offset;
  /**
   * Constructor, or NULL.
   */
  kmem_ctor_t ctor;
  /**
   * Objects in a per-thread array (Linux 6.18); 0 leaves the choice to the library. Other values keep the
   * cache from being merged.
   */
  unsigned int sheaf_capacity;
};

/**
 * The objects of one cache.
 */
struct kmem_cache_usage {
  /**
   * Bytes of this structure, set by the caller; on return, the bytes of it that the library knows.
   */
  size_t size;
  /**
   * Objects that the program has.
   */
  size_t live_objects;
  /**
   * Objects that were freed and rest in the arrays of threads, between threads, or in quarantine (`kmem.harden=2`).
   */
  size_t parked_objects;
  /**
   * Objects that are free in their slabs.
   */
  size_t free_objects;
  /**
   * The sum of the three.
   */
  size_t total_objects;
  /**
   * Slabs.
   */
  size_t slabs;
  /**
   * Bytes of their pages.
   */
  size_t slab_bytes;
};

/**
 * What the whole library holds.
 */
struct kmem_usage {
  /**
   * Bytes of this structure, set by the caller; on return, the bytes of it that the library knows.
   */
  size_t size;
  /**
   * Caches.
   */
  size_t caches;
  /**
   * Live objects of all caches, as struct kmem_cache_usage has them for each.
   */
  size_t live_objects;
  /**
   * Parked ones.
   */
  size_t parked_objects;
  /**
   * Free ones.
   */
  size_t free_objects;
  /**
   * The sum of the three.
   */
  size_t total_objects;
  /**
   * Slabs of all caches.
   */
  size_t slabs;
  /**
   * Bytes of pages in slabs: of all caches, of those that were destroyed with objects left, and of slabs that readers may
   * still look into (kmem_rcu_settle()).
   */
  size_t slab_bytes;
  /**
   * Bytes for the library itself: descriptors, slab records, threads' tables and arrays, maps of pages.
   */
  size_t metadata_bytes;
  /**
   * Bytes of free pages that may still be backed by memory: they decay, or go at once by kmem_reclaim().
   */
  size_t dirty_bytes;
  /**
   * Bytes of free pages that cost nothing but address space.
   */
  size_t clean_bytes;
  /**
   * Bytes that are mapped readable and writable: the sum of the four.
   */
  size_t committed_bytes;
  /**
   * Bytes of address space, committed or not.
   */
  size_t reserved_bytes;
};

/**
 * When allocations are made to fail: the attributes of failslab. Get them with kmem_failslab_get(), change what is to
 * be different, and pass them to kmem_failslab_set().
 */
struct kmem_fault_attr {
  /**
   * Percentage of eligible requests that fail; 0, the default: none.
   */
  unsigned long probability;
  /**
   * Only every so many eligible requests are considered; 0 and 1, the default: each one.
   */
  unsigned long interval;
  /**
   * Failures left, -1 for no limit; 1 is the default, and 0 is none.
   */
  int times;
  /**
   * Bytes of objects that are handed out before the first failure.
   */
  int space;
  /**
   * What a failure prints: 0 nothing, 1 a message, 2, the default, the stack as well.
   */
  unsigned long verbose;
  /**
   * Messages let through per verbose_ratelimit_interval_ms; without an interval, the default, all.
   */
  unsigned int verbose_ratelimit_burst;
  /**
   * Length in milliseconds of the interval that verbose_ratelimit_burst is about.
   */
  unsigned int verbose_ratelimit_interval_ms;
  /**
   * Only requests of threads that have called kmem_make_it_fail() are eligible.
   */
  bool task_filter;
  /**
   * Requests that may sleep (__GFP_DIRECT_RECLAIM: GFP_KERNEL, say) never fail; true is the default.
   */
  bool ignore_gfp_wait;
  /**
   * Only requests to caches marked by kmem_cache_set_failslab() or `slab_debug=A` are eligible.
   */
  bool cache_filter;
  /**
   * Calls of the stack that the four addresses below are compared with, at most 64; 32 is the default.
   */
  unsigned long stacktrace_depth;
  /**
   * Only requests with a return address from require_start up to, not including, require_end on their stack fail;
   * require_end 0, the default: all.
   */
  unsigned long require_start;
  /**
   * See require_start.
   */
  unsigned long require_end;
  /**
   * Requests with a return address from reject_start up to, not including, reject_end on their stack never fail;
   * reject_end 0, the default: no such requests.
   */
  unsigned long reject_start;
  /**
   * See reject_start.
   */
  unsigned long reject_end;
};

/**
 * A read-copy update of the program's.
 */
struct kmem_rcu_flavor {
  /**
   * Whether all readers are done that were there when the state was set. With 0 there a grace period is wanted: the
   * function stores another number of its choice, or leaves the 0 if it cannot begin one now, and is asked again. It
   * must not wait for readers; only with may_sleep may it take locks that the thread might hold already, allocate, and start
   * threads. It is called in any thread, in one at a time.
   */
  bool (*poll)(struct kmem_rcu_flavor *flavor, unsigned long *state, bool may_sleep);
};

/**
 * Makes an element: gets the request's flags and the pool's data, returns NULL when there is no memory.
 */
typedef void *(*mempool_alloc_t)(gfp_t, void*);

/**
 * Disposes of an element: gets it and the pool's data.
 */
typedef void (*mempool_free_t)(void*, void*);

/**
 * A memory pool. All zeroes is one that was never initialised. Programs may read min_nr and curr_nr; the rest is the
 * library's.
 */
struct mempool_s {
  /**
   * Elements that the reserve should hold.
   */
  int min_nr;
  /**
   * Elements that it holds.
   */
  int curr_nr;
  /**
   * Counts elements that came back; waiters sleep on it.
   */
  unsigned int wait;
  /**
   * Whether somebody may sleep.
   */
  unsigned int asleep;
  /**
   * The reserve; NULL before initialisation.
   */
  void **elements;
  /**
   * What the two functions get.
   */
  void *pool_data;
  /**
   * Makes an element.
   */
  mempool_alloc_t alloc;
  /**
   * Disposes of one.
   */
  mempool_free_t free;
};

/**
 * Check objects and slabs at every allocation and free (SLAB_DEBUG_FREE before 4.6).
 */
#define SLAB_CONSISTENCY_CHECKS (1 << 8)

/**
 * Put red zones before and after each object.
 */
#define SLAB_RED_ZONE (1 << 10)

/**
 * Fill free objects and padding with known bytes.
 */
#define SLAB_POISON (1 << 11)

/**
 * Marks a cache of the kmalloc family; with SLAB_STORE_USER the requested size is kept per object.
 */
#define SLAB_KMALLOC (1 << 12)

/**
 * Align objects to the cache line, or to the half, quarter, ... of it that still holds one.
 */
#define SLAB_HWCACHE_ALIGN (1 << 13)

/**
 * Slabs from the DMA zone. Kept apart from other caches, otherwise without effect here.
 */
#define SLAB_CACHE_DMA (1 << 14)

/**
 * Slabs from the DMA32 zone. Kept apart from other caches, otherwise without effect here.
 */
#define SLAB_CACHE_DMA32 (1 << 15)

/**
 * Remember who allocated and who freed each object.
 */
#define SLAB_STORE_USER (1 << 16)

/**
 * Objects are reclaimable; such caches merge only with their like.
 */
#define SLAB_RECLAIM_ACCOUNT (1 << 17)

/**
 * A failed creation ends the process.
 */
#define SLAB_PANIC (1 << 18)

/**
 * Objects stay of their type: freeing one leaves its bytes alone (SLAB_DESTROY_BY_RCU before 4.12).
 */
#define SLAB_TYPESAFE_BY_RCU (1 << 19)

/**
 * Accepted and ignored (spread over NUMA nodes by the SLAB allocator of old).
 */
#define SLAB_MEM_SPREAD (1 << 20)

/**
 * Print each allocation and free.
 */
#define SLAB_TRACE (1 << 21)

/**
 * The cache serves the kernel's object debugging itself; without effect here.
 */
#define SLAB_DEBUG_OBJECTS (1 << 22)

/**
 * Not to be scanned for leaks; a global `slab_debug=U` passes such a cache by.
 */
#define SLAB_NOLEAKTRACE (1 << 23)

/**
 * Never merge this cache with another.
 */
#define SLAB_NO_MERGE (1 << 24)

/**
 * Marked for failure injection. Not accepted by creation: set by `slab_debug=A`.
 */
#define SLAB_FAILSLAB (1 << 25)

/**
 * Charge every object to the memory cgroup; such caches merge only with their like.
 */
#define SLAB_ACCOUNT (1 << 26)

/**
 * Set by KASAN. Not accepted by creation.
 */
#define SLAB_KASAN (1 << 27)

/**
 * `slab_debug=` does not apply to this cache.
 */
#define SLAB_NO_USER_FLAGS (1 << 28)

/**
 * Never sampled by KFENCE. Not accepted by creation.
 */
#define SLAB_SKIP_KFENCE (1 << 29)

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * kmem_cache_destroy - give up a cache
 * @cache: the cache; NULL is ignored
 *
 * Undoes one creation. When the cache is shared with a merged creation, only the count of its users drops. With
 * objects left there is a report, the cache disappears, and the objects stay valid memory that may still be
 * freed (Linux 6.12). A cache of kmalloc()'s own stays, and there is a warning. Where kmem_cache_for_each() shows the
 * cache to another thread, that is waited for, for a second at most.
 * Context: any thread, no call on this cache under way in another; not a signal handler.
 */
void kmem_cache_destroy(struct kmem_cache *cache);

/**
 * kmem_cache_create - create a cache
 * @name: name for slabinfo and reports; copied
 * @size: bytes per object, 1 to 4 MiB
 * @align: alignment in bytes, a power of two; 0 for none in particular (then 8)
 * @flags: SLAB_* flags
 * @ctor: constructor, or NULL
 *
 * May return an existing cache of the same kind, unless a constructor, SLAB_NO_MERGE, a debug flag or
 * `slab_nomerge` forbids it; destroy it as often as it was created. From C11 on the name is a macro that takes
 * either these five arguments or (name, size, struct kmem_cache_args *, flags).
 * Context: any thread; not a signal handler. May sleep.
 * Return: the cache; NULL on failure, after a message `kmem_cache_create(NAME) failed with error -22` with a stack
 * dump. With SLAB_PANIC a failure ends the process.
 *
 */
struct kmem_cache *kmem_cache_create(const char *name,
                                     size_t size,
                                     size_t align,
                                     unsigned long flags,
                                     kmem_ctor_t ctor)
KMEM_FREED_BY(kmem_cache_destroy, 1);

/**
 * kmem_cache_create_usercopy - create a cache with a part of its objects marked for copies to user space
 * @name: name for slabinfo and reports; copied
 * @size: bytes per object
 * @align: alignment in bytes, a power of two; 0 for none in particular
 * @flags: SLAB_* flags
 * @useroffset: start of the marked part in bytes
 * @usersize: length of the marked part in bytes; 0 for none
 * @ctor: constructor, or NULL
 *
 * A window outside the object is dropped with a warning. A cache with a window is never merged.
 * Context: as kmem_cache_create().
 * Return: as kmem_cache_create(); messages name this function.
 *
 */
struct kmem_cache *kmem_cache_create_usercopy(const char *name,
                                              size_t size,
                                              size_t align,
                                              unsigned long flags,
                                              size_t useroffset,
                                              size_t usersize,
                                              kmem_ctor_t ctor)
KMEM_FREED_BY(kmem_cache_destroy, 1);

/**
 * __kmem_cache_create_args - create a cache from a structure of arguments (Linux 6.12)
 * @name: name for slabinfo and reports; copied
 * @object_size: bytes per object
 * @args: what else is asked for, NULL for all defaults; comes back with the resulting alignment, unless the cache was
 *        merged into another one, and without a usercopy window that did not fit
 * @flags: SLAB_* flags
 *
 * What the macro kmem_cache_create() calls for its four-argument form; C99 and C++ call it by this name.
 * Context: as kmem_cache_create().
 * Return: as kmem_cache_create().
 *
 */
struct kmem_cache *__kmem_cache_create_args(const char *name,
                                            size_t object_size,
                                            struct kmem_cache_args *args,
                                            slab_flags_t flags)
KMEM_FREED_BY(kmem_cache_destroy, 1);

/**
 * __kmem_cache_default_args - what the macro kmem_cache_create() calls when its third argument is NULL
 * @name: name for slabinfo and reports; copied
 * @object_size: bytes per object
 * @args: NULL; any other `void *` gets a warning and ERR_PTR(-EINVAL), since nobody knows what it points to
 * @flags: SLAB_* flags
 *
 * Context: as kmem_cache_create().
 * Return: as kmem_cache_create(), or ERR_PTR(-EINVAL).
 */
struct kmem_cache *__kmem_cache_default_args(const char *name,
                                             size_t object_size,
                                             void *args,
                                             slab_flags_t flags);

/**
 * kmem_kfree - free memory by its address: kfree()
 * @object: what kmalloc() or one of its family, or kmem_cache_alloc(), returned; NULL and ZERO_SIZE_PTR are ignored
 *
 * An address that is not the library's is reported and left alone, or with `kmem.foreign_free=libc` goes to the C
 * library's free(). Wrong frees are found when they are in kmem_cache_free().
 * Context: any thread, not only the one that allocated, and any signal handler (docs/guarantees.md).
 *
 */
void kmem_kfree(const void *object)
KMEM_DIRECT;

/**
 * kmem_kfree_sensitive - clear memory, then free it: kfree_sensitive(), kzfree() before 5.9
 * @object: as for kmem_kfree()
 *
 * Context: as kmem_kfree().
 */
void kmem_kfree_sensitive(const void *object);

/**
 * kmem_kfree_const - free a string of kstrdup_const() or kvasprintf_const(): kfree_const()
 * @text: the string; one in constant memory stays
 *
 * Context: as kmem_kfree(). Takes the loader's lock for a moment.
 */
void kmem_kfree_const(const void *text);

/**
 * kmem_kfree_bulk - free many by address: kfree_bulk()
 * @size: number of objects, 0 included
 * @objects: the objects, each as for kmem_kfree()
 *
 * Context: as kmem_kfree().
 */
void kmem_kfree_bulk(size_t size, void **objects);

/**
 * kmem_kvfree - free memory of the kmalloc() or of the vmalloc() family: kvfree()
 * @object: the memory; NULL and ZERO_SIZE_PTR are ignored
 *
 * Context: as kmem_kfree().
 */
void kmem_kvfree(const void *object);

/**
 * kmem_kvfree_sensitive - clear memory, then free it: kvfree_sensitive()
 * @object: as for kmem_kvfree()
 * @size: bytes to clear
 *
 * Context: as kmem_kfree().
 */
void kmem_kvfree_sensitive(const void *object, size_t size);

/**
 * kmem_cache_free - give an object back to its cache
 * @cache: the cache it came from
 * @object: the object, in its constructed state if the cache has a constructor; NULL is ignored
 *
 * A pointer that is not an object is reported and left alone. An object of another cache goes back to its own,
 * with a warning; an object that is free already stays so, with a report. At once in a cache with a debug flag or
 * under `kmem.harden=1` (Linux 6.12 with consistency checks or hardened free lists); in other caches a second free in a
 * row is, and the rest when the thread's array is emptied, at the latest by kmem_cache_shrink().
 * Context: any thread, not only the one that allocated, and any signal handler (docs/guarantees.md).
 *
 */
void kmem_cache_free(struct kmem_cache *cache,
                     void *object)
KMEM_DIRECT;

/**
 * kmem_cache_alloc - allocate an object
 * @cache: the cache
 * @flags: GFP flags; __GFP_ZERO clears the object, __GFP_NOFAIL waits for memory, __GFP_NOWARN is silent
 *
 * The object's bytes are what the constructor, or the last user, left there; undefined without a constructor.
 * Context: any thread, and a constructor of another cache; a signal handler with GFP_ATOMIC or GFP_NOWAIT, where it may
 * return NULL more often (docs/guarantees.md). May sleep on a lock.
 * Return: the object, aligned as its cache says, or NULL when there is no memory.
 *
 */
void *kmem_cache_alloc(struct kmem_cache *cache,
                       gfp_t flags)
KMEM_DIRECT KMEM_OF_CACHE;

/**
 * kmem_cache_alloc_sized - allocate an object to hold so many bytes
 * @cache: the cache
 * @flags: GFP flags
 * @size: bytes that the program is going to use, at most an object
 *
 * What kmalloc() is in the kernel once the cache is known (`__kmalloc_cache_noprof`). With SLAB_KMALLOC,
 * SLAB_STORE_USER and SLAB_RED_ZONE the rest of the object is red zone, and only @size bytes are cleared by
 * __GFP_ZERO; in other caches it is kmem_cache_alloc().
 * Context: as kmem_cache_alloc().
 * Return: the object, or NULL when there is no memory.
 *
 */
void *kmem_cache_alloc_sized(struct kmem_cache *cache,
                             gfp_t flags,
                             size_t size)
KMEM_DIRECT;

/**
 * kmem_cache_zalloc - allocate an object filled with zeroes
 * @cache: the cache
 * @flags: GFP flags
 *
 * The same as kmem_cache_alloc() with __GFP_ZERO. Constructed state is lost.
 * Context: as kmem_cache_alloc().
 * Return: the object, or NULL when there is no memory.
 *
 */
void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags) KMEM_DIRECT KMEM_OF_CACHE;

/**
 * kmem_cache_alloc_node - allocate an object near a memory node
 * @cache: the cache
 * @flags: GFP flags
 * @node: node number, -1 for any
 *
 * There is one node, 0. Asking for another one is asking for any, as in Linux, with __GFP_THISNODE too.
 * Context: as kmem_cache_alloc().
 * Return: the object, or NULL when there is no memory.
 *
 */
void *kmem_cache_alloc_node(struct kmem_cache *cache,
                            gfp_t flags,
                            int node)
KMEM_DIRECT KMEM_OF_CACHE;

/**
 * kmem_cache_alloc_lru - allocate an object that will be on an lru list
 * @cache: the cache
 * @lru: the list, may be NULL; without effect here (memory cgroups use it)
 * @flags: GFP flags
 *
 * Context: as kmem_cache_alloc().
 * Return: the object, or NULL when there is no memory.
 *
 */
void *kmem_cache_alloc_lru(struct kmem_cache *cache,
                           struct list_lru *lru,
                           gfp_t flags)
KMEM_DIRECT KMEM_OF_CACHE;

/**
 * kmem_cache_free_bulk - give many objects back
 * @cache: the cache they came from; NULL: each object goes back to its own, and may be one of kmalloc()
 * @size: number of objects, 0 included
 * @objects: the objects; NULL entries are skipped, and the entries may be reordered
 *
 * Context: as kmem_cache_free().
 *
 */
void kmem_cache_free_bulk(struct kmem_cache *cache,
                          size_t size,
                          void **objects)
KMEM_DIRECT;

/**
 * kmem_cache_alloc_bulk - allocate many objects, all or none
 * @cache: the cache
 * @flags: GFP flags, for each object
 * @size: number of objects
 * @objects: where their addresses go; undefined when none are returned
 *
 * Context: as kmem_cache_alloc().
 * Return: @size, or 0 when not all could be had (or @size is 0 or larger than INT_MAX).
 *
 */
int kmem_cache_alloc_bulk(struct kmem_cache *cache,
                          gfp_t flags,
                          size_t size,
                          void **objects)
KMEM_DIRECT;

/**
 * kmem_cache_size - the size of a cache's objects
 * @cache: the cache
 *
 * Context: any.
 * Return: bytes that the creator asked for, or more when a later creation was merged into this cache; 0 with a
 * warning when @cache is not one.
 */
unsigned int kmem_cache_size(struct kmem_cache *cache);

/**
 * kmem_cache_shrink - give a cache's unused memory back to the system
 * @cache: the cache
 *
 * Context: any thread; not a signal handler. Makes system calls.
 * Return: 0 if the cache holds no slab any more, else 1 (Linux 6.12).
 */
int kmem_cache_shrink(struct kmem_cache *cache);

/**
 * kmem_reclaim - give all unused memory back to the system, now
 *
 * Has the program's shrinkers free all they can (see kmem/shrinker.h; as Linux does for `echo 2 > drop_caches`), empties
 * the arrays of all threads, releases the empty slabs of all caches, and returns free pages. Objects in use
 * stay where they are. A thread that is in the middle of an allocation or a free for longer than a second is passed
 * by, and so are other threads' arrays where the system has no membarrier (Linux before 4.14).
 * Context: any thread; not a signal handler. Makes system calls.
 */
void kmem_reclaim(void);

/**
 * kmem_slabinfo_write - write the table of all caches
 * @fd: file descriptor to write to
 *
 * The text of /proc/slabinfo, version 2.1; the newest cache first; nothing at all when there is no cache.
 * Context: any thread; not a signal handler. May block on @fd, with no lock held.
 * Return: 0, or the negative errno of the write that failed; -EBUSY in a signal handler that interrupted the library.
 */
int kmem_slabinfo_write(int fd);

/**
 * kmem_errors - how often the library has reported misuse or damage
 *
 * Counts each report about a wrong free, damaged memory, a destroyed cache with objects left, or a pointer that is
 * no cache; with `kmem.panic_on_bug=1` in KMEM_CMDLINE the call that makes the first one ends the process as kmem_panic()
 * does (see kmem_set_panic_handler()). A wrong free that rests in a thread's array is not reported yet (see
 * kmem_cache_free()).
 * Context: any thread or signal handler.
 * Return: reports since the start of the process, its parent's before a fork() included.
 */
unsigned long kmem_errors(void);

/**
 * kmem_cache_errors - how often the library has reported misuse of one cache
 * @cache: the cache
 *
 * A free to the wrong cache counts for the cache that was named in the call.
 * Context: any thread.
 * Return: reports since the cache was created; 0 with a warning when @cache is not one.
 */
unsigned long kmem_cache_errors(struct kmem_cache *cache);

/**
 * kmem_cache_usage - count a cache's objects
 * @cache: the cache
 * @usage: where the figures go; the caller sets its size to sizeof(struct kmem_cache_usage)
 *
 * In every answer, total_objects is the sum of live, parked and free ones, and total, free and slabs are those of one
 * moment. Parked, and with it live, is exact when no other thread is in a call on the cache: of each thread
 * that is, a few objects may be counted as live that are parked, or the reverse. Nobody is stopped or
 * slowed down. A wrong free that has not been found yet counts as parked. Caches that were merged have one set of figures.
 * Context: any thread; not a signal handler.
 * Return: 0; -EINVAL when @cache is not a cache (with a warning), or @usage is NULL or has no room for its size; -EBUSY in
 * a signal handler that interrupted the library.
 */
int kmem_cache_usage(struct kmem_cache *cache,
                     struct kmem_cache_usage *usage);

/**
 * kmem_usage - count all objects and all memory
 * @usage: where the figures go; the caller sets its size to sizeof(struct kmem_usage)
 *
 * In every answer, committed_bytes is the sum of the bytes for slabs, metadata, dirty and clean pages. Of
 * slabs and metadata as much is resident as was ever written to; the whole of dirty pages may be, and nothing of clean
 * ones. The counts are sums over all caches, each as kmem_cache_usage() has it.
 * Context: any thread; not a signal handler.
 * Return: 0; -EINVAL when @usage is NULL or has no room for its size; -EBUSY in a signal handler that interrupted the
 * library.
 */
int kmem_usage(struct kmem_usage *usage);

/**
 * kmem_cache_name - the name of a cache
 * @cache: the cache
 *
 * Of caches that were merged this is the name of the first.
 * Context: any thread or signal handler.
 * Return: the name, which stays as long as the cache; NULL with a warning when @cache is not one.
 */
const char *kmem_cache_name(struct kmem_cache *cache);

/**
 * kmem_cache_find - a cache by its name
 * @name: the name of the cache; one that was merged into another is not found by the name it was to have
 *
 * The caller sees to it that nobody destroys the cache while he uses it; it is not his to destroy.
 * Context: any thread; not a signal handler.
 * Return: the cache, of several with this name the newest; NULL when there is none.
 */
struct kmem_cache *kmem_cache_find(const char *name);

/**
 * kmem_cache_for_each - call a function with every cache
 * @visit: the function; it gets the cache and @data, and ends the round by returning something other than 0
 * @data: passed on
 *
 * The newest cache comes first. The cache at hand does not go away during the call, unless @visit itself destroys it:
 * another thread that does so waits, for a second at most. A cache that is created or destroyed by then may or may not be
 * visited. @visit may use, create and destroy caches; it must not throw, longjmp or end the thread.
 * Context: any thread; not a signal handler.
 * Return: what @visit returned last, 0 without any cache; -EINVAL when @visit is NULL, -EBUSY in a signal
 * handler that interrupted the library.
 */
int kmem_cache_for_each(int (*visit)(struct kmem_cache*, void*),
                        void *data);

/**
 * kmem_cache_attr_name - the names of all attributes
 * @index: 0, 1, 2, ...
 *
 * Context: any.
 * Return: the name of an attribute, in alphabetic order; NULL when @index is beyond the last one.
 */
const char *kmem_cache_attr_name(size_t index);

/**
 * kmem_cache_attr_show - read an attribute of a cache
 * @cache: the cache
 * @attribute: the name of a file in /sys/kernel/slab/CACHE: "objects", "partial", "order", ...
 * @buf: where the text goes, with a NUL behind it; may be NULL if @size is 0
 * @size: bytes that @buf has room for; what does not fit is cut off
 *
 * The text is that of Linux 6.12. Three attributes are always those of a kernel without slabs per CPU (Linux 7.0):
 * cpu_partial, cpu_slabs and slabs_cpu_partial are 0. remote_node_defrag_ratio and skip_kfence are kept, and
 * without effect. sheaf_capacity (Linux 6.18) is the number of objects in an array of a thread. Objects in such
 * arrays count as in use, see kmem_cache_usage(). alloc_traces and free_traces (in /sys/kernel/debug/slab/CACHE) exist
 * in caches with SLAB_STORE_USER and say where the live objects were allocated, and freed before that: how often, how
 * many ticks of 4 ms ago (least/mean/most), by which threads and CPUs, and by which calls.
 * Context: any thread; not a signal handler.
 * Return: bytes of the whole text, which may be more than @size; -EINVAL when @cache is not one (with a warning) or
 * @attribute is NULL, -ENOENT when the cache has no such attribute, -ENOMEM without memory for the traces,
 * -EBUSY in a signal handler that interrupted the library.
 */
long kmem_cache_attr_show(struct kmem_cache *cache,
                          const char *attribute,
                          char *buf,
                          size_t size);

/**
 * kmem_cache_attr_store - write to an attribute of a cache
 * @cache: the cache
 * @attribute: the name of a file in /sys/kernel/slab/CACHE
 * @buf: the value as text, as one would echo it to the file, with or without a newline
 * @size: bytes of @buf, not counting a NUL
 *
 * "min_partial" takes the number of partial slabs beyond which an empty one is given up. A 1 to "shrink" does what
 * kmem_cache_shrink() does, and one to "validate", in a cache with a debug flag, what validate_slab_cache() does. A 1 to
 * "failslab" marks the cache for failslab's cache-filter, anything else takes the mark
 * away. "cpu_partial" takes a 0, "remote_node_defrag_ratio" 0 to 100, "skip_kfence" 0 or 1, without effect.
 * Nothing else can be written to. An empty value does nothing.
 * Context: any thread; not a signal handler.
 * Return: @size; -EINVAL when the value is not one for this attribute, -ERANGE when it is too large, -EACCES when the
 * attribute can only be read; and as kmem_cache_attr_show().
 */
long kmem_cache_attr_store(struct kmem_cache *cache,
                           const char *attribute,
                           const char *buf,
                           size_t size);

/**
 * kmem_valid_obj - whether a pointer leads into a slab
 * @object: any pointer at all
 *
 * Linux up to 6.5.
 * Context: any thread or signal handler.
 * Return: whether @object is an address in a slab, of a live object or not; out of date at once if it is not one.
 */
bool kmem_valid_obj(void *object);

/**
 * kmem_dump_obj - print where a pointer comes from
 * @object: any pointer at all
 *
 * Continues the line that the caller has begun with its cache, where its slot starts, how far into the object the
 * pointer leads, and the object's size in bytes. In a cache with SLAB_STORE_USER the calls follow that led to the
 * allocation and to the last free, if there was one. (Linux 6.12; mem_dump_obj() in <linux/mm.h> says something about
 * other pointers, too.)
 * Context: any thread; not a signal handler.
 * Return: whether anything was printed: true for an address in a slab.
 */
bool kmem_dump_obj(void *object);

/**
 * kmem_failslab_get - read the attributes of failslab
 * @attr: gets them; times and space are what is left of them
 *
 * Context: any thread.
 */
void kmem_failslab_get(struct kmem_fault_attr *attr);

/**
 * kmem_failslab_set - make allocations fail, as the kernel's failslab
 * @attr: when they fail; NULL: never, the initial state unless KMEM_CMDLINE has `failslab=`
 *
 * An allocation that is chosen to fail returns NULL (a bulk one 0) after a message `FAULT_INJECTION: forcing a failure.`,
 * without one if it was made with __GFP_NOWARN or attr->verbose is 0. The order of decisions is the kernel's: requests
 * with __GFP_NOFAIL pass; so do those that may sleep while ignore_gfp_wait is true, and those to caches that are not
 * marked while cache_filter is; then an armed kmem_fail_nth() decides alone; then probability, task_filter, times, the
 * stack, space, interval, and chance. Each bulk allocation is one request.
 * As long as failures can come (probability and times are not 0), every call looks at its object and takes a lock;
 * then all is as fast again as it was.
 * Context: any thread; not a signal handler. Takes the arrays of all threads out of use; a thread that is in the middle
 * of an allocation for longer than a second, or any other thread where the system has no membarrier (Linux before 4.14),
 * may go on without failures until its array is empty.
 */
void kmem_failslab_set(const struct kmem_fault_attr *attr);

/**
 * kmem_fail_nth - make one request of the calling thread fail, as the kernel's /proc/self/fail-nth
 * @n: which one: 1 is the next; 0: none
 *
 * Counts requests that pass the first three filters of kmem_failslab_set(), so set ignore_gfp_wait to false to have
 * GFP_KERNEL requests counted. To walk through every failure of a piece of code, call it with @n = 1, 2, ... until the
 * count was not used up. The child of a fork() goes on counting.
 * Context: any thread; not a signal handler.
 * Return: what was left of the last count: 0 means that the request has failed, or there was no count; -ENOMEM when
 * there is no memory to count with, -EBUSY in a signal handler that interrupted the library.
 */
int kmem_fail_nth(unsigned int n);

/**
 * kmem_make_it_fail - take part in failures that are for some threads only
 * @on: whether the calling thread does
 *
 * For kmem_fault_attr.task_filter, as the kernel's /proc/self/make-it-fail. New threads do not take part.
 * Context: any thread; not a signal handler.
 * Return: 1 or 0: whether the thread did before; -ENOMEM when there is no memory to keep that in, -EBUSY in a
 * signal handler that interrupted the library.
 */
int kmem_make_it_fail(bool on);

/**
 * kmem_cache_set_failslab - mark a cache for failures that are for some caches only
 * @cache: the cache
 * @on: whether it is marked
 *
 * For kmem_fault_attr.cache_filter, as the kernel's /sys/kernel/slab/CACHE/failslab. A marked cache is not merged with
 * later creations.
 * Context: any thread; not a signal handler.
 * Return: 0; -EINVAL when several creations share the cache, or @cache is not one; -EBUSY in a signal handler
 * that interrupted the library.
 */
int kmem_cache_set_failslab(struct kmem_cache *cache,
                            bool on);

/**
 * kmem_cache_set_non_kernel - let requests that may not sleep have so many objects, and no more
 * @cache: the cache; one of its own (SLAB_NO_MERGE), or others share the number
 * @val: objects that requests without __GFP_DIRECT_RECLAIM get before they are refused; UINT_MAX: any number, the
 *       initial state unless KMEM_CMDLINE has `kmem.non_kernel=`
 *
 * This and the next six functions have the names and the behaviour of the kernel's userspace test shim, which tests of
 * kernel data structures are written against. A refused request returns NULL in silence. A bulk request for more objects
 * than are left gets none, and leaves none to others. While there is a number, every call on the cache looks at
 * its object and takes a lock.
 * Context: any thread; not a signal handler.
 */
void kmem_cache_set_non_kernel(struct kmem_cache *cache,
                               unsigned int val);

/**
 * kmem_cache_set_callback - have a function called after a refused request
 * @cache: the cache
 * @callback: called at the beginning of the next allocation of one object after kmem_cache_set_non_kernel() had one
 *            refused; NULL for none. It may use the library.
 *
 * Context: any thread.
 */
void kmem_cache_set_callback(struct kmem_cache *cache,
                             void (*callback)(void *private_data));

/**
 * kmem_cache_set_private - set what the function of kmem_cache_set_callback() gets
 * @cache: the cache
 * @private_data: any pointer
 *
 * Context: any thread.
 */
void kmem_cache_set_private(struct kmem_cache *cache, void *private_data);

/**
 * kmem_cache_nr_allocated - objects of a cache that the program has now
 * @cache: the cache
 *
 * The live_objects of kmem_cache_usage(), and as exact.
 * Context: any thread; not a signal handler.
 * Return: the number of objects; 0 with a warning when @cache is not one.
 */
unsigned long kmem_cache_nr_allocated(struct kmem_cache *cache);

/**
 * kmem_cache_get_alloc - bytes of a cache's objects that the program has now
 * @cache: the cache
 *
 * Context: as kmem_cache_nr_allocated().
 * Return: kmem_cache_nr_allocated() times kmem_cache_size().
 */
unsigned long kmem_cache_get_alloc(struct kmem_cache *cache);

/**
 * kmem_cache_nr_tallocated - objects handed out since kmem_cache_zero_nr_tallocated()
 * @cache: the cache
 *
 * Counting begins with the first call of this or kmem_cache_zero_nr_tallocated() for the cache.
 * Context: as kmem_cache_zero_nr_tallocated().
 * Return: the number of objects, those that came back included; 0 with a warning when @cache is not one.
 */
unsigned long kmem_cache_nr_tallocated(struct kmem_cache *cache);

/**
 * kmem_cache_zero_nr_tallocated - begin to count the objects that a cache hands out
 * @cache: the cache
 *
 * From the first call on, every call on the cache looks at its object and takes a lock.
 * Context: any thread; not a signal handler.
 */
void kmem_cache_zero_nr_tallocated(struct kmem_cache *cache);

/**
 * kmem_rcu_unregister - undo kmem_rcu_register()
 * @flavor: a read-copy update that has no reader any more; NULL and one that is not registered are ignored
 *
 * When it returns, poll is not called any more, and no thread is in it: that is waited for. Ignored while the process exits.
 * Context: any thread, without a lock that poll takes; not a signal handler, and not poll. May sleep.
 */
void kmem_rcu_unregister(struct kmem_rcu_flavor *flavor);

/**
 * kmem_rcu_register - have the readers of a read-copy update waited for
 * @flavor: a structure of the program that stays where it is until kmem_rcu_unregister()
 *
 * As in Linux the pages of a cache with SLAB_TYPESAFE_BY_RCU are given to nobody else until all readers are done that were
 * there when their last object was freed, though the cache be destroyed meanwhile; objects are free for the same cache
 * at once. linux/rcupdate.h registers the read-copy update that it brings, when a thread reads for the first time, and
 * liburcu, if its header was read before. Programs that have another one register it here, before its first reader
 * begins; that again is harmless. With none registered nothing is waited for. All are waited for, one after the
 * other, and never by a thread that calls: pages stay until a later call finds that their readers are done.
 *
 * poll is called with may_sleep from kmem_rcu_settle(), kmem_cache_shrink(), kmem_cache_destroy(), kmem_reclaim(), and from
 * allocations with __GFP_DIRECT_RECLAIM that need a slab (as in Linux these are made with locks of the program held); without
 * from any allocation or free. Where it needs call_rcu() or the like, it sets a flag in its callback, and has that call
 * kmem_rcu_settle().
 * Context: any thread; not a signal handler.
 * Return: 0; -EINVAL when @flavor or its poll is NULL; -ENOMEM when 64 are registered: then no such page is ever given
 * away.
 */
int kmem_rcu_register(struct kmem_rcu_flavor *flavor);

/**
 * kmem_rcu_settle - give away the pages of SLAB_TYPESAFE_BY_RCU caches that no reader can see any more
 *
 * Asks all that were registered with kmem_rcu_register() whether their readers are done, without waiting for a reader.
 * linux/rcupdate.h's rcu_barrier() does so when it has waited.
 * Context: any thread; not a signal handler, and not poll. May sleep.
 * Return: bytes of pages that wait for readers. They are among the slab_bytes of kmem_usage().
 */
size_t kmem_rcu_settle(void);

/**
 * kmem_shrinker_free - unregister a shrinker that kmem_shrinker_alloc() made, and free it
 * @shrinker: the shrinker; NULL is ignored
 *
 * When it returns, no callback of the shrinker runs. A callback may free its own shrinker: then it is the last call.
 * Context: any thread; not a signal handler. May sleep.
 */
void kmem_shrinker_free(struct shrinker *shrinker);

/**
 * kmem_shrinker_alloc - make a shrinker (Linux 6.7: shrinker_alloc())
 * @flags: SHRINKER_* flags
 *
 * Fill in the callbacks, then pass it to kmem_shrinker_register().
 * Context: any thread; not a signal handler.
 * Return: the shrinker, with default values; NULL when there is no memory.
 */
struct shrinker *kmem_shrinker_alloc(unsigned int flags);

/**
 * kmem_shrinker_register - have a shrinker called when memory is needed (Linux 6.7: shrinker_register())
 * @shrinker: what kmem_shrinker_alloc() made, with both callbacks; another one is refused with a message
 *
 * Takes no memory: kmem_shrinker_alloc() has taken all that it needs.
 * Context: any thread; not a signal handler.
 */
void kmem_shrinker_register(struct shrinker *shrinker);

/**
 * kmem_register_shrinker - have a shrinker called when memory is needed (until 6.6: register_shrinker())
 * @shrinker: a structure of the program that stays where it is, with both callbacks, and zeroes where nothing else is
 *            meant
 *
 * Context: any thread; not a signal handler.
 * Return: 0; -ENOMEM when there is no memory; -EINVAL when a callback is missing or it is registered already;
 * -EBUSY in a signal handler that interrupted the library.
 */
int kmem_register_shrinker(struct shrinker *shrinker);

/**
 * kmem_unregister_shrinker - undo kmem_register_shrinker()
 * @shrinker: the shrinker; ignored if it is not registered
 *
 * When it returns, no callback of the shrinker runs. A callback may unregister its own shrinker: then it is the last
 * call.
 * Context: any thread; not a signal handler. May sleep.
 */
void kmem_unregister_shrinker(struct shrinker *shrinker);

/**
 * validate_slab_cache - look for damage in a cache's slabs
 * @cache: the cache
 *
 * Checks what the cache's debug flags have written: red zones, poison, padding and the free pointers, of free and of
 * live objects, in all slabs with a free object and, with SLAB_STORE_USER, in full ones too. What is damaged is
 * reported and repaired, in each slab up to the first bad object (Linux 6.12). A cache without a debug flag has
 * nothing to check.
 * Context: any thread; not a signal handler. Others may go on to use the cache.
 * Return: the number of slabs looked at; 0 with a warning when @cache is not one.
 */
long validate_slab_cache(struct kmem_cache *cache);

/**
 * kmem_validate - look for damage in the slabs of all caches
 *
 * As validate_slab_cache(), for each cache in turn.
 * Context: as validate_slab_cache().
 * Return: the number of slabs looked at. What was wrong is in the log, and counted: see kmem_errors().
 */
long kmem_validate(void);

/**
 * kmem_set_log_handler - send all later messages to a function of the program
 * @handler: gets @data, the level (0 emergency to 7 debug, -1 for the continuation of a line), the text, which
 *           is not NUL-terminated, and its length in bytes; NULL, the initial state, for the file that `kmem.log=PATH`
 *           in KMEM_CMDLINE names, or standard error
 * @data: passed on to @handler
 *
 * The handler may be called by several threads at a time. It may use the library; a message that this causes in the
 * same thread goes where it would without a handler. It must return.
 * Without one, a message is lost that standard error or the file does not take within a second (a full pipe that
 * does not block, a full disk); how many were is said when the next one gets through.
 *
 * Context: any thread. Set it before other threads print, else a message may get the old handler with the
 * new data.
 */
void kmem_set_log_handler(void (*handler)(void *data, int level, const char *text, size_t len),
                          void *data);

/**
 * kmem_set_panic_handler - have a function called when the library, or kmem_panic(), gives up
 * @handler: gets the message; it may leave in its own way (_exit(), longjmp()), and if it returns the process
 *           aborts; NULL for none, the initial state
 *
 * A report under `kmem.panic_on_bug=1` reaches the handler when the call that made it holds nothing: everything is usable
 * after a longjmp(). In a constructor, shrinker, log handler, mempool function or the like it does so when the call is done
 * that called the function. kmem_panic() and SLAB_PANIC come at once: a longjmp() out of such a function leaves the thread
 * with cancellation disabled, and what the call had in its hands is lost; a cache may not go away any more, a thread's
 * arrays not be taken out, and forks may wait for them for 0.1 s to 1 s.
 * Context: any thread. The handler runs in the thread that failed.
 */
void kmem_set_panic_handler(void (*handler)(const char *text));

/**
 * kmem_dump_stack - print the CPU, the task and the calls that led here, as the kernel's dump_stack()
 *
 * Context: any thread; not a signal handler. Reads symbol tables from files.
 */
void kmem_dump_stack(void);

/**
 * kmem_bug - report a bug at a place in the program and abort: the body of BUG()
 * @file: name of the source file
 * @line: line in it
 *
 * Context: any thread.
 * Return: does not return.
 */
void kmem_bug(const char *file, int line) KMEM_NORETURN;

/**
 * kmem_kmalloc - allocate memory: kmalloc()
 * @size: bytes; 0 gives ZERO_SIZE_PTR
 * @flags: GFP flags; __GFP_ZERO clears the memory, __GFP_NOFAIL waits for it, __GFP_NOWARN is silent
 *
 * Sizes of a power of two are aligned to it, 96 to 32, 192 to 64, those above 8192 to a page at least.
 * Context: any thread, and a constructor; a signal handler with GFP_ATOMIC or GFP_NOWAIT (docs/guarantees.md). May sleep on
 * a lock.
 * Return: the memory, or NULL when there is none, and for sizes above KMALLOC_MAX_SIZE (4 MiB; with a warning).
 *
 */
void *kmem_kmalloc(size_t size,
                   gfp_t flags)
KMEM_DIRECT KMEM_OF_KMALLOC;

/**
 * kmem_kzalloc - allocate memory filled with zeroes: kzalloc()
 * @size: bytes; 0 gives ZERO_SIZE_PTR
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmalloc().
 *
 */
void *kmem_kzalloc(size_t size, gfp_t flags) KMEM_DIRECT KMEM_OF_KMALLOC;

/**
 * kmem_kmalloc_class - kmalloc() of a size that is known at compile time
 * @place: which cache, as the header computes it from size and flags: for the header alone
 * @flags: GFP flags
 * @size: bytes, 1 to 8192
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmalloc().
 *
 */
void *kmem_kmalloc_class(size_t place, gfp_t flags, size_t size) KMEM_DIRECT KMEM_OF_KMALLOC;

/**
 * kmem_kmalloc_node - allocate memory near a memory node: kmalloc_node()
 * @size: bytes; 0 gives ZERO_SIZE_PTR
 * @flags: GFP flags
 * @node: node number, -1 for any; there is one node, 0
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmalloc().
 *
 */
void *kmem_kmalloc_node(size_t size, gfp_t flags, int node) KMEM_DIRECT KMEM_OF_KMALLOC;

/**
 * kmem_kmalloc_array - allocate memory for an array: kmalloc_array(), and with __GFP_ZERO kcalloc()
 * @n: elements
 * @size: bytes of each
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmalloc(), and NULL without a message when the product is too large for a size_t.
 *
 */
void *kmem_kmalloc_array(size_t n, size_t size, gfp_t flags) KMEM_DIRECT KMEM_OF_KMALLOC;

/**
 * kmem_krealloc - change the size of an allocation: krealloc()
 * @object: from the kmalloc() family; NULL or ZERO_SIZE_PTR: allocate
 * @size: bytes; 0 frees, and returns ZERO_SIZE_PTR
 * @flags: GFP flags. With __GFP_ZERO in this call and all before, what is beyond the old size is zero
 *
 * Stays where it is as long as @size is at most ksize(); otherwise the contents move.
 * Context: as kmem_kmalloc().
 * Return: the memory, or NULL when there is none; @object is then as it was.
 */
void *kmem_krealloc(const void *object,
                    size_t size,
                    gfp_t flags);

/**
 * kmem_krealloc_array - change the size of an array: krealloc_array()
 * @object: as for kmem_krealloc()
 * @n: elements
 * @size: bytes of each
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_krealloc(), and NULL without a message when the product is too large for a size_t.
 */
void *kmem_krealloc_array(void *object,
                          size_t n,
                          size_t size,
                          gfp_t flags);

/**
 * kmem_ksize - the bytes that an allocation really has: ksize()
 * @object: as for kmem_kfree()
 *
 * Context: any thread or signal handler. With the debug flag U, a handler that interrupted the library is told the size
 * that was asked for.
 * Return: bytes; 0 for NULL and ZERO_SIZE_PTR, and with a warning for an address that is not the library's.
 */
size_t kmem_ksize(const void *object);

/**
 * kmem_kmalloc_size_roundup - what kmem_ksize() of an allocation would be: kmalloc_size_roundup()
 * @size: bytes
 *
 * Context: any.
 * Return: bytes; @size itself when it is 0 or more than can be allocated.
 */
size_t kmem_kmalloc_size_roundup(size_t size);

/**
 * kmem_buckets_create - create a set of caches for allocations of one purpose
 * @name: the caches are called NAME-8 to NAME-8k, with its first 1000 bytes if it is longer
 * @flags: SLAB_* flags; the caches are never merged
 * @useroffset: start of the part that may be copied to user space, in bytes
 * @usersize: length of that part in bytes
 * @ctor: constructor, or NULL
 *
 * Sets cannot be destroyed (Linux 6.12).
 * Context: any thread; not a signal handler. May sleep.
 * Return: the set, or NULL on failure.
 */
struct kmem_buckets *kmem_buckets_create(const char *name,
                                         slab_flags_t flags,
                                         unsigned int useroffset,
                                         unsigned int usersize,
                                         kmem_ctor_t ctor);

/**
 * kmem_buckets_alloc - allocate memory from a set of caches
 * @set: the set; NULL is the one of kmalloc()
 * @size: bytes; 0 gives ZERO_SIZE_PTR, more than 8192 come from pages
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmalloc().
 *
 */
void *kmem_buckets_alloc(struct kmem_buckets *set, size_t size, gfp_t flags) KMEM_OF_KMALLOC;

/**
 * kmem_buckets_valloc - allocate memory from a set of caches, by pages if that is easier
 * @set: the set; NULL is the one of kmalloc()
 * @size: bytes; 0 gives ZERO_SIZE_PTR
 * @flags: GFP flags
 *
 * Free with kmem_kvfree().
 * Context: as kmem_kmalloc().
 * Return: as kmem_kvmalloc().
 */
void *kmem_buckets_valloc(struct kmem_buckets *set, size_t size, gfp_t flags);

/**
 * kmem_vfree - free memory of kmem_vmalloc(): vfree()
 * @object: the memory; NULL is ignored
 *
 * Any other address is reported and left alone.
 * Context: any thread; not a signal handler.
 */
void kmem_vfree(const void *object);

/**
 * kmem_vmalloc - allocate whole pages: vmalloc()
 * @size: bytes, more than 0
 * @flags: GFP flags
 *
 * Aligned to a page, and up to 4 MiB to the next power of two. Contiguous, and without a guard page.
 * Context: any thread; not a signal handler. May sleep.
 * Return: the memory, or NULL when there is none, with a message unless __GFP_NOWARN is set.
 *
 */
void *kmem_vmalloc(size_t size,
                   gfp_t flags)
KMEM_OF_VMALLOC;

/**
 * kmem_vrealloc - change the size of an allocation of kmem_vmalloc(): vrealloc()
 * @object: the memory; NULL: allocate
 * @size: bytes; 0 frees, and returns NULL
 * @flags: GFP flags, __GFP_ZERO as in kmem_krealloc()
 *
 * Context: as kmem_vmalloc().
 * Return: the memory, or NULL when there is none; @object is then as it was.
 */
void *kmem_vrealloc(const void *object, size_t size, gfp_t flags);

/**
 * kmem_is_vmalloc_addr - whether an address lies in memory of kmem_vmalloc(): is_vmalloc_addr()
 * @object: any address
 *
 * Context: any.
 */
bool kmem_is_vmalloc_addr(const void *object);

/**
 * kmem_kvmalloc - allocate memory, by pages if that is easier: kvmalloc()
 * @size: bytes; 0 gives ZERO_SIZE_PTR
 * @flags: GFP flags; only a request that may sleep falls back to pages (Linux 6.12)
 * @node: node number, -1 for any; there is one node, 0
 *
 * Context: as kmem_kmalloc().
 * Return: the memory, or NULL when there is none, and for sizes above INT_MAX (with a warning).
 *
 */
void *kmem_kvmalloc(size_t size, gfp_t flags, int node) KMEM_OF_KVMALLOC;

/**
 * kmem_kvmalloc_array - the same for an array: kvmalloc_array(), and with __GFP_ZERO kvcalloc()
 * @n: elements
 * @size: bytes of each
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kvmalloc(), and NULL without a message when the product is too large for a size_t.
 *
 */
void *kmem_kvmalloc_array(size_t n,
                          size_t size,
                          gfp_t flags)
KMEM_OF_KVMALLOC;

/**
 * kmem_kvrealloc - change the size of an allocation of either kind: kvrealloc()
 * @object: the memory; NULL or ZERO_SIZE_PTR: allocate
 * @size: bytes; 0 frees
 * @flags: GFP flags, __GFP_ZERO as in kmem_krealloc()
 *
 * Context: as kmem_kmalloc().
 * Return: the memory, or NULL when there is none; @object is then as it was.
 */
void *kmem_kvrealloc(const void *object, size_t size, gfp_t flags);

/**
 * kmem_free_pages - give pages back: free_pages(), __free_pages()
 * @pages: address of the first; NULL is ignored
 *
 * Any other address is reported and left alone.
 * Context: any thread; not a signal handler.
 */
void kmem_free_pages(void *pages);

/**
 * kmem_alloc_pages - allocate 2^order pages: __get_free_pages(), alloc_pages()
 * @order: 0 to 10
 * @flags: GFP flags
 *
 * Aligned to their size.
 * Context: any thread; not a signal handler.
 * Return: the address of the first page, or NULL when there is no memory.
 *
 */
void *kmem_alloc_pages(unsigned int order, gfp_t flags) KMEM_FREED_BY(kmem_free_pages, 1);

/**
 * kmem_kmemdup - copy memory into an allocation: kmemdup()
 * @source: what to copy
 * @bytes: how much
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: the copy, ZERO_SIZE_PTR for no bytes, or NULL when there is no memory.
 *
 */
void *kmem_kmemdup(const void *source, size_t bytes, gfp_t flags) KMEM_OF_KMALLOC;

/**
 * kmem_kvmemdup - copy memory into an allocation of kmem_kvmalloc(): kvmemdup()
 * @source: what to copy
 * @bytes: how much
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: as kmem_kmemdup().
 *
 */
void *kmem_kvmemdup(const void *source, size_t bytes, gfp_t flags) KMEM_OF_KVMALLOC;

/**
 * kmem_kmemdup_nul - copy memory and put a NUL behind it: kmemdup_nul()
 * @source: what to copy; NULL gives NULL
 * @bytes: how much, without the NUL
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: the copy, or NULL when there is no memory.
 *
 */
char *kmem_kmemdup_nul(const char *source, size_t bytes, gfp_t flags) KMEM_OF_KMALLOC;

/**
 * kmem_kstrdup - copy a string: kstrdup()
 * @text: the string; NULL gives NULL
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: the copy, or NULL when there is no memory.
 *
 */
char *kmem_kstrdup(const char *text, gfp_t flags) KMEM_OF_KMALLOC;

/**
 * kmem_kstrndup - copy the beginning of a string: kstrndup()
 * @text: the string; NULL gives NULL
 * @most: bytes to copy at most, without the NUL
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc().
 * Return: the copy, with a NUL in any case, or NULL when there is no memory.
 *
 */
char *kmem_kstrndup(const char *text, size_t most, gfp_t flags) KMEM_OF_KMALLOC;

/**
 * kmem_kstrdup_const - a string that lasts, copied only if it must be: kstrdup_const()
 * @text: the string; NULL gives NULL
 * @flags: GFP flags
 *
 * Context: as kmem_kmalloc(). Takes the loader's lock for a moment.
 * Return: @text itself if it lies in memory of the program that cannot be written to, like a string literal; else a copy (also
 * of a library's literal, which goes with its library), or NULL when there is no memory. Free with kmem_kfree_const().
 */
const char *kmem_kstrdup_const(const char *text,
                               gfp_t flags);

/**
 * kmem_mempool_exit - empty a pool of kmem_mempool_init(): mempool_exit()
 * @pool: the pool; one that is all zeroes is left alone
 *
 * Context: any thread, no call on this pool under way in another.
 */
void kmem_mempool_exit(struct mempool_s *pool);

/**
 * kmem_mempool_init - initialise a pool in memory of the program: mempool_init()
 * @pool: where
 * @min_nr: elements to keep in reserve
 * @alloc_fn: makes an element
 * @free_fn: disposes of one
 * @pool_data: what both get
 * @flags: GFP flags for the reserve
 *
 * Neither function is called with a lock held.
 * Context: any thread; not a signal handler.
 * Return: 0, or -ENOMEM when the reserve cannot be filled.
 */
int kmem_mempool_init(struct mempool_s *pool,
                      int min_nr,
                      mempool_alloc_t alloc_fn,
                      mempool_free_t free_fn,
                      void *pool_data,
                      gfp_t flags);

/**
 * kmem_mempool_destroy - empty a pool of kmem_mempool_create() and free it: mempool_destroy()
 * @pool: the pool; NULL is ignored
 *
 * Context: as kmem_mempool_exit().
 */
void kmem_mempool_destroy(struct mempool_s *pool);

/**
 * kmem_mempool_create - create a pool: mempool_create()
 * @min_nr: elements to keep in reserve
 * @alloc_fn: makes an element
 * @free_fn: disposes of one
 * @pool_data: what both get
 * @flags: GFP flags for the reserve
 *
 * Context: as kmem_mempool_init().
 * Return: the pool, or NULL when the reserve cannot be filled.
 *
 */
struct mempool_s *kmem_mempool_create(int min_nr,
                                      mempool_alloc_t alloc_fn,
                                      mempool_free_t free_fn,
                                      void *pool_data,
                                      gfp_t flags)
KMEM_FREED_BY(kmem_mempool_destroy, 1);

/**
 * kmem_mempool_resize - change how many elements a pool keeps: mempool_resize()
 * @pool: the pool
 * @min_nr: elements to keep in reserve, more than 0
 *
 * Context: any thread; may run beside allocations and frees, not beside another resize.
 * Return: 0; also when a larger reserve could not be filled: frees will; -ENOMEM when there is no memory for
 * its array; -EINVAL when @pool is NULL, or with a warning when @min_nr is not more than 0; -EBUSY in a signal handler
 * that interrupted the library.
 */
int kmem_mempool_resize(struct mempool_s *pool,
                        int min_nr);

/**
 * kmem_mempool_alloc - allocate an element: mempool_alloc()
 * @pool: the pool
 * @flags: GFP flags. With __GFP_DIRECT_RECLAIM the call waits until it has an element
 *
 * Asks the pool's function first, then takes from the reserve. Elements of the reserve are as they were freed.
 * Context: any thread; not a signal handler.
 * Return: the element; NULL only without __GFP_DIRECT_RECLAIM.
 */
void *kmem_mempool_alloc(struct mempool_s *pool,
                         gfp_t flags);

/**
 * kmem_mempool_alloc_preallocated - take an element of the reserve: mempool_alloc_preallocated()
 * @pool: the pool
 *
 * Context: any thread; never sleeps.
 * Return: the element, or NULL when the reserve is empty.
 */
void *kmem_mempool_alloc_preallocated(struct mempool_s *pool);

/**
 * kmem_mempool_free - give an element back: mempool_free()
 * @element: the element; NULL is ignored
 * @pool: the pool
 *
 * Fills the reserve first. Context: any thread; not a signal handler.
 */
void kmem_mempool_free(void *element, struct mempool_s *pool);

/**
 * kmem_mempool_alloc_slab - makes elements from a cache, for a pool: mempool_alloc_slab()
 * @flags: GFP flags
 * @pool_data: the cache
 */
void *kmem_mempool_alloc_slab(gfp_t flags, void *pool_data);

/**
 * kmem_mempool_free_slab - their counterpart: mempool_free_slab()
 * @element: the element
 * @pool_data: the cache
 */
void kmem_mempool_free_slab(void *element, void *pool_data);

/**
 * kmem_mempool_kmalloc - makes elements with kmalloc(), for a pool: mempool_kmalloc()
 * @flags: GFP flags
 * @pool_data: their size in bytes
 */
void *kmem_mempool_kmalloc(gfp_t flags, void *pool_data);

/**
 * kmem_mempool_kfree - their counterpart: mempool_kfree()
 * @element: the element
 * @pool_data: not used
 */
void kmem_mempool_kfree(void *element, void *pool_data);

/**
 * kmem_mempool_kvmalloc - makes elements with kvmalloc(), for a pool: mempool_kvmalloc()
 * @flags: GFP flags
 * @pool_data: their size in bytes
 */
void *kmem_mempool_kvmalloc(gfp_t flags, void *pool_data);

/**
 * kmem_mempool_kvfree - their counterpart: mempool_kvfree()
 * @element: the element
 * @pool_data: not used
 */
void kmem_mempool_kvfree(void *element, void *pool_data);

/**
 * kmem_mempool_alloc_pages - makes elements of whole pages, for a pool: mempool_alloc_pages()
 * @flags: GFP flags
 * @pool_data: their order
 */
void *kmem_mempool_alloc_pages(gfp_t flags, void *pool_data);

/**
 * kmem_mempool_free_pages - their counterpart: mempool_free_pages()
 * @element: the pages
 * @pool_data: their order, not used
 */
void kmem_mempool_free_pages(void *element, void *pool_data);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* KMEM_H */

#include "kmem/create.h"

#ifdef KMEM_INLINE
#include "kmem/inline.h"
#endif

#include "kmem/kmalloc.h"
