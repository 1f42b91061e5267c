// SPDX-License-Identifier: MIT OR Apache-2.0
//! `%p`, and the letters after it that say what it points to.

use core::ffi::{CStr, c_char, c_void};

use crate::printk::format::number::{Base, Number};
use crate::printk::format::spec::Spec;
use crate::printk::format::{Sink, bitmap, bytes, names, number, symbol, text};
use crate::sys::va::{self, VaList};

/// What `%pV` points to: a format and its arguments, to be printed in the middle of another.
#[repr(C)]
struct VaFormat {
    fmt: *const c_char,
    va: *mut VaList,
}

/// The format after the letters and digits that belong to a pointer.
pub(crate) fn after_letters(rest: &[u8]) -> &[u8] {
    let letters = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    rest.get(letters..).unwrap_or(&[])
}

/// Writes a pointer in the way that the letters at the start of `rest` ask for.
///
/// # Safety
/// If those letters mean that the pointer is followed, it cannot be ([`text::can_follow`]) or is valid for what
/// they mean, over the length that the width says where there is one.
pub(crate) unsafe fn pointer(out: &mut dyn Sink, spec: &Spec, pointer: *const c_void, rest: &[u8]) {
    let letters = rest.len() - after_letters(rest).len();
    let mut letters = rest.get(..letters).unwrap_or(&[]).iter().copied();
    let (first, second) = (letters.next(), letters.next());
    match first {
        Some(b'S' | b'F') => return symbol::write(out, spec, pointer.addr(), symbol::Style::Offset),
        Some(b's' | b'f') => return symbol::write(out, spec, pointer.addr(), symbol::Style::NameOnly),
        Some(b'B') => return symbol::write(out, spec, pointer.addr(), symbol::Style::Return),
        Some(b'e') => return error(out, spec, pointer.addr()),
        // Letters that follow the pointer.
        Some(b'h' | b'M' | b'm' | b'U' | b'a' | b'b' | b'V' | b'G') => {}
        _ => return plain(out, spec, pointer.addr()),
    }
    if first == Some(b'h') && spec.width == Some(0) {
        return;
    }
    if first == Some(b'G') && second != Some(b'g') {
        return text::padded(out, spec, b"(%pG?)");
    }
    if !text::can_follow(out, spec, pointer) {
        return;
    }
    let at = pointer.cast::<u8>();
    match first {
        // SAFETY: readable over the width, or one byte (contract).
        Some(b'h') => unsafe { bytes::hex_dump(out, spec, at, second) },
        // SAFETY: a MAC address (contract).
        Some(b'M') => unsafe { bytes::mac(out, spec, at, second, true) },
        // SAFETY: a MAC address (contract).
        Some(b'm') => unsafe { bytes::mac(out, spec, at, second, false) },
        // SAFETY: a UUID (contract).
        Some(b'U') => unsafe { bytes::uuid(out, spec, at, second) },
        // SAFETY: a bitmap of as many bits as the width says (contract).
        Some(b'b') => unsafe { bitmap::write(out, spec, pointer.cast(), second == Some(b'l')) },
        // SAFETY: a 64-bit address (contract).
        Some(b'a') => number::full_hex(out, unsafe { pointer.cast::<u64>().read_unaligned() }),
        // SAFETY: a set of GFP flags (contract).
        Some(b'G') => names::gfp(out, unsafe { pointer.cast::<u32>().read_unaligned() }),
        Some(b'V') => {
            // SAFETY: a `struct va_format` (contract).
            let nested = unsafe { pointer.cast::<VaFormat>().read() };
            // SAFETY: its format and arguments match (contract).
            unsafe { va_format(out, spec, &nested) };
        }
        _ => {}
    }
}

/// Writes an address: 16 digits, or just the width if there is one.
fn plain(out: &mut dyn Sink, spec: &Spec, address: usize) {
    let mut spec = *spec;
    if spec.width.is_none() {
        spec.width = Some(16);
        spec.zero = true;
    }
    number::write(out, &spec, Number::unsigned(address as u64, Base::Hex));
}

/// `%pe`: the name of an error pointer, its number if it has no name; other pointers as they are.
fn error(out: &mut dyn Sink, spec: &Spec, address: usize) {
    match text::error_number(address) {
        None => plain(out, spec, address),
        Some(error) => match names::errno(error) {
            Some(name) => text::padded(out, spec, name.as_bytes()),
            None => number::signed(out, spec, -i64::from(error)),
        },
    }
}

/// `%pV`. The arguments are copied, so that the caller's list can be used again. Width and precision count for
/// nothing.
///
/// # Safety
/// The arguments of `nested` match its format.
unsafe fn va_format(out: &mut dyn Sink, spec: &Spec, nested: &VaFormat) {
    if !text::can_follow(out, spec, nested.fmt) || !text::can_follow(out, spec, nested.va) {
        return;
    }
    // SAFETY: a format is a NUL-terminated string.
    let format = unsafe { CStr::from_ptr(nested.fmt) }.to_bytes();
    let write = |args: &mut va::VaReader| {
        // SAFETY: the caller's promise about `nested`.
        unsafe { super::format(out, format, args) }
    };
    // SAFETY: the list is valid and matches the format (contract).
    unsafe { va::with_copy(nested.va, write) };
}
