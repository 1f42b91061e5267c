// SPDX-License-Identifier: MIT OR Apache-2.0
//! A thread and its table: from its first use of a sheaf to its end.

use core::ffi::c_void;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{Relaxed, SeqCst};
use core::sync::atomic::{AtomicU32, compiler_fence};

use crate::page::{self, heap};
use crate::printk::panic::Later;
use crate::sheaf::barn::Barn;
use crate::sheaf::block::{Top, nothing};
use crate::sheaf::bypass;
use crate::sheaf::own::Own;
use crate::sheaf::stop;
use crate::sheaf::table::{GROWTHS, Rear, Slot, Table};
use crate::sheaf::threads::{Links, THREADS, patiently};
use crate::sheaf::watch::Watch;
use crate::sync::{KnownGuard, KnownMutex, Once};
use crate::sys::thread::{ExitKey, register_barrier};
use crate::sys::tls;

/// Bytes of objects that a thread may park over all of its caches.
pub(crate) const PARKED_LIMIT: usize = 1 << 20;
/// Caches that one call takes out of the table at most to make room for another, and slots that it looks at.
const EVICTIONS: usize = 16;
const EVICTION_SCAN: usize = 256;

/// A thread that has used a sheaf.
pub(super) struct Thread {
    pub(super) state: KnownMutex<State>,
    pub(super) own: Own,
    pub(super) watch: Watch,
    pub(super) links: Links,
}

/// What a thread's lock guards, besides the rears of its table.
pub(super) struct State {
    table: NonNull<Table>,
    /// Smaller tables that the thread had before. They stay, with no slot in use, because a handler may have
    /// replaced them under an operation that was about to look at its slot.
    retired: [Option<NonNull<Table>>; GROWTHS],
    /// Sum of `bytes_per_thread` over the caches in the table.
    parked: usize,
    /// Where the search for a slot to evict goes on.
    hand: usize,
    /// The epoch of decay in which the slots were last looked at.
    pub(super) epoch: u64,
}

// SAFETY: a table moves with its thread's lock.
unsafe impl Send for State {}

/// Guards what is set up once for all threads.
static START: Once = Once::new();

/// The key whose destructor ends a thread's dealings with sheaves, and one more; 0: none.
static KEY: AtomicU32 = AtomicU32::new(0);

/// Sets up what threads need, unless it is; `None` when that cannot be had, now or any more.
pub(crate) fn start() -> Option<ExitKey> {
    let made = START.run(|| {
        register_barrier();
        let key = ExitKey::new(at_exit).ok_or(())?;
        KEY.store(key.number() + 1, Relaxed);
        Ok::<_, ()>(())
    });
    made.ok().and_then(|()| KEY.load(Relaxed).checked_sub(1)).map(ExitKey::of_number)
}

/// Lets threads end without a call to this library. Those that have no table by now get none: the number of the key may
/// be somebody else's from here on.
pub(crate) fn stop() {
    if let Some(number) = KEY.swap(0, Relaxed).checked_sub(1) {
        ExitKey::of_number(number).delete();
    }
}

/// Keeps that from being set up, for the time of a fork.
pub(super) fn hold_start_for_fork() {
    START.hold();
}

/// # Safety
/// The calling thread called `hold_start_for_fork`, or is its image in a child process.
pub(super) unsafe fn let_go_start_after_fork() {
    // SAFETY: held (contract).
    unsafe { START.let_go() };
}

/// The calling thread's record; null if it has none.
pub(super) fn own() -> *const Thread {
    let word = tls::get().cast::<Table>();
    // SAFETY: the word always points to a table.
    unsafe { (*word).thread() }
}

/// The calling thread, which gets a table if it never had one; `None` when it has given its own up already,
/// or there is no memory. `may_sleep`: the caller is not a signal handler.
pub(super) fn current<'a>(may_sleep: bool) -> Option<&'a Thread> {
    if tls::get() == tls::none() {
        return create(may_sleep);
    }
    // SAFETY: null, or the thread's own record, which outlives its table.
    unsafe { own().as_ref() }
}

/// The calling thread, if it has a table.
pub(super) fn current_if_any<'a>() -> Option<&'a Thread> {
    // SAFETY: as in `current`.
    unsafe { own().as_ref() }
}

