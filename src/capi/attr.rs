// SPDX-License-Identifier: MIT OR Apache-2.0
//! Caches by name, and their attributes: what /sys/kernel/slab is in Linux.

use core::ffi::{CStr, c_char, c_int, c_long, c_void};

use crate::abi::errno::{EBUSY, EINVAL};
use crate::cache::{self, Handle};
use crate::capi::types::kmem_cache;
use crate::stats::attr;

/// The bytes of a C string; `None` for NULL.
///
/// # Safety
/// `text` is NULL or NUL-terminated, and outlives the result.
unsafe fn bytes<'a>(text: *const c_char) -> Option<&'a [u8]> {
    // SAFETY: NUL-terminated unless NULL (contract).
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// kmem_cache_name - the name of a cache
/// @cache: the cache
///
/// Of caches that were merged this is the name of the first.
/// Context: any thread or signal handler.
/// Return: the name, which stays as long as the cache; NULL with a warning when @cache is not one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_name(cache: *mut kmem_cache) -> *const c_char {
    let cache = Handle::new(cache.addr()).cache_or_warn("kmem_cache_name");
    cache.map_or(core::ptr::null(), |cache| cache.name.as_ptr())
}

/// kmem_cache_find - a cache by its name
/// @name: the name of the cache; one that was merged into another is not found by the name it was to have
///
/// The caller sees to it that nobody destroys the cache while he uses it; it is not his to destroy.
/// Context: any thread; not a signal handler.
/// Return: the cache, of several with this name the newest; NULL when there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_find(name: *const c_char) -> *mut kmem_cache {
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    let name = unsafe { bytes(name) }.filter(|_| !cache::refuses("kmem_cache_find"));
    name.map_or(core::ptr::null_mut(), |name| cache::find(name).as_ptr())
}

/// kmem_cache_for_each - call a function with every cache
/// @visit: the function; it gets the cache and @data, and ends the round by returning something other than 0
/// @data: passed on
///
/// The newest cache comes first. The cache at hand does not go away during the call, unless @visit itself destroys it:
/// another thread that does so waits, for a second at most. A cache that is created or destroyed by then may or may not be
/// visited. @visit may use, create and destroy caches; it must not throw, longjmp or end the thread.
/// Context: any thread; not a signal handler.
/// Return: what @visit returned last, 0 without any cache; -EINVAL when @visit is NULL, -EBUSY in a signal
/// handler that interrupted the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_for_each(
    visit: Option<unsafe extern "C-unwind" fn(*mut kmem_cache, *mut c_void) -> c_int>,
    data: *mut c_void,
) -> c_int {
    let Some(visit) = visit else { return EINVAL.negative() };
    if cache::refuses("kmem_cache_for_each") {
        return EBUSY.negative();
    }
    // SAFETY: the program gave the function for exactly this call; no lock is held.
    cache::visit(|cache| unsafe { visit(cache.as_ptr(), data) })
}

/// kmem_cache_attr_name - the names of all attributes
/// @index: 0, 1, 2, ...
///
/// Context: any.
/// Return: the name of an attribute, in alphabetic order; NULL when @index is beyond the last one.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_attr_name(index: usize) -> *const c_char {
    attr::name(index).map_or(core::ptr::null(), CStr::as_ptr)
}

/// kmem_cache_attr_show - read an attribute of a cache
/// @cache: the cache
/// @attribute: the name of a file in /sys/kernel/slab/CACHE: "objects", "partial", "order", ...
/// @buf: where the text goes, with a NUL behind it; may be NULL if @size is 0
/// @size: bytes that @buf has room for; what does not fit is cut off
///
/// The text is that of Linux 6.12. Three attributes are always those of a kernel without slabs per CPU (Linux 7.0):
/// cpu_partial, cpu_slabs and slabs_cpu_partial are 0. remote_node_defrag_ratio and skip_kfence are kept, and
/// without effect. sheaf_capacity (Linux 6.18) is the number of objects in an array of a thread. Objects in such
/// arrays count as in use, see kmem_cache_usage(). alloc_traces and free_traces (in /sys/kernel/debug/slab/CACHE) exist
/// in caches with SLAB_STORE_USER and say where the live objects were allocated, and freed before that: how often, how
/// many ticks of 4 ms ago (least/mean/most), by which threads and CPUs, and by which calls.
/// Context: any thread; not a signal handler.
/// Return: bytes of the whole text, which may be more than @size; -EINVAL when @cache is not one (with a warning) or
/// @attribute is NULL, -ENOENT when the cache has no such attribute, -ENOMEM without memory for the traces,
/// -EBUSY in a signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_attr_show(
    cache: *mut kmem_cache,
    attribute: *const c_char,
    buf: *mut c_char,
    size: usize,
) -> c_long {
    if cache::refuses("kmem_cache_attr_show") {
        return EBUSY.negative().into();
    }
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    let Some(attribute) = (unsafe { bytes(attribute) }) else { return EINVAL.negative().into() };
    let buffer = if buf.is_null() || isize::try_from(size).is_err() {
        &mut []
    } else {
        // SAFETY: the caller has room for `size` bytes there, which nobody else uses during the call.
        unsafe { core::slice::from_raw_parts_mut(buf.cast::<u8>(), size) }
    };
    let shown = attr::show("kmem_cache_attr_show", Handle::new(cache.addr()), attribute, buffer);
    shown.map_or_else(|error| error.negative().into(), |len| len as c_long)
}

/// kmem_cache_attr_store - write to an attribute of a cache
/// @cache: the cache
/// @attribute: the name of a file in /sys/kernel/slab/CACHE
/// @buf: the value as text, as one would echo it to the file, with or without a newline
/// @size: bytes of @buf, not counting a NUL
///
/// "min_partial" takes the number of partial slabs beyond which an empty one is given up. A 1 to "shrink" does what
/// kmem_cache_shrink() does, and one to "validate", in a cache with a debug flag, what validate_slab_cache() does. A 1 to
/// "failslab" marks the cache for failslab's cache-filter, anything else takes the mark
/// away. "cpu_partial" takes a 0, "remote_node_defrag_ratio" 0 to 100, "skip_kfence" 0 or 1, without effect.
/// Nothing else can be written to. An empty value does nothing.
/// Context: any thread; not a signal handler.
/// Return: @size; -EINVAL when the value is not one for this attribute, -ERANGE when it is too large, -EACCES when the
/// attribute can only be read; and as kmem_cache_attr_show().
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_attr_store(
    cache: *mut kmem_cache,
    attribute: *const c_char,
    buf: *const c_char,
    size: usize,
) -> c_long {
    if cache::refuses("kmem_cache_attr_store") {
        return EBUSY.negative().into();
    }
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    let attribute = unsafe { bytes(attribute) };
    let (Some(attribute), Ok(result)) = (attribute, c_long::try_from(size)) else {
        return EINVAL.negative().into();
    };
    let value = match size {
        0 => &[],
        _ if buf.is_null() => return EINVAL.negative().into(),
        // SAFETY: the caller passes so many bytes, and leaves them alone during the call.
        _ => unsafe { core::slice::from_raw_parts(buf.cast::<u8>(), size) },
    };
    let stored = attr::store("kmem_cache_attr_store", Handle::new(cache.addr()), attribute, value);
    stored.map_or_else(|error| error.negative().into(), |()| result)
}
