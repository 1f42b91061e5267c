// SPDX-License-Identifier: MIT OR Apache-2.0
//! Compiles the C shim and gives the shared object its name.
#![allow(clippy::disallowed_macros, reason = "how a build script talks to cargo")]

fn main() {
    println!("cargo::rerun-if-changed=src/sys/shim.c");
    let mut shim = cc::Build::new();
    if std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_some() {
        shim.define("KMEM_DEBUG_BUILD", None);
    }
    shim.file("src/sys/shim.c").flag("-fno-omit-frame-pointer").warnings(true).compile("kmem_shim");

    // The loader's name for the ABI; it changes only with an incompatible change.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libkmem.so.0");
    // Caches and thread hooks outlive a dlclose, so the code must too.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
    // Calls between our own functions must not be replaceable from outside.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-Bsymbolic-functions");
}
