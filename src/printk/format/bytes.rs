// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory as hex digits: `%*ph`, `%pM`, `%pU`.

use crate::printk::Line;
use crate::printk::format::spec::Spec;
use crate::printk::format::{Sink, text};

/// Most bytes that `%*ph` shows.
const DUMP_MAX: u32 = 64;
const MAC_BYTES: usize = 6;
const UUID_BYTES: usize = 16;
/// Where the bytes of a little-endian UUID (a GUID) stand in its text.
const GUID_ORDER: [usize; UUID_BYTES] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

/// Writes one byte as two digits.
fn put_hex(out: &mut dyn Sink, byte: u8, upper: bool) {
    let digit = |nibble: u8| match nibble {
        0..=9 => b'0' + nibble,
        _ if upper => b'A' + nibble - 10,
        _ => b'a' + nibble - 10,
    };
    out.put(&[digit(byte >> 4), digit(byte & 0xf)]);
}

/// Copies what `at` points to: the memory may change while it is printed.
///
/// # Safety
/// `N` bytes at `at` are readable.
unsafe fn copy<const N: usize>(at: *const u8) -> [u8; N] {
    // SAFETY: the contract; an array of bytes has no alignment.
    unsafe { at.cast::<[u8; N]>().read() }
}

/// `%*ph`: as many bytes as the width says, or one. `C` separates with colons, `D` with dashes, `N` not at all.
///
/// # Safety
/// The bytes are readable.
pub(crate) unsafe fn hex_dump(out: &mut dyn Sink, spec: &Spec, at: *const u8, letter: Option<u8>) {
    let separator: &[u8] = match letter {
        Some(b'C') => b":",
        Some(b'D') => b"-",
        Some(b'N') => b"",
        _ => b" ",
    };
    for i in 0..spec.width.unwrap_or(1).min(DUMP_MAX) as usize {
        if i > 0 {
            out.put(separator);
        }
        // SAFETY: within the width (contract).
        put_hex(out, unsafe { at.wrapping_add(i).read() }, false);
    }
}

/// `%pM` (with separators) and `%pm` (without): a MAC address. `R` is from the last byte to the first, `F` has
/// dashes.
///
/// # Safety
/// Six bytes are readable.
pub(crate) unsafe fn mac(
    out: &mut dyn Sink,
    spec: &Spec,
    at: *const u8,
    letter: Option<u8>,
    separated: bool,
) {
    // SAFETY: the contract.
    let mut bytes = unsafe { copy::<MAC_BYTES>(at) };
    if letter == Some(b'R') {
        bytes.reverse();
    }
    let separator: &[u8] = if letter == Some(b'F') { b"-" } else { b":" };
    let mut line = Line::new();
    for (i, byte) in bytes.into_iter().enumerate() {
        if separated && i > 0 {
            line.push(separator);
        }
        put_hex(&mut line, byte, false);
    }
    text::padded(out, spec, line.as_bytes());
}

/// `%pU`: a UUID. `l` and `L` are little-endian ones, capitals mean capital digits.
///
/// # Safety
/// Sixteen bytes are readable.
pub(crate) unsafe fn uuid(out: &mut dyn Sink, spec: &Spec, at: *const u8, letter: Option<u8>) {
    // SAFETY: the contract.
    let bytes = unsafe { copy::<UUID_BYTES>(at) };
    let little = matches!(letter, Some(b'l' | b'L'));
    let upper = matches!(letter, Some(b'B' | b'L'));
    let mut line = Line::new();
    for (i, from) in GUID_ORDER.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            line.push(b"-");
        }
        let byte = bytes.get(if little { from } else { i });
        put_hex(&mut line, byte.copied().unwrap_or(0), upper);
    }
    text::padded(out, spec, line.as_bytes());
}
