//! Tables (CSV, TSV, JSON lines): any bytes are rows, or an error; never a panic.

#![no_main]

use std::io::Write;

use libfuzzer_sys::fuzz_target;
use sense_files::table::{Column, Row, Table};

fuzz_target!(|bytes: &[u8]| {
    let (kind, bytes) = bytes.split_first().unwrap_or((&0, &[]));
    let suffix = [".csv", ".tsv", ".jsonl"][usize::from(kind % 3)];
    let mut file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
    file.write_all(bytes).expect("a full temporary file");
    let mut row = Row::default();
    for wanted in [vec![Column("1".to_owned())], vec![Column("text".to_owned()), Column("2".to_owned())]] {
        let Ok(mut table) = Table::open(file.path(), &wanted) else { continue };
        while table.read(&mut row).unwrap_or(false) {
            assert_eq!(row.cells.len(), wanted.len());
        }
    }
});
