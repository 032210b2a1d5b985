//! Leaves and entry bundles: any bytes are a leaf that is written as it was read, or an error; bundles end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::{Leaf, tile};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(leaf) = Leaf::parse(bytes) {
        assert_eq!(leaf.to_bytes(), bytes);
    }
    let read: usize = tile::entries(bytes).map_while(Result::ok).map(|entry| 2 + entry.len()).sum();
    assert!(read <= bytes.len());
});
