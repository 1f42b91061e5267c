// SPDX-License-Identifier: MIT OR Apache-2.0
//! Messages: the one way by which the library (and ported code) says something.
//!
//! A message is built in a [`Line`], a fixed buffer on the stack, and leaves in one `write(2)` to standard
//! error or a file, or through the program's own handler. Nothing here allocates or waits for a lock to write, so a
//! message may come from anywhere, a constructor or another message's handler included. Lines of several
//! threads may interleave; the bytes of one line do not (up to the pipe's atomic write size).
//!
//! | file | concept |
//! |---|---|
//! | `line` | the fixed buffer |
//! | `sink` | where text goes, and how a line without a newline is continued |
//! | `log_file` | the file that messages go to, if one is named |
//! | `format` | the kernel's printf, for messages from C |
//! | `stack` | the stack dump |
//! | `warn` | WARN blocks, in the kernel's layout |
//! | `panic` | the end of the process, through the program's panic handler |
//! | `show` | how messages name GFP flags and callers |
//! | `ratelimit` | at most so many per interval |

pub(crate) mod format;
mod line;
pub(crate) mod log_file;
pub(crate) mod panic;
pub(crate) mod ratelimit;
pub(crate) mod show;
pub(crate) mod sink;
pub(crate) mod stack;
pub(crate) mod warn;

pub(crate) use line::{Bytes, Line};
pub(crate) use sink::Level;

/// Prints one message of a level; the text carries its own newline, as in the kernel.
macro_rules! printk {
    ($level:ident, $($arg:tt)*) => {
        $crate::printk::sink::emit_args($crate::printk::Level::$level, format_args!($($arg)*))
    };
}
macro_rules! pr_err { ($($arg:tt)*) => { $crate::printk::printk!(Err, $($arg)*) } }
macro_rules! pr_warn { ($($arg:tt)*) => { $crate::printk::printk!(Warning, $($arg)*) } }

pub(crate) use {pr_err, pr_warn, printk};
