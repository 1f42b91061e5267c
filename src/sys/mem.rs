// SPDX-License-Identifier: MIT OR Apache-2.0
//! Address space and memory: reserve, commit, decommit.
//!
//! A reservation costs address space only. Committing makes a part of it readable and writable (and is what a
//! strict overcommit policy or RLIMIT_DATA can refuse); decommitting gives the memory back and keeps the
//! mapping, so that the number of mappings never grows with use.

use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::sys::errno;

/// Reserves `bytes` of address space without memory behind it; `None` when the system refuses.
pub(crate) fn reserve(bytes: usize) -> Option<NonNull<u8>> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    // SAFETY: an anonymous mapping at an address of the kernel's choice touches no existing memory.
    let at =
        errno::preserved(|| unsafe { libc::mmap(ptr::null_mut(), bytes, libc::PROT_NONE, flags, -1, 0) });
    if at == libc::MAP_FAILED { None } else { NonNull::new(at.cast()) }
}

/// Zeroed memory of its own; `None` when the system refuses.
pub(crate) fn obtain(bytes: usize) -> Option<NonNull<u8>> {
    let at = reserve(bytes)?;
    // SAFETY: the reservation that was just made.
    if unsafe { commit(at.as_ptr(), bytes) } {
        return Some(at);
    }
    // SAFETY: reserved above, and nobody has seen it.
    unsafe { release(at, bytes) };
    None
}

/// Whether the system may put huge pages behind a part of a reservation. They make memory resident that
/// nobody asked for, and do so again after a part of it was decommitted.
///
/// # Safety
/// `at..at + bytes` is page-aligned and lies within one live reservation.
pub(crate) unsafe fn allow_huge_pages(at: *mut u8, bytes: usize, allow: bool) {
    let advice = if allow { libc::MADV_HUGEPAGE } else { libc::MADV_NOHUGEPAGE };
    // SAFETY: advice about the caller's own mapping. A system without huge pages refuses it, which is as
    // good.
    errno::preserved(|| unsafe { libc::madvise(at.cast(), bytes, advice) });
}

/// Has the system wipe a reservation in the child of a fork: it reads as zeroes there. `false` where it
/// cannot.
///
/// # Safety
/// `at..at + bytes` is a reservation made by [`reserve`].
pub(crate) unsafe fn wipe_on_fork(at: NonNull<u8>, bytes: usize) -> bool {
    // SAFETY: advice about the caller's own mapping.
    errno::preserved(|| unsafe { libc::madvise(at.as_ptr().cast(), bytes, libc::MADV_WIPEONFORK) == 0 })
}

/// Gives a whole reservation back.
///
/// # Safety
/// `at..at + bytes` is a reservation made by [`reserve`] that nothing refers to any more.
pub(crate) unsafe fn release(at: NonNull<u8>, bytes: usize) {
    // SAFETY: the caller owns the whole range.
    unsafe { libc::munmap(at.as_ptr().cast(), bytes) };
}

/// Makes a part of a reservation readable and writable; `false` when the system refuses.
///
/// # Safety
/// `at..at + bytes` is page-aligned and lies within one live reservation.
pub(crate) unsafe fn commit(at: *mut u8, bytes: usize) -> bool {
    // SAFETY: the range is ours (contract), and more access rights invalidate no reference into it.
    errno::preserved(|| unsafe { libc::mprotect(at.cast(), bytes, libc::PROT_READ | libc::PROT_WRITE) == 0 })
}

/// Returns the memory behind committed pages to the system. They read as zero afterwards, unless it refuses
/// (`false`), as it does for memory that the program has locked: then nothing has changed.
///
/// # Safety
/// `at..at + bytes` is page-aligned, committed, and no live data is in it.
pub(crate) unsafe fn decommit(at: *mut u8, bytes: usize) -> bool {
    // SAFETY: the range is ours and holds nothing that anybody will read (contract).
    errno::preserved(|| unsafe { libc::madvise(at.cast(), bytes, libc::MADV_DONTNEED) == 0 })
}

/// Fills committed pages with zeroes; memory is only taken for those that are used later, if that can be had.
///
/// # Safety
/// As for [`decommit`].
pub(crate) unsafe fn clear(at: *mut u8, bytes: usize) {
    // SAFETY: the caller's contract.
    if !unsafe { decommit(at, bytes) } {
        // SAFETY: committed memory of the caller's own.
        unsafe { at.write_bytes(0, bytes) };
    }
}

/// Whether a test has an allocation of pages, or of the library's own memory, fail: in debug builds the
/// program is asked each time.
#[inline(always)]
pub(crate) fn test_refuses() -> bool {
    #[cfg(debug_assertions)]
    return kmem_shim_test_refuses();
    #[cfg(not(debug_assertions))]
    false
}

/// Tells a test about memory that the library took for itself, or, with a negative number, gave back.
#[inline(always)]
pub(crate) fn test_counts(_bytes: isize) {
    #[cfg(debug_assertions)]
    kmem_shim_test_counts(_bytes);
}

#[cfg(debug_assertions)]
#[allow(unused_doc_comments, reason = "for the header generator")]
/// cbindgen:ignore
unsafe extern "C" {
    safe fn kmem_shim_test_refuses() -> bool;
    safe fn kmem_shim_test_counts(bytes: isize);
}

/// Bytes in a page as the library is to see it; 0: as the system has it.
static SIMULATED: AtomicUsize = AtomicUsize::new(0);

/// Whether pages of a size can be put together from the system's.
pub(crate) fn can_simulate(bytes: usize) -> bool {
    bytes.is_power_of_two() && bytes <= MAX_PAGE && bytes >= system_page_size()
}

/// Has the library work with such pages from now on, for tests. Called before anything is reserved.
pub(crate) fn simulate_pages(bytes: usize) {
    SIMULATED.store(bytes, Relaxed);
}

/// The largest page of any system that Linux runs on, but for one of 256 KiB.
const MAX_PAGE: usize = 64 << 10;

/// Bytes in a page of the running system, or what stands in for it.
pub(crate) fn page_size() -> usize {
    match SIMULATED.load(Relaxed) {
        0 => system_page_size(),
        simulated => simulated,
    }
}

fn system_page_size() -> usize {
    // SAFETY: sysconf has no preconditions.
    let size = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    usize::try_from(size).unwrap_or(4096)
}

/// Bytes of physical memory, or 0 when unknown.
pub(crate) fn physical_bytes() -> usize {
    // SAFETY: sysconf has no preconditions.
    let pages = unsafe { libc::sysconf(libc::_SC_PHYS_PAGES) };
    usize::try_from(pages).unwrap_or(0).saturating_mul(system_page_size())
}

/// Bytes of address space that RLIMIT_AS grants this process in all; `usize::MAX` when unlimited.
pub(crate) fn address_space_limit() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is a valid place for the answer.
    let failed = unsafe { libc::getrlimit(libc::RLIMIT_AS, &raw mut limit) } != 0;
    if failed || limit.rlim_cur == libc::RLIM_INFINITY {
        usize::MAX
    } else {
        usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
    }
}
