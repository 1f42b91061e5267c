// SPDX-License-Identifier: MIT OR Apache-2.0
//! Code addresses by name: `%pS` and its relatives, and the lines of a call trace.

use core::fmt::{self, Write};

use crate::printk::format::Sink;
use crate::printk::format::spec::Spec;
use crate::printk::format::text;
use crate::printk::{Bytes, Line};
use crate::sys::image::{self, Place};

/// How much is said about an address.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// `%pS`: `name+0xoffset/0xsize [object]`.
    Offset,
    /// `%ps`: `name [object]`.
    NameOnly,
    /// `%pB`: as `%pS`, for a return address. A call that never returns can be the last instruction of its
    /// function, and then the return address is already in the next one: the byte before it counts.
    Return,
}

/// Writes an address by name.
pub(crate) fn write(out: &mut dyn Sink, spec: &Spec, address: usize, style: Style) {
    let mut line = Line::new();
    append(&mut line, address, style);
    text::padded(out, spec, line.as_bytes());
}

/// An address by name, as `%pS`, for messages written in Rust.
pub(crate) struct Symbol(pub(crate) usize);

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line::new();
        append(&mut line, self.0, Style::Offset);
        Bytes(line.as_bytes()).fmt(f)
    }
}

/// A return address by name; where it has none, with the file that it lies in.
pub(crate) struct ReturnAddress(pub(crate) usize);

impl fmt::Display for ReturnAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line::new();
        append_return(&mut line, self.0);
        Bytes(line.as_bytes()).fmt(f)
    }
}

/// Appends a return address as traces show it.
pub(crate) fn append_return(line: &mut Line, address: usize) {
    image::with_place(address.wrapping_sub(1), |place| {
        if !named(line, &place, Style::Return, 1) {
            let _ = write!(line, "{address:#018x}");
            if let Some(object) = &place.object {
                line.push(b" [");
                line.push(object.name);
                line.push(b"]");
            }
        }
    });
}

fn append(line: &mut Line, address: usize, style: Style) {
    let back = usize::from(style == Style::Return && address != 0);
    image::with_place(address.wrapping_sub(back), |place| {
        if !named(line, &place, style, back) {
            let _ = write!(line, "{address:#x}");
        }
    });
}

/// Appends the name in `place`; `false` if there is none. `back` is what was taken off the address.
fn named(line: &mut Line, place: &Place<'_>, style: Style, back: usize) -> bool {
    let (Some(object), Some(symbol)) = (&place.object, &place.symbol) else { return false };
    line.push(symbol.name);
    if style != Style::NameOnly {
        let _ = write!(line, "+{:#x}/{:#x}", symbol.offset.wrapping_add(back), symbol.size);
    }
    line.push(b" [");
    line.push(object.name);
    line.push(b"]");
    true
}
