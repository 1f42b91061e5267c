// SPDX-License-Identifier: MIT OR Apache-2.0
#![allow(clippy::disallowed_types, clippy::disallowed_macros, reason = "tests may allocate")]
//! The floors of the house: a module names only what stands below it.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Lowest first, as `src/lib.rs` lists them.
const FLOORS: [&str; 14] = [
    "abi", "sys", "sync", "printk", "param", "page", "sheaf", "fault", "slab", "debug", "cache", "kmalloc",
    "stats", "capi",
];
/// Lines beyond which a file holds two concepts.
const MAX_LINES: usize = 600;

fn files(dir: &Path, kinds: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => files(&path, kinds),
            false => Vec::from_iter(
                path.extension().is_some_and(|e| kinds.iter().any(|kind| e == *kind)).then_some(path),
            ),
        })
        .collect()
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    files(dir, &["rs"])
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn a_floor_names_only_what_stands_below_it() {
    let mut upward = Vec::new();
    for (height, floor) in FLOORS.iter().enumerate() {
        let files = rust_files(&src().join(floor));
        assert!(!files.is_empty(), "{floor}");
        for file in files {
            let text = fs::read_to_string(&file).unwrap();
            for (number, line) in text.lines().enumerate() {
                let named = line.split("crate::").skip(1).map(|rest| {
                    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
                });
                for name in named {
                    let above = FLOORS.iter().position(|floor| *floor == name).is_none_or(|at| at > height);
                    if above {
                        upward.push(format!("{}:{}: {}", file.display(), number + 1, line.trim()));
                    }
                }
            }
        }
    }
    assert!(upward.is_empty(), "named from below:\n{}", upward.join("\n"));
}

#[test]
fn lib_rs_lists_the_floors_and_nothing_else() {
    let mut found: Vec<String> = fs::read_dir(src())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "lib.rs")
        .collect();
    found.sort();
    let mut expected: Vec<&str> = FLOORS.into();
    expected.sort();
    assert_eq!(found, expected);
    let map = fs::read_to_string(src().join("lib.rs")).unwrap();
    let places: Vec<Option<usize>> =
        FLOORS.iter().map(|floor| map.find(&format!("//! | `{floor}` |"))).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}");
    assert!(places.is_sorted_by(|lower, higher| lower > higher), "the map lists the highest floor first");
}

#[test]
fn every_file_has_one_concept() {
    for file in rust_files(&src()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.lines().count() <= MAX_LINES, "{}", file.display());
    }
}

#[test]
fn every_source_file_names_its_licence() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR"));
    for room in ["src", "tests", "include", "c_tests", "benches", "examples", "models/src"] {
        let found = files(&house.join(room), &["rs", "c", "h", "sh"]);
        assert!(!found.is_empty(), "{room}");
        for file in found {
            let text = fs::read_to_string(&file).unwrap();
            let named =
                text.lines().take(3).any(|line| line.contains("SPDX-License-Identifier: MIT OR Apache-2.0"));
            assert!(named, "{}", file.display());
        }
    }
}
