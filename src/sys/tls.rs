// SPDX-License-Identifier: MIT OR Apache-2.0
//! The library's thread-local words: one for the thread's table of sheaves, one for its id, and one for how deep it is
//! in the library's locks, and in what else must not be left in the middle.
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
    fn kmem_shim_swap_table(table: *const c_void) -> *const c_void;
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

/// Stores the calling thread's word and returns what was there, in one step to a signal handler.
pub(crate) fn swap(word: *const c_void) -> *const c_void {
    // SAFETY: stores to this thread's word.
    unsafe { kmem_shim_swap_table(word) }
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

/// One lock, one hold, and the wish in the third word: locks are counted in its lower half.
const LOCK: usize = 1;
const HOLD: usize = 1 << (usize::BITS / 2);
const WISH: usize = 1 << (usize::BITS - 1);

/// How many locks that a signal handler must not wait for the calling thread holds or waits for.
#[inline(always)]
pub(crate) fn depth() -> usize {
    depth_word() & (HOLD - LOCK)
}

/// Raises the calling thread's depth. A handler that interrupts this puts back what it changes.
#[inline(always)]
pub(crate) fn deeper() {
    add_to_depth(LOCK);
}

/// Lowers it again.
#[inline(always)]
pub(crate) fn shallower() {
    add_to_depth(LOCK.wrapping_neg());
}

/// Notes that the calling thread has something that must not be left in the middle.
pub(crate) fn hold() {
    add_to_depth(HOLD);
}

/// Notes that it has let go of it.
pub(crate) fn let_go() {
    add_to_depth(HOLD.wrapping_neg());
}

/// Whether the calling thread has any such thing.
pub(crate) fn holds() -> bool {
    depth_word() & !WISH >= HOLD
}

/// Notes a wish of the calling thread for the moment when it has none. It has one now.
pub(crate) fn wish() {
    // A handler that comes in between may have the same wish.
    while depth_word() & WISH == 0 {
        add_to_depth(WISH);
    }
}

/// Takes the wish back, if it is one and nothing is in its way: no such thing, and no lock.
pub(crate) fn take_wish() -> bool {
    let due = depth_word() == WISH;
    if due {
        add_to_depth(WISH);
    }
    due
}

/// Forgets all that the thread has of such things, and the wish: it leaves them as they are.
pub(crate) fn forget_holds() {
    add_to_depth((depth_word() & !(HOLD - LOCK)).wrapping_neg());
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn depth_word() -> usize {
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

/// In one instruction, so that no handler comes in between.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn add_to_depth(what: usize) {
    // SAFETY: loads the symbol's offset in the TLS block, and adds to the word there.
    unsafe {
        core::arch::asm!(
            "mov {offset}, qword ptr [rip + kmem_shim_depth@GOTTPOFF]",
            "add qword ptr fs:[{offset}], {what}",
            offset = out(reg) _,
            what = in(reg) what,
            options(nostack)
        );
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn depth_word() -> usize {
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_depth_word() };
    // SAFETY: the address of this thread's word.
    unsafe { word.read_volatile() }
}

/// A handler that comes in between puts back what it changes.
#[cfg(not(target_arch = "x86_64"))]
fn add_to_depth(what: usize) {
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
    // SAFETY: no preconditions.
    let word = unsafe { kmem_shim_depth_word() };
    let depth = depth_word().wrapping_add(what);
    // SAFETY: the address of this thread's word.
    unsafe { word.write_volatile(depth) };
    core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
}
