// SPDX-License-Identifier: MIT OR Apache-2.0
//! Counting reports, and stopping at the first one.
//!
//! Every report about misuse or damage ends here, whichever cache it is about: a test or a fuzzer asks for the
//! number instead of reading text, and with `kmem.panic_on_bug=1` the first report is the last but for those that come
//! before the thread has let go of what it has.

use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::param::params;
use crate::printk::panic;
use crate::slab::Cache;

/// Reports about all caches, those that are gone and none in particular included.
static TOTAL: AtomicUsize = AtomicUsize::new(0);

/// The last step of every report. `cache` is the one that it blames, if there is one.
///
/// With `kmem.panic_on_bug=1` it does not return, unless the thread has something that must not be left in the middle
/// (`panic::Later`): then the panic comes after that.
#[cold]
pub(crate) fn reported(cache: Option<&Cache>) {
    TOTAL.fetch_add(1, Relaxed);
    if let Some(cache) = cache {
        cache.errors.fetch_add(1, Relaxed);
    }
    if params().panic_on_bug {
        panic::after_report();
    }
}

/// Reports so far, about one cache or, without one, in all.
pub(crate) fn count(cache: Option<&Cache>) -> usize {
    cache.map_or(&TOTAL, |cache| &cache.errors).load(Relaxed)
}
