// SPDX-License-Identifier: MIT OR Apache-2.0
//! Threads: their ids, what happens when one ends, and a barrier that all of them pass.

use core::ffi::{CStr, c_void};
use core::mem::MaybeUninit;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32};

use crate::sys::{errno, mem, process, tls};

/// A key whose destructor runs in each thread that stored something under it.
#[derive(Clone, Copy)]
pub(crate) struct ExitKey(libc::pthread_key_t);

impl ExitKey {
    /// A key; `None` when the process has no more of them.
    pub(crate) fn new(destructor: unsafe extern "C" fn(*mut c_void)) -> Option<Self> {
        let mut key = 0;
        // SAFETY: `key` is a valid place; the destructor stays until the library goes, which deletes the key before
        // (`cache::unload`).
        let failed = unsafe { libc::pthread_key_create(&raw mut key, Some(destructor)) } != 0;
        (!failed).then_some(Self(key))
    }

    /// The key as a number, and back.
    pub(crate) fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// No destructor runs any more. The number is free for another key.
    pub(crate) fn delete(self) {
        // SAFETY: a key that `new` made.
        unsafe { libc::pthread_key_delete(self.0) };
    }

    /// Whether [`set`](Self::set) may call malloc: glibc has room for 32 keys in a thread's descriptor.
    pub(crate) fn may_allocate(self) -> bool {
        cfg!(target_env = "gnu") && self.0 >= 32
    }

    /// Has the destructor called with `value` when the calling thread ends; `false` when there is no memory.
    pub(crate) fn set(self, value: *const c_void) -> bool {
        // SAFETY: a key that `new` made.
        unsafe { libc::pthread_setspecific(self.0, value) == 0 }
    }
}

/// Commands of membarrier(2), Linux 4.14.
const PRIVATE_EXPEDITED: i32 = 1 << 3;
const REGISTER_PRIVATE_EXPEDITED: i32 = 1 << 4;

/// Whether the system knows membarrier.
static REGISTERED: AtomicBool = AtomicBool::new(false);

fn membarrier(command: i32) -> bool {
    // SAFETY: a barrier, or the intent to use one; no memory is involved.
    errno::preserved(|| unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) }) == 0
}

/// Asks for [`barrier`] to work later on.
pub(crate) fn register_barrier() {
    REGISTERED.store(membarrier(REGISTER_PRIVATE_EXPEDITED), Relaxed);
}

/// Has every running thread of the process pass a full memory barrier; `false` where that cannot be had.
pub(crate) fn barrier() -> bool {
    if !REGISTERED.load(Relaxed) {
        return false;
    }
    // The child of a fork has to ask anew.
    membarrier(PRIVATE_EXPEDITED) || (membarrier(REGISTER_PRIVATE_EXPEDITED) && membarrier(PRIVATE_EXPEDITED))
}

/// A word of the process that a fork sets to 0 in the child: in a page that the system wipes there. NULL as
/// long as it has not been asked for.
static MARK: AtomicPtr<AtomicU32> = AtomicPtr::new(ptr::null_mut());
/// Whether the system wipes no pages.
static NO_MARK: AtomicBool = AtomicBool::new(false);

/// The mark of the process; `None` where the system (Linux before 4.14) or its memory does not give one.
#[inline]
fn mark<'a>() -> Option<&'a AtomicU32> {
    let mut at = MARK.load(Acquire);
    if at.is_null() {
        at = new_mark()?;
    }
    // SAFETY: a committed page that stays, zeroed at first: a valid atomic.
    Some(unsafe { &*at })
}

#[cold]
fn new_mark() -> Option<*mut AtomicU32> {
    if NO_MARK.load(Relaxed) {
        return None;
    }
    let bytes = mem::page_size();
    let page = mem::reserve(bytes)?;
    // SAFETY: the reservation that was just made.
    let ready = unsafe { mem::commit(page.as_ptr(), bytes) };
    // SAFETY: as above; nothing is in it yet.
    let wiped = ready && unsafe { mem::wipe_on_fork(page, bytes) };
    NO_MARK.store(ready && !wiped, Relaxed);
    let mark = page.as_ptr().cast();
    if wiped && MARK.compare_exchange(ptr::null_mut(), mark, AcqRel, Relaxed).is_ok() {
        return Some(mark);
    }
    // SAFETY: reserved above, and nobody has seen it.
    unsafe { mem::release(page, bytes) };
    NonNull::new(MARK.load(Acquire)).map(NonNull::as_ptr)
}

/// The calling thread's id, as the system knows it. Asked once per thread and process: a system call can take
/// longer than all the rest of what is recorded about an allocation.
pub(crate) fn id() -> i32 {
    let Some(mark) = mark() else { return process::thread_id() };
    let word = tls::id_word();
    // SAFETY: this thread's word.
    let cached = unsafe { word.read_volatile() };
    let current = mark.load(Relaxed);
    if current != 0 && (cached >> 32) as u32 == current {
        return cached as i32;
    }
    let id = process::thread_id();
    let current = if current == 0 { process::id() } else { current };
    mark.store(current, Relaxed);
    // SAFETY: as above.
    unsafe { word.write_volatile(u64::from(current) << 32 | u64::from(id as u32)) };
    id
}

