//! What an analyst does with `sense assign`, and what happens with files that are wrong.

mod common;

use common::{Done, Files};
use folkmoot_sense_files::assign::codebook::Codebook;
use proptest::prelude::*;

const CODEBOOK: &str = "[[code]]\nid = \"bus\"\nlabel = \"Buses\"\ndescription = \"Timetables, fares and drivers of buses\"\n\n\
                        [[code]]\nid = \"clinic\"\nlabel = \"Clinics\"\nexamples = [\"no appointment with a doctor\"]\n\n\
                        [[code]]\nid = \"roads\"\nlabel = \"Potholes in roads\"\n";

/// Texts that people coded: buses, clinics, both, nothing.
fn coded(count: usize) -> String {
    let kinds = [
        ("The bus never comes on time", "bus"),
        ("There was no appointment at the clinic", "clinic"),
        ("The bus to the clinic was cancelled before my appointment", "bus; clinic"),
        ("Thank you for asking", ""),
    ];
    let rows = (0..count).map(|n| format!("\"{}, said number {n}\",{}\n", kinds[n % 4].0, kinds[n % 4].1));
    format!("text,codes\n{}", rows.collect::<String>())
}

#[test]
fn codes_new_texts_and_leaves_open_what_it_cannot_say() -> Done {
    let files = Files::new()?;
    files.with("codebook.toml", CODEBOOK)?.with("coded.csv", &coded(80))?;
    files.with("new.csv", "id,text\n10,A bus that never comes\n9,All the roads have potholes\n2,Zzz qqq\n")?;
    let arguments = ["assign", "new.csv", "--id", "id", "--codebook", "codebook.toml", "--examples", "coded.csv"];
    let words = files.run(&[&arguments[..], &["--out", "out"]].concat())?;
    assert!(words.contains("Learnt from 80 coded texts."), "{words}");
    assert!(words.contains("roads goes by its wording in the codebook: it has 0 examples."), "{words}");
    assert!(words.contains("3 texts; 1 left open (33 %)."), "{words}");
    assert_eq!(files.names("out")?, ["coding.json", "codings.csv"]);
    let codings = files.read("out/codings.csv")?;
    let lines: Vec<&str> = codings.lines().collect();
    assert_eq!(lines[0], "id,code,score,decision");
    assert_eq!(lines[1], "2,,,open");
    assert!(lines[2].starts_with("9,roads,") && lines[2].ends_with(",coded"), "{codings}");
    assert!(lines[3].starts_with("10,bus,") && lines[3].ends_with(",coded"), "{codings}");
    Ok(())
}

#[test]
fn measures_itself_against_people() -> Done {
    let files = Files::new()?;
    let json = r#"{"codes": [{"id": "bus"}, {"id": "clinic", "label": "Clinics"}]}"#;
    files.with("codebook.json", json)?.with("coded.csv", &coded(80))?.with("held.csv", &coded(40))?;
    let evaluate = ["assign", "--evaluate", "--codebook", "codebook.json", "--examples", "coded.csv"];
    let found = files.json(&evaluate)?;
    let f1 = &found["evaluation"]["micro"]["f1"];
    assert!(f1["value"].as_f64() > Some(0.95) && f1["low"].as_f64() <= f1["value"].as_f64(), "{f1}");
    assert_eq!(found["evaluation"]["texts"], 80);
    let held = files.json(&[&evaluate[..], &["--held-back", "held.csv"]].concat())?;
    assert_eq!(held["evaluation"]["texts"], 40);
    assert!(files.run(&evaluate)?.contains("all codings"));
    Ok(())
}

#[test]
fn what_is_wrong_is_said() -> Done {
    let files = Files::new()?;
    files.with("codebook.csv", "code,label\nbus,Buses\nclinic,Clinics\n")?;
    files
        .with("coded.csv", "text,codes\nThe bus,buss\nThe clinic,clinic\nThe rail,bus;rail\n")?
        .with("new.csv", "text\nBus\n")?;
    let fails =
        |codebook: &str, coded: &str| files.fails(&["assign", "new.csv", "--codebook", codebook, "--examples", coded]);
    let unknown = fails("codebook.csv", "coded.csv")?;
    assert!(unknown.contains("coded.csv, line 2, column 2: “buss” is not in the codebook"), "{unknown}");
    assert!(unknown.contains("coded.csv, line 4, column 2: “rail” is not in the codebook"), "{unknown}");
    files.with("twice.csv", "code\nbus\nbus\n")?.with("none.csv", "label\nBus\n")?.with("no.toml", "code = []\n")?;
    assert!(fails("twice.csv", "coded.csv")?.contains("two codes “bus”"));
    assert!(fails("none.csv", "coded.csv")?.contains("needs a column “code”"));
    assert!(fails("no.toml", "coded.csv")?.contains("no.toml has no codes"));
    files.with("odd.toml", "[[code]]\nid = \"bus\"\ncolour = \"red\"\n")?;
    let odd = fails("odd.toml", "coded.csv")?;
    assert!(odd.contains("odd.toml, line 3, column 1: unknown field `colour`"), "{odd}");
    files.with("broken.json", "{\"codes\": [\n{]}")?.with("empty.csv", "text,codes\n")?;
    assert!(fails("broken.json", "coded.csv")?.contains("broken.json, line 2"));
    assert!(fails("codebook.csv", "empty.csv")?.contains("empty.csv has no examples"));
    Ok(())
}

proptest! {
    /// As `fuzz/fuzz_targets/codebook.rs`, so that every run of the tests tries a little of it.
    #[test]
    fn any_bytes_are_a_codebook_or_an_error(kind in 0_usize..3, bytes in prop::collection::vec(any::<u8>(), 0..200), text in "(\\[\\[code\\]\\]|id|code|,|=|\"|\\{|\\}|\\[|\\]|:|\n|a){0,30}") {
        for bytes in [bytes.as_slice(), text.as_bytes()] {
            let suffix = [".toml", ".json", ".csv"][kind];
            let file = tempfile::Builder::new().suffix(suffix).tempfile().expect("a temporary file");
            std::fs::write(file.path(), bytes).expect("a full temporary file");
            if let Ok(codebook) = Codebook::read(file.path()) {
                prop_assert!(codebook.entries.iter().all(|entry| codebook.place(&entry.id).is_some()));
            }
        }
    }
}
