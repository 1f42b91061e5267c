// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory checkers that watch the process: valgrind's memcheck and AddressSanitizer.
//!
//! Both are asked through interfaces that cost nothing where the checker is absent, so that one library serves with
//! and without them: memcheck through a sequence of instructions that does nothing outside valgrind, AddressSanitizer
//! through functions of its run-time library, which the program has or has not.

use core::ffi::{CStr, c_void};
use std::sync::OnceLock;

/// Who watches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    None,
    Memcheck,
    AddressSanitizer,
}

unsafe extern "C" {
    /// Whether the program has AddressSanitizer's run-time library (`shim.c`, as the next three).
    safe fn kmem_shim_asan_is_here() -> bool;
    fn kmem_shim_asan_poison(start: *const c_void, bytes: usize);
    fn kmem_shim_asan_unpoison(start: *const c_void, bytes: usize);
    fn kmem_shim_asan_scan(start: *const c_void, bytes: usize);
}

/// Requests to valgrind's core, and to memcheck (whose numbers begin with "MC").
const CHANGE_ERR_DISABLEMENT: usize = 0x1801;
const MALLOCLIKE_BLOCK: usize = 0x1301;
const FREELIKE_BLOCK: usize = 0x1302;
const MEMCHECK: usize = ((b'M' as usize) << 24) | ((b'C' as usize) << 16);
const MAKE_NO_ACCESS: usize = MEMCHECK;
const MAKE_UNDEFINED: usize = MEMCHECK + 1;
const MAKE_DEFINED: usize = MEMCHECK + 2;
const DISCARD: usize = MEMCHECK + 3;
const GET_VBITS: usize = MEMCHECK + 8;
const CREATE_BLOCK: usize = MEMCHECK + 10;

/// Asks valgrind; 0 where there is none, or it does not know the request.
#[cfg(target_arch = "x86_64")]
fn request(number: usize, arguments: [usize; 4]) -> usize {
    let block = [number, arguments[0], arguments[1], arguments[2], arguments[3], 0];
    let mut answer = 0usize;
    // SAFETY: rotations by 128 bits in all and an exchange of a register with itself change nothing but flags;
    // valgrind reads the block and writes the answer's register.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            inout("rdx") answer,
            in("rax") block.as_ptr(),
        );
    }
    answer
}

#[cfg(target_arch = "aarch64")]
fn request(number: usize, arguments: [usize; 4]) -> usize {
    let block = [number, arguments[0], arguments[1], arguments[2], arguments[3], 0];
    let mut answer = 0usize;
    // SAFETY: as on x86-64.
    unsafe {
        core::arch::asm!(
            "ror x12, x12, #3",
            "ror x12, x12, #13",
            "ror x12, x12, #51",
            "ror x12, x12, #61",
            "orr x10, x10, x10",
            inout("x3") answer,
            in("x4") block.as_ptr(),
        );
    }
    answer
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn request(_number: usize, _arguments: [usize; 4]) -> usize {
    0
}

/// Who watches this process.
pub(crate) fn present() -> Tool {
    static TOOL: OnceLock<Tool> = OnceLock::new();
    *TOOL.get_or_init(|| {
        let (probe, mut bits) = (0u64, 0u64);
        let (probe, bits) = ((&raw const probe).addr(), (&raw mut bits).addr());
        // Other tools of valgrind do not know this request; under them nothing must change.
        if request(GET_VBITS, [probe, bits, size_of::<u64>(), 0]) == 1 {
            Tool::Memcheck
        } else if kmem_shim_asan_is_here() {
            Tool::AddressSanitizer
        } else {
            Tool::None
        }
    })
}

/// Memory that the program must not touch.
pub(crate) fn forbid(start: usize, bytes: usize) {
    match present() {
        Tool::Memcheck => _ = request(MAKE_NO_ACCESS, [start, bytes, 0, 0]),
        // SAFETY: the run-time library is there, and marks memory of ours.
        Tool::AddressSanitizer => unsafe {
            kmem_shim_asan_poison(core::ptr::with_exposed_provenance(start), bytes);
        },
        Tool::None => {}
    }
}

/// Memory that may be touched; its bytes mean something if `defined`.
pub(crate) fn permit(start: usize, bytes: usize, defined: bool) {
    match present() {
        Tool::Memcheck => {
            _ = request(if defined { MAKE_DEFINED } else { MAKE_UNDEFINED }, [start, bytes, 0, 0]);
        }
        // SAFETY: as in `forbid`.
        Tool::AddressSanitizer => unsafe {
            kmem_shim_asan_unpoison(core::ptr::with_exposed_provenance(start), bytes);
        },
        Tool::None => {}
    }
}

/// Has memcheck say nothing of what the calling thread does, until the same is asked with -1.
pub(crate) fn change_silence(by: isize) {
    if present() == Tool::Memcheck {
        request(CHANGE_ERR_DISABLEMENT, [by.cast_unsigned(), 0, 0, 0]);
    }
}

/// An object handed out: from here on a block of the checker's, with the stack of the call.
pub(crate) fn allocated(start: usize, bytes: usize, red_zone: usize, defined: bool) {
    if present() == Tool::Memcheck {
        request(MALLOCLIKE_BLOCK, [start, bytes, red_zone, usize::from(defined)]);
    } else {
        permit(start, bytes, defined);
    }
}

/// An object taken back.
pub(crate) fn freed(start: usize, bytes: usize, red_zone: usize) {
    if present() == Tool::Memcheck {
        request(FREELIKE_BLOCK, [start, red_zone, 0, 0]);
    } else {
        forbid(start, bytes);
    }
}

/// Has memcheck describe an address in a stretch of memory by `name` and the stack of this call; returns the number by
/// which [`forget`] takes the description back. `name` is copied.
pub(crate) fn describe(start: usize, bytes: usize, name: &CStr) -> usize {
    request(CREATE_BLOCK, [start, bytes, name.as_ptr().addr(), 0])
}

pub(crate) fn forget(number: usize) {
    request(DISCARD, [0, number, 0, 0]);
}

/// Memory where a leak checker may find pointers to other memory.
pub(crate) fn scan(start: usize, bytes: usize) {
    if present() == Tool::AddressSanitizer {
        // SAFETY: the run-time library is there; the stretch is a reservation of ours, of which it reads what is
        // readable.
        unsafe { kmem_shim_asan_scan(core::ptr::with_exposed_provenance(start), bytes) };
    }
}
