// SPDX-License-Identifier: MIT OR Apache-2.0
//! WARN blocks, in the layout of Linux 6.12.

use core::fmt;

use crate::printk::{pr_warn, sink, stack};
use crate::sys::{cpu, process};

/// Prints a WARN block. `function` is the kernel function that readers of the log know the warning by.
#[cold]
pub(crate) fn warn(function: &str, file: &str, line: u32, text: Option<fmt::Arguments<'_>>) {
    pr_warn!("------------[ cut here ]------------\n");
    if let Some(text) = text {
        sink::emit_args(sink::Level::Warning, text);
    }
    let (cpu, pid) = (cpu::current(), process::thread_id());
    pr_warn!("WARNING: CPU: {cpu} PID: {pid} at {file}:{line} {function}\n");
    stack::dump();
    pr_warn!("---[ end trace 0000000000000000 ]---\n");
}

/// WARN with the place in our source, and optionally a message that carries its own newline.
macro_rules! warn_at {
    ($function:expr) => { $crate::printk::warn::warn($function, file!(), line!(), None) };
    ($function:expr, $($arg:tt)*) => {
        $crate::printk::warn::warn($function, file!(), line!(), Some(format_args!($($arg)*)))
    };
}
/// The same, at most once in the life of the process.
macro_rules! warn_once_at {
    ($($arg:tt)*) => {{
        static WARNED: core::sync::atomic::AtomicBool = core::sync::atomic::AtomicBool::new(false);
        if !WARNED.swap(true, core::sync::atomic::Ordering::Relaxed) {
            $crate::printk::warn::warn_at!($($arg)*);
        }
    }};
}
pub(crate) use {warn_at, warn_once_at};
