//! Requests to a witness: any bytes are refused, unless a log that it knows has signed them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::witness::{self, AddCheckpoint, KnownLog};
use register::{Kind, SigningKey};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(request) = AddCheckpoint::parse(bytes) {
        assert_eq!(request.to_string().as_bytes(), bytes);
    }
    let key = SigningKey::from_seed("witness.example", Kind::Cosignature, &[1; 32]).expect("a key");
    let known = |_: &str| Some(KnownLog { keys: vec![key.verifying().clone()], latest: None });
    assert!(witness::cosign(bytes, known, &key, 0).is_err());
});
