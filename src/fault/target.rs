// SPDX-License-Identifier: MIT OR Apache-2.0
//! One cache as a target: what has been said about it alone.

use core::ffi::c_void;
use core::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use core::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU64, AtomicUsize};

use crate::abi::gfp::{self, gfp_t};
use crate::printk::panic::Later;
use crate::sheaf::{Barn, bypass};
use crate::sys::thread::without_cancel;

/// Called with the program's pointer when an allocation follows a refused one.
pub(crate) type Callback = unsafe extern "C-unwind" fn(*mut c_void);

/// A budget without end.
const UNLIMITED: i64 = -1;

/// Lives in the cache's descriptor.
pub(crate) struct Target {
    /// Whether failslab's cache-filter lets this cache's requests fail.
    failslab: AtomicBool,
    /// Objects that requests which may not sleep can still get; [`UNLIMITED`] is negative.
    budget: AtomicI64,
    /// Whether the last decision by the budget was a refusal that the callback has not been told of.
    refused: AtomicBool,
    /// The callback's address, 0 for none; published after `private`.
    callback: AtomicUsize,
    private: AtomicPtr<c_void>,
    /// Objects handed out since the count was set to 0.
    handed_out: AtomicU64,
}

impl Target {
    pub(crate) fn new(failslab: bool) -> Self {
        Self {
            failslab: AtomicBool::new(failslab),
            budget: AtomicI64::new(UNLIMITED),
            refused: AtomicBool::new(false),
            callback: AtomicUsize::new(0),
            private: AtomicPtr::new(core::ptr::null_mut()),
            handed_out: AtomicU64::new(0),
        }
    }

    pub(crate) fn is_marked(&self) -> bool {
        self.failslab.load(Relaxed)
    }

    pub(crate) fn mark(&self, on: bool) {
        self.failslab.store(on, Relaxed);
    }

    /// Lets requests that may not sleep have so many objects and no more; `u32::MAX`: any number.
    pub(crate) fn set_budget(&self, barn: &Barn, objects: u32) {
        if objects == u32::MAX {
            self.budget.store(UNLIMITED, Relaxed);
            bypass::end(barn, bypass::BUDGET);
        } else {
            self.budget.store(objects.into(), Relaxed);
            bypass::begin(barn, bypass::BUDGET);
        }
    }

    /// The same for a cache that no thread knows yet, whatever locks are held.
    pub(crate) fn boot_budget(&self, barn: &Barn, objects: u32) {
        if objects != u32::MAX {
            self.budget.store(objects.into(), Relaxed);
            bypass::begin_new(barn, bypass::BUDGET);
        }
    }

    pub(crate) fn set_callback(&self, callback: Option<Callback>) {
        self.callback.store(callback.map_or(0, |f| f as usize), Release);
    }

    pub(crate) fn set_private(&self, private: *mut c_void) {
        self.private.store(private, Relaxed);
    }

    /// Decides by the budget. A request for one object after a refused one tells the callback first.
    pub(super) fn over_budget(&self, gfp: gfp_t, count: usize) -> bool {
        let single = count == 1;
        if single && self.refused.load(Relaxed) && self.refused.swap(false, Relaxed) {
            self.tell();
        }
        if gfp & gfp::DIRECT_RECLAIM != 0 {
            return false;
        }
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        // A request for many takes what there is, and gets nothing if that is too little.
        let rest = |left: i64| (left >= 0).then(|| (left - count).max(0));
        let over = self.budget.fetch_update(Relaxed, Relaxed, rest).is_ok_and(|left| left < count);
        if over && single {
            self.refused.store(true, Relaxed);
        }
        over
    }

    fn tell(&self) {
        // Acquire pairs with the Release in `set_callback`.
        let callback = self.callback.load(Acquire);
        if callback != 0 {
            // SAFETY: `set_callback` stored a function of this type, the only source of a value other than 0.
            let callback = unsafe { core::mem::transmute::<usize, Callback>(callback) };
            let _later = Later::new();
            // SAFETY: the program promised a function that can be called from any thread; no lock is held.
            without_cancel(|| unsafe { callback(self.private.load(Relaxed)) });
        }
    }

    /// Counts objects that were handed out, if that is wanted.
    #[inline]
    pub(crate) fn handed_out(&self, barn: &Barn, count: usize) {
        if bypass::has_begun(barn, bypass::COUNT) {
            self.handed_out.fetch_add(count as u64, Relaxed);
        }
    }

    /// Objects handed out since [`zero_count`](Self::zero_count), with which counting begins if it has not.
    pub(crate) fn count(&self, barn: &Barn) -> u64 {
        bypass::begin(barn, bypass::COUNT);
        self.handed_out.load(Relaxed)
    }

    pub(crate) fn zero_count(&self, barn: &Barn) {
        bypass::begin(barn, bypass::COUNT);
        self.handed_out.store(0, Relaxed);
    }
}
