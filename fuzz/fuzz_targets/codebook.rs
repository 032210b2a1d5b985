//! Codebooks (TOML, JSON, CSV): any bytes are codes with names of their own, or an error; never a panic.

#![no_main]

use std::collections::HashSet;
use std::io::Write;

use libfuzzer_sys::fuzz_target;
use sense_files::assign::codebook::Codebook;

fuzz_target!(|bytes: &[u8]| {
    let (kind, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let suffix = [".toml", ".json", ".csv"][usize::from(kind % 3)];
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("a full temporary file");
    let Ok(codebook) = Codebook::read(file.path()) else { return };
    let names: HashSet<&str> = codebook.entries.iter().map(|entry| entry.id.as_str()).collect();
    assert_eq!(names.len(), codebook.codes().len());
});
