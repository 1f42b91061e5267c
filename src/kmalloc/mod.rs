// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kmalloc family: memory by size, without a cache of the program's own.
//!
//! | file | concept |
//! |---|---|
//! | `class` | size classes, kinds, and the handles of the caches behind them |
//! | `caches` | creation of those caches, when the first is needed |
//! | `large` | runs of pages: large kmalloc, vmalloc, pages |
//! | `alloc` | kmalloc and kvmalloc beyond the fast path |
//! | `free` | kfree, kvfree, vfree: from an address alone to what it belongs to |
//! | `resize` | ksize, krealloc, kvrealloc |
//! | `copy` | duplicates of strings and memory |
//! | `buckets` | sets of caches, one for each class |
//! | `mempool` | reserves of elements |
//!
//! # How a size finds its cache
//! The caches are ordinary ones, of thirteen classes in four kinds (plain, `cg`, `rcl`, `dma`). Their handles
//! have numbers that are kept for them, so the handle of a class is the start of the first run of handles
//! plus a constant: a table of 1024 bytes leads from a size to it, and a C program that knows the size at
//! compile time computes it there. From the handle on everything is as in `kmem_cache_alloc`: the thread's
//! sheaf, the barn, the slabs.
//!
//! # How an address finds its cache
//! Every page has a byte with the number of its owner's handle (`page::owner`), so a free pushes into the
//! sheaf of the class without looking at the slab. Where the byte says nothing, the page's tag does: a slab
//! of some other cache, or a run of pages and its kind. Where that says nothing either, the address is not
//! ours: a report in the kernel's words, or with `kmem.foreign_free=libc` the C library's `free`.
//!
//! # Differs from the kernel because
//! * The caches are created when the family is first used. In slabinfo they stand where Linux has them all
//!   the same, below every cache of the program, and like Debian's (hardened usercopy) they never merge.
//! * A large allocation is a run of pages with a tag that says so; there is no page structure. An address
//!   inside one is reported when it is freed, where Linux frees the whole.
//! * vmalloc serves up to 4 MiB from the same runs, so its memory is contiguous and has no guard page behind
//!   it.

mod alloc;
mod buckets;
mod caches;
mod class;
mod copy;
mod free;
mod large;
pub(crate) mod mempool;
mod resize;

pub(crate) use alloc::{kmalloc, kvmalloc};
pub(crate) use buckets::{Asked, Buckets, buckets_alloc, buckets_create};
pub(crate) use caches::{hold_for_fork, let_go_after_fork};
pub(crate) use class::{MAX_CACHED, class_bytes, handle_at, is_special, plain_handle};
pub(crate) use copy::{memdup, memdup_nul, strdup, strdup_const, strndup, vasprintf, vasprintf_const};
pub(crate) use free::{
    free_const, free_sensitive, kfree, kfree_bulk, kvfree, kvfree_sensitive, page_free, vfree,
};
pub(crate) use large::{alloc_pages, vmalloc};
pub(crate) use resize::{clearable, is_vmalloc, krealloc, ksize, kvrealloc, size_roundup, vrealloc};

use core::ptr::NonNull;

/// What an allocation of no bytes returns: not NULL, not memory.
pub(crate) const ZERO_SIZE: usize = 16;

/// `ZERO_SIZE_PTR`.
pub(crate) fn zero_size_ptr() -> NonNull<u8> {
    NonNull::without_provenance(const { core::num::NonZero::new(ZERO_SIZE).unwrap() })
}
