// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages that come from C: formatted, relieved of their level prefix, and sent.
//!
//! A level travels at the start of the text, as a byte 1 and a digit (`KERN_ERR` is `"\0013"`). It is looked for
//! after formatting, so it may just as well come out of a `%s`.

use core::ffi::CStr;
use core::fmt::Write;

use crate::printk::format::{Args, format};
use crate::printk::{Bytes, Level, Line, panic, printk, sink, stack, warn};
use crate::sys::process;

/// What precedes a level.
const LEVEL_MARK: u8 = 1;
/// What a message without a level has.
const DEFAULT: Level = Level::Warning;

/// The level and the text of a formatted message. Of several levels the first counts, but a mark of continuation
/// (`c`) counts wherever it stands.
fn split_level(mut text: &[u8]) -> (Level, &[u8]) {
    let mut level = None;
    let mut continued = false;
    while let [LEVEL_MARK, mark, rest @ ..] = text {
        let found = match mark {
            b'0' => Some(Level::Emerg),
            b'1' => Some(Level::Alert),
            b'2' => Some(Level::Crit),
            b'3' => Some(Level::Err),
            b'4' => Some(Level::Warning),
            b'5' => Some(Level::Notice),
            b'6' => Some(Level::Info),
            b'7' => Some(Level::Debug),
            // KERN_DEFAULT, until Linux 5.1.
            b'd' => Some(DEFAULT),
            b'c' => None,
            _ => break,
        };
        continued |= *mark == b'c';
        level = level.or(found);
        text = rest;
    }
    (if continued { Level::Cont } else { level.unwrap_or(DEFAULT) }, text)
}

/// Formats and sends a message. Returns its length as the kernel counts it: without level and final newline.
///
/// # Safety
/// As for [`format`].
pub(crate) unsafe fn vprintk(text: &CStr, args: &mut dyn Args) -> usize {
    let mut line = Line::new();
    // SAFETY: the caller's promise.
    unsafe { format(&mut line, text.to_bytes(), args) };
    let (level, text) = split_level(line.as_bytes());
    sink::emit(level, text);
    text.strip_suffix(b"\n").unwrap_or(text).len()
}

/// The body of WARN(): a WARN block for a place in a C program, with a formatted message if there is one.
///
/// # Safety
/// As for [`format`].
#[cold]
pub(crate) unsafe fn vwarn(place: &Where<'_>, text: Option<&CStr>, args: &mut dyn Args) {
    let mut function = Line::new();
    let mut file = Line::new();
    let _ = write!(function, "{}", Bytes(place.function.to_bytes()));
    let _ = write!(file, "{}", Bytes(place.file.to_bytes()));
    // Both were just written as UTF-8; cut at the end of the buffer, they may not be any more.
    let function = function.as_bytes().utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let file = file.as_bytes().utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let Some(text) = text else { return warn::warn(function, file, place.line, None) };
    let mut line = Line::new();
    // SAFETY: the caller's promise.
    unsafe { format(&mut line, text.to_bytes(), args) };
    let (_, text) = split_level(line.as_bytes());
    warn::warn(function, file, place.line, Some(format_args!("{}", Bytes(text))));
}

/// A place in a C program.
pub(crate) struct Where<'a> {
    pub(crate) file: &'a CStr,
    pub(crate) line: u32,
    pub(crate) function: &'a CStr,
}

/// The body of panic().
///
/// # Safety
/// As for [`format`].
#[cold]
pub(crate) unsafe fn vpanic(text: &CStr, args: &mut dyn Args) -> ! {
    let mut line = Line::new();
    // SAFETY: the caller's promise.
    unsafe { format(&mut line, text.to_bytes(), args) };
    panic::panic_bytes(line.as_bytes())
}

/// The body of BUG().
#[cold]
pub(crate) fn bug(file: &CStr, line: u32) -> ! {
    printk!(Crit, "kernel BUG at {}:{line}!\n", Bytes(file.to_bytes()));
    stack::dump();
    process::abort()
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn levels_are_split_off() {
        let cases: &[(&[u8], Level, &[u8])] = &[
            (b"plain\n", Level::Warning, b"plain\n"),
            (b"\x013an error", Level::Err, b"an error"),
            (b"\x01cmore", Level::Cont, b"more"),
            (b"\x013\x01cmore", Level::Cont, b"more"),
            (b"\x016\x013first wins", Level::Info, b"first wins"),
            (b"\x01dold", Level::Warning, b"old"),
            (b"\x018no level", Level::Warning, b"\x018no level"),
            (b"\x01", Level::Warning, b"\x01"),
            (b"", Level::Warning, b""),
        ];
        for (text, level, rest) in cases {
            let (found, left) = split_level(text);
            assert!(found == *level && left == *rest, "{}", text.escape_ascii());
        }
    }
}
