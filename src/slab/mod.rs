// SPDX-License-Identifier: MIT OR Apache-2.0
//! Slabs: runs of pages cut into objects.
//!
//! | file | concept |
//! |---|---|
//! | `layout` | where each part of an object lies, how far objects are apart, how many fit (pure arithmetic) |
//! | `cache` | the descriptor of one cache, `struct kmem_cache` |
//! | `record` | one slab: its page run and, out of line, which of its objects are free, and which the program has |
//! | `ledger` | under a debug flag, what Linux would know about a slab: its chain of free objects and its counter |
//! | `links` | what the words of that chain should hold, out of the program's reach |
//! | `list` | an intrusive list of slabs |
//! | `node` | the slabs of one cache under its list lock: partial and full lists, counters, retention |
//! | `placement` | which free object of a slab is next |
//! | `quarantine` | freed objects that are not to be handed out again yet |
//! | `source` | slabs from pages and back |
//! | `tunables` | what a program may change about a cache in use |
//!
//! # Life of a slab
//! [`source::build`] takes pages and a record and tags the pages. The cache floor sets the objects up
//! (patterns, constructor) while nobody else can see them, then [`node::Node::add`] puts the slab on the
//! partial list. Objects leave by [`node::Node::take`] and return by [`node::Node::put`]. A slab without a
//! live object stays while its node holds fewer than `min_partial` partial slabs; otherwise it comes back out
//! of `put` (or of `take_empty`, for a shrink) and [`source::dismantle`] gives tags, record and pages back.
//!
//! # What guards what
//! A cache's list lock guards its node and the cells of its slabs' records. `Slab::cache` and `Slab::base`
//! are constant while the pages are tagged, and are read without a lock by whoever holds an object of the
//! slab. A caller with a stray pointer may read a record that is being dismantled: records live in memory
//! that is never unmapped, the fields are atomics, and the answer is checked again under the lock before
//! anything changes. The one thing that changes without the lock is an object's mark (`record::marks`):
//! records with marks stay their cache's.
//!
//! # Differs from the kernel because
//! The free objects are bits in the record, not a list through the objects: an object that is written to
//! after its free, or past its end, cannot lead the allocator anywhere, constructed state stays whole without
//! moving anything, and a double free is seen when its bit is already set. The layout still keeps the free
//! pointer's place where Linux has it, so that strides, offsets and dumps are the same; in a cache with a
//! debug flag the chain is really there (`ledger`, `debug::chain`), for reports to find damage to it, and the
//! bits overrule it.

mod cache;
mod layout;
mod ledger;
mod links;
mod list;
mod node;
mod placement;
mod quarantine;
mod record;
pub(crate) mod source;
mod tunables;

pub(crate) use cache::{Cache, CacheName, Ctor, MAGIC_DEAD, MAGIC_LIVE, MAGIC_NONE, MAX_SHOWN};
pub(crate) use layout::{Layout, Request, alignment, order_of, track_bytes, tracks_size};
pub(crate) use ledger::{Ledger, Place, nobody_looks};
pub(crate) use list::SlabList;
pub(crate) use node::{Counts, Node, Put};
pub(crate) use placement::Placement;
pub(crate) use quarantine::{OBJECTS as QUARANTINE_OBJECTS, Quarantine};
pub(crate) use record::{Mark, Slab, SlabSnapshot};
pub(crate) use tunables::Tunables;
