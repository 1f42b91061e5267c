// SPDX-License-Identifier: MIT OR Apache-2.0
//! An outer lock whose holder can tell that it is his.

use core::ops::{Deref, DerefMut};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use parking_lot::lock_api::MutexGuard;

use crate::sync::futex_lock::FutexLock;
use crate::sync::{OuterMutex, let_go, rank};
use crate::sys::thread;

/// A value behind an outer lock that program code may run under. What that code calls finds out that its own
/// thread has the lock, further up the stack, and does not wait for itself.
pub(crate) struct KnownMutex<T> {
    /// The holder ([`thread::own`]: the same in the child of a fork); 0: nobody, or somebody for whom this is
    /// a matter of some instructions.
    holder: AtomicUsize,
    lock: OuterMutex<T>,
}

/// The value, locked.
pub(crate) struct KnownGuard<'a, T> {
    holder: &'a AtomicUsize,
    guard: MutexGuard<'a, FutexLock<{ rank::OUTER }>, T>,
}

impl<T> KnownMutex<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self { holder: AtomicUsize::new(0), lock: OuterMutex::new(value) }
    }

    /// Whether the calling thread has the lock.
    pub(crate) fn is_mine(&self) -> bool {
        self.holder.load(Relaxed) == thread::own()
    }

    pub(crate) fn lock(&self) -> KnownGuard<'_, T> {
        self.note(self.lock.lock())
    }

    pub(crate) fn try_lock(&self) -> Option<KnownGuard<'_, T>> {
        self.lock.try_lock().map(|guard| self.note(guard))
    }

    fn note<'a>(&'a self, guard: MutexGuard<'a, FutexLock<{ rank::OUTER }>, T>) -> KnownGuard<'a, T> {
        self.holder.store(thread::own(), Relaxed);
        KnownGuard { holder: &self.holder, guard }
    }

    /// Lets go a lock whose guard was forgotten, or whose holder a fork has left behind.
    ///
    /// # Safety
    /// No guard will unlock it again.
    pub(crate) unsafe fn let_go(&self) {
        self.holder.store(0, Relaxed);
        // SAFETY: held, and nobody else lets go of it (contract).
        unsafe { let_go(&self.lock) };
    }
}

impl<T> Drop for KnownGuard<'_, T> {
    fn drop(&mut self) {
        self.holder.store(0, Relaxed);
    }
}

impl<T> Deref for KnownGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for KnownGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}
