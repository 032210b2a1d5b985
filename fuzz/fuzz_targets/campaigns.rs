//! Campaigns: any texts have families, all members of which are there; never a panic.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sense::campaigns::find;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let texts: Vec<&str> = text.split('\n').collect();
    let Ok(found) = find(&mut &texts[..], |addition| assert!(text.contains(&addition.words)));
    let members = (0..texts.len()).filter_map(|row| found.standing(row)?.family).count() as u64;
    assert_eq!(members, found.families.iter().map(|family| family.size).sum::<u64>());
});
