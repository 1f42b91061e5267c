// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kernel's failslab.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicBool, AtomicI32, AtomicU64};

use crate::abi::fault::kmem_fault_attr;
use crate::abi::gfp::{self, gfp_t};
use crate::fault::{FAILSLAB, Target, WANTED, task};
use crate::printk::ratelimit::RateLimit;
use crate::printk::{printk, stack};
use crate::sheaf;
use crate::sheaf::bypass;
use crate::sync::{self, Mutex};
use crate::sys::{process, unwind};

/// Most calls of a stack that are compared.
const MAX_DEPTH: usize = 64;
const NS_PER_MS: u64 = 1_000_000;

/// The attributes in force, as [`pack`] lays them out, but for those that change with each decision. A decision that
/// comes while they are set may see some of the old and some of the new.
static ATTR: [AtomicU64; WORDS] = [const { AtomicU64::new(0) }; WORDS];
const WORDS: usize = 10;
/// Held by who sets them.
static SETTING: Mutex<()> = Mutex::new(());
static TIMES: AtomicI32 = AtomicI32::new(kmem_fault_attr::DEFAULT.times);
static SPACE: AtomicI32 = AtomicI32::new(0);
/// Requests that came as far as the interval.
static SEEN: AtomicU64 = AtomicU64::new(0);
/// State of the random sequence.
static RANDOM: AtomicU64 = AtomicU64::new(0);
/// Whether RANDOM has its start.
static SEEDED: AtomicBool = AtomicBool::new(false);

/// Puts attributes in force. The caller holds no lock.
pub(crate) fn set(attr: &kmem_fault_attr) {
    let setting = SETTING.lock();
    for (word, value) in ATTR.iter().zip(pack(attr)) {
        word.store(value, Relaxed);
    }
    TIMES.store(attr.times, Relaxed);
    SPACE.store(attr.space, Relaxed);
    SEEN.store(0, Relaxed);
    let on = attr.probability != 0 && attr.times != 0;
    switch(on);
    drop(setting);
    if on {
        sheaf::threads::drain_all();
    }
}

/// The attributes in force, with what is left of times and space.
pub(crate) fn get() -> kmem_fault_attr {
    let mut values = [0; WORDS];
    for (value, word) in values.iter_mut().zip(&ATTR) {
        *value = word.load(Relaxed);
    }
    unpack(values)
}

fn pack(attr: &kmem_fault_attr) -> [u64; WORDS] {
    let filters = [attr.task_filter, attr.ignore_gfp_wait, attr.cache_filter].map(u64::from);
    [
        attr.probability,
        attr.interval,
        attr.verbose,
        attr.verbose_ratelimit_burst.into(),
        attr.verbose_ratelimit_interval_ms.into(),
        filters[0] | filters[1] << 1 | filters[2] << 2 | attr.stacktrace_depth << 3,
        attr.require_start,
        attr.require_end,
        attr.reject_start,
        attr.reject_end,
    ]
}

fn unpack(words: [u64; WORDS]) -> kmem_fault_attr {
    let [probability, interval, verbose, burst, interval_ms, filters, stack @ ..] = words;
    let [require_start, require_end, reject_start, reject_end] = stack;
    kmem_fault_attr {
        probability,
        interval,
        times: TIMES.load(Relaxed),
        space: SPACE.load(Relaxed),
        verbose,
        verbose_ratelimit_burst: burst as u32,
        verbose_ratelimit_interval_ms: interval_ms as u32,
        task_filter: filters & 1 != 0,
        ignore_gfp_wait: filters & 2 != 0,
        cache_filter: filters & 4 != 0,
        stacktrace_depth: filters >> 3,
        require_start,
        require_end,
        reject_start,
        reject_end,
    }
}

/// Has requests asked about, or not. The caller holds [`SETTING`].
fn switch(on: bool) {
    if on {
        WANTED.fetch_or(FAILSLAB, Relaxed);
    } else {
        WANTED.fetch_and(!FAILSLAB, Relaxed);
    }
    bypass::mark_all(on);
}

/// Makes the random sequence start at a number, for failures that can be had again.
pub(super) fn seed(start: u64) {
    RANDOM.store(start, Relaxed);
    SEEDED.store(true, Relaxed);
}

