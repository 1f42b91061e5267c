// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the library says about itself.

pub(crate) mod slabinfo;
pub(crate) mod usage;
