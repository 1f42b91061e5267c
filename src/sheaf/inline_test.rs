// SPDX-License-Identifier: MIT OR Apache-2.0
//! What `include/kmem/inline.h` has compiled into programs, held against this floor.

use core::mem::offset_of;

use crate::sheaf::block::BYTES;
use crate::sheaf::handle;
use crate::sheaf::table::{HEADER, Slot, Table};

const INLINE_H: &str = include_str!("../../include/kmem/inline.h");
const SHIM_C: &str = include_str!("../sys/shim.c");

/// The number that the header defines under a name.
fn defined(name: &str) -> Option<usize> {
    let mut lines = INLINE_H.lines().filter_map(|line| line.strip_prefix("#define ")?.strip_prefix(name));
    lines.next()?.trim().parse().ok()
}

#[test]
fn the_header_has_this_layout() {
    assert_eq!(defined("KMEM_INLINE_SLOTS "), Some(HEADER));
    assert_eq!(defined("KMEM_INLINE_BLOCK "), Some(BYTES));
    assert!(INLINE_H.contains("struct kmem_inline_table {\n\tuintptr_t mask;\n\tconst void *thread;\n};\n"));
    assert!(INLINE_H.contains("struct kmem_inline_slot {\n\tuintptr_t key;\n\tvoid **top;\n};\n"));
    assert_eq!((offset_of!(Table, mask), size_of::<Table>()), (0, 16));
    assert_eq!((offset_of!(Slot, key), offset_of!(Slot, top), size_of::<Slot>()), (0, 8, 16));
}

/// Whoever changes one of these numbers, or what a slot or a sheaf means, gives the word the next name: in the header, in
/// the shim and in `sys::tls`. Then programs compiled for the old layout do not link.
#[test]
fn version_1_is_this_layout() {
    assert_eq!((HEADER, size_of::<Slot>(), handle::BYTES, BYTES, size_of::<*mut u8>()), (16, 16, 16, 512, 8));
    assert!(SHIM_C.contains("*kmem_inline_abi_1 ="));
    assert!(!INLINE_H.replace("kmem_inline_abi_1", "").contains("kmem_inline_abi"));
}
