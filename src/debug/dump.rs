// SPDX-License-Identifier: MIT OR Apache-2.0
//! Rows of bytes, as the kernel's reports show them.

use core::fmt::Write;

use crate::debug::check::byte;
use crate::printk::{Level, Line, sink};

/// Bytes in a row.
pub(crate) const ROW: usize = 16;

/// Prints the bytes of a part of a slab, each row with the label.
pub(crate) fn section(level: Level, label: &str, start: usize, len: usize) {
    for row in (start..start + len).step_by(ROW) {
        let (mut hex, mut ascii) = (Line::new(), Line::new());
        for byte in (row..start + len).take(ROW).map(byte) {
            let _ = write!(hex, "{byte:02x} ");
            ascii.push(&[if byte.is_ascii_graphic() || byte == b' ' { byte } else { b'.' }]);
        }
        let mut line = Line::new();
        let _ = write!(line, "{label}{row:016x}: ");
        line.push(hex.as_bytes());
        // The text column starts after room for sixteen bytes and one more space.
        for _ in hex.as_bytes().len()..=ROW * 3 {
            line.push(b" ");
        }
        line.push(ascii.as_bytes());
        line.push(b"\n");
        sink::emit(level, line.as_bytes());
    }
}
