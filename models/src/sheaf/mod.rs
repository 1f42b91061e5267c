// SPDX-License-Identifier: MIT OR Apache-2.0
//! The files under test, and stand-ins for the others.

#[path = "../../../src/sheaf/barn.rs"]
pub(crate) mod barn;
#[path = "../../../src/sheaf/block.rs"]
pub(crate) mod block;
#[path = "../../../src/sheaf/fast.rs"]
pub(crate) mod fast;
#[path = "../../../src/sheaf/stop.rs"]
pub(crate) mod stop;
#[path = "../../../src/sheaf/trade.rs"]
pub(crate) mod trade;

pub(crate) mod table;
pub(crate) mod thread;

mod barns;
mod drains;
