// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where messages go.

use core::ffi::{c_char, c_int, c_void};
use core::fmt::{self, Write};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};

use crate::printk::Line;
use crate::sys::out;

/// The kernel's log levels, and the mark of a line that continues the one before.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Level {
    Cont = -1,
    Emerg = 0,
    Alert = 1,
    Crit = 2,
    Err = 3,
    Warning = 4,
    Notice = 5,
    Info = 6,
    Debug = 7,
}

/// A program's own receiver of messages: `data`, level, text (not NUL-terminated), length in bytes.
pub(crate) type Handler = unsafe extern "C-unwind" fn(*mut c_void, c_int, *const c_char, usize);

/// The handler's address, 0 for standard error. Published after [`HANDLER_DATA`].
static HANDLER: AtomicUsize = AtomicUsize::new(0);
static HANDLER_DATA: AtomicPtr<c_void> = AtomicPtr::new(core::ptr::null_mut());
/// Whether the last message to standard error ended without a newline.
static UNFINISHED: AtomicBool = AtomicBool::new(false);

/// Sends all later messages to `handler` with `data`, or to standard error again with `None`.
pub(crate) fn set_handler(handler: Option<Handler>, data: *mut c_void) {
    HANDLER_DATA.store(data, Relaxed);
    // Release pairs with the Acquire in `emit`: who sees the handler sees its data.
    HANDLER.store(handler.map_or(0, |f| f as usize), Release);
}

/// Sends one message. Without a newline at its end the next message starts a line of its own all the same,
/// unless it is a [`Level::Cont`].
pub(crate) fn emit(level: Level, text: &[u8]) {
    if text.is_empty() {
        return;
    }
    let handler = HANDLER.load(Acquire);
    if handler != 0 {
        // SAFETY: `set_handler` stored a function of this type, the only source of a value other than 0.
        let handler = unsafe { core::mem::transmute::<usize, Handler>(handler) };
        // SAFETY: the program promised a function that can be called from any thread; the text is readable.
        unsafe { handler(HANDLER_DATA.load(Relaxed), level as c_int, text.as_ptr().cast(), text.len()) };
        return;
    }
    let unfinished = UNFINISHED.swap(text.last() != Some(&b'\n'), AcqRel);
    if unfinished && level != Level::Cont {
        let _ = out::write_all(libc::STDERR_FILENO, b"\n");
    }
    // A message that cannot be written is lost; there is nobody left to tell.
    let _ = out::write_all(libc::STDERR_FILENO, text);
}

/// Formats one message and sends it.
pub(crate) fn emit_args(level: Level, text: fmt::Arguments<'_>) {
    let mut line = Line::new();
    let _ = line.write_fmt(text);
    emit(level, line.as_bytes());
}
