// SPDX-License-Identifier: MIT OR Apache-2.0
//! Page runs that readers under RCU may still look into, and so are not free yet.
//!
//! The library has no read-copy update of its own. A program registers those that it has (`linux/rcupdate.h`
//! does so when a thread first reads), each by a function that says whether its readers are done. As long as
//! there is none, nobody can be reading, and a run is free at once.
//!
//! ```text
//!   free() --> arriving --(all that there is)--> waiting --(flavor 0 over, then 1, ...)--> the zone
//! ```
//!
//! Runs wait in two batches: one that has begun to wait, and one for what came since. The functions are
//! called with no lock held, by one thread at a time: others do not wait for it, for whoever comes next finds
//! what is left. Nor does the library wait for a reader: an allocation may be made by one.

use core::cell::Cell;
use core::ffi::c_ulong;
use core::ptr::{self, NonNull};
use core::sync::atomic::Ordering::{Relaxed, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};

use crate::abi::errno::{EINVAL, ENOMEM, Errno};
use crate::abi::rcu::kmem_rcu_flavor;
use crate::page::{arena, heap};
use crate::param::params;
use crate::printk::panic::Later;
use crate::sync::{self, Mutex};
use crate::sys::thread::{self, without_cancel};
use crate::sys::{errno, process};

/// Flavors that a process has at a time, at most. With more of them no run would be known to be free again.
const MOST: usize = 64;
static FLAVORS: [AtomicPtr<kmem_rcu_flavor>; MOST] = [const { AtomicPtr::new(ptr::null_mut()) }; MOST];
/// Places of the table that were ever used; beyond [`MOST`] when there was no place for one.
static USED: AtomicUsize = AtomicUsize::new(0);
/// Whether the process is about to end.
static EXITS: AtomicBool = AtomicBool::new(false);

/// How often the thread that asks the flavors is waited for, and how long each time. Who unregisters one waits without
/// end: its code may go.
const TRIES: usize = 1000;
const PAUSE_NS: u32 = 100_000;

/// What a run needs to wait: taken when the run is, so that a free cannot fail.
pub(crate) struct Ticket {
    next: Cell<Option<NonNull<Ticket>>>,
    run: Cell<usize>,
    order: Cell<u8>,
}

/// Tickets, linked through themselves.
pub(crate) struct Tickets(Option<NonNull<Ticket>>);

// SAFETY: tickets belong to whoever has the list, not to a thread.
unsafe impl Send for Tickets {}

impl Ticket {
    /// A ticket; `None` when there is no memory.
    pub(crate) fn new() -> Option<NonNull<Ticket>> {
        let ticket = heap::alloc(size_of::<Ticket>())?.cast::<Ticket>();
        let blank = Ticket { next: Cell::new(None), run: Cell::new(0), order: Cell::new(0) };
        // SAFETY: fresh memory of that size, aligned to 32 bytes.
        unsafe { ticket.write(blank) };
        Some(ticket)
    }

    /// Gives a ticket back.
    ///
    /// # Safety
    /// It came from [`new`](Self::new), and is on no list.
    pub(crate) unsafe fn free(ticket: NonNull<Ticket>) {
        // SAFETY: allocated with that size (contract).
        unsafe { heap::free(ticket.cast(), size_of::<Ticket>()) };
    }
}

impl Tickets {
    pub(crate) const fn new() -> Self {
        Self(None)
    }

    /// Puts a ticket on the list, which has it from here on.
    pub(crate) fn push(&mut self, ticket: NonNull<Ticket>) {
        // SAFETY: a ticket of the caller's, which lives until it is freed.
        unsafe { ticket.as_ref() }.next.set(self.0);
        self.0 = Some(ticket);
    }

    pub(crate) fn pop(&mut self) -> Option<NonNull<Ticket>> {
        let ticket = self.0?;
        // SAFETY: tickets on the list are live.
        self.0 = unsafe { ticket.as_ref() }.next.take();
        Some(ticket)
    }
}

struct Batches {
    /// Runs that no flavor was asked for yet.
    arriving: Tickets,
    /// Runs that wait for the flavor at [`AT`] and those after it.
    waiting: Tickets,
}

static BATCHES: Mutex<Batches, { sync::rank::HEAP }> =
    Mutex::new(Batches { arriving: Tickets::new(), waiting: Tickets::new() });
