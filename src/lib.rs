// SPDX-License-Identifier: MIT OR Apache-2.0
//! libkmem: the Linux slab allocator as a userspace library.
//!
//! # Floors
//! A module names only what stands below it (`tests/layers.rs` checks). From the roof down:
//!
//! | floor | what it knows |
//! |---|---|
//! | `capi` | C: arguments to types, one call, the result to C |
//! | `stats` | what the library says about itself: slabinfo, usage, attributes |
//! | `kmalloc` | memory by size: kmalloc, vmalloc, pages, mempools |
//! | `cache` | caches: create, merge, alloc, free, shrink, destroy; the slab mutex |
//! | `debug` | byte patterns in objects, and reports about them |
//! | `slab` | one slab, object layout, the slabs of a cache under its list lock |
//! | `fault` | allocations that are made to fail: which, by whose wish |
//! | `sheaf` | arrays of free objects per thread and cache, and the barn where threads trade them |
//! | `page` | memory: the arena, page runs, page tags, the library's own heap |
//! | `param` | boot options from `KMEM_CMDLINE` |
//! | `printk` | messages: the log, the kernel's formats, WARN, stack dumps, panic |
//! | `sync` | locks, and the lock order |
//! | `sys` | the operating system |
//! | `abi` | numbers and structures shared with C |
//!
//! # Life of one object
//! 1. `kmem_cache_create` ([`capi::create`]) collects its arguments; `cache::create` checks them, looks for a
//!    cache to share (`cache::merge`), and otherwise calculates a layout (`slab::layout`) and registers a
//!    descriptor (`slab::cache`) under the slab mutex. No memory for objects is taken yet.
//! 2. The first `kmem_cache_alloc` finds no partial slab. `cache::refill` has `slab::source` take a page run
//!    from the arena's object zone and a record from the heap, and tag the pages with the record; then, with
//!    no lock held, it writes debug patterns and runs the constructor on every object, and puts the slab on
//!    the partial list.
//! 3. `slab::node` takes the lowest free bits of the first partial slab under the list lock: one object for
//!    the caller, and an array full for the thread's sheaf (`sheaf::trade`). The next allocations pop from
//!    that: `sheaf::fast`, 20 instructions, and nothing else is touched. (Caches with a debug flag have no
//!    sheaves: `debug::alloc` takes the object, checks it and sets it up.)
//! 4. `kmem_cache_free` pushes the object into the thread's sheaf. A full sheaf is traded for an empty one at
//!    the cache's barn. What the barn does not want goes back: `cache::free` finds the slab by the page's
//!    tag, the object by its offset, and sets its bit under the list lock, unless the pointer is wrong in one
//!    of the ways that it reports.
//! 5. A slab that became empty stays while its node has few partial slabs; else, or at `kmem_cache_shrink`,
//!    its pages go back to the zone, and from there to the system when they have lain idle for a while, or at
//!    a purge. What lies idle in sheaves and barns decays in the same steps (`cache::shrink`, `page::decay`).
//! 6. `kmem_cache_destroy` takes the descriptor off the registry and gives everything back, or reports what
//!    is left.
//!
//! # Where to read next
//! `slab/mod.rs` (what guards what), `page/mod.rs` (where memory comes from), `sync/mod.rs` (lock order),
//! then ARCHITECTURE.md for the decisions and their reasons.
//!
//! # Words
//! *Cache*: objects of one kind. *Slab*: a run of pages cut into objects. *Object*: what the program gets.
//! *Slot*: an object with its red zones and metadata. *Stride*: bytes from slot to slot. *Order*: log2 of a
//! slab's pages. *Partial*: a slab with both free and live objects, or an empty one that is kept. *Record*: a
//! slab's metadata. *Sheaf*: an array of free objects. *Barn*: where threads trade sheaves. *Ledger*: what a
//! debug cache's slab keeps besides. *Tag*: the number on a page that leads to its record. *Zone*, *block*:
//! the page allocator's units. *Node*: the slabs of one cache under its list lock. *Arena*: all the address
//! space the library has.

pub mod abi;
mod cache;
pub mod capi;
mod debug;
mod fault;
mod kmalloc;
mod page;
mod param;
mod printk;
mod sheaf;
mod slab;
mod stats;
mod sync;
mod sys;
