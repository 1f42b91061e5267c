// SPDX-License-Identifier: MIT OR Apache-2.0
//! The library's thread-local words: one for the thread's table of sheaves, and one for its id.
//!
//! Initial-exec TLS, defined in the shim: reading it is two instructions, in a shared object too, where the default
//! model calls a function. Two words, and no more: what a late dlopen can place is limited.

use core::ffi::c_void;

#[allow(unused_doc_comments, reason = "for the header generator")]
/// cbindgen:ignore
unsafe extern "C" {
    /// What a thread's word points to before it has a table, and when it will never have one again.
    static kmem_shim_table_none: c_void;
    static kmem_shim_table_gone: c_void;
    fn kmem_shim_thread_id_word() -> *mut u64;
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn kmem_shim_tls_word() -> *mut *const c_void;
}

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
            "mov {word}, qword ptr [rip + kmem_shim_table@GOTTPOFF]",
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
            "mov {offset}, qword ptr [rip + kmem_shim_table@GOTTPOFF]",
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
            "adrp {word}, :gottprel:kmem_shim_table",
            "ldr {word}, [{word}, :gottprel_lo12:kmem_shim_table]",
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
            "adrp {offset}, :gottprel:kmem_shim_table",
            "ldr {offset}, [{offset}, :gottprel_lo12:kmem_shim_table]",
            "str {word}, [{base}, {offset}]",
            base = out(reg) _,
            offset = out(reg) _,
            word = in(reg) word,
            options(nostack, preserves_flags)
        );
    }
}

/// The calling thread's word.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn get() -> *const c_void {
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_tls_word() };
    // SAFETY: the address of this thread's word.
    unsafe { *word }
}

/// Stores the calling thread's word.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(crate) fn set(value: *const c_void) {
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_tls_word() };
    // SAFETY: the address of this thread's word.
    unsafe { *word = value };
}
