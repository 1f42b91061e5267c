// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kmalloc family: memory by size.
//!
//! The kernel's names for these functions are in the hand-written `include/kmem/kmalloc.h`, so that a program with a
//! `kmalloc` of its own can be linked with the library.

use core::ffi::{c_int, c_uint, c_void};
use core::ptr::NonNull;

use crate::abi::gfp::{self, gfp_t};
use crate::cache::{self, ANY_NODE, checked};
use crate::capi::types::{kmem_buckets, to_c};
use crate::kmalloc;
use crate::sheaf::{fast, trade};

/// An object that the thread has, though not where the fast path looks.
fn at_hand(handle: usize) -> Option<NonNull<u8>> {
    checked::pop(handle).or_else(|| trade::pop_spare(handle))
}

#[cold]
#[inline(never)]
fn alloc_slow(size: usize, flags: gfp_t) -> *mut c_void {
    if flags & gfp::ZERO == 0
        && !kmalloc::is_special(flags)
        && let Some(object) = kmalloc::plain_handle(size).and_then(at_hand)
    {
        return object.as_ptr().cast();
    }
    to_c(kmalloc::kmalloc("kmalloc", size, flags, ANY_NODE))
}

/// Requests for zeroes, and of other kinds than the plain one.
#[inline(never)]
fn alloc_special(size: usize, flags: gfp_t) -> *mut c_void {
    let plain = kmalloc::plain_handle(size).filter(|_| !kmalloc::is_special(flags & !gfp::ZERO));
    match plain.and_then(|handle| fast::pop(handle).or_else(|| checked::pop(handle))) {
        Some(object) if flags & gfp::ZERO == 0 => object.as_ptr().cast(),
        Some(object) => cleared(object, size),
        None => alloc_slow(size, flags),
    }
}

/// Clears an object that came from the fast path: all of it, since the program may grow it in place.
#[inline(always)]
fn cleared(object: NonNull<u8>, size: usize) -> *mut c_void {
    // SAFETY: the object is the caller's alone, and of the class for that size.
    unsafe { object.write_bytes(0, kmalloc::class_bytes(size)) };
    object.as_ptr().cast()
}

/// kmem_kmalloc - allocate memory: kmalloc()
/// @size: bytes; 0 gives ZERO_SIZE_PTR
/// @flags: GFP flags; __GFP_ZERO clears the memory, __GFP_NOFAIL waits for it, __GFP_NOWARN is silent
///
/// Sizes of a power of two are aligned to it, 96 to 32, 192 to 64, those above 8192 to a page at least.
/// Context: any thread, and a constructor; a signal handler with GFP_ATOMIC or GFP_NOWAIT (docs/guarantees.md). May sleep on
/// a lock.
/// Return: the memory, or NULL when there is none, and for sizes above KMALLOC_MAX_SIZE (4 MiB; with a warning).
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kmalloc(size: usize, flags: gfp_t) -> *mut c_void {
    let Some(handle) = kmalloc::plain_handle(size) else { return alloc_slow(size, flags) };
    if kmalloc::is_special(flags) {
        return alloc_special(size, flags);
    }
    match fast::pop(handle) {
        Some(object) => object.as_ptr().cast(),
        None => alloc_slow(size, flags),
    }
}

/// kmem_kzalloc - allocate memory filled with zeroes: kzalloc()
/// @size: bytes; 0 gives ZERO_SIZE_PTR
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmalloc().
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kzalloc(size: usize, flags: gfp_t) -> *mut c_void {
    alloc_special(size, flags | gfp::ZERO)
}

/// kmem_kmalloc_class - kmalloc() of a size that is known at compile time
/// @place: which cache, as the header computes it from size and flags: for the header alone
/// @flags: GFP flags
/// @size: bytes, 1 to 8192
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmalloc().
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kmalloc_class(place: usize, flags: gfp_t, size: usize) -> *mut c_void {
    match fast::pop(kmalloc::handle_at(place)) {
        Some(object) if flags & gfp::ZERO == 0 => object.as_ptr().cast(),
        Some(object) => cleared_out_of_line(object, size),
        None => alloc_slow(size, flags),
    }
}

/// Clears an object and returns it. That it is the argument is kept from the optimiser, which would otherwise save the
/// object across the call and have every allocation pay for a stack frame.
#[inline(never)]
fn cleared_out_of_line(object: NonNull<u8>, size: usize) -> *mut c_void {
    core::hint::black_box(cleared(object, size))
}

/// kmem_kmalloc_node - allocate memory near a memory node: kmalloc_node()
/// @size: bytes; 0 gives ZERO_SIZE_PTR
/// @flags: GFP flags
/// @node: node number, -1 for any; there is one node, 0
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmalloc().
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kmalloc_node(size: usize, flags: gfp_t, node: c_int) -> *mut c_void {
    let _ = node;
    alloc_special(size, flags)
}

/// kmem_kmalloc_array - allocate memory for an array: kmalloc_array(), and with __GFP_ZERO kcalloc()
/// @n: elements
/// @size: bytes of each
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmalloc(), and NULL without a message when the product is too large for a size_t.
///
/// cbindgen:postfix=KMEM_DIRECT KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kmalloc_array(n: usize, size: usize, flags: gfp_t) -> *mut c_void {
    match n.checked_mul(size) {
        Some(bytes) => alloc_special(bytes, flags),
        None => core::ptr::null_mut(),
    }
}