/// Bytes of all those runs.
static BYTES: AtomicUsize = AtomicUsize::new(0);

/// The thread that asks the flavors, by [`thread::own`]; 0: none. What follows is that thread's.
static ASKER: AtomicUsize = AtomicUsize::new(0);
static AT: AtomicUsize = AtomicUsize::new(0);
/// The flavor that was asked, and what it made of the state.
static ASKED: AtomicPtr<kmem_rcu_flavor> = AtomicPtr::new(ptr::null_mut());
static STATE: AtomicU64 = AtomicU64::new(0);

/// Has the readers of a flavor waited for from now on. One that is registered stays so, and nothing is waited
/// for then.
///
/// # Safety
/// `flavor` is NULL, or stays readable until it is unregistered.
pub(crate) unsafe fn register(flavor: *mut kmem_rcu_flavor) -> Result<(), Errno> {
    // SAFETY: NULL or readable (contract).
    if unsafe { flavor.as_ref() }.is_none_or(|flavor| flavor.poll.is_none()) {
        return Err(EINVAL);
    }
    for (index, place) in FLAVORS.iter().enumerate() {
        let there = match place.compare_exchange(ptr::null_mut(), flavor, SeqCst, SeqCst) {
            Ok(_) => {
                // Later than what the program has registered to unregister it, so it is called before that.
                process::at_exit(note_exit);
                flavor
            }
            Err(there) => there,
        };
        if there == flavor {
            USED.fetch_max(index + 1, SeqCst);
            // Pairs with that of `free`.
            fence(SeqCst);
            return Ok(());
        }
    }
    USED.store(MOST + 1, SeqCst);
    Err(ENOMEM)
}

extern "C" fn note_exit() {
    EXITS.store(true, SeqCst);
}

/// Forgets a flavor, which has no reader any more: when it returns, its function is not called. A process
/// that exits remembers it, for its other threads may read to the end.
pub(crate) fn unregister(flavor: *mut kmem_rcu_flavor) {
    if flavor.is_null() || EXITS.load(SeqCst) {
        return;
    }
    for place in &FLAVORS {
        // Whether it was there does not matter.
        let _ = place.compare_exchange(flavor, ptr::null_mut(), SeqCst, SeqCst);
    }
    if !sync::interrupted() && begin_asking(usize::MAX) {
        end_asking();
    }
    settle(false);
}

/// Gives a run to its zone when nobody can be reading in it.
///
/// # Safety
/// The run came from the object zone with this order, is tagged no more, and nobody uses it but readers under
/// RCU; the ticket came from [`Ticket::new`], and is on no list.
pub(crate) unsafe fn free(ticket: NonNull<Ticket>, run: NonNull<u8>, order: u8) {
    // SAFETY: the caller's ticket (contract).
    let its = unsafe { ticket.as_ref() };
    its.run.set(run.as_ptr().expose_provenance());
    its.order.set(order);
    // In one order with a reader's registration, which a full barrier follows: either it is seen here, or the
    // reader sees what the program did before it freed the last object, and finds none.
    fence(SeqCst);
    if USED.load(SeqCst) == 0 {
        return give_back(ticket);
    }
    let mut batches = BATCHES.lock();
    batches.arriving.push(ticket);
    BYTES.fetch_add(bytes(order), SeqCst);
}

fn bytes(order: u8) -> usize {
    arena().map_or(0, |arena| arena.page_size << order)
}

/// Bytes of runs that wait.
pub(crate) fn bytes_waiting() -> usize {
    BYTES.load(SeqCst)
}

/// Asks the flavors, unless another thread does, and frees what no reader can see. `may_sleep`: whether this
/// is a place where the program may do as it likes, and no signal handler. With a lock held nothing is asked.
pub(crate) fn settle(may_sleep: bool) {
    if sync::interrupted() {
        return;
    }
    // The batch that waits, and the one that has come since: what comes while this asks is for others.
    for _ in 0..2 {
        if bytes_waiting() == 0 {
            return;
        }
        let _later = Later::new();
        if !begin_asking(1) {
            return;
        }
        let came_home = ask(may_sleep);
        end_asking();
        if !came_home {
            return;
        }
    }
}

/// The same, and what another thread is about to find out is waited for. Returns how many bytes are still
/// waiting.
pub(crate) fn settle_all() -> usize {
    if !sync::interrupted() && bytes_waiting() > 0 && begin_asking(TRIES) {
        end_asking();
        settle(true);
    }
    bytes_waiting()
}

