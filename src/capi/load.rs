// SPDX-License-Identifier: MIT OR Apache-2.0
//! What happens when the library is loaded, and when it goes.

use crate::cache::{self, fork};
use crate::kmalloc::{self, mempool};
use crate::sys::thread;

/// Among the first functions of a program that the library is part of, and before those of the libraries that need it.
#[used]
#[unsafe(link_section = ".init_array.00101")]
static LOAD: extern "C" fn() = load;

#[used]
#[unsafe(link_section = ".fini_array.00101")]
static UNLOAD: extern "C" fn() = unload;

extern "C" fn load() {
    cache::load();
    thread::at_fork(before_fork, in_parent, in_child);
}

extern "C" fn before_fork() {
    fork::prepare(kmalloc::hold_for_fork, mempool::hold_for_fork);
}

extern "C" fn in_parent() {
    after_fork(false);
}

extern "C" fn in_child() {
    after_fork(true);
}

fn after_fork(in_child: bool) {
    fork::let_go(
        in_child,
        // SAFETY: `before_fork` took it in the thread of that id, which is this one or what it is the image of.
        |holder| unsafe { kmalloc::let_go_after_fork(holder) },
        // SAFETY: as above.
        || unsafe { mempool::let_go_after_fork() },
    );
}

/// At the end of the process, or when a plugin is unloaded that the archive was linked into: threads that end later
/// must not come here. (The shared library is never unloaded.)
extern "C" fn unload() {
    cache::unload();
}
