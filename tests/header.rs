// SPDX-License-Identifier: MIT OR Apache-2.0
#![allow(clippy::disallowed_types, clippy::disallowed_macros, reason = "tests may allocate")]
//! The committed header is what the sources say. `KMEM_WRITE_HEADER=1` writes it (`make header`).

use std::path::Path;
use std::{env, fs};

#[test]
fn kmem_h_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    let mut text = Vec::new();
    cbindgen::Builder::new().with_crate(root).with_config(config).generate().unwrap().write(&mut text);
    let path = root.join("include/kmem.h");
    if env::var_os("KMEM_WRITE_HEADER").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let committed = fs::read(&path).unwrap_or_default();
    assert!(committed == text, "include/kmem.h differs from src/capi: run `make header`");
}
