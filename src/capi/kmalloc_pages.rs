// SPDX-License-Identifier: MIT OR Apache-2.0
//! vmalloc, kvmalloc and pages. Kernel names: `include/kmem/kmalloc.h` and `include/linux/gfp.h`.

use core::ffi::{c_int, c_uint, c_void};

use crate::abi::gfp::gfp_t;
use crate::capi::types::to_c;
use crate::kmalloc;

/// kmem_vfree - free memory of kmem_vmalloc(): vfree()
/// @object: the memory; NULL is ignored
///
/// Any other address is reported and left alone.
/// Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_vfree(object: *const c_void) {
    kmalloc::vfree(object.cast_mut().cast());
}

/// kmem_vmalloc - allocate whole pages: vmalloc()
/// @size: bytes, more than 0
/// @flags: GFP flags
///
/// Aligned to a page, and up to 4 MiB to the next power of two. Contiguous, and without a guard page.
/// Context: any thread; not a signal handler. May sleep.
/// Return: the memory, or NULL when there is none, with a message unless __GFP_NOWARN is set.
///
/// cbindgen:postfix=KMEM_OF_VMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_vmalloc(size: usize, flags: gfp_t) -> *mut c_void {
    to_c(kmalloc::vmalloc(size, flags))
}

/// kmem_vrealloc - change the size of an allocation of kmem_vmalloc(): vrealloc()
/// @object: the memory; NULL: allocate
/// @size: bytes; 0 frees, and returns NULL
/// @flags: GFP flags, __GFP_ZERO as in kmem_krealloc()
///
/// Context: as kmem_vmalloc().
/// Return: the memory, or NULL when there is none; @object is then as it was.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_vrealloc(object: *const c_void, size: usize, flags: gfp_t) -> *mut c_void {
    to_c(kmalloc::vrealloc(object.cast_mut().cast(), size, flags))
}

/// kmem_is_vmalloc_addr - whether an address lies in memory of kmem_vmalloc(): is_vmalloc_addr()
/// @object: any address
///
/// Context: any.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_is_vmalloc_addr(object: *const c_void) -> bool {
    kmalloc::is_vmalloc(object.cast())
}

/// kmem_kvmalloc - allocate memory, by pages if that is easier: kvmalloc()
/// @size: bytes; 0 gives ZERO_SIZE_PTR
/// @flags: GFP flags; only a request that may sleep falls back to pages (Linux 6.12)
/// @node: node number, -1 for any; there is one node, 0
///
/// Context: as kmem_kmalloc().
/// Return: the memory, or NULL when there is none, and for sizes above INT_MAX (with a warning).
///
/// cbindgen:postfix=KMEM_OF_KVMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kvmalloc(size: usize, flags: gfp_t, node: c_int) -> *mut c_void {
    to_c(kmalloc::kvmalloc("kvmalloc", size, flags, node))
}

/// kmem_kvmalloc_array - the same for an array: kvmalloc_array(), and with __GFP_ZERO kvcalloc()
/// @n: elements
/// @size: bytes of each
/// @flags: GFP flags
///
/// Context: as kmem_kmalloc().
/// Return: as kmem_kvmalloc(), and NULL without a message when the product is too large for a size_t.
///
/// cbindgen:postfix=KMEM_OF_KVMALLOC
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kvmalloc_array(n: usize, size: usize, flags: gfp_t) -> *mut c_void {
    let Some(bytes) = n.checked_mul(size) else { return core::ptr::null_mut() };
    to_c(kmalloc::kvmalloc("kvmalloc_array", bytes, flags, crate::cache::ANY_NODE))
}

/// kmem_kvrealloc - change the size of an allocation of either kind: kvrealloc()
/// @object: the memory; NULL or ZERO_SIZE_PTR: allocate
/// @size: bytes; 0 frees
/// @flags: GFP flags, __GFP_ZERO as in kmem_krealloc()
///
/// Context: as kmem_kmalloc().
/// Return: the memory, or NULL when there is none; @object is then as it was.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_kvrealloc(object: *const c_void, size: usize, flags: gfp_t) -> *mut c_void {
    to_c(kmalloc::kvrealloc("kvrealloc", object.cast_mut().cast(), size, flags))
}

/// kmem_free_pages - give pages back: free_pages(), __free_pages()
/// @pages: address of the first; NULL is ignored
///
/// Any other address is reported and left alone.
/// Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_free_pages(pages: *mut c_void) {
    kmalloc::page_free(pages.cast());
}

/// kmem_alloc_pages - allocate 2^order pages: __get_free_pages(), alloc_pages()
/// @order: 0 to 10
/// @flags: GFP flags
///
/// Aligned to their size.
/// Context: any thread; not a signal handler.
/// Return: the address of the first page, or NULL when there is no memory.
///
/// cbindgen:postfix=KMEM_FREED_BY(kmem_free_pages, 1)
#[unsafe(no_mangle)]
pub extern "C" fn kmem_alloc_pages(order: c_uint, flags: gfp_t) -> *mut c_void {
    to_c(kmalloc::alloc_pages(order, flags))
}
