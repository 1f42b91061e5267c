// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frees that are told nothing but an address.

use core::ffi::c_void;

use crate::cache::checked;
use crate::kmalloc;
use crate::page::owner::OWNERS;
use crate::sheaf::{fast, trade};

#[cold]
#[inline(never)]
fn free_slow(object: *mut c_void) {
    let parked = OWNERS
        .owner(object.addr())
        .is_some_and(|owner| checked::push(owner, object.cast()) || trade::push_spare(owner, object.cast()));
    if !parked {
        kmalloc::kfree("kfree", object.cast());
    }
}

/// kmem_kfree - free memory by its address: kfree()
/// @object: what kmalloc() or one of its family, or kmem_cache_alloc(), returned; NULL and ZERO_SIZE_PTR are ignored
///
/// An address that is not the library's is reported and left alone, or with `kmem.foreign_free=libc` goes to the C
/// library's free(). Wrong frees are found when they are in kmem_cache_free().
/// Context: any thread, not only the one that allocated, and any signal handler (docs/guarantees.md).
///
/// cbindgen:postfix=KMEM_DIRECT
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kfree(object: *const c_void) {
    let object = object.cast_mut();
    match OWNERS.owner(object.addr()) {
        Some(owner) if fast::push(owner, object.cast()) => {}
        _ => free_slow(object),
    }
}

/// kmem_kfree_sensitive - clear memory, then free it: kfree_sensitive(), kzfree() before 5.9
/// @object: as for kmem_kfree()
///
/// Context: as kmem_kfree().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kfree_sensitive(object: *const c_void) {
    kmalloc::free_sensitive("kfree_sensitive", object.cast_mut().cast());
}

/// kmem_kfree_const - free a string of kstrdup_const() or kvasprintf_const(): kfree_const()
/// @text: the string; one in constant memory stays
///
/// Context: as kmem_kfree(). Takes the loader's lock for a moment.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kfree_const(text: *const c_void) {
    kmalloc::free_const(text.cast_mut().cast());
}

/// kmem_kfree_bulk - free many by address: kfree_bulk()
/// @size: number of objects, 0 included
/// @objects: the objects, each as for kmem_kfree()
///
/// Context: as kmem_kfree().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_kfree_bulk(size: usize, objects: *mut *mut c_void) {
    // SAFETY: the caller passes an array of `size` objects.
    if let Some(objects) = unsafe { crate::capi::bulk::array(objects, size) } {
        kmalloc::kfree_bulk("kfree_bulk", objects);
    }
}

/// kmem_kvfree - free memory of the kmalloc() or of the vmalloc() family: kvfree()
/// @object: the memory; NULL and ZERO_SIZE_PTR are ignored
///
/// Context: as kmem_kfree().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kvfree(object: *const c_void) {
    kmalloc::kvfree(object.cast_mut().cast());
}

/// kmem_kvfree_sensitive - clear memory, then free it: kvfree_sensitive()
/// @object: as for kmem_kvfree()
/// @size: bytes to clear
///
/// Context: as kmem_kfree().
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kvfree_sensitive(object: *const c_void, size: usize) {
    kmalloc::kvfree_sensitive(object.cast_mut().cast(), size);
}
