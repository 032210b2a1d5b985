//! Checkpoints, promises, policies, keys and paths of tiles: any text is one that is written as it was read, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::tile::Tile;
use register::{Checkpoint, Hash, Policy, Promise, SigningKey, VerifyingKey};

fuzz_target!(|text: &str| {
    let same = |written: String| assert_eq!(written, text);
    text.parse::<Checkpoint>().into_iter().for_each(|read| same(read.to_string()));
    text.parse::<Promise>().into_iter().for_each(|read| same(read.to_string()));
    text.parse::<Policy>().into_iter().for_each(|read| same(read.to_string()));
    text.parse::<VerifyingKey>().into_iter().for_each(|read| same(read.to_string()));
    text.parse::<SigningKey>().into_iter().for_each(|read| same(read.expose()));
    text.parse::<Tile>().into_iter().for_each(|read| same(read.to_string()));
    text.parse::<Hash>().into_iter().for_each(|read| same(read.to_string()));
});
