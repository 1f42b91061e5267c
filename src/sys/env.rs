// SPDX-License-Identifier: MIT OR Apache-2.0
//! The environment, read without allocating.

use core::ffi::CStr;

/// The value of an environment variable.
///
/// Read only while the library starts: the text stays valid as long as nobody changes the variable, and the
/// library copies what it keeps.
pub(crate) fn get(name: &CStr) -> Option<&'static CStr> {
    // SAFETY: the name is NUL-terminated.
    let value = unsafe { libc::getenv(name.as_ptr()) };
    if value.is_null() {
        return None;
    }
    // SAFETY: getenv returns NULL or a NUL-terminated string inside the environment.
    Some(unsafe { CStr::from_ptr(value) })
}
