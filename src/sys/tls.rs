// SPDX-License-Identifier: MIT OR Apache-2.0
//! The library's thread-local words: one for the thread's table of sheaves, one for its id, and one for how deep it is
//! in the library's locks.
//!
//! Initial-exec TLS, defined in the shim: reading it is two instructions, in a shared object too, where the default
//! model calls a function. Three words, and no more: what a late dlopen can place is limited.
//!
//! The first is exported, for programs that compile the fast path in (`include/kmem/inline.h`). Its name tells the
//! version of all that they reach through it.

use core::ffi::c_void;

#[allow(unused_doc_comments, reason = "for the header generator")]
/// cbindgen:ignore
unsafe extern "C" {
    /// What a thread's word points to before it has a table, and when it will never have one again.
    static kmem_shim_table_none: c_void;
    static kmem_shim_table_gone: c_void;
    fn kmem_shim_thread_id_word() -> *mut u64;
    #[cfg(not(target_arch = "x86_64"))]
    fn kmem_shim_depth_word() -> *mut usize;
}

/// Has the linker export the word, though it is a C variable: in the version script that rustc makes of exported names
/// this one is a pattern, which matches the word's name. It does not match itself, so nothing else gets out.
#[unsafe(export_name = "kmem_inline_abi_[1]")]
static EXPORT: [u8; 0] = [];

/// The calling thread's word for its id, 0 at first.
pub(crate) fn id_word() -> *mut u64 {
    // SAFETY: no preconditions.
    unsafe { kmem_shim_thread_id_word() }
}

/// The address of the table of a thread that has none yet.
pub(crate) fn none() -> *const c_void {
    &raw const kmem_shim_table_none
}

/// The address of the table of a thread that has given its own up.
pub(crate) fn gone() -> *const c_void {
    &raw const kmem_shim_table_gone
}

/// The calling thread's word.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn get() -> *const c_void {
    let word: *const c_void;
    // SAFETY: loads the symbol's offset in the TLS block, and the word there.
    unsafe {
        core::arch::asm!(
            "mov {word}, qword ptr [rip + kmem_inline_abi_1@GOTTPOFF]",
            "mov {word}, qword ptr fs:[{word}]",
            word = out(reg) word,
            options(nostack, preserves_flags, readonly)
        );
    }
    word
}

/// Stores the calling thread's word.
#[cfg(target_arch = "x86_64")]
pub(crate) fn set(word: *const c_void) {
    // SAFETY: loads the symbol's offset in the TLS block, and stores to the word there.
    unsafe {
        core::arch::asm!(
            "mov {offset}, qword ptr [rip + kmem_inline_abi_1@GOTTPOFF]",
            "mov qword ptr fs:[{offset}], {word}",
            offset = out(reg) _,
            word = in(reg) word,
            options(nostack, preserves_flags)
        );
    }
}

/// The calling thread's word.
#[cfg(target_arch = "aarch64")]
#[inline(always)]
pub(crate) fn get() -> *const c_void {
    let word: *const c_void;
    // SAFETY: as on x86-64.
    unsafe {
        core::arch::asm!(
            "mrs {base}, tpidr_el0",
            "adrp {word}, :gottprel:kmem_inline_abi_1",
            "ldr {word}, [{word}, :gottprel_lo12:kmem_inline_abi_1]",
            "ldr {word}, [{base}, {word}]",
            base = out(reg) _,
            word = out(reg) word,
            options(nostack, preserves_flags, readonly)
        );
    }
    word
}

/// Stores the calling thread's word.
#[cfg(target_arch = "aarch64")]
pub(crate) fn set(word: *const c_void) {
    // SAFETY: as on x86-64.
    unsafe {
        core::arch::asm!(
            "mrs {base}, tpidr_el0",
            "adrp {offset}, :gottprel:kmem_inline_abi_1",
            "ldr {offset}, [{offset}, :gottprel_lo12:kmem_inline_abi_1]",
            "str {word}, [{base}, {offset}]",
            base = out(reg) _,
            offset = out(reg) _,
            word = in(reg) word,
            options(nostack, preserves_flags)
        );
    }
}
/// How many locks that a signal handler must not wait for the calling thread holds or waits for.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn depth() -> usize {
    let depth: usize;
    // SAFETY: loads the symbol's offset in the TLS block, and the word there.
    unsafe {
        core::arch::asm!(
            "mov {depth}, qword ptr [rip + kmem_shim_depth@GOTTPOFF]",
            "mov {depth}, qword ptr fs:[{depth}]",
            depth = out(reg) depth,
            options(nostack, preserves_flags, readonly)
        );
    }
    depth
}

/// Raises the calling thread's depth. A handler that interrupts this puts back what it changes.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn deeper() {
    // SAFETY: loads the symbol's offset in the TLS block, and adds to the word there.
    unsafe {
        core::arch::asm!(
            "mov {offset}, qword ptr [rip + kmem_shim_depth@GOTTPOFF]",
            "inc qword ptr fs:[{offset}]",
            offset = out(reg) _,
            options(nostack)
        );
    }
}

/// Lowers it again.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
pub(crate) fn shallower() {
    // SAFETY: as in `deeper`.
    unsafe {
        core::arch::asm!(
            "mov {offset}, qword ptr [rip + kmem_shim_depth@GOTTPOFF]",
            "dec qword ptr fs:[{offset}]",
            offset = out(reg) _,
            options(nostack)
        );
    }
}

/// How many locks that a signal handler must not wait for the calling thread holds or waits for.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn depth() -> usize {
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_depth_word() };
    // SAFETY: the address of this thread's word.
    unsafe { word.read_volatile() }
}

/// Adds to the calling thread's depth.
#[cfg(not(target_arch = "x86_64"))]
fn change_depth(by: isize) {
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_depth_word() };
    let depth = depth().wrapping_add_signed(by);
    // SAFETY: the address of this thread's word. A handler that comes in between puts back what it changes.
    unsafe { word.write_volatile(depth) };
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
}

/// Raises the calling thread's depth.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn deeper() {
    change_depth(1);
}

/// Lowers it again.
#[cfg(not(target_arch = "x86_64"))]
pub(crate) fn shallower() {
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
    change_depth(-1);
}
