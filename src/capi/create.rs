// SPDX-License-Identifier: MIT OR Apache-2.0
//! Creation and destruction.

use core::ffi::{CStr, c_char, c_ulong, c_void};

use crate::abi::errno::EINVAL;
use crate::abi::slab_flags::slab_flags_t;
use crate::cache::{self, Args, Handle};
use crate::capi::types::{kmem_cache, kmem_cache_args, kmem_ctor_t};
use crate::printk::warn::warn_once_at;

/// The name under which a failure is reported, whichever form of the call was used.
const CREATE: &str = "kmem_cache_create";

/// Creates with arguments collected from C.
///
/// # Safety
/// `name` is NULL or NUL-terminated.
unsafe fn create(function: &str, name: *const c_char, size: usize, args: &mut Args) -> *mut kmem_cache {
    // SAFETY: NUL-terminated unless NULL (contract).
    let name = (!name.is_null()).then(|| unsafe { CStr::from_ptr(name) });
    cache::create(function, name, size, args).as_ptr()
}

/// kmem_cache_destroy - give up a cache
/// @cache: the cache; NULL is ignored
///
/// Undoes one creation. When the cache is shared with a merged creation, only the count of its users drops. With
/// objects left there is a report, the cache disappears, and the objects stay valid memory that may still be
/// freed (Linux 6.12). A cache of kmalloc()'s own stays, and there is a warning. Where kmem_cache_for_each() shows the
/// cache to another thread, that is waited for, for a second at most.
/// Context: any thread, no call on this cache under way in another; not a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_cache_destroy(cache: *mut kmem_cache) {
    cache::destroy("kmem_cache_destroy", Handle::new(cache.addr()));
    // Work after the call keeps it from becoming a jump: the report about leftovers names our caller, and finds it
    // above this function's frame.
    core::hint::black_box(());
}

/// kmem_cache_create - create a cache
/// @name: name for slabinfo and reports; copied
/// @size: bytes per object, 1 to 4 MiB
/// @align: alignment in bytes, a power of two; 0 for none in particular (then 8)
/// @flags: SLAB_* flags
/// @ctor: constructor, or NULL
///
/// May return an existing cache of the same kind, unless a constructor, SLAB_NO_MERGE, a debug flag or
/// `slab_nomerge` forbids it; destroy it as often as it was created. From C11 on the name is a macro that takes
/// either these five arguments or (name, size, struct kmem_cache_args *, flags).
/// Context: any thread; not a signal handler. May sleep.
/// Return: the cache; NULL on failure, after a message `kmem_cache_create(NAME) failed with error -22` with a stack
/// dump. With SLAB_PANIC a failure ends the process.
///
/// cbindgen:postfix=KMEM_FREED_BY(kmem_cache_destroy, 1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_create(
    name: *const c_char,
    size: usize,
    align: usize,
    flags: c_ulong,
    ctor: kmem_ctor_t,
) -> *mut kmem_cache {
    let mut args = Args { flags, align, ctor, ..Args::default() };
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    unsafe { create(CREATE, name, size, &mut args) }
}

/// kmem_cache_create_usercopy - create a cache with a part of its objects marked for copies to user space
/// @name: name for slabinfo and reports; copied
/// @size: bytes per object
/// @align: alignment in bytes, a power of two; 0 for none in particular
/// @flags: SLAB_* flags
/// @useroffset: start of the marked part in bytes
/// @usersize: length of the marked part in bytes; 0 for none
/// @ctor: constructor, or NULL
///
/// A window outside the object is dropped with a warning. A cache with a window is never merged.
/// Context: as kmem_cache_create().
/// Return: as kmem_cache_create(); messages name this function.
///
/// cbindgen:postfix=KMEM_FREED_BY(kmem_cache_destroy, 1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_cache_create_usercopy(
    name: *const c_char,
    size: usize,
    align: usize,
    flags: c_ulong,
    useroffset: usize,
    usersize: usize,
    ctor: kmem_ctor_t,
) -> *mut kmem_cache {
    let mut args = Args { flags, align, ctor, useroffset, usersize, ..Args::default() };
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    unsafe { create("kmem_cache_create_usercopy", name, size, &mut args) }
}

/// __kmem_cache_create_args - create a cache from a structure of arguments (Linux 6.12)
/// @name: name for slabinfo and reports; copied
/// @object_size: bytes per object
/// @args: what else is asked for, NULL for all defaults; comes back with the resulting alignment, unless the cache was
///        merged into another one, and without a usercopy window that did not fit
/// @flags: SLAB_* flags
///
/// What the macro kmem_cache_create() calls for its four-argument form; C99 and C++ call it by this name.
/// Context: as kmem_cache_create().
/// Return: as kmem_cache_create().
///
/// cbindgen:postfix=KMEM_FREED_BY(kmem_cache_destroy, 1)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __kmem_cache_create_args(
    name: *const c_char,
    object_size: usize,
    args: *mut kmem_cache_args,
    flags: slab_flags_t,
) -> *mut kmem_cache {
    // SAFETY: NULL or a structure that the caller owns for the time of the call.
    let given = unsafe { args.as_mut() };
    let mut args = given.as_deref().map_or_else(Args::default, Args::from);
    args.flags = flags.into();
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    let cache = unsafe { create(CREATE, name, object_size, &mut args) };
    if let Some(given) = given {
        // These fit: the alignment is at most the largest slab, the window was given in the same type.
        given.align = args.align as u32;
        (given.useroffset, given.usersize) = (args.useroffset as u32, args.usersize as u32);
    }
    cache
}

/// __kmem_cache_default_args - what the macro kmem_cache_create() calls when its third argument is NULL
/// @name: name for slabinfo and reports; copied
/// @object_size: bytes per object
/// @args: NULL; any other `void *` gets a warning and ERR_PTR(-EINVAL), since nobody knows what it points to
/// @flags: SLAB_* flags
///
/// Context: as kmem_cache_create().
/// Return: as kmem_cache_create(), or ERR_PTR(-EINVAL).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn __kmem_cache_default_args(
    name: *const c_char,
    object_size: usize,
    args: *mut c_void,
    flags: slab_flags_t,
) -> *mut kmem_cache {
    if !args.is_null() {
        warn_once_at!("__kmem_cache_default_args");
        return core::ptr::without_provenance_mut(EINVAL.negative() as usize);
    }
    let mut args = Args { flags: flags.into(), ..Args::default() };
    // SAFETY: the name is NULL or NUL-terminated, as C promises.
    unsafe { create(CREATE, name, object_size, &mut args) }
}

impl From<&kmem_cache_args> for Args {
    fn from(args: &kmem_cache_args) -> Self {
        Self {
            flags: 0,
            align: args.align as usize,
            ctor: args.ctor,
            useroffset: args.useroffset as usize,
            usersize: args.usersize as usize,
            freeptr_offset: args.use_freeptr_offset.then_some(args.freeptr_offset as usize),
            sheaf_capacity: args.sheaf_capacity,
            place: None,
        }
    }
}
