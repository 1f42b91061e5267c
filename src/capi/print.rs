// SPDX-License-Identifier: MIT OR Apache-2.0
//! printk and its relatives.
//!
//! Functions with a `va_list` or variable arguments cannot go through the header generator; their prototypes
//! are in `include/kmem/print.h`, to be kept in step with this file. A variadic one is a jump to the C shim,
//! which makes a `va_list` of its arguments and calls one of the hidden `kmem_shim_v...` functions below.

use core::ffi::{CStr, c_char, c_int, c_void};

use crate::param;
use crate::printk::format::buffer;
use crate::printk::format::message::{self, Where};
use crate::printk::{panic, sink, stack};
use crate::sys::va::{VaList, VaReader};

/// kmem_set_log_handler - send all later messages to a function of the program
/// @handler: gets @data, the level (0 emergency to 7 debug, -1 for the continuation of a line), the text, which
///           is not NUL-terminated, and its length in bytes; NULL, the initial state, for the file that `kmem.log=PATH`
///           in KMEM_CMDLINE names, or standard error
/// @data: passed on to @handler
///
/// The handler may be called by several threads at a time. It may use the library; a message that this causes in the
/// same thread goes where it would without a handler. It must return.
/// Without one, a message is lost that standard error or the file does not take within a second (a full pipe that
/// does not block, a full disk); how many were is said when the next one gets through.
///
/// Context: any thread. Set it before other threads print, else a message may get the old handler with the
/// new data.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_set_log_handler(
    handler: Option<
        unsafe extern "C-unwind" fn(data: *mut c_void, level: c_int, text: *const c_char, len: usize),
    >,
    data: *mut c_void,
) {
    sink::set_handler(handler, data);
}

/// kmem_set_panic_handler - have a function called when the library, or kmem_panic(), gives up
/// @handler: gets the message; it may leave in its own way (_exit(), longjmp()), and if it returns the process
///           aborts; NULL for none, the initial state
///
/// A report under `kmem.panic_on_bug=1` reaches the handler when the call that made it holds nothing: everything is usable
/// after a longjmp(). In a constructor, shrinker, log handler, mempool function or the like it does so when the call is done
/// that called the function. kmem_panic() and SLAB_PANIC come at once: a longjmp() out of such a function leaves the thread
/// with cancellation disabled, and what the call had in its hands is lost; a cache may not go away any more, a thread's
/// arrays not be taken out, and forks may wait for them for 0.1 s to 1 s.
/// Context: any thread. The handler runs in the thread that failed.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_set_panic_handler(handler: Option<unsafe extern "C-unwind" fn(text: *const c_char)>) {
    panic::set_handler(handler);
}

/// kmem_dump_stack - print the CPU, the task and the calls that led here, as the kernel's dump_stack()
///
/// Context: any thread; not a signal handler. Reads symbol tables from files.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_dump_stack() {
    param::open_log();
    stack::dump();
}

