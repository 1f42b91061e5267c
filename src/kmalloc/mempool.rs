// SPDX-License-Identifier: MIT OR Apache-2.0
//! Memory pools: a reserve of elements that makes allocations succeed when memory does not.
//!
//! A lock guards the numbers and the reserve of a pool, and is held while neither of the program's functions runs. Pools lie
//! wherever the program put them, and a fork must find their locks: so these are a few that all pools share.
//! Who finds the reserve empty and may sleep waits for an element to come back, at most five seconds at a time, for
//! memory may be had again without one.

use core::ffi::{c_int, c_void};
use core::mem;
use core::ops::ControlFlow;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicI32, AtomicU32};

use crate::abi::errno::{EINVAL, ENOMEM, Errno};
use crate::abi::gfp::{self, gfp_t};
use crate::abi::mempool::{mempool_alloc_t, mempool_free_t, mempool_s};
use crate::cache::ANY_NODE;
use crate::kmalloc::alloc::kmalloc;
use crate::kmalloc::free::kfree;
use crate::printk::panic::Later;
use crate::printk::warn::warn_at;
use crate::sync::{self, Mutex, rank};
use crate::sys::futex;
use crate::sys::thread::without_cancel;

/// How long a waiter sleeps before it tries by itself.
const ROUND_NS: u64 = 5_000_000_000;
/// Wakes everybody.
const ALL: i32 = i32::MAX;

/// A lock of pools, apart from the next one.
#[repr(align(64))]
struct Stripe(Mutex<(), { rank::POOL }>);

/// A pool's lock is found by its address. Nothing else is waited for while one is held.
static STRIPES: [Stripe; 16] = [const { Stripe(Mutex::new(())) }; 16];

/// Waits for work on pools that is under way, and keeps others from beginning, for the time of a fork.
pub(crate) fn hold_for_fork() {
    for stripe in &STRIPES {
        sync::hold(&stripe.0);
    }
}

/// Ends that.
///
/// # Safety
/// The calling thread, or the one that it is the image of in a child process, called `hold_for_fork`.
pub(crate) unsafe fn let_go_after_fork() {
    for stripe in &STRIPES {
        // SAFETY: held (contract).
        unsafe { sync::let_go(&stripe.0) };
    }
}

/// What a pool is made of.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) min_nr: c_int,
    pub(crate) alloc: mempool_alloc_t,
    pub(crate) free: mempool_free_t,
    pub(crate) data: *mut c_void,
}

/// A pool that C passed.
///
/// Invariant: a mempool_s, zeroed or initialised, that lives as long as this.
#[derive(Clone, Copy)]
pub(crate) struct Pool(NonNull<mempool_s>);

/// The elements of a reserve: an array as long as `nr` says; `None` when there is no memory.
fn new_elements(nr: c_int, gfp: gfp_t) -> Option<*mut *mut c_void> {
    let bytes = usize::try_from(nr.max(1)).ok()?.checked_mul(size_of::<*mut c_void>())?;
    kmalloc("mempool", bytes, gfp & !gfp::ZERO, ANY_NODE).map(|array| array.as_ptr().cast())
}

impl Pool {
    /// # Safety
    /// The type's invariant.
    pub(crate) unsafe fn new(pool: NonNull<mempool_s>) -> Self {
        Self(pool)
    }

