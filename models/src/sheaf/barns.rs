// SPDX-License-Identifier: MIT OR Apache-2.0
//! Two threads at one barn.

use std::sync::Arc;

use loom::thread;

use crate::sheaf::barn::Barn;
use crate::sheaf::block::{self, Sheaf};
use crate::world::{Broken, CAPACITY, expect_home, explore, object, to_slabs};

/// A full sheaf with one object.
fn full_of(barn: &Barn, number: usize) -> Sheaf {
    let sheaf = barn.empty_sheaf().unwrap();
    // SAFETY: a free word of a sheaf that is this thread's alone.
    unsafe { block::put(sheaf.top(CAPACITY, 0), object(number).as_ptr()) };
    sheaf
}

/// Empties a full sheaf to the slabs.
fn empty(sheaf: Sheaf) -> Sheaf {
    let top = sheaf.top(CAPACITY, CAPACITY);
    // SAFETY: the sheaf is this thread's alone.
    for object in unsafe { sheaf.objects(CAPACITY, top) } {
        to_slabs(object.addr());
    }
    sheaf
}

fn give_and_take(barn: &Barn, number: usize) {
    let sheaf = barn.take_empty(full_of(barn, number)).ok().unwrap();
    match barn.take_full(sheaf) {
        Some(full) => barn.put_empty(empty(full)),
        None => barn.put_empty(sheaf),
    }
}

#[test]
fn no_object_is_lost_or_doubled_between_two_who_trade() {
    explore(Broken::Nothing, None, |barn: Arc<Barn>| {
        let theirs = barn.clone();
        let other = thread::spawn(move || give_and_take(&theirs, 1));
        give_and_take(&barn, 2);
        other.join().unwrap();
        barn.clear();
        expect_home(2);
    });
}

#[test]
fn nor_when_a_third_empties_the_barn() {
    explore(Broken::Nothing, Some(3), |barn: Arc<Barn>| {
        let (one, two) = (barn.clone(), barn.clone());
        let first = thread::spawn(move || give_and_take(&one, 1));
        let second = thread::spawn(move || {
            assert!(two.put_full(full_of(&two, 2)));
            two.age();
            two.release_surplus(1);
        });
        barn.clear();
        first.join().unwrap();
        second.join().unwrap();
        barn.clear();
        expect_home(2);
    });
}
