//! Files of votes: any bytes are votes, or an error; and votes have a map.

#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;
use sense_files::opinions::ballots;

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = ballots::read(Path::new("fuzz.csv"), bytes, false) else { return };
    assert_eq!(found.votes.participants(), found.participants.len());
    assert_eq!(found.votes.statements(), found.statements.len());
    assert!((0..found.votes.participants()).all(|person| found.votes.of(person).is_sorted_by(|one, next| one.0 < next.0)));
});
