// SPDX-License-Identifier: MIT OR Apache-2.0
//! The list of threads, and what others do with a thread's sheaves: drains, forks, and the end of those that
//! a fork left behind.

use core::cell::Cell;
use core::ptr::{self, NonNull};
use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

use crate::printk::panic::Later;
use crate::sheaf::barn::Barn;
use crate::sheaf::stop::{self, Patience};
use crate::sheaf::thread::{self, State, Thread, bury, own};
use crate::sync::{Mutex, let_go, rank};
use crate::sys::process::sleep_ns;
use crate::sys::thread::yield_now;

/// How often somebody looks again at a thread that is in the middle of something: first at once, then after
/// pauses, for about a second in all.
const TRIES: usize = 10_000;
const YIELDS: usize = 200;
const PAUSE_NS: u32 = 100_000;

/// A thread's place in the list. Guarded by the list's lock.
pub(super) struct Links {
    next: Cell<Option<NonNull<Thread>>>,
    prev: Cell<Option<NonNull<Thread>>>,
    listed: Cell<bool>,
    /// Grows from thread to thread: the list is sorted by it, the largest first.
    serial: Cell<u64>,
    fate: Cell<Fate>,
    at_fork: Cell<AtFork>,
}

impl Links {
    pub(super) const fn new() -> Self {
        Self {
            next: Cell::new(None),
            prev: Cell::new(None),
            listed: Cell::new(false),
            serial: Cell::new(0),
            fate: Cell::new(Fate::Running),
            at_fork: Cell::new(AtFork::Open),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Running,
    /// It ran in the parent process. What it had stays where it was, until somebody takes it.
    Vanished,
}

/// What the thread that forks has done about another one, or itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtFork {
    /// Nothing yet.
    Open,
    /// It has taken its lock.
    Held,
    /// It had its lock already, further up the stack.
    Mine,
    /// Somebody did not let go of its lock.
    Busy,
}

/// Whose sheaves they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    Own,
    Running,
    Vanished,
}

pub(super) struct Threads {
    first: Option<NonNull<Thread>>,
    made: u64,
    /// Whose turn it is in [`in_turn`]: the newest with a lower number.
    hand: u64,
    nr_vanished: usize,
}

// SAFETY: the list belongs to the library.
unsafe impl Send for Threads {}

pub(super) static THREADS: Mutex<Threads, { rank::THREADS }> =
    Mutex::new(Threads { first: None, made: 0, hand: 0, nr_vanished: 0 });

/// How many threads are on the list.
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// How many threads have a table.
pub(crate) fn count() -> usize {
    COUNT.load(Relaxed)
}

impl Threads {
    pub(super) fn add(&mut self, thread: &Thread) {
        let links = &thread.links;
        self.made += 1;
        COUNT.fetch_add(1, Relaxed);
        links.serial.set(self.made);
        links.next.set(self.first);
        links.listed.set(true);
        let at = Some(NonNull::from(thread));
        if let Some(next) = self.first {
            // SAFETY: threads on the list are live.
            unsafe { next.as_ref() }.links.prev.set(at);
        }
        self.first = at;
    }

    pub(super) fn remove(&mut self, thread: &Thread) {
        let (next, prev) = (thread.links.next.take(), thread.links.prev.take());
        if !thread.links.listed.replace(false) {
            return;
        }
        COUNT.fetch_sub(1, Relaxed);
        self.nr_vanished -= usize::from(thread.links.fate.get() == Fate::Vanished);
        if let Some(next) = next {
            // SAFETY: neighbours on the list are live.
            unsafe { next.as_ref() }.links.prev.set(prev);
        }
        match prev {
            // SAFETY: as above.
            Some(prev) => unsafe { prev.as_ref() }.links.next.set(next),
            None => self.first = next,
        }
    }

    /// The threads, the newest first. The iterator looks one ahead, so that the current one may be removed.
    fn iter<'a>(&self) -> impl Iterator<Item = &'a Thread> + use<'a> {
        let mut next = self.first;
        core::iter::from_fn(move || {
            // SAFETY: threads on the list are live while its lock is held.
            let thread: &Thread = unsafe { next?.as_ref() };
            next = thread.links.next.get();
            Some(thread)
        })
    }
}

