//! Pabulib files: any bytes are an election, or an error; and an election is written back so that it is read as the same one.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sense_files::shares::pabulib::Pabulib;

fuzz_target!(|bytes: &[u8]| {
    let path = Path::new("fuzz.pb");
    let Ok(file) = Pabulib::read(path, bytes.to_vec()) else { return };
    let written = file.with_result(&[0], "equalshares");
    let again = Pabulib::read(path, written.into_bytes()).expect("what was written can be read");
    assert_eq!(again.election.projects(), file.election.projects());
    assert_eq!(again.election.ballot_of(), file.election.ballot_of());
    assert_eq!(again.meta("rule"), Some("equalshares"));
});
