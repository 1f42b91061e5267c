// SPDX-License-Identifier: MIT OR Apache-2.0
//! Strings: padding and cutting, and the marks that stand for pointers nobody should follow.

use core::ffi::c_char;

use crate::printk::format::Sink;
use crate::printk::format::spec::Spec;

/// Pointers below are no pointers but mistakes, whatever the page size of the machine.
const FIRST_PAGE: usize = 4096;
/// The greatest error number that a pointer can carry.
const MAX_ERRNO: usize = 4095;

/// Writes `byte` `count` times.
pub(crate) fn fill(out: &mut dyn Sink, byte: u8, count: usize) {
    let block = [byte; 32];
    let mut left = count;
    while left > 0 {
        let part = block.get(..left.min(block.len())).unwrap_or(&block);
        out.put(part);
        left -= part.len();
    }
}

/// Writes text cut to the precision and padded to the width. The flag `0` means nothing to text.
pub(crate) fn padded(out: &mut dyn Sink, spec: &Spec, text: &[u8]) {
    let cut = spec.precision.map_or(text.len(), |most| text.len().min(most as usize));
    let text = text.get(..cut).unwrap_or(text);
    let padding = (spec.width.unwrap_or(0) as usize).saturating_sub(text.len());
    if !spec.left {
        fill(out, b' ', padding);
    }
    out.put(text);
    if spec.left {
        fill(out, b' ', padding);
    }
}

/// The error number that a pointer carries, if it is an error pointer.
pub(crate) fn error_number(address: usize) -> Option<u16> {
    let number = address.wrapping_neg();
    if (1..=MAX_ERRNO).contains(&number) { u16::try_from(number).ok() } else { None }
}

/// Whether a pointer may be followed; if not, its mark is written.
pub(crate) fn can_follow<T>(out: &mut dyn Sink, spec: &Spec, pointer: *const T) -> bool {
    let mark: &[u8] = match pointer.addr() {
        0 => b"(null)",
        1..FIRST_PAGE => b"(efault)",
        address if error_number(address).is_some() => b"(efault)",
        _ => return true,
    };
    padded(out, spec, mark);
    false
}

/// Writes a C string.
///
/// # Safety
/// `string` cannot be followed ([`can_follow`]), or is readable up to a NUL or the precision.
pub(crate) unsafe fn c_string(out: &mut dyn Sink, spec: &Spec, string: *const c_char) {
    if !can_follow(out, spec, string) {
        return;
    }
    let most = spec.precision.map_or(usize::MAX, |most| most as usize);
    let mut len = 0;
    // SAFETY: all bytes before this one are not NUL and it is within the precision (contract).
    while len < most && unsafe { string.wrapping_add(len).read() } != 0 {
        len += 1;
    }
    // SAFETY: the loop has read exactly these bytes.
    padded(out, spec, unsafe { core::slice::from_raw_parts(string.cast(), len) });
}