/// Tries until there is a result, for a second or so.
pub(crate) fn patiently<T>(attempt: &mut dyn FnMut() -> Option<T>) -> Option<T> {
    for tries in 0..TRIES {
        if let Some(result) = attempt() {
            return Some(result);
        }
        if tries < YIELDS { yield_now() } else { sleep_ns(PAUSE_NS) }
    }
    None
}

/// Takes the sheaves of a cache from all threads; whether it could. A thread that stays in the middle of an
/// operation on the cache, or of a slow path, for long is passed by, and then some slot may still lead to the
/// barn.
pub(crate) fn drain(barn: &Barn) -> bool {
    if barn.capacity == 0 {
        return true;
    }
    for_each(|state, whose| {
        let table = state.table();
        let offset = barn.key & table.mask;
        !ptr::eq(table.rear(offset).barn.get(), barn) || drain_slot(state, offset, whose, patiently)
    })
}

/// Takes the sheaves of all caches from all threads. What [`drain`] passes by, this does too.
pub(crate) fn drain_all() {
    for_each(|state, whose| {
        for offset in state.table().offsets() {
            if !state.table().rear(offset).barn.get().is_null() {
                drain_slot(state, offset, whose, patiently);
            }
        }
        true
    });
    take_vanished(usize::MAX);
}

/// Takes a cache out of a thread's table; `false` when the thread may still use it. `patience`: with a thread that is in
/// the middle of an operation.
pub(super) fn drain_slot(state: &mut State, offset: usize, whose: Whose, patience: Patience) -> bool {
    match whose {
        Whose::Own => state.evict(offset),
        // What is marked is lost, and nobody will look at it again.
        Whose::Vanished => {
            state.evict(offset);
            true
        }
        Whose::Running => match stop::stop(state.table().slot(offset), patience) {
            Some(top) => {
                state.evict_with(offset, top);
                true
            }
            None => false,
        },
    }
}

enum Step<T> {
    Visit(T),
    /// The calling thread has that one's lock further up the stack.
    Pass,
    End,
}

/// Calls `visit` with each thread's state, locked, and whose it is; whether each call, for every thread,
/// returned `true`.
///
/// The lock of the list is not held meanwhile: threads come and go, and `visit` may report to the program.
pub(super) fn for_each(mut visit: impl FnMut(&mut State, Whose) -> bool) -> bool {
    let _later = Later::new();
    let own = own();
    let (mut complete, mut below) = (true, u64::MAX);
    let mut last = None;
    loop {
        let step = patiently(&mut || {
            let threads = THREADS.lock();
            // While its lock is held, a thread's record stays; when that is let go, the list's lock keeps the
            // next one.
            let next = match last.take() {
                Some((last, guard)) => {
                    let last: &Thread = last;
                    // SAFETY: its neighbours on the list are live while the list's lock is held.
                    let next = last.links.next.get().map(|next| unsafe { next.as_ref() });
                    let listed = last.links.listed.get();
                    drop(guard);
                    if listed { next } else { first_below(&threads, below) }
                }
                None => first_below(&threads, below),
            };
            let Some(next) = next else { return Some(Step::End) };
            below = next.links.serial.get() + 1;
            match next.state.try_lock() {
                Some(guard) => Some(Step::Visit((next, guard))),
                None if next.state.is_mine() => Some(Step::Pass),
                None => None,
            }
        });
        below = below.saturating_sub(1);
        match step {
            Some(Step::Visit((thread, mut state))) => {
                let whose = whose(thread, own);
                complete &= visit(&mut state, whose);
                last = Some((thread, state));
            }
            Some(Step::Pass) | None => complete = false,
            Some(Step::End) => return complete,
        }
    }
}