#[cold]
fn create<'a>(may_sleep: bool) -> Option<&'a Thread> {
    // A handler that interrupts this finds a thread that can have no table; one that came before may have made it.
    let there = tls::swap(tls::gone());
    if there != tls::none() {
        tls::set(there);
        return current_if_any();
    }
    compiler_fence(SeqCst);
    let (thread, word) = make(may_sleep)
        .map_or((None, tls::none()), |(thread, table)| (Some(thread), table.as_ptr().cast_const().cast()));
    compiler_fence(SeqCst);
    tls::set(word);
    thread
}

fn make<'a>(may_sleep: bool) -> Option<(&'a Thread, NonNull<Table>)> {
    // malloc may be what a handler interrupted.
    let key = start().filter(|key| may_sleep || !key.may_allocate())?;
    let place = heap::alloc(size_of::<Thread>())?.cast::<Thread>();
    let table = Table::first(place.as_ptr());
    let Some(table) = table.filter(|_| key.set(place.as_ptr().cast())) else {
        if let Some(table) = table {
            // SAFETY: nobody has seen the table.
            unsafe { Table::free(table) };
        }
        // SAFETY: allocated above; nobody knows of it.
        unsafe { heap::free(place.cast(), size_of::<Thread>()) };
        return None;
    };
    let state = KnownMutex::new(State { table, retired: [None; GROWTHS], parked: 0, hand: 0, epoch: 0 });
    // SAFETY: fresh memory of the right size; the heap aligns it to 64 bytes.
    unsafe {
        place.write(Thread {
            state,
            own: Own::default(),
            watch: Watch::new(place.as_ptr()),
            links: Links::new(),
        })
    };
    // SAFETY: just written; freed by `bury`, after which this thread has no table.
    let thread = unsafe { place.as_ref() };
    THREADS.lock().add(thread);
    Some((thread, table))
}

/// Runs `work` on the calling thread's slot and rear for a cache, made if it has none, under the thread's
/// lock; `None` when somebody holds that, a drain or this thread further up the stack, there is no memory, or
/// sheaves are out of use.
///
/// `may_sleep`: the caller is not a signal handler.
pub(super) fn with_assigned<R>(
    barn: &Barn,
    may_sleep: bool,
    work: impl FnOnce(&Slot, &Rear) -> R,
) -> Option<R> {
    let _later = Later::new();
    let thread = current(may_sleep)?;
    let mut state = thread.state.try_lock()?;
    let offset = if bypass::applies(barn, &thread.own) { None } else { state.assign(barn) };
    offset.map(|offset| {
        let table = state.table();
        work(table.slot(offset), table.rear(offset))
    })
}

impl State {
    pub(super) fn table<'a>(&self) -> &'a Table {
        // SAFETY: the table lives until this thread replaces it or ends, both under the lock that is held.
        unsafe { self.table.as_ref() }
    }

    /// The owner's slot for a cache, made if it has none: its offset, or `None` when there is no memory, or no room
    /// yet.
    fn assign(&mut self, barn: &Barn) -> Option<usize> {
        loop {
            let table = self.table();
            let offset = barn.key & table.mask;
            let rear = table.rear(offset);
            if ptr::eq(rear.barn.get(), barn) {
                return Some(offset);
            }
            if rear.owner.get() == barn.key || rear.owner.get() == 0 {
                return self.occupy(barn, offset);
            }
            if !self.grow() {
                return None;
            }
        }
    }

    /// Gives the thread a larger table; `false` when there is none to be had now.
    fn grow(&mut self) -> bool {
        let table = self.table();
        // An operation further up the stack, which a handler or a callback has interrupted, refers to the
        // slot that it has marked.
        if table.offsets().any(|offset| table.is_marked(offset)) {
            return false;
        }
        let Some(retired) = self.retired.iter_mut().find(|retired| retired.is_none()) else { return false };
        let Some(larger) = table.grown() else { return false };
        *retired = Some(core::mem::replace(&mut self.table, larger));
        tls::set(larger.as_ptr().cast());
        true
    }

    fn occupy(&mut self, barn: &Barn, offset: usize) -> Option<usize> {
        if !self.make_room(barn.bytes_per_thread) {
            return None;
        }
        let sheaf = barn.empty_sheaf()?;
        let table = self.table();
        stop::occupy(barn, table.slot(offset), table.rear(offset), sheaf);
        self.parked += barn.bytes_per_thread;
        Some(offset)
    }

