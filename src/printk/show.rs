// SPDX-License-Identifier: MIT OR Apache-2.0
//! How the library's own messages name GFP flags and callers.

use core::fmt;

use crate::abi::gfp::gfp_t;
use crate::printk::format::names;
use crate::printk::format::symbol::Symbol;
use crate::printk::{Bytes, Line, stack};

/// GFP flags by name, as `%pGg`.
pub(crate) struct Gfp(pub(crate) gfp_t);

impl fmt::Display for Gfp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line::new();
        names::gfp(&mut line, self.0);
        Bytes(line.as_bytes()).fmt(f)
    }
}

/// The function outside the library that called in, as `%pS`. Found at once, not when it is printed: by then the
/// stack holds frames of the formatting machinery as well.
pub(crate) fn caller() -> Symbol {
    Symbol(stack::caller().unwrap_or(0))
}
