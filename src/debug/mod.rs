// SPDX-License-Identifier: MIT OR Apache-2.0
//! Slab debugging: what debug flags write into objects, what is checked, and how a report reads.
//!
//! | file | concept |
//! |---|---|
//! | `fill` | the byte patterns of red zones, poison and padding |
//! | `chain` | the free pointers, linked as in Linux |
//! | `check` | which bytes must read what; looks, and says nothing |
//! | `examine` | what is done where a check finds something: report, repair, go on |
//! | `alloc`, `free` | one object out of a cache with a debug flag, or back into it |
//! | `release` | the last look at a slab before its pages go |
//! | `validate` | all slabs in use, at the program's wish |
//! | `depot` | stacks, each kept once |
//! | `track` | who allocated an object and who freed it |
//! | `trace` | the lines of a tracing cache |
//! | `report` | the reports about slabs and objects, in the layout of Linux 6.12 |
//! | `dump` | rows of bytes |
//! | `errors` | how many reports there were, and stopping at the first |
//! | `watch` | what valgrind and AddressSanitizer are told |
//!
//! Nothing here decides anything about speed: a cache with a debug flag takes the slow path on every call, and
//! that path calls this floor. Reports never allocate and hold no lock: what a check under the list lock finds is looked
//! at once more without it, the slab being held, and what is repaired is repaired under the lock again.
//!
//! As in Linux, only SLAB_CONSISTENCY_CHECKS has allocations and frees look; the other flags write patterns, for a
//! validation to look at. What would harm the allocator (a free of what is no live object) is found in any case.

pub(crate) mod alloc;
pub(crate) mod chain;
mod check;
mod depot;
mod dump;
pub(crate) mod errors;
mod examine;
pub(crate) mod fill;
pub(crate) mod free;
pub(crate) mod release;
pub(crate) mod report;
mod trace;
pub(crate) mod track;
pub(crate) mod validate;
pub(crate) mod watch;
