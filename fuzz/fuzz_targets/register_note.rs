//! Signed notes and signature lines: any bytes are a note that is written as it was read, or an error.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::{Note, note};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(read) = Note::parse(bytes) {
        assert_eq!(read.to_string().as_bytes(), bytes);
        assert!(read.verify(&[]).is_err());
    }
    let _ = std::str::from_utf8(bytes).map(note::signature_lines);
});