/// A number below 100.
fn percent() -> u64 {
    if !SEEDED.swap(true, Relaxed) {
        RANDOM.store(process::monotonic_ns() ^ u64::from(process::thread_id().unsigned_abs()) << 32, Relaxed);
    }
    // SplitMix64: each step adds a constant, and the sum is mixed.
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut mixed = RANDOM.fetch_add(STEP, Relaxed).wrapping_add(STEP);
    mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ mixed >> 31) % 100
}

/// Whether a request is to fail.
pub(super) fn fails(target: &Target, size: usize, gfp: gfp_t) -> bool {
    let attr = get();
    if gfp & gfp::NOFAIL != 0
        || attr.ignore_gfp_wait && gfp & gfp::DIRECT_RECLAIM != 0
        || attr.cache_filter && !target.is_marked()
    {
        return false;
    }
    let times = match task::count_down() {
        Some(false) => return false,
        Some(true) => {
            let times = TIMES.load(Relaxed);
            take_time();
            times
        }
        None if is_passed_over(&attr, size) => return false,
        None => match take_time() {
            Some(times) => times,
            None => return false,
        },
    };
    if gfp & gfp::NOWARN == 0 {
        say(&attr, times);
    }
    if times == 1 {
        rest();
    }
    true
}

/// Takes one from what is left of times; what was left before, `None` if nothing.
fn take_time() -> Option<i32> {
    let one_less = |times: i32| if times > 0 { Some(times - 1) } else { (times < 0).then_some(times) };
    TIMES.fetch_update(Relaxed, Relaxed, one_less).ok()
}

/// After the last failure calls need not be seen any more.
fn rest() {
    // Whoever holds the lock is setting new attributes.
    if let Some(_setting) = SETTING.try_lock()
        && TIMES.load(Relaxed) == 0
    {
        switch(false);
    }
}

/// What decides when the thread does not count: in the kernel's order.
fn is_passed_over(attr: &kmem_fault_attr, size: usize) -> bool {
    if attr.probability == 0 || attr.task_filter && !task::takes_part() || TIMES.load(Relaxed) == 0 {
        return true;
    }
    if !stack_fits(attr) {
        return true;
    }
    let size = i32::try_from(size).unwrap_or(i32::MAX);
    if SPACE.fetch_update(Relaxed, Relaxed, |space| (space > size).then(|| space - size)).is_ok() {
        return true;
    }
    if attr.interval > 1 && !(SEEN.fetch_add(1, Relaxed) + 1).is_multiple_of(attr.interval) {
        return true;
    }
    attr.probability <= percent()
}

/// Whether the calls that led here are ones that may fail.
fn stack_fits(attr: &kmem_fault_attr) -> bool {
    let (required, rejected) = (attr.require_end != 0, attr.reject_end != 0);
    if !required && !rejected {
        return true;
    }
    let mut frames = [0; MAX_DEPTH];
    let len = unwind::capture(&mut frames, 0).min(attr.stacktrace_depth as usize);
    let frames = frames.get(..len).unwrap_or(&[]);
    let crosses = |from, to| frames.iter().any(|&frame| (from..to).contains(&(frame as u64)));
    !(rejected && crosses(attr.reject_start, attr.reject_end))
        && (!required || crosses(attr.require_start, attr.require_end))
}

/// Prints the kernel's message.
fn say(attr: &kmem_fault_attr, times: i32) {
    if attr.verbose == 0 || !passes_ratelimit(attr) {
        return;
    }
    let (interval, probability, space) = (attr.interval, attr.probability, SPACE.load(Relaxed));
    printk!(
        Notice,
        "FAULT_INJECTION: forcing a failure.\n\
         name failslab, interval {interval}, probability {probability}, space {space}, times {times}\n"
    );
    if attr.verbose > 1 {
        stack::dump();
    }
}

fn passes_ratelimit(attr: &kmem_fault_attr) -> bool {
    static LIMIT: RateLimit = RateLimit::new();
    let interval_ns = u64::from(attr.verbose_ratelimit_interval_ms) * NS_PER_MS;
    interval_ns == 0 || LIMIT.allow_of(attr.verbose_ratelimit_burst, interval_ns)
}

/// Keeps the settings as they are, for the time of a fork.
pub(crate) fn hold_for_fork() {
    sync::hold(&SETTING);
}

/// # Safety
/// The calling thread called `hold_for_fork`, or is its image in a child process.
pub(crate) unsafe fn let_go_after_fork() {
    // SAFETY: held (contract).
    unsafe { sync::let_go(&SETTING) };
}