/// kmem_bug - report a bug at a place in the program and abort: the body of BUG()
/// @file: name of the source file
/// @line: line in it
///
/// Context: any thread.
/// Return: does not return.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_bug(file: *const c_char, line: c_int) -> ! {
    param::open_log();
    // SAFETY: the caller passes a string or NULL.
    message::bug(unsafe { string(file) }.unwrap_or(c"?"), line.unsigned_abs())
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_vprintk(fmt: *const c_char, ap: *mut VaList) -> c_int {
    // SAFETY: the caller's promise is the same.
    unsafe { kmem_shim_vprintk(fmt, ap) }
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_vsnprintf(
    buf: *mut c_char,
    size: usize,
    fmt: *const c_char,
    ap: *mut VaList,
) -> c_int {
    // SAFETY: the caller's promise is the same.
    unsafe { kmem_shim_vsnprintf(buf, size, fmt, ap) }
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_vscnprintf(
    buf: *mut c_char,
    size: usize,
    fmt: *const c_char,
    ap: *mut VaList,
) -> c_int {
    // SAFETY: the caller's promise is the same.
    unsafe { kmem_shim_vscnprintf(buf, size, fmt, ap) }
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_vprintk(fmt: *const c_char, ap: *mut VaList) -> c_int {
    param::open_log();
    // SAFETY: the caller passes a string or NULL.
    let Some(fmt) = (unsafe { string(fmt) }) else { return 0 };
    // SAFETY: the caller's list matches the format.
    let mut args = unsafe { VaReader::new(ap) };
    // SAFETY: as above.
    to_int(unsafe { message::vprintk(fmt, &mut args) })
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_vsnprintf(
    buf: *mut c_char,
    size: usize,
    fmt: *const c_char,
    ap: *mut VaList,
) -> c_int {
    // SAFETY: the caller passes a string or NULL.
    let fmt = unsafe { string(fmt) }.unwrap_or(c"");
    // SAFETY: the caller's list matches the format.
    let mut args = unsafe { VaReader::new(ap) };
    // SAFETY: as above, and the caller's buffer has this size.
    to_int(unsafe { buffer::vsnprintf(buf.cast(), size, fmt.to_bytes(), &mut args) })
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_vscnprintf(
    buf: *mut c_char,
    size: usize,
    fmt: *const c_char,
    ap: *mut VaList,
) -> c_int {
    // SAFETY: the caller's promise is the same.
    let len = unsafe { kmem_shim_vsnprintf(buf, size, fmt, ap) };
    len.min(to_int(size.saturating_sub(1)))
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_vwarn(
    file: *const c_char,
    line: c_int,
    function: *const c_char,
    fmt: *const c_char,
    ap: *mut VaList,
) {
    param::open_log();
    // SAFETY: the caller passes a string or NULL.
    let file = unsafe { string(file) }.unwrap_or(c"?");
    // SAFETY: the caller passes a string or NULL.
    let function = unsafe { string(function) }.unwrap_or(c"?");
    let place = Where { file, line: line.unsigned_abs(), function };
    // SAFETY: the caller passes a string or NULL.
    let fmt = unsafe { string(fmt) };
    // SAFETY: the caller's list matches the format.
    let mut args = unsafe { VaReader::new(ap) };
    // SAFETY: as above.
    unsafe { message::vwarn(&place, fmt, &mut args) };
}

/// cbindgen:ignore
#[unsafe(no_mangle)]
unsafe extern "C" fn kmem_shim_vpanic(fmt: *const c_char, ap: *mut VaList) -> ! {
    param::open_log();
    // SAFETY: the caller passes a string or NULL.
    let fmt = unsafe { string(fmt) }.unwrap_or(c"");
    // SAFETY: the caller's list matches the format.
    let mut args = unsafe { VaReader::new(ap) };
    // SAFETY: as above.
    unsafe { message::vpanic(fmt, &mut args) }
}

/// Exports a variadic function that is defined in the shim. The jump leaves all registers and the stack as the
/// caller made them, so the shim finds its arguments.
macro_rules! export_variadic {
    ($($name:ident => $shim:ident;)*) => {
        unsafe extern "C" {
            $(fn $shim();)*
        }
        $(
            #[unsafe(no_mangle)]
            #[unsafe(naked)]
            unsafe extern "C" fn $name() {
                #[cfg(target_arch = "x86_64")]
                core::arch::naked_asm!("jmp {shim}", shim = sym $shim);
                #[cfg(target_arch = "aarch64")]
                core::arch::naked_asm!("b {shim}", shim = sym $shim);
            }
        )*
    };
}

pub(super) use export_variadic;

export_variadic! {
    kmem_printk => kmem_shim_printk;
    kmem_snprintf => kmem_shim_snprintf;
    kmem_scnprintf => kmem_shim_scnprintf;
    kmem_warn => kmem_shim_warn;
    kmem_panic => kmem_shim_panic;
}

/// A string from C, `None` for NULL.
///
/// # Safety
/// NULL or a NUL-terminated string that outlives its use.
unsafe fn string<'a>(text: *const c_char) -> Option<&'a CStr> {
    if text.is_null() {
        return None;
    }
    // SAFETY: not NULL, so a string (contract).
    Some(unsafe { CStr::from_ptr(text) })
}

fn to_int(len: usize) -> c_int {
    c_int::try_from(len).unwrap_or(c_int::MAX)
}
