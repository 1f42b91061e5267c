// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the library says about itself.

pub(crate) mod attr;
pub(crate) mod slabinfo;
mod text;
pub(crate) mod usage;