/// Makes the calling thread the one that asks; `false` if another one still is after so many tries, or the calling
/// thread itself, further up the stack.
fn begin_asking(tries: usize) -> bool {
    let me = thread::own();
    for left in (0..tries).rev() {
        match ASKER.compare_exchange(0, me, SeqCst, SeqCst) {
            Ok(_) => return true,
            Err(asker) if asker == me => return false,
            Err(_) if left > 0 => process::sleep_ns(PAUSE_NS),
            Err(_) => {}
        }
    }
    false
}

fn end_asking() {
    ASKER.store(0, SeqCst);
}

/// Frees the batch that waits if all flavors say so, else `false`. The caller is the one who asks.
fn ask(may_sleep: bool) -> bool {
    let mut batches = BATCHES.lock();
    if batches.waiting.0.is_none() {
        batches.waiting = core::mem::replace(&mut batches.arriving, Tickets::new());
        AT.store(0, Relaxed);
        ASKED.store(ptr::null_mut(), Relaxed);
    }
    drop(batches);
    for place in FLAVORS.get(AT.load(Relaxed)..).unwrap_or_default() {
        let flavor = place.load(SeqCst);
        if !flavor.is_null() && !is_over(flavor, may_sleep) {
            return false;
        }
        ASKED.store(ptr::null_mut(), Relaxed);
        AT.fetch_add(1, Relaxed);
    }
    if USED.load(SeqCst) > MOST {
        return false;
    }
    loop {
        // One at a time: what a thread has in its hand at a fork, the child does without.
        let Some(ticket) = BATCHES.lock().waiting.pop() else { return true };
        // SAFETY: just taken off the list.
        BYTES.fetch_sub(bytes(unsafe { ticket.as_ref() }.order.get()), SeqCst);
        give_back(ticket);
    }
}

/// Asks one flavor.
fn is_over(flavor: *mut kmem_rcu_flavor, may_sleep: bool) -> bool {
    // SAFETY: registered, so the program keeps it; who unregisters it waits for this.
    let Some(poll) = (unsafe { (*flavor).poll }) else { return true };
    let begun = ASKED.swap(flavor, Relaxed) == flavor;
    let mut state: c_ulong = if begun { STATE.load(Relaxed) } else { 0 };
    // A thread that is cancelled in there ends after this call.
    // SAFETY: the program's own function, with no lock held.
    let over = errno::preserved(|| without_cancel(|| unsafe { poll(flavor, &raw mut state, may_sleep) }));
    STATE.store(state, Relaxed);
    over
}

/// Gives a run to its zone, and the ticket to the heap.
fn give_back(ticket: NonNull<Ticket>) {
    // SAFETY: a ticket that `free` has filled in, and that is on no list.
    let its = unsafe { ticket.as_ref() };
    let (run, order) = (NonNull::new(ptr::with_exposed_provenance_mut::<u8>(its.run.get())), its.order.get());
    if let (Some(arena), Some(run)) = (arena(), run) {
        if params().init_on_free {
            // SAFETY: a run of that length, which nobody uses or looks at any more.
            unsafe { run.write_bytes(0, bytes(order)) };
        }
        // SAFETY: as `free` was promised.
        unsafe { arena.objects.free(run, order) };
    }
    // SAFETY: on no list.
    unsafe { Ticket::free(ticket) };
}

/// Whether the thread that forks is the one who asks, so that no other is in a function of the program.
static HELD: AtomicBool = AtomicBool::new(false);

/// Keeps other threads out of the program's functions for the time of a fork. A function that does not return
/// is waited for in vain.
pub(crate) fn hold_for_fork() {
    HELD.store(begin_asking(TRIES), SeqCst);
}

/// Lets them in again. In the child nobody else is asking.
pub(crate) fn let_go_after_fork(in_child: bool) {
    if HELD.swap(false, SeqCst) || (in_child && ASKER.load(SeqCst) != thread::own()) {
        end_asking();
    }
}

/// Takes the lock for the time of a fork.
pub(super) fn hold_batches_for_fork() {
    sync::hold(&BATCHES);
}

/// Lets it go.
///
/// # Safety
/// The calling thread called `hold_batches_for_fork`, or is its image in a child process.
pub(super) unsafe fn let_go_batches_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&BATCHES) };
}