    /// Makes room for so many bytes by taking caches out of the table, in turn; `false` when that is more than this call
    /// should do. A later one goes on.
    fn make_room(&mut self, bytes: usize) -> bool {
        let table = self.table();
        let (mut evictions, mut looks) = (0, 0);
        while self.parked + bytes > PARKED_LIMIT {
            if evictions == EVICTIONS || looks == EVICTION_SCAN {
                return false;
            }
            self.hand = (self.hand + size_of::<Slot>()) & table.mask;
            evictions += usize::from(self.evict(self.hand));
            looks += 1;
        }
        true
    }

    /// Takes a cache out of the table of the calling thread, or of one that does not run any more; `false`
    /// when none is there, or an operation on it is under way.
    pub(super) fn evict(&mut self, offset: usize) -> bool {
        let table = self.table();
        if table.rear(offset).barn.get().is_null() || table.is_marked(offset) {
            return false;
        }
        let top = table.slot(offset).top.swap(nothing(), Relaxed);
        self.evict_with(offset, top);
        true
    }

    /// Takes a cache out of the table. `top` is that of its sheaf; the slot's own is [`nothing`] already.
    pub(super) fn evict_with(&mut self, offset: usize, top: Top) {
        let table = self.table();
        // SAFETY: the barn of a slot is that of a live cache: a destroy drains all threads first.
        let Some(barn) = (unsafe { table.rear(offset).barn.get().as_ref() }) else { return };
        self.parked -= barn.bytes_per_thread;
        stop::vacate(barn, table.slot(offset), table.rear(offset), top);
    }
}

/// Whether the calling thread has a slot for a cache, and is in no operation on it.
pub(super) fn has_slot(barn: &Barn) -> bool {
    // SAFETY: the word always points to a table, the thread's own or one of the two for threads without.
    let table = unsafe { &*tls::get().cast::<Table>() };
    table.slot(barn.key & table.mask).key.load(Relaxed) == barn.sign
}

/// Takes a cache, or all of them, out of the calling thread's table.
pub(super) fn leave(barn: Option<&Barn>) {
    let Some(thread) = current(false) else { return };
    let _later = Later::new();
    // One cache is tried again, at the next slow path.
    let locked = if barn.is_some() || thread.state.is_mine() {
        thread.state.try_lock()
    } else {
        patiently(&mut || thread.state.try_lock())
    };
    let Some(mut state) = locked else { return };
    let table = state.table();
    for offset in table.offsets().filter(|offset| barn.is_none_or(|barn| barn.key & table.mask == *offset)) {
        let at = table.rear(offset).barn.get();
        if barn.map_or(!at.is_null(), |barn| ptr::eq(barn, at)) {
            state.evict(offset);
        }
    }
}

/// Runs when a thread that has a table ends: all of its sheaves go to their barns and slabs. What the thread
/// frees after this goes to the slabs directly.
unsafe extern "C" fn at_exit(thread: *mut c_void) {
    let Some(place) = NonNull::new(thread.cast::<Thread>()) else { return };
    // SAFETY: the value that `make` stored for this thread, live until `bury`.
    let thread = unsafe { place.as_ref() };
    if thread.state.is_mine() {
        // The thread was ended in the middle of a call, which nobody may do: what it has is lost.
        tls::set(tls::gone());
        THREADS.lock().remove(thread);
        return;
    }
    let _later = Later::new();
    // A drain or a fork that has the lock is waited for.
    let state = thread.state.lock();
    tls::set(tls::gone());
    bury(thread, state);
}

/// Gives up everything that a thread had, whose lock the caller holds and which does not run any more.
pub(super) fn bury(thread: &Thread, mut state: KnownGuard<'_, State>) {
    let table = state.table();
    // What an operation that will never end has marked is lost: a thread that was cancelled or left in the
    // middle.
    for offset in table.offsets() {
        state.evict(offset);
    }
    let retired = state.retired;
    // Only now: a destroy must not miss what the thread had.
    THREADS.lock().remove(thread);
    drop(state);
    for table in retired.into_iter().flatten().chain([NonNull::from(table)]) {
        // SAFETY: the thread's word leads elsewhere, if it still runs at all, and nobody else knows the
        // table.
        unsafe { Table::free(table) };
    }
    // SAFETY: allocated by `make` with this size; off the list, and whoever had its lock was waited for.
    unsafe { heap::free(NonNull::from(thread).cast(), size_of::<Thread>()) };
    // Many threads that end leave many pages of tables behind.
    page::trim_metadata();
}