/// kmem_krealloc - change the size of an allocation: krealloc()
/// @object: from the kmalloc() family; NULL or ZERO_SIZE_PTR: allocate
/// @size: bytes; 0 frees, and returns ZERO_SIZE_PTR
/// @flags: GFP flags. With __GFP_ZERO in this call and all before, what is beyond the old size is zero
///
/// Stays where it is as long as @size is at most ksize(); otherwise the contents move.
/// Context: as kmem_kmalloc().
/// Return: the memory, or NULL when there is none; @object is then as it was.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_krealloc(object: *const c_void, size: usize, flags: gfp_t) -> *mut c_void {
    to_c(kmalloc::krealloc("krealloc", object.cast_mut().cast(), size, flags))
}

/// kmem_krealloc_array - change the size of an array: krealloc_array()
/// @object: as for kmem_krealloc()
/// @n: elements
/// @size: bytes of each
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_krealloc(), and NULL without a message when the product is too large for a size_t.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_krealloc_array(
    object: *mut c_void,
    n: usize,
    size: usize,
    flags: gfp_t,
) -> *mut c_void {
    let Some(bytes) = n.checked_mul(size) else { return core::ptr::null_mut() };
    to_c(kmalloc::krealloc("krealloc_array", object.cast(), bytes, flags))
}

/// kmem_ksize - the bytes that an allocation really has: ksize()
/// @object: as for kmem_kfree()
///
/// Context: any thread or signal handler. With the debug flag U, a handler that interrupted the library is told the size
/// that was asked for.
/// Return: bytes; 0 for NULL and ZERO_SIZE_PTR, and with a warning for an address that is not the library's.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_ksize(object: *const c_void) -> usize {
    kmalloc::ksize("ksize", object.cast())
}

/// kmem_kmalloc_size_roundup - what kmem_ksize() of an allocation would be: kmalloc_size_roundup()
/// @size: bytes
///
/// Context: any.
/// Return: bytes; @size itself when it is 0 or more than can be allocated.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kmalloc_size_roundup(size: usize) -> usize {
    kmalloc::size_roundup(size)
}

/// kmem_buckets_create - create a set of caches for allocations of one purpose
/// @name: the caches are called NAME-8 to NAME-8k, with its first 1000 bytes if it is longer
/// @flags: SLAB_* flags; the caches are never merged
/// @useroffset: start of the part that may be copied to user space, in bytes
/// @usersize: length of that part in bytes
/// @ctor: constructor, or NULL
///
/// Sets cannot be destroyed (Linux 6.12).
/// Context: any thread; not a signal handler. May sleep.
/// Return: the set, or NULL on failure.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_buckets_create(
    name: *const core::ffi::c_char,
    flags: crate::abi::slab_flags::slab_flags_t,
    useroffset: c_uint,
    usersize: c_uint,
    ctor: crate::capi::types::kmem_ctor_t,
) -> *mut kmem_buckets {
    if name.is_null() || cache::refuses("kmem_buckets_create") {
        return core::ptr::null_mut();
    }
    // SAFETY: NUL-terminated unless NULL, as C promises.
    let name = unsafe { core::ffi::CStr::from_ptr(name) };
    let asked = kmalloc::Asked { flags, useroffset: useroffset as usize, usersize: usersize as usize, ctor };
    kmalloc::buckets_create(name, &asked).map_or(core::ptr::null_mut(), |set| set.as_ptr().cast())
}

/// kmem_buckets_alloc - allocate memory from a set of caches
/// @set: the set; NULL is the one of kmalloc()
/// @size: bytes; 0 gives ZERO_SIZE_PTR, more than 8192 come from pages
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kmalloc().
///
/// cbindgen:postfix=KMEM_OF_KMALLOC
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_buckets_alloc(
    set: *mut kmem_buckets,
    size: usize,
    flags: gfp_t,
) -> *mut c_void {
    // SAFETY: NULL or a set that `kmem_buckets_create` made; those are never freed.
    match unsafe { set.cast::<kmalloc::Buckets>().as_ref() } {
        Some(set) => to_c(kmalloc::buckets_alloc("kmem_buckets_alloc", set, size, flags)),
        None => alloc_special(size, flags),
    }
}

/// kmem_buckets_valloc - allocate memory from a set of caches, by pages if that is easier
/// @set: the set; NULL is the one of kmalloc()
/// @size: bytes; 0 gives ZERO_SIZE_PTR
/// @flags: GFP flags
///
/// Free with kmem_kvfree().
/// Context: as kmem_kmalloc().
/// Return: as kmem_kvmalloc().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_buckets_valloc(
    set: *mut kmem_buckets,
    size: usize,
    flags: gfp_t,
) -> *mut c_void {
    // SAFETY: NULL or a set that `kmem_buckets_create` made; those are never freed.
    match unsafe { set.cast::<kmalloc::Buckets>().as_ref() } {
        Some(set) if size <= kmalloc::MAX_CACHED => {
            to_c(kmalloc::buckets_alloc("kmem_buckets_valloc", set, size, flags))
        }
        _ => to_c(kmalloc::kvmalloc("kmem_buckets_valloc", size, flags, ANY_NODE)),
    }
}