    fn stripe(&self) -> &'static Stripe {
        // Fibonacci hashing: pools that lie side by side have different locks.
        let hash = (self.0.addr().get() as u64 / 16).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        &STRIPES[(hash >> 60) as usize % STRIPES.len()]
    }

    fn atomic<T>(&self, field: impl FnOnce(*mut mempool_s) -> *mut T) -> &AtomicU32 {
        const { assert!(size_of::<T>() == size_of::<u32>()) };
        // SAFETY: a field of four bytes of a live pool (the type's invariant).
        unsafe { AtomicU32::from_ptr(field(self.0.as_ptr()).cast()) }
    }

    /// Counts elements that came back.
    fn wait_word(&self) -> &AtomicU32 {
        // SAFETY: a live pool (the type's invariant).
        self.atomic(|pool| unsafe { &raw mut (*pool).wait })
    }

    /// Whether the reserve holds less than it should; the answer may be old without the lock.
    fn is_short(&self) -> bool {
        // SAFETY: a live pool (the type's invariant).
        let min_nr = self.atomic(|pool| unsafe { &raw mut (*pool).min_nr });
        // SAFETY: as above.
        let curr_nr = self.atomic(|pool| unsafe { &raw mut (*pool).curr_nr });
        curr_nr.load(Relaxed).cast_signed() < min_nr.load(Relaxed).cast_signed()
    }

    /// Runs `work` on the pool's numbers and reserve, locked.
    fn locked<R>(&self, work: impl FnOnce(&mut mempool_s) -> R) -> R {
        let _guard = self.stripe().0.lock();
        // SAFETY: the lock keeps all others away.
        unsafe { self.alone(work) }
    }

    /// Runs `work` on the pool's numbers and reserve.
    ///
    /// # Safety
    /// No other thread does so.
    unsafe fn alone<R>(&self, work: impl FnOnce(&mut mempool_s) -> R) -> R {
        let pool = self.0.as_ptr();
        // SAFETY: live (the type's invariant), and this is the only reference (contract).
        work(unsafe { &mut *pool })
    }

    /// A copy of what never changes after initialisation, and is read without the lock.
    fn plan(&self) -> Plan {
        let pool = self.0.as_ptr();
        // SAFETY: live (the type's invariant), and constant since it was initialised.
        let alloc = unsafe { (*pool).alloc };
        // SAFETY: as above.
        let free = unsafe { (*pool).free };
        // SAFETY: as above.
        let data = unsafe { (*pool).pool_data };
        Plan { min_nr: 0, alloc, free, data }
    }

    /// Initialises a pool and fills its reserve; -ENOMEM, and nothing kept, when that fails.
    pub(crate) fn init(self, plan: Plan, gfp: gfp_t) -> Result<(), Errno> {
        let pool = mempool_s {
            min_nr: plan.min_nr.max(0),
            curr_nr: 0,
            wait: 0,
            asleep: 0,
            elements: new_elements(plan.min_nr, gfp).ok_or(ENOMEM)?,
            pool_data: plan.data,
            alloc: plan.alloc,
            free: plan.free,
        };
        // SAFETY: the caller's memory for a pool, which nobody else uses yet.
        unsafe { self.0.write(pool) };
        while self.is_short() {
            match plan.make(gfp) {
                // SAFETY: as above. Without a lock, which a handler for a signal could not wait for.
                Some(element) => unsafe { self.alone(|pool| put(pool, element)) },
                None => {
                    self.exit();
                    return Err(ENOMEM);
                }
            }
        }
        Ok(())
    }

    /// Empties a pool, initialised or not, that nobody else uses any more.
    pub(crate) fn exit(self) {
        let plan = self.plan();
        // SAFETY: the caller's word for it. Without a lock, as in `init`.
        while let Some(element) = unsafe { self.alone(take) } {
            plan.dispose(element);
        }
        // SAFETY: as above.
        let elements = unsafe { self.alone(|pool| mem::replace(&mut pool.elements, ptr::null_mut())) };
        kfree("mempool_exit", elements.cast());
    }

    /// Allocates an element; `None` only when the request may not sleep, and there is neither memory nor a reserve.
    pub(crate) fn alloc(self, gfp: gfp_t) -> Option<NonNull<c_void>> {
        let plan = self.plan();
        let full = gfp | gfp::NOMEMALLOC | gfp::NORETRY | gfp::NOWARN;
        let mut now = full & !(gfp::DIRECT_RECLAIM | gfp::IO);
        loop {
            if let Some(element) = plan.make(now) {
                return Some(element);
            }
            if sync::interrupted() {
                return None;
            }
            if let Some(element) = self.locked(take) {
                return Some(element);
            }
            if now != full {
                now = full;
                continue;
            }
            if gfp & gfp::DIRECT_RECLAIM == 0 {
                return None;
            }
            if let Some(element) = self.wait() {
                return Some(element);
            }
        }
    }

    /// Sleeps until an element has come back, or for one round; returns one that came back before.
    fn wait(&self) -> Option<NonNull<c_void>> {
        let (element, seen) = self.locked(|pool| {
            let element = take(pool);
            if element.is_none() {
                pool.asleep = 1;
            }
            (element, pool.wait)
        });
        if element.is_none() {
            futex::wait_ns(self.wait_word(), seen, ROUND_NS);
        }
        element
    }

    /// An element of the reserve.
    pub(crate) fn alloc_preallocated(self) -> Option<NonNull<c_void>> {
        if sync::interrupted() { None } else { self.locked(take) }
    }

    /// Takes an element back: into the reserve, if that is short.
    pub(crate) fn free(self, element: NonNull<c_void>) {
        // A handler that interrupted the library waits for no lock, and leaves the reserve as it is.
        if self.is_short() && !sync::interrupted() {
            let asleep = self.locked(|pool| {
                (pool.curr_nr < pool.min_nr).then(|| {
                    put(pool, element);
                    pool.wait = pool.wait.wrapping_add(1);
                    mem::take(&mut pool.asleep)
                })
            });
            if let Some(asleep) = asleep {
                // Whoever gave up waiting, or is not there in the child of a fork, costs one call in vain.
                if asleep != 0 {
                    futex::wake(self.wait_word(), ALL);
                }
                return;
            }
        }
        self.plan().dispose(element);
    }

    /// Changes how many elements the reserve should hold. -ENOMEM when there is no memory for the larger array; as
    /// many elements as can be had are added.
    pub(crate) fn resize(self, min_nr: c_int) -> Result<(), Errno> {
        if min_nr <= 0 {
            warn_at!("mempool_resize", "mempool_resize: {min_nr} elements\n");
            return Err(EINVAL);
        }
        let plan = self.plan();
        // What is beyond a smaller reserve goes first, as in Linux.
        let smaller = loop {
            match self.locked(|pool| make_smaller(pool, min_nr)) {
                ControlFlow::Continue(extra) => plan.dispose(extra),
                ControlFlow::Break(done) => break done,
            }
        };
        if smaller {
            return Ok(());
        }
        let elements = new_elements(min_nr, gfp::KERNEL).ok_or(ENOMEM)?;
        let old = self.locked(|pool| {
            if min_nr <= pool.min_nr {
                return elements;
            }
            // SAFETY: the old array holds `curr_nr` elements, at most as many as `pool.min_nr`, and the new one has room
            // for more.
            unsafe { ptr::copy_nonoverlapping(pool.elements, elements, pool.curr_nr as usize) };
            set(&mut pool.min_nr, min_nr);
            mem::replace(&mut pool.elements, elements)
        });
        kfree("mempool_resize", old.cast());
        while self.is_short() {
            let Some(element) = plan.make(gfp::KERNEL) else { break };
            self.free(element);
        }
        Ok(())
    }
}

