// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where messages go: the program's handler, the file that `kmem.log=` names, or standard error.
//!
//! A message must not harm who causes it. It takes no lock that anybody waits for, allocates nothing, and is
//! lost rather than waited with for long: the first that finds no room waits a second for it, those after it
//! do not wait until one has got through. How many were lost is said with the next that does. A message that
//! comes about while the handler runs, in the same thread, does not go to the handler again.

use core::ffi::{c_char, c_int, c_void};
use core::fmt::{self, Write};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize};

use crate::printk::panic::Later;
use crate::printk::{Line, log_file};
use crate::sync::Inside;
use crate::sys::out;
use crate::sys::thread::without_cancel;

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
/// Threads in the handler.
static IN_HANDLER: Inside = Inside::new();
/// Whether the last message ended without a newline.
static UNFINISHED: AtomicBool = AtomicBool::new(false);
/// Messages that were lost and not told of.
static LOST: AtomicUsize = AtomicUsize::new(0);
/// Whether the last message was lost: waiting is of no use.
static STUCK: AtomicBool = AtomicBool::new(false);

/// How long a message waits for room.
const WAIT_MS: u32 = 1000;

/// Sends all later messages to `handler` with `data`, or where they went before with `None`.
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
    let _later = Later::new();
    // What the message is part of goes on afterwards: the thread must not end in the handler, or while it
    // writes.
    without_cancel(|| {
        if !handle(level, text) {
            write_out(level, text);
        }
    });
}

fn write_out(level: Level, text: &[u8]) {
    let fd = log_file::descriptor().unwrap_or(libc::STDERR_FILENO);
    let unfinished = UNFINISHED.swap(text.last() != Some(&b'\n'), AcqRel);
    let written = write(fd, unfinished && level != Level::Cont, text);
    STUCK.store(!written, Relaxed);
    if !written {
        LOST.fetch_add(1, Relaxed);
    }
}

/// Gives a message to the program's handler; `false` when there is none, or it is what caused the message.
fn handle(level: Level, text: &[u8]) -> bool {
    let handler = HANDLER.load(Acquire);
    if handler == 0 {
        return false;
    }
    let Some(_stay) = IN_HANDLER.enter() else { return false };
    // SAFETY: `set_handler` stored a function of this type, the only source of a value other than 0.
    let handler = unsafe { core::mem::transmute::<usize, Handler>(handler) };
    // SAFETY: the program promised a function that can be called from any thread; the text is readable.
    unsafe { handler(HANDLER_DATA.load(Relaxed), level as c_int, text.as_ptr().cast(), text.len()) };
    true
}

/// Writes a message, and before it what was lost; `false` when it is lost itself.
fn write(fd: i32, newline: bool, text: &[u8]) -> bool {
    let wait = if STUCK.load(Relaxed) { 0 } else { WAIT_MS };
    if newline && out::write_message(fd, b"\n", wait).is_err() {
        return false;
    }
    let lost = LOST.swap(0, Relaxed);
    if lost != 0 {
        let mut line = Line::new();
        let _ = writeln!(line, "libkmem: {lost} messages lost");
        if out::write_message(fd, line.as_bytes(), wait).is_err() {
            LOST.fetch_add(lost, Relaxed);
            return false;
        }
    }
    out::write_message(fd, text, wait).is_ok()
}

/// Formats one message and sends it.
pub(crate) fn emit_args(level: Level, text: fmt::Arguments<'_>) {
    let mut line = Line::new();
    let _ = line.write_fmt(text);
    emit(level, line.as_bytes());
}

/// Whether the calling thread is in the program's handler.
pub(crate) fn is_in_handler() -> bool {
    IN_HANDLER.is_in()
}

/// In the child of a fork: nobody but the calling thread, which had another id before, is in the handler.
pub(crate) fn after_fork(id_before: i32) {
    IN_HANDLER.after_fork(id_before);
}
