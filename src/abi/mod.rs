// SPDX-License-Identifier: MIT OR Apache-2.0
//! The numbers and structures that C and the library must agree on.
//!
//! Nothing here has behaviour. `slab_flags` reaches C through the generated header; `gfp` is mirrored by the
//! hand-written `include/kmem/gfp.h` (its names carry guards, so that a client's own GFP header wins), and
//! a unit test fails when the two drift apart.

pub(crate) mod errno;
pub mod fault;
pub mod gfp;
pub mod mempool;
pub mod rcu;
pub(crate) mod shrinker;
pub mod slab_flags;
