// SPDX-License-Identifier: MIT OR Apache-2.0
//! Processors.

/// Largest CPU number looked at, plus one.
const MAX_CPUS: usize = 8192;

/// The number of CPUs that this process may run on, at least 1.
///
/// The affinity mask, not the host's CPU count: a container confined to two CPUs of a large machine sizes its
/// slabs like a machine with two.
pub(crate) fn usable() -> u32 {
    let mut mask = [0u64; MAX_CPUS / 64];
    // SAFETY: the mask is a valid buffer of the size given.
    let n = unsafe { libc::syscall(libc::SYS_sched_getaffinity, 0, size_of_val(&mask), mask.as_mut_ptr()) };
    if n <= 0 { 1 } else { mask.iter().map(|word| word.count_ones()).sum::<u32>().max(1) }
}

/// The number of CPUs that the machine runs on, at least 1.
pub(crate) fn online() -> u32 {
    // SAFETY: sysconf has no preconditions.
    let n = unsafe { libc::sysconf(libc::_SC_NPROCESSORS_ONLN) };
    u32::try_from(n).unwrap_or(1).max(1)
}

/// The CPU that the caller runs on, 0 when unknown. Out of date as soon as it is known.
pub(crate) fn current() -> u32 {
    // SAFETY: sched_getcpu has no preconditions.
    u32::try_from(unsafe { libc::sched_getcpu() }).unwrap_or(0)
}

/// Has the processor fetch the cache line of an address, which may be any number, in order to write to it.
#[inline(always)]
pub(crate) fn prefetch_for_write(at: *const u8) {
    // SAFETY: a prefetch of whatever address changes nothing that a program can see.
    #[cfg(target_arch = "x86_64")]
    unsafe {
        core::arch::asm!("prefetchw [{}]", in(reg) at, options(nostack, preserves_flags, readonly))
    };
    // SAFETY: as above.
    #[cfg(target_arch = "aarch64")]
    unsafe {
        core::arch::asm!("prfm pstl1keep, [{}]", in(reg) at, options(nostack, preserves_flags, readonly))
    };
    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    let _ = at;
}
