// SPDX-License-Identifier: MIT OR Apache-2.0
//! The C surface: each function turns its arguments into types, makes one call, and turns the result into C.
//!
//! Rust code never calls these functions: a call through the dynamic symbol could be replaced from outside. The
//! doc comments are written for C and become `include/kmem.h` (`make header`), in the order of the modules here.
//! What frees comes first, because what allocates names it as its counterpart.
#![allow(clippy::missing_safety_doc, reason = "the doc comments are the C header's")]

mod load;

pub mod types;

pub mod create;

pub mod kfree;

pub mod object;

pub mod bulk;

pub mod info;

pub mod errors;

pub mod usage;

pub mod attr;

pub mod dump;

pub mod fault;

pub mod rcu;
pub mod shrinker;
pub mod validate;

pub mod print;

pub mod kmalloc;

pub mod kmalloc_pages;

pub mod kmalloc_text;

pub mod kmalloc_mempool;