/// Stores one of the numbers that are read without the lock, too.
fn set(number: &mut c_int, value: c_int) {
    // SAFETY: an aligned place for a number, which the lock lets nobody else write to.
    unsafe { AtomicI32::from_ptr(number) }.store(value, Relaxed);
}

/// One step to a smaller reserve: takes out an element too many, or, when there is none, makes the reserve that small;
/// breaks with whether that is so, or the reserve is to grow. One hold of the lock: what comes back after it finds the new
/// number.
fn make_smaller(pool: &mut mempool_s, min_nr: c_int) -> ControlFlow<bool, NonNull<c_void>> {
    if min_nr > pool.min_nr {
        return ControlFlow::Break(false);
    }
    if min_nr < pool.curr_nr
        && let Some(extra) = take(pool)
    {
        return ControlFlow::Continue(extra);
    }
    set(&mut pool.min_nr, min_nr);
    ControlFlow::Break(true)
}

/// Puts an element into the reserve, which has room.
fn put(pool: &mut mempool_s, element: NonNull<c_void>) {
    // SAFETY: the array has room for `min_nr` elements, and callers have seen that there are fewer.
    unsafe { pool.elements.wrapping_add(pool.curr_nr as usize).write(element.as_ptr()) };
    let more = pool.curr_nr + 1;
    set(&mut pool.curr_nr, more);
}

/// Takes the last element out of the reserve.
fn take(pool: &mut mempool_s) -> Option<NonNull<c_void>> {
    if pool.curr_nr <= 0 {
        return None;
    }
    let less = pool.curr_nr - 1;
    set(&mut pool.curr_nr, less);
    // SAFETY: below `curr_nr` there are elements.
    NonNull::new(unsafe { pool.elements.wrapping_add(pool.curr_nr as usize).read() })
}

impl Plan {
    fn make(&self, gfp: gfp_t) -> Option<NonNull<c_void>> {
        let alloc = self.alloc?;
        let _later = Later::new();
        // SAFETY: the program gave this function for exactly this call; no lock is held.
        NonNull::new(without_cancel(|| unsafe { alloc(gfp, self.data) }))
    }

    fn dispose(&self, element: NonNull<c_void>) {
        if let Some(free) = self.free {
            let _later = Later::new();
            // SAFETY: as above.
            without_cancel(|| unsafe { free(element.as_ptr(), self.data) });
        }
    }
}
