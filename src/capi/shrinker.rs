// SPDX-License-Identifier: MIT OR Apache-2.0
//! The program's own caches, made smaller when memory is needed. Their structure is in `include/kmem/shrinker.h`.

use core::ffi::{c_int, c_uint};

use crate::abi::errno::{EBUSY, EINVAL};
use crate::cache::{self, shrinker};
use crate::capi::types;

/// kmem_shrinker_free - unregister a shrinker that kmem_shrinker_alloc() made, and free it
/// @shrinker: the shrinker; NULL is ignored
///
/// When it returns, no callback of the shrinker runs. A callback may free its own shrinker: then it is the last call.
/// Context: any thread; not a signal handler. May sleep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_shrinker_free(shrinker: *mut types::shrinker) {
    let shrinker = shrinker::from_c(shrinker.cast()).filter(|_| !cache::refuses("shrinker_free"));
    if let Some(shrinker) = shrinker {
        // SAFETY: the caller passes what kmem_shrinker_alloc() returned.
        unsafe { shrinker::free(shrinker) };
    }
}

/// kmem_shrinker_alloc - make a shrinker (Linux 6.7: shrinker_alloc())
/// @flags: SHRINKER_* flags
///
/// Fill in the callbacks, then pass it to kmem_shrinker_register().
/// Context: any thread; not a signal handler.
/// Return: the shrinker, with default values; NULL when there is no memory.
#[unsafe(no_mangle)]
pub extern "C" fn kmem_shrinker_alloc(flags: c_uint) -> *mut types::shrinker {
    if cache::refuses("shrinker_alloc") {
        return core::ptr::null_mut();
    }
    shrinker::alloc(flags).map_or(core::ptr::null_mut(), |shrinker| shrinker.as_ptr().cast())
}

/// kmem_shrinker_register - have a shrinker called when memory is needed (Linux 6.7: shrinker_register())
/// @shrinker: what kmem_shrinker_alloc() made, with both callbacks; another one is refused with a message
///
/// Takes no memory: kmem_shrinker_alloc() has taken all that it needs.
/// Context: any thread; not a signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_shrinker_register(shrinker: *mut types::shrinker) {
    let shrinker = shrinker::from_c(shrinker.cast()).filter(|_| !cache::refuses("shrinker_register"));
    if let Some(shrinker) = shrinker {
        // SAFETY: the caller keeps it until kmem_shrinker_free().
        unsafe { shrinker::register_allocated(shrinker) };
    }
}

/// kmem_register_shrinker - have a shrinker called when memory is needed (until 6.6: register_shrinker())
/// @shrinker: a structure of the program that stays where it is, with both callbacks, and zeroes where nothing else is
///            meant
///
/// Context: any thread; not a signal handler.
/// Return: 0; -ENOMEM when there is no memory; -EINVAL when a callback is missing or it is registered already;
/// -EBUSY in a signal handler that interrupted the library.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_register_shrinker(shrinker: *mut types::shrinker) -> c_int {
    let Some(shrinker) = shrinker::from_c(shrinker.cast()) else { return EINVAL.negative() };
    if cache::refuses("register_shrinker") {
        return EBUSY.negative();
    }
    // SAFETY: the caller keeps it until kmem_unregister_shrinker().
    shrinker::to_c(unsafe { shrinker::register(shrinker) })
}

/// kmem_unregister_shrinker - undo kmem_register_shrinker()
/// @shrinker: the shrinker; ignored if it is not registered
///
/// When it returns, no callback of the shrinker runs. A callback may unregister its own shrinker: then it is the last
/// call.
/// Context: any thread; not a signal handler. May sleep.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kmem_unregister_shrinker(shrinker: *mut types::shrinker) {
    let shrinker = shrinker::from_c(shrinker.cast()).filter(|_| !cache::refuses("unregister_shrinker"));
    if let Some(shrinker) = shrinker {
        // SAFETY: a structure of the program that is registered or never was.
        unsafe { shrinker::unregister(shrinker) };
    }
}