/// Lets another thread run.
pub(crate) fn yield_now() {
    // SAFETY: sched_yield has no preconditions.
    unsafe { libc::sched_yield() };
}

/// Bytes of stack of the library's own thread: reports are written on it.
const STACK_BYTES: usize = 256 << 10;

/// Starts a thread with all signals blocked. Returns its number, as [`own`] gives it; `None` when there is
/// none to be had.
pub(crate) fn spawn(name: &CStr, run: extern "C" fn(*mut c_void) -> *mut c_void) -> Option<usize> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut all, mut before) = (MaybeUninit::<libc::sigset_t>::uninit(), MaybeUninit::uninit());
    let mut thread = MaybeUninit::<libc::pthread_t>::uninit();
    // SAFETY: a place for the attributes, which this initialises.
    if unsafe { libc::pthread_attr_init(attributes.as_mut_ptr()) } != 0 {
        return None;
    }
    // SAFETY: initialised; a size that the system refuses leaves its own.
    unsafe { libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK_BYTES) };
    // SAFETY: a place for a set.
    unsafe { libc::sigfillset(all.as_mut_ptr()) };
    // A thread begins with the mask of the one that starts it.
    // SAFETY: a set, and a place for one.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr()) };
    // SAFETY: initialised attributes, and a function that takes whatever it is given.
    let failed =
        unsafe { libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), run, core::ptr::null_mut()) }
            != 0;
    // SAFETY: `before` was filled above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), core::ptr::null_mut()) };
    // SAFETY: initialised above, and not used any more.
    unsafe { libc::pthread_attr_destroy(attributes.as_mut_ptr()) };
    if failed {
        return None;
    }
    // SAFETY: `pthread_create` filled it; a name that is refused is not needed.
    let thread = unsafe { thread.assume_init() };
    // SAFETY: a thread that nobody has joined yet, and a string.
    unsafe { libc::pthread_setname_np(thread, name.as_ptr()) };
    Some(thread as usize)
}

/// Waits a second at most for a thread to end. Not longer: it may want the loader's lock for a report, and a thread that is in
/// dlclose has that.
///
/// # Safety
/// [`spawn`] returned the number in this process, and nobody else waits for it.
pub(crate) unsafe fn join(number: usize) {
    let mut until = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: a valid place for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut until) };
    until.tv_sec += 1;
    // SAFETY: a thread that was not joined yet (contract).
    without_cancel(|| unsafe {
        pthread_timedjoin_np(number as libc::pthread_t, ptr::null_mut(), &raw const until)
    });
}

/// A number for the calling thread that is the same in the child of a fork.
pub(crate) fn own() -> usize {
    // SAFETY: pthread_self has no preconditions.
    unsafe { libc::pthread_self() as usize }
}

/// Has functions called around each fork.
pub(crate) fn at_fork(before: extern "C" fn(), in_parent: extern "C" fn(), in_child: extern "C" fn()) {
    // Without memory for it forks go on as if the library did not care.
    // SAFETY: the functions stay until the library goes, and with it goes their registration: the C library keeps it under
    // the library's `__dso_handle`.
    unsafe { libc::pthread_atfork(Some(before), Some(in_parent), Some(in_child)) };
}

/// Runs `work`, which calls the program, so that the thread is not cancelled in it: what it interrupted would
/// never be completed.
pub(crate) fn without_cancel<R>(work: impl FnOnce() -> R) -> R {
    let mut before = 0;
    // SAFETY: `before` is a valid place.
    unsafe { pthread_setcancelstate(CANCEL_DISABLE, &raw mut before) };
    let result = work();
    // SAFETY: the state as it was.
    unsafe { pthread_setcancelstate(before, ptr::null_mut()) };
    result
}

/// PTHREAD_CANCEL_DISABLE, in glibc and musl.
const CANCEL_DISABLE: i32 = 1;

#[allow(unused_doc_comments, reason = "for the header generator")]
/// cbindgen:ignore
unsafe extern "C" {
    fn pthread_setcancelstate(state: i32, before: *mut i32) -> i32;
    fn pthread_timedjoin_np(
        thread: libc::pthread_t,
        result: *mut *mut c_void,
        until: *const libc::timespec,
    ) -> i32;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_and_process_has_its_own_id() {
        let ours = id();
        assert_eq!((ours, id()), (process::thread_id(), ours));
        std::thread::scope(|scope| {
            scope.spawn(|| assert_eq!(id(), process::thread_id()));
        });
        // SAFETY: the child only compares two numbers and leaves.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let right = id() == process::thread_id() && id() != ours;
            // SAFETY: ends the child without running anything of the parent's.
            unsafe { libc::_exit(right.into()) };
        }
        let mut status = 0;
        // SAFETY: waits for the child; `status` is a valid place.
        assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
        assert_eq!(libc::WEXITSTATUS(status), 1);
    }
}
