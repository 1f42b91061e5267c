// SPDX-License-Identifier: MIT OR Apache-2.0
//! The end of the process.

use core::ffi::{CStr, c_char};
use core::fmt::{self, Write};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::{Acquire, Release};

use crate::printk::{Bytes, Line, printk, stack};
use crate::sys::{process, tls};

/// A program's own last word: it gets the message and may leave in its own way (exit, longjmp); if it returns,
/// the process aborts.
pub(crate) type Handler = unsafe extern "C-unwind" fn(*const c_char);

static HANDLER: AtomicUsize = AtomicUsize::new(0);

/// What the calling thread has while this lives must not be left in the middle, as a panic handler may that leaves by
/// longjmp: a panic that does not have to come at once comes when the last of these goes, and the thread has no lock.
pub(crate) struct Later(());

impl Later {
    #[inline]
    pub(crate) fn new() -> Self {
        tls::hold();
        Self(())
    }
}

impl Drop for Later {
    #[inline]
    fn drop(&mut self) {
        tls::let_go();
        if tls::take_wish() {
            on_report();
        }
    }
}

/// The panic of `kmem.panic_on_bug=1`, after a report: as soon as the calling thread has nothing that must not be left.
#[cold]
pub(crate) fn after_report() {
    if tls::holds() { tls::wish() } else { on_report() }
}

#[cold]
fn on_report() -> ! {
    panic(format_args!("kmem.panic_on_bug set ..."))
}

/// Installs the panic handler, or removes it with `None`.
pub(crate) fn set_handler(handler: Option<Handler>) {
    HANDLER.store(handler.map_or(0, |f| f as usize), Release);
}

/// Prints `text` in the kernel's words with a stack dump, calls the program's handler, and aborts.
#[cold]
pub(crate) fn panic(text: fmt::Arguments<'_>) -> ! {
    let mut line = Line::new();
    let _ = line.write_fmt(text);
    panic_bytes(line.as_bytes())
}

/// The same for text that is already formatted.
#[cold]
pub(crate) fn panic_bytes(text: &[u8]) -> ! {
    // As in the kernel, the text has room for a NUL: the handler gets it as a string.
    let text = text.get(..Line::CAPACITY - 1).unwrap_or(text);
    // A log handler that makes a report of each message does not begin another panic.
    tls::hold();
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let mut message = Line::new();
    message.push(text);
    printk!(Emerg, "Kernel panic - not syncing: {}\n", Bytes(message.as_bytes()));
    stack::dump();
    printk!(Emerg, "---[ end Kernel panic ]---\n");
    let handler = HANDLER.load(Acquire);
    if handler != 0 {
        // If it leaves, none of these will ever go.
        tls::forget_holds();
        // SAFETY: `set_handler` stored a function of this type, the only source of a value other than 0.
        let handler = unsafe { core::mem::transmute::<usize, Handler>(handler) };
        let mut end = Line::new();
        end.push(message.as_bytes());
        end.push(b"\0");
        let text = CStr::from_bytes_until_nul(end.as_bytes()).unwrap_or(c"panic");
        // SAFETY: the text is NUL-terminated and outlives the call; no inner lock is held.
        unsafe { handler(text.as_ptr()) };
    }
    process::abort()
}

/// A broken invariant of the library itself: says where, and aborts.
#[cold]
pub(crate) fn bug(file: &str, line: u32, what: &str) -> ! {
    printk!(Crit, "kernel BUG at {file}:{line}: {what}!\n");
    stack::dump();
    process::abort()
}

/// Aborts with a message when an invariant of the library does not hold.
macro_rules! bug_on {
    ($condition:expr) => {
        if $condition {
            $crate::printk::panic::bug(file!(), line!(), stringify!($condition))
        }
    };
}
pub(crate) use bug_on;
