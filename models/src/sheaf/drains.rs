// SPDX-License-Identifier: MIT OR Apache-2.0
//! The owner of a slot, and others who take it away.

use std::ptr::NonNull;
use std::sync::Arc;

use loom::thread;

use crate::sheaf::barn::Barn;
use crate::sheaf::fast;
use crate::sheaf::thread::Thread;
use crate::sheaf::trade::{self, Pop, Push};
use crate::world::{Broken, KEY, expect_home, explore, from_slabs, object, to_slabs};

/// `kmem_cache_alloc` without its last resort.
fn alloc(barn: &Barn) -> NonNull<u8> {
    if let Some(object) = fast::pop(KEY) {
        return object;
    }
    if let Some(object) = trade::pop_spare(KEY) {
        return object;
    }
    match trade::pop(barn, true) {
        Pop::Object(object) => object,
        Pop::Empty => {
            let (object, more) = (from_slabs(), from_slabs());
            if trade::stock(barn, &[more.as_ptr()]) == 0 {
                to_slabs(more.as_ptr().addr());
            }
            object
        }
        Pop::Unavailable => from_slabs(),
    }
}

/// `kmem_cache_free`.
fn free(barn: &Barn, object: NonNull<u8>) {
    if fast::push(KEY, object.as_ptr()) || trade::push_spare(KEY, object.as_ptr()) {
        return;
    }
    match trade::push(barn, object) {
        Push::Done => {}
        Push::Twice => panic!("an object is its own predecessor"),
        Push::Unavailable => to_slabs(object.as_ptr().addr()),
    }
}

/// An owner at `work`, who is the first to use his slot for objects 1 to `numbers`, while others do as they are told. In
/// the end he ends, and all objects are home.
fn owner_among(
    broken: Broken,
    preemptions: Option<usize>,
    numbers: usize,
    work: fn(&Barn),
    others: &'static [fn(&Thread, &Barn)],
) {
    explore(broken, preemptions, move |barn: Arc<Barn>| {
        let owner = Arc::new(Thread::new());
        for number in 1..=numbers {
            to_slabs(object(number).as_ptr().addr());
        }
        owner.adopt();
        let first = alloc(&barn);
        free(&barn, first);
        let others: Vec<_> = others
            .iter()
            .map(|other| {
                let (owner, barn) = (owner.clone(), barn.clone());
                thread::spawn(move || other(&owner, &barn))
            })
            .collect();
        work(&barn);
        owner.exit(&barn);
        others.into_iter().for_each(|other| other.join().unwrap());
        barn.clear();
        expect_home(numbers);
    });
}

fn drain(owner: &Thread, barn: &Barn) {
    owner.drain(barn);
}

fn drain_and_clear(owner: &Thread, barn: &Barn) {
    owner.drain(barn);
    barn.clear();
}

/// One object out and in: the fast path, unless it has been stopped.
fn pair(barn: &Barn) {
    let object = alloc(barn);
    free(barn, object);
}

/// Two objects out and in, so that sheaves are traded, refilled and put aside.
fn two_pairs(barn: &Barn) {
    let objects = [alloc(barn), alloc(barn)];
    objects.into_iter().for_each(|object| free(barn, object));
}

/// The same in bulk.
fn bulk(barn: &Barn) {
    let mut objects = [std::ptr::null_mut(); 2];
    let taken = trade::pop_many(barn, true, &mut objects);
    let put = trade::push_many(barn, &objects[..taken]);
    for object in &objects[put..taken] {
        to_slabs(object.addr());
    }
}

#[test]
fn fast_path_against_a_drain() {
    owner_among(Broken::Nothing, None, 4, pair, &[drain]);
}

#[test]
fn slow_path_against_a_drain() {
    owner_among(Broken::Nothing, Some(4), 4, two_pairs, &[drain]);
}

#[test]
fn bulk_calls_against_a_drain() {
    owner_among(Broken::Nothing, None, 4, bulk, &[drain]);
}

#[test]
fn two_drains() {
    owner_among(Broken::Nothing, Some(3), 4, pair, &[drain, drain_and_clear]);
}

#[test]
fn exit_during_a_drain() {
    owner_among(Broken::Nothing, None, 4, |_| {}, &[drain_and_clear]);
}

#[test]
#[should_panic(expected = "an object is lost")]
fn a_drain_without_the_barrier_is_caught() {
    owner_among(Broken::Barrier, None, 4, pair, &[drain]);
}

#[test]
#[should_panic(expected = "an object is lost")]
fn a_mark_that_comes_late_is_caught() {
    owner_among(Broken::Mark, None, 4, pair, &[drain]);
}
