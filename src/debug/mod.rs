// SPDX-License-Identifier: MIT OR Apache-2.0
//! Slab debugging: what debug flags write into objects, and how a report about an object reads.
//!
//! | file | concept |
//! |---|---|
//! | `fill` | the byte patterns of red zones, poison and padding |
//! | `errors` | how many reports there were, and stopping at the first |
//! | `depot` | stacks, each kept once |
//! | `track` | who allocated an object and who freed it |
//! | `report` | the report about a slab or an object, in the layout of Linux 6.12 |
//!
//! Nothing here decides anything about speed: a cache with a debug flag takes the slow path on every call, and
//! that path calls this floor. Reports never allocate and hold no lock; they work on snapshots.

mod depot;
pub(crate) mod errors;
pub(crate) mod fill;
pub(crate) mod report;
pub(crate) mod track;
