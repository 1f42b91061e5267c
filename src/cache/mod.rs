// SPDX-License-Identifier: MIT OR Apache-2.0
//! Caches: what `kmem_cache_*` does, without its C clothes.
//!
//! | file | concept |
//! |---|---|
//! | `registry` | the list of all caches and the slab mutex that guards it |
//! | `pin` | caches that a thread looks at without the mutex |
//! | `handle` | from a pointer that C passed to a cache, or a report that it is none |
//! | `create` | the steps of a creation, and its error path |
//! | `merge` | when a creation returns an existing cache |
//! | `destroy` | the end of a cache, clean or with objects left |
//! | `refill` | a new slab: GFP rules, object set-up, constructor, out-of-memory message |
//! | `alloc` | objects out, one or many |
//! | `free` | objects in, one or many, and what is done about wrong ones |
//! | `checked` | the fast half of both in caches whose every call looks at its object |
//! | `deferred` | calls from a signal handler that interrupted the library |
//! | `fork` | all locks around a fork |
//! | `quarantine` | objects that were freed some time ago made free |
//! | `sheaves` | what passes between sheaves and slabs |
//! | `failslab` | the mark of a cache that failures are for |
//! | `validate` | looking for damage |
//! | `reclaim` | memory for who needs it, before an allocation fails |
//! | `shrinker` | caches of the program that it makes smaller on request |
//! | `provenance` | where a pointer comes from |
//! | `background` | the thread that does it instead, if it is asked for |
//! | `watched` | decay in a program that could do with the fast path |
//! | `shrink` | empty slabs and free pages back to the system |
//!
//! Life of an object: `create` builds the cache; the first `alloc` finds no partial slab, `refill` makes one
//! and runs the constructor on each object with no lock held; `alloc` takes an object under the list lock;
//! `free` puts it back; the slab goes when it is empty and enough others are at hand, or at `shrink` or
//! `destroy`.
//!
//! The exported calls try the thread's sheaf first (`sheaf::fast`); `alloc` and `free` are what they fall
//! back to.

mod alloc;
mod background;
pub(crate) mod checked;
mod create;
mod deferred;
mod destroy;
mod failslab;
pub(crate) mod fork;
mod free;
mod handle;
mod merge;
mod pin;
mod provenance;
mod quarantine;
mod reclaim;
mod refill;
pub(crate) mod registry;
mod sheaves;
mod shrink;
pub(crate) mod shrinker;
mod validate;
mod watched;

use crate::sheaf;

pub(crate) use alloc::{alloc, alloc_bulk, alloc_sized, in_force, zero};
pub(crate) use create::{Args, boot, create};
pub(crate) use deferred::{note_run, refuses, take_in};
pub(crate) use destroy::destroy;
pub(crate) use failslab::mark_failslab;
pub(crate) use free::{free, free_bulk};
pub(crate) use handle::Handle;
pub(crate) use pin::Purpose;
pub(crate) use provenance::{dump, is_in_slab};
pub(crate) use reclaim::{reclaim, retry};
pub(crate) use refill::{ANY_NODE, check_gfp};
pub(crate) use registry::{aliases_of, find, visit};
pub(crate) use shrink::{shrink, tick_pages};
pub(crate) use validate::{validate, validate_all};

/// Sets up what does not wait for the first cache; called when the library is loaded.
pub(crate) fn load() {
    sheaf::thread::start();
}

/// Sees to it that no thread comes here by itself any more; called when the library goes.
pub(crate) fn unload() {
    background::stop();
    sheaf::thread::stop();
}
