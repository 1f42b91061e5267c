// SPDX-License-Identifier: MIT OR Apache-2.0
//! What surrounds sheaves: memory for them, slabs behind them, fences that can be broken on purpose.

use std::alloc::{Layout, dealloc};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ptr::NonNull;
use std::sync::Arc;

use loom::sync::atomic::{Ordering, fence};

use crate::sheaf::barn::Barn;

/// What a model leaves out, to see that it is missed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    Nothing,
    /// The drain does not have other threads pass a barrier.
    Barrier,
    /// The mark may be seen after the operation that it stands for.
    Mark,
}

// All threads of a model are run by one thread of the system, in turn, so its own variables are the model's.
thread_local! {
    static BROKEN: Cell<Broken> = const { Cell::new(Broken::Nothing) };
    /// Objects in the slabs.
    static SLABS: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
    /// Blocks that are in use, and all that there ever were: memory stays until the next schedule, so that a mistake
    /// is a finding and no crash.
    static BLOCKS: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
    static MEMORY: RefCell<Vec<(NonNull<u8>, Layout)>> = const { RefCell::new(Vec::new()) };
}

/// The cache of a model, as the fast path knows it.
pub(crate) const KEY: usize = 64;

/// Explores all schedules of a model with at most `preemptions` forced switches (`None`: any number).
pub(crate) fn explore(
    broken: Broken,
    preemptions: Option<usize>,
    model: impl Fn(Arc<Barn>) + Send + Sync + 'static,
) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.check(move || {
        BROKEN.set(broken);
        SLABS.with_borrow_mut(BTreeSet::clear);
        BLOCKS.with_borrow_mut(BTreeSet::clear);
        for (at, layout) in MEMORY.take() {
            // SAFETY: allocated below; the schedule that used it is over.
            unsafe { dealloc(at.as_ptr(), layout) };
        }
        let barn = Arc::new(Barn::new(KEY, CAPACITY, 64, 8192, flush));
        model(barn.clone());
        barn.clear();
        assert!(BLOCKS.with_borrow(BTreeSet::is_empty), "a sheaf's memory is lost");
    });
}

/// Objects in a sheaf: the fewest that make trades frequent.
pub(crate) const CAPACITY: usize = 1;

pub(crate) fn alloc(bytes: usize) -> Option<NonNull<u8>> {
    let layout = Layout::from_size_align(bytes, bytes).unwrap();
    // SAFETY: the size is not 0.
    let at = NonNull::new(unsafe { std::alloc::alloc(layout) })?;
    MEMORY.with_borrow_mut(|memory| memory.push((at, layout)));
    BLOCKS.with_borrow_mut(|blocks| blocks.insert(at.as_ptr().addr()));
    Some(at)
}

/// # Safety
/// As in the library.
pub(crate) unsafe fn free(at: NonNull<u8>, bytes: usize) {
    assert!(
        BLOCKS.with_borrow_mut(|blocks| blocks.remove(&at.as_ptr().addr())),
        "a sheaf is given back twice"
    );
    // Whoever still uses it finds nothing that is an object.
    // SAFETY: allocated above with this size (contract), and not freed yet.
    unsafe { at.write_bytes(0x5a, bytes) };
}

pub(crate) fn barrier() -> bool {
    if BROKEN.get() != Broken::Barrier {
        fence(Ordering::SeqCst);
    }
    true
}

loom::thread_local! {
    /// Whether the calling thread has marked its slot.
    static MARKED: Cell<bool> = Cell::new(false);
}

/// What stands after a mark and before the unmarking. The drain's barrier makes the first one more than a compiler's
/// fence; the second one is taken for no more than that, since the unmarking store has an order of its own.
pub(crate) fn compiler_fence(_: Ordering) {
    let unmarking = MARKED.with(|marked| marked.replace(!marked.get()));
    if !unmarking && BROKEN.get() != Broken::Mark {
        fence(Ordering::SeqCst);
    }
}

/// A number as the address of an object that nobody looks at.
pub(crate) fn object(number: usize) -> NonNull<u8> {
    NonNull::new(std::ptr::without_provenance_mut(number * 64)).unwrap()
}

/// Objects back to their slabs.
pub(crate) fn flush(_: &Barn, objects: &mut [*mut u8]) {
    for object in objects.iter().filter(|object| !object.is_null()) {
        to_slabs(object.addr());
    }
}

pub(crate) fn to_slabs(address: usize) {
    assert!(SLABS.with_borrow_mut(|slabs| slabs.insert(address)), "object {} is in two places", address / 64);
}

/// An object out of the slabs, which never end.
pub(crate) fn from_slabs() -> NonNull<u8> {
    let address = SLABS.with_borrow_mut(BTreeSet::pop_first).expect("the model has objects enough");
    NonNull::new(std::ptr::without_provenance_mut(address)).unwrap()
}

/// Every object up to a number is in the slabs, and nothing else.
pub(crate) fn expect_home(numbers: usize) {
    let slabs = SLABS.with_borrow(Clone::clone);
    let expected: BTreeSet<usize> = (1..=numbers).map(|number| number * 64).collect();
    assert_eq!(slabs, expected, "an object is lost");
}
