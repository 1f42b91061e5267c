// SPDX-License-Identifier: MIT OR Apache-2.0
//! A barn that others fill while it is emptied.

use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::page;
use crate::sheaf::barn::Barn;
use crate::sheaf::block::Sheaf;

static FLUSHED: AtomicUsize = AtomicUsize::new(0);

/// Another thread has a full sheaf by the time that this one has emptied one.
fn flush(barn: &Barn, _: &mut [*mut u8]) {
    if FLUSHED.fetch_add(1, Relaxed) < 1000 {
        assert!(barn.put_full(Sheaf::new().unwrap()));
    }
}

#[test]
fn what_others_bring_does_not_prolong_it() {
    page::init().unwrap();
    let barn = Barn::new(64, 4, 64, 100, flush);
    for _ in 0..3 {
        assert!(barn.put_full(Sheaf::new().unwrap()));
    }
    barn.clear();
    assert_eq!(FLUSHED.load(Relaxed), 3);
    FLUSHED.store(1000, Relaxed);
    barn.clear();
    assert_eq!(barn.parked(), 0);
    assert_eq!(barn.idle_bytes(), 0);
}
