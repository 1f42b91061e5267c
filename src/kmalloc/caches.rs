// SPDX-License-Identifier: MIT OR Apache-2.0
//! The caches of the family, created when the first of them is needed.

use crate::abi::errno::{EBUSY, ENOMEM, Errno};
use crate::abi::slab_flags::{SLAB_KMALLOC, SLAB_NO_MERGE};
use crate::cache::{self, Args, Handle};
use crate::kmalloc::class::{self, CLASSES, Kind, SIZES};
use crate::sync::{self, OuterOnce};

static INIT: OuterOnce = OuterOnce::new();

/// Waits for caches that are being created, and keeps others from beginning, for the time of a fork.
pub(crate) fn hold_for_fork() {
    INIT.hold();
}

/// Ends that.
///
/// # Safety
/// The thread with the id `holder` called `hold_for_fork`; the caller is it, or its image in a child process.
pub(crate) unsafe fn let_go_after_fork(holder: i32) {
    // SAFETY: held (contract).
    unsafe { INIT.let_go(holder) };
}

/// Creates all caches unless they are there; -ENOMEM when there is no memory, and then a later call goes on; -EBUSY when
/// the caller could wait for itself.
pub(super) fn init() -> Result<(), Errno> {
    if !INIT.is_done() && !sync::interrupted() {
        // Not under the lock: it may call the program's log handler, which may come here.
        cache::boot();
    }
    INIT.run(EBUSY, || {
        let mut serial = 0;
        for kind in Kind::ALL {
            for class in 1..CLASSES {
                serial += 1;
                create(kind, class, serial)?;
            }
        }
        Ok(())
    })
}

fn create(kind: Kind, class: usize, serial: u64) -> Result<(), Errno> {
    let place = class::reserved(kind, class);
    if Handle::new(class::handle(kind, class)).cache().is_some() {
        return Ok(());
    }
    let size = SIZES.get(class).copied().unwrap_or(0);
    // In a kernel with memory cgroups the plain ones are not merged, and none is under hardened usercopy.
    let merge = if kind == Kind::Normal { SLAB_NO_MERGE } else { 0 };
    let mut args = Args {
        flags: (kind.flags() | merge | SLAB_KMALLOC).into(),
        align: class::align_of(class),
        usersize: size,
        sheaf_capacity: class::sheaf_capacity(class),
        place: Some((place, serial)),
        ..Args::default()
    };
    let handle = class::with_own_name(kind, class, |name| {
        cache::create("create_kmalloc_cache", Some(name), size, &mut args)
    });
    if handle.is_null() { Err(ENOMEM) } else { Ok(()) }
}

/// The cache for a request of 1 to `MAX_CACHED` bytes.
pub(super) fn find(kind: Kind, size: usize) -> Result<Handle, Errno> {
    init()?;
    Ok(Handle::new(class::handle(kind, class::class_of(size))))
}
