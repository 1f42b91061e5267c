// SPDX-License-Identifier: MIT OR Apache-2.0
//! The calls that led to where a thread is.
//!
//! Uses the unwinder that the compiler's runtime (libgcc_s) brings along for exceptions, and with it the unwind
//! tables that every compiler writes by default. Code built without them ends the walk. The unwinder takes
//! no lock and allocates nothing on systems with glibc 2.35 or later; before that it takes the loader's lock.

use core::ffi::{c_int, c_void};

use crate::sys::loader;

/// The unwinder's view of one frame.
#[repr(C)]
struct Context {
    _private: [u8; 0],
}

type Visitor = unsafe extern "C" fn(*mut Context, *mut c_void) -> c_int;

/// `_URC_NO_REASON`: go on to the caller.
const CONTINUE: c_int = 0;
/// `_URC_END_OF_STACK`: enough.
const STOP: c_int = 5;

#[allow(unused_doc_comments, reason = "the header generator reads it")]
/// cbindgen:ignore
unsafe extern "C" {
    fn _Unwind_Backtrace(visitor: Visitor, data: *mut c_void) -> c_int;
    fn _Unwind_GetIP(context: *mut Context) -> usize;
}

/// What the visitor fills.
struct Walk<'a> {
    into: &'a mut [usize],
    len: usize,
    skip: usize,
}

/// Stores the return addresses of the calling thread's stack in `into`, innermost first, and returns how many.
///
/// `skip` frames are left out at the top; with 0 the first address lies in the caller of this function.
#[inline(never)]
pub(crate) fn capture(into: &mut [usize], skip: usize) -> usize {
    let mut walk = Walk { into, len: 0, skip: skip.saturating_add(1) };
    let Some(_under_way) = loader::visit() else { return 0 };
    // SAFETY: the visitor has the type that the unwinder expects, and `walk` outlives the call.
    unsafe { _Unwind_Backtrace(visit, (&raw mut walk).cast()) };
    walk.len
}

unsafe extern "C" fn visit(context: *mut Context, data: *mut c_void) -> c_int {
    // SAFETY: `data` is the `walk` of `capture`, which nobody else uses during the walk.
    let walk = unsafe { &mut *data.cast::<Walk<'_>>() };
    // SAFETY: the unwinder passes a context that is valid for this call.
    let address = unsafe { _Unwind_GetIP(context) };
    if address == 0 {
        return STOP;
    }
    if walk.skip > 0 {
        walk.skip -= 1;
        return CONTINUE;
    }
    match walk.into.get_mut(walk.len) {
        Some(slot) => *slot = address,
        None => return STOP,
    }
    walk.len += 1;
    CONTINUE
}

#[cfg(test)]
mod test {
    use super::*;

    #[inline(never)]
    fn nested(into: &mut [usize], skip: usize) -> usize {
        std::hint::black_box(capture(into, skip))
    }

    #[test]
    fn fills_no_more_than_asked_for() {
        let mut frames = [0; 3];
        assert_eq!(nested(&mut frames, 0), 3);
        assert!(frames.iter().all(|address| *address != 0));
        assert_eq!(nested(&mut [], 0), 0);
    }

    #[test]
    fn skips_at_the_top() {
        let mut frames = [0; 8];
        let mut fewer = [0; 8];
        for (into, skip) in [(&mut frames, 0), (&mut fewer, 1)] {
            assert!(nested(into, skip) > 2);
        }
        // Both walks start at the same call, so beyond the skipped frame they are equal.
        assert_eq!(frames.get(1..7), fewer.get(..6));
    }

    #[test]
    fn survives_a_skip_beyond_the_stack() {
        assert_eq!(nested(&mut [0; 4], usize::MAX), 0);
    }
}