/// Calls `visit` with the states of some threads, in turn, and whose each is, until it returns `false`: then
/// that one has the next turn too. Nobody is waited for.
pub(super) fn in_turn(most: usize, mut visit: impl FnMut(&mut State, Whose) -> bool) {
    let _later = Later::new();
    let own = own();
    for _ in 0..most.min(count()) {
        let Some(mut threads) = THREADS.try_lock() else { return };
        let next = first_below(&threads, threads.hand).or_else(|| threads.iter().next());
        let Some(thread) = next else { return };
        let serial = thread.links.serial.get();
        threads.hand = serial;
        let Some(mut state) = thread.state.try_lock() else { continue };
        let whose = whose(thread, own);
        drop(threads);
        if !visit(&mut state, whose) {
            drop(state);
            THREADS.lock().hand = serial + 1;
            return;
        }
    }
}

fn whose(thread: &Thread, own: *const Thread) -> Whose {
    match thread.links.fate.get() {
        Fate::Vanished => Whose::Vanished,
        _ if ptr::eq(thread, own) => Whose::Own,
        _ => Whose::Running,
    }
}

fn first_below<'a>(threads: &Threads, below: u64) -> Option<&'a Thread> {
    threads.iter().find(|thread| thread.links.serial.get() < below)
}

/// Takes a thread's lock for the time of a fork; `false` when somebody has it.
fn hold(thread: &Thread) -> bool {
    let at_fork = &thread.links.at_fork;
    if at_fork.get() == AtFork::Open {
        match thread.state.try_lock() {
            Some(guard) => {
                core::mem::forget(guard);
                at_fork.set(AtFork::Held);
            }
            None if thread.state.is_mine() => at_fork.set(AtFork::Mine),
            None => return false,
        }
    }
    true
}

/// Takes the locks of all threads of which nobody else keeps them, and that of the list. The calling thread, if
/// it forks in a report, has one of them already.
pub(crate) fn hold_for_fork() {
    thread::hold_start_for_fork();
    loop {
        let held = patiently(&mut || {
            let threads = THREADS.lock();
            let all = threads.iter().all(hold);
            all.then(|| core::mem::forget(threads))
        });
        if held.is_some() {
            return;
        }
        let threads = THREADS.lock();
        if let Some(busy) = threads.iter().find(|thread| !hold(thread)) {
            busy.links.at_fork.set(AtFork::Busy);
        }
    }
}

/// Lets go what [`hold_for_fork`] took. In the child only the calling thread goes on to run: what the others
/// had at hand is taken in later, except from those that were busy.
///
/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork(in_child: bool) {
    // SAFETY: the calling thread holds the list's lock (contract), and nobody else looks at the list.
    let threads = unsafe { &mut *THREADS.data_ptr() };
    let own = own();
    for thread in threads.iter() {
        let links = &thread.links;
        let vanished = in_child && !ptr::eq(thread, own);
        match links.at_fork.replace(AtFork::Open) {
            // SAFETY: `hold` has forgotten the guard.
            AtFork::Held => unsafe { thread.state.let_go() },
            AtFork::Busy if vanished => {
                threads.remove(thread);
                continue;
            }
            // SAFETY: another thread had it, which is not there in the child.
            AtFork::Busy if in_child => unsafe { thread.state.let_go() },
            // Who has it lets go of it, in the child too where that is the calling thread.
            AtFork::Mine | AtFork::Busy | AtFork::Open => {}
        }
        if vanished && links.fate.replace(Fate::Vanished) == Fate::Running {
            threads.nr_vanished += 1;
        }
    }
    // SAFETY: as above.
    unsafe { let_go(&THREADS) };
    // SAFETY: as above.
    unsafe { thread::let_go_start_after_fork() };
}

/// Takes in what at most `count` vanished threads had at hand.
pub(crate) fn take_vanished(count: usize) {
    let _later = Later::new();
    for _ in 0..count {
        let threads = THREADS.lock();
        if threads.nr_vanished == 0 {
            return;
        }
        let vanished = threads.iter().filter(|thread| thread.links.fate.get() == Fate::Vanished);
        let Some((thread, state)) =
            vanished.filter_map(|thread| Some((thread, thread.state.try_lock()?))).next()
        else {
            return;
        };
        drop(threads);
        bury(thread, state);
    }
}
