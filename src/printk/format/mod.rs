// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kernel's printf: what `printk("%s: %pS\n", ...)` means.
//!
//! Close to C's printf, but not the same, and where they differ the output is that of Linux 6.12: a precision
//! does not switch zero padding off, `%#x` of 0 is `0x0`, NULL strings print as `(null)` and bad pointers as
//! `(efault)`, there is no floating point, and `%p` followed by letters prints what a pointer points to.
//! Nothing allocates, and nothing is written but to the [`Sink`].
//!
//! Differs from the kernel because users differ: `%j` and `%q` work as in C, where the kernel stops; `%pF` and
//! `%pf` name functions as they did for ported code up to Linux 5.2; a pointer prints as it is, as on a
//! kernel booted with `no_hash_pointers`; `%pS` shows a file name in brackets for the program too. Extensions
//! for structures that do not exist here (`%pd`, `%pI4`, ...) print the pointer.
//!
//! | file | concept |
//! |---|---|
//! | `spec` | one conversion, parsed |
//! | `number` | integers |
//! | `text` | strings, padding, marks for bad pointers |
//! | `pointer` | `%p` and the choice among its extensions |
//! | `bytes` | memory as hex digits: buffers, MAC addresses, UUIDs |
//! | `bitmap` | bitmaps as hex or ranges |
//! | `names` | GFP flags and error numbers by name |
//! | `symbol` | code addresses by name |
//! | `buffer` | a C buffer as a sink, for snprintf |
//! | `message` | a C message: its level, and where it goes |

mod bitmap;
pub(crate) mod buffer;
mod bytes;
pub(crate) mod message;
pub(crate) mod names;
mod number;
mod pointer;
mod spec;
pub(crate) mod symbol;
mod text;

use core::ffi::{c_int, c_longlong, c_void};

use crate::printk::Line;
use crate::printk::warn::warn_once_at;
use crate::sys::va::VaReader;
use number::Number;
use spec::{Conversion, Kind, Size, Width};

#[cfg(test)]
mod test;

/// Where formatted bytes go. It takes everything; what it cannot keep it drops.
pub(crate) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Line {
    fn put(&mut self, bytes: &[u8]) {
        self.push(bytes);
    }
}

/// Where arguments come from: a C call, or a test.
pub(crate) trait Args {
    fn int(&mut self) -> c_int;
    fn long_long(&mut self) -> c_longlong;
    fn pointer(&mut self) -> *const c_void;
}

impl Args for VaReader {
    fn int(&mut self) -> c_int {
        VaReader::int(self)
    }
    fn long_long(&mut self) -> c_longlong {
        VaReader::long_long(self)
    }
    fn pointer(&mut self) -> *const c_void {
        VaReader::pointer(self)
    }
}

/// Writes `format` to `out` with its conversions replaced by arguments. At a conversion that it does not know
/// it stops, as the kernel does: nobody can tell which arguments belong to the rest.
///
/// # Safety
/// The arguments have the types that `format` says, and pointers that it follows are NULL, below the first
/// page, error pointers, or valid.
pub(crate) unsafe fn format(out: &mut dyn Sink, mut format: &[u8], args: &mut dyn Args) {
    while let Some(percent) = format.iter().position(|byte| *byte == b'%') {
        let Some((literal, rest)) = format.split_at_checked(percent) else { return };
        out.put(literal);
        let (conversion, rest) = match Conversion::parse(rest) {
            Ok(parsed) => parsed,
            Err(byte) => {
                let byte = byte.unwrap_or(b' ').escape_ascii();
                warn_once_at!("format_decode", "Please remove unsupported %{byte} in format string\n");
                return;
            }
        };
        // SAFETY: the caller's promise covers each conversion.
        unsafe { convert(out, &conversion, args, rest) };
        format = if conversion.kind == Kind::Pointer { pointer::after_letters(rest) } else { rest };
    }
    out.put(format);
}

/// Writes one conversion; `rest` is the format after it, where a pointer's extension stands.
///
/// # Safety
/// As for [`format`].
unsafe fn convert(out: &mut dyn Sink, conversion: &Conversion, args: &mut dyn Args, rest: &[u8]) {
    let mut spec = conversion.spec;
    match conversion.width {
        Width::None => {}
        Width::Fixed(width) => spec.set_width(width),
        Width::Argument => spec.set_width(args.int()),
    }
    match conversion.precision {
        Width::None => {}
        Width::Fixed(precision) => spec.set_precision(precision),
        Width::Argument => spec.set_precision(args.int()),
    }
    match conversion.kind {
        Kind::Percent => out.put(b"%"),
        Kind::Char => text::padded(out, &spec.without_precision(), &[args.int() as u8]),
        Kind::String => {
            let string = args.pointer();
            // SAFETY: the caller's promise: a string, if it is a pointer that can be followed at all.
            unsafe { text::c_string(out, &spec, string.cast()) };
        }
        Kind::Pointer => {
            let pointer = args.pointer();
            // SAFETY: the caller's promise: what the extension says, if it can be followed at all.
            unsafe { pointer::pointer(out, &spec, pointer, rest) };
        }
        Kind::Signed => number::signed(out, &spec, integer(conversion.size, true, args)),
        Kind::Unsigned(base) => {
            let value = integer(conversion.size, false, args) as u64;
            number::write(out, &spec, Number::unsigned(value, base));
        }
    }
}

/// The next argument as an integer of a size, extended to 64 bits.
fn integer(size: Size, signed: bool, args: &mut dyn Args) -> i64 {
    match (size, signed) {
        (Size::Byte, true) => i64::from(args.int() as i8),
        (Size::Byte, false) => i64::from(args.int() as u8),
        (Size::Short, true) => i64::from(args.int() as i16),
        (Size::Short, false) => i64::from(args.int() as u16),
        (Size::Int, true) => i64::from(args.int()),
        (Size::Int, false) => i64::from(args.int() as u32),
        (Size::Long, _) => args.long_long(),
    }
}
