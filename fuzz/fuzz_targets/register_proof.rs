//! Proof files and receipts: any bytes are one that is written as it was read, or an error; and none proves what no log has
//! signed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use register::{Policy, ProofFile, Receipt};

fuzz_target!(|bytes: &[u8]| {
    Receipt::parse(bytes).into_iter().for_each(|read| assert_eq!(read.to_string().as_bytes(), bytes));
    let Ok(read) = ProofFile::parse(bytes) else { return };
    assert_eq!(read.to_string().as_bytes(), bytes);
    let policy: Policy = "quorum none".parse().expect("a policy that believes nobody");
    assert!(read.verify(b"", &policy).is_err());
});
