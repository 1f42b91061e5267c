// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cache creation flags, with the values that Linux had up to 6.8 (later kernels number them by configuration,
//! so only the names are portable).

/// The type of a set of SLAB_* flags.
#[allow(non_camel_case_types, reason = "the kernel's name, seen in C")]
pub type slab_flags_t = u32;

/// Check objects and slabs at every allocation and free (SLAB_DEBUG_FREE before 4.6).
pub const SLAB_CONSISTENCY_CHECKS: slab_flags_t = 1 << 8;
/// Put red zones before and after each object.
pub const SLAB_RED_ZONE: slab_flags_t = 1 << 10;
/// Fill free objects and padding with known bytes.
pub const SLAB_POISON: slab_flags_t = 1 << 11;
/// Marks a cache of the kmalloc family; with SLAB_STORE_USER the requested size is kept per object.
pub const SLAB_KMALLOC: slab_flags_t = 1 << 12;
/// Align objects to the cache line, or to the half, quarter, ... of it that still holds one.
pub const SLAB_HWCACHE_ALIGN: slab_flags_t = 1 << 13;
/// Slabs from the DMA zone. Kept apart from other caches, otherwise without effect here.
pub const SLAB_CACHE_DMA: slab_flags_t = 1 << 14;
/// Slabs from the DMA32 zone. Kept apart from other caches, otherwise without effect here.
pub const SLAB_CACHE_DMA32: slab_flags_t = 1 << 15;
/// Remember who allocated and who freed each object.
pub const SLAB_STORE_USER: slab_flags_t = 1 << 16;
/// Objects are reclaimable; such caches merge only with their like.
pub const SLAB_RECLAIM_ACCOUNT: slab_flags_t = 1 << 17;
/// A failed creation ends the process.
pub const SLAB_PANIC: slab_flags_t = 1 << 18;
/// Objects stay of their type: freeing one leaves its bytes alone (SLAB_DESTROY_BY_RCU before 4.12).
pub const SLAB_TYPESAFE_BY_RCU: slab_flags_t = 1 << 19;
/// Accepted and ignored (spread over NUMA nodes by the SLAB allocator of old).
pub const SLAB_MEM_SPREAD: slab_flags_t = 1 << 20;
/// Print each allocation and free.
pub const SLAB_TRACE: slab_flags_t = 1 << 21;
/// The cache serves the kernel's object debugging itself; without effect here.
pub const SLAB_DEBUG_OBJECTS: slab_flags_t = 1 << 22;
/// Not to be scanned for leaks; a global `slab_debug=U` passes such a cache by.
pub const SLAB_NOLEAKTRACE: slab_flags_t = 1 << 23;
/// Never merge this cache with another.
pub const SLAB_NO_MERGE: slab_flags_t = 1 << 24;
/// Marked for failure injection. Not accepted by creation: set by `slab_debug=A`.
pub const SLAB_FAILSLAB: slab_flags_t = 1 << 25;
/// Charge every object to the memory cgroup; such caches merge only with their like.
pub const SLAB_ACCOUNT: slab_flags_t = 1 << 26;
/// Set by KASAN. Not accepted by creation.
pub const SLAB_KASAN: slab_flags_t = 1 << 27;
/// `slab_debug=` does not apply to this cache.
pub const SLAB_NO_USER_FLAGS: slab_flags_t = 1 << 28;
/// Never sampled by KFENCE. Not accepted by creation.
pub const SLAB_SKIP_KFENCE: slab_flags_t = 1 << 29;

const CORE: slab_flags_t = SLAB_HWCACHE_ALIGN
    | SLAB_CACHE_DMA
    | SLAB_CACHE_DMA32
    | SLAB_PANIC
    | SLAB_TYPESAFE_BY_RCU
    | SLAB_DEBUG_OBJECTS;
const CACHE: slab_flags_t = SLAB_NOLEAKTRACE
    | SLAB_RECLAIM_ACCOUNT
    | SLAB_ACCOUNT
    | SLAB_NO_USER_FLAGS
    | SLAB_KMALLOC
    | SLAB_NO_MERGE;

/// Flags that take a cache off the fast path.
pub(crate) const DEBUG: slab_flags_t =
    SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_TRACE | SLAB_CONSISTENCY_CHECKS;
/// Debug flags that store something beside the object.
pub(crate) const METADATA: slab_flags_t = SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER;
/// Flags that a creator may pass; any other bit is -EINVAL.
pub(crate) const PERMITTED: slab_flags_t = CORE | DEBUG | CACHE | SLAB_MEM_SPREAD;
/// Flags that a created cache keeps; permitted ones outside this set are dropped silently.
pub(crate) const CREATE_MASK: slab_flags_t = CORE | DEBUG | CACHE;
/// A cache with one of these never merges (Linux 6.12).
pub(crate) const NEVER_MERGE: slab_flags_t = SLAB_RED_ZONE
    | SLAB_POISON
    | SLAB_STORE_USER
    | SLAB_TRACE
    | SLAB_TYPESAFE_BY_RCU
    | SLAB_NOLEAKTRACE
    | SLAB_FAILSLAB
    | SLAB_NO_MERGE;
/// Merging caches agree in these (Linux 6.12).
pub(crate) const MERGE_SAME: slab_flags_t =
    SLAB_RECLAIM_ACCOUNT | SLAB_CACHE_DMA | SLAB_CACHE_DMA32 | SLAB_ACCOUNT;
