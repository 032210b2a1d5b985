//! `folkmoot sense campaigns`, driven as a person would: files in, a folder of results out; and what is said when a file is wrong.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use folkmoot_sense_files::Sense;
use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

type Done = Result<(), Box<dyn Error>>;

#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    sense: Sense,
}

/// Runs the command in a folder with `files`, and says what went wrong.
fn run(folder: &Path, files: &[(&str, &[u8])], arguments: &[&str]) -> Result<(), String> {
    let mut words = vec!["sense".to_owned(), "campaigns".to_owned()];
    for (name, bytes) in files {
        fs::write(folder.join(name), bytes).map_err(|error| error.to_string())?;
        words.push(folder.join(name).display().to_string());
    }
    words.extend(arguments.iter().map(|word| (*word).to_owned()));
    words.extend(["--out".to_owned(), folder.join("out").display().to_string()]);
    let program = Program::try_parse_from(words).map_err(|error| error.to_string())?;
    program.sense.run().map_err(|error| error.to_string().replace(&format!("{}/", folder.display()), ""))
}

/// The members by id: family and role.
fn members(folder: &Path) -> Result<BTreeMap<String, (String, String)>, Box<dyn Error>> {
    let mut members = BTreeMap::new();
    for row in csv::Reader::from_path(folder.join("out/members.csv"))?.records() {
        let row = row?;
        members.insert(row[0].to_owned(), (row[1].to_owned(), row[2].to_owned()));
    }
    Ok(members)
}

fn families(folder: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_slice(&fs::read(folder.join("out/families.json"))?)?)
}

const LETTER: &str = "We the residents ask the council to keep the night bus because shift workers have no other way to get home \
                      safely after eleven and because the hospital is served by no other line at that time";
const MINE: &str = "My daughter works as a nurse on the children's ward and walked four miles home last winter";

#[test]
fn short_questions_that_begin_alike_are_no_campaign() -> Done {
    let folder = TempDir::new()?;
    let asked = [
        "change my address",
        "get a refund",
        "verify the source of my funds",
        "close it",
        "top up abroad",
        "find a PIN",
    ];
    let mut text: String = asked.iter().map(|end| format!("What do I need to do to {end}?\n")).collect();
    text.insert_str(0, "text\nMay I?\nmay i\n");
    run(folder.path(), &[("t.csv", text.as_bytes())], &["--text", "text"])?;
    let found = families(folder.path())?;
    assert_eq!(found["counts"]["people"], 8);
    assert_eq!(found["counts"]["distinct_arguments"], 7, "only those that are the same, word for word: {found}");
    Ok(())
}

#[test]
fn several_files_of_several_kinds_are_one_docket() -> Done {
    let folder = TempDir::new()?;
    let csv = format!("ref;text\na;\"{LETTER}\"\nb;\"{LETTER}!\n{MINE}\"\nc;I never take the bus\n");
    let tsv = format!("ref\ttext\nd\t{}\ne\t\n", LETTER.to_uppercase());
    let jsonl = format!(
        "{{\"ref\": \"f\", \"text\": \"{}\"}}\n{{\"ref\": 7, \"text\": null}}\n",
        LETTER.replace("home", "back")
    );
    let files: [(&str, &[u8]); 3] =
        [("a.csv", csv.as_bytes()), ("b.tsv", tsv.as_bytes()), ("c.jsonl", jsonl.as_bytes())];
    run(folder.path(), &files, &["--text", "text", "--id", "ref"])?;
    let members = members(folder.path())?;
    let roles: Vec<(&str, &str, &str)> =
        members.iter().map(|(id, (family, role))| (&**id, &**family, &**role)).collect();
    let expected = [
        ("7", "", "empty"),
        ("a", "1", "copy"),
        ("b", "1", "with-addition"),
        ("c", "", "own"),
        ("d", "1", "copy"),
        ("e", "", "empty"),
        ("f", "1", "edited"),
    ];
    assert_eq!(roles, expected);
    let found = families(folder.path())?;
    assert_eq!(found["counts"]["people"], 5);
    assert_eq!(found["counts"]["distinct_arguments"], 2);
    assert_eq!(found["families"][0]["size"], 4);
    assert_eq!(found["families"][0]["additions"], serde_json::json!([{"id": "b", "text": MINE}]));
    assert_eq!(found["about"]["inputs"][1]["name"], "b.tsv");
    assert!(found["method"].as_str().is_some_and(|method| method.contains("40 per cent")));
    Ok(())
}

#[test]
fn without_ids_rows_have_numbers_and_repeated_ids_are_counted() -> Done {
    let folder = TempDir::new()?;
    let texts = format!("1\t{LETTER}\n1\t{LETTER}\n2\tnothing of that kind\n");
    run(folder.path(), &[("t.tsv", texts.as_bytes())], &["--text", "2"])?;
    let ids: Vec<String> = members(folder.path())?.into_keys().collect();
    assert_eq!(ids, ["1", "2", "3"]);
    run(folder.path(), &[("t.tsv", texts.as_bytes())], &["--text", "2", "--id", "1"])?;
    let found = families(folder.path())?;
    assert_eq!((&found["counts"]["repeated_ids"], &found["counts"]["people"]), (&1.into(), &3.into()));
    assert_eq!(found["families"][0]["kind"], "copies");
    Ok(())
}

#[test]
fn one_text_and_very_long_ones() -> Done {
    let folder = TempDir::new()?;
    run(folder.path(), &[("t.csv", b"text\nonly me\n")], &["--text", "text"])?;
    assert_eq!(families(folder.path())?["families"], serde_json::json!([]));
    let long = "word after word ".repeat(700_000);
    let texts = format!("text\n{long}\nshort\n{long}\n");
    run(folder.path(), &[("t.csv", texts.as_bytes())], &["--text", "text"])?;
    assert_eq!(families(folder.path())?["families"][0]["size"], 2);
    Ok(())
}

#[test]
fn what_is_wrong_is_said_with_its_place() -> Done {
    let cases: [(&[u8], &[&str], &str); 6] = [
        (
            b"id,text\n1,a\n",
            &["--text", "words"],
            "t.csv, line 1: there is no column “words”; the columns are id, text",
        ),
        (b"", &["--text", "text"], "t.csv is empty"),
        (b"id,text\n1,a\n2,caf\xe9\n", &["--text", "text"], "t.csv, line 3, column 2: byte 4 of the cell is not UTF-8"),
        (b"id,text\n1,a\n2\n", &["--text", "text"], "t.csv, line 3: 1 cell, where the first line has 2"),
        (b"id,text\n1,a\n,b\n", &["--text", "text", "--id", "id"], "t.csv, line 3, column 1: the id is empty"),
        (b"id,text\n1,a\n", &["--text", "9"], "t.csv, line 1: there is no column 9"),
    ];
    for (bytes, arguments, expected) in cases {
        let folder = TempDir::new()?;
        let error = run(folder.path(), &[("t.csv", bytes)], arguments).err().unwrap_or_default();
        assert!(error.starts_with(expected), "{error}");
        assert!(!folder.path().join("out").exists(), "nothing is written");
    }
    let folder = TempDir::new()?;
    let error = run(folder.path(), &[], &[&folder.path().display().to_string(), "--text", "text"]);
    assert!(error.is_err_and(|error| error.contains("a file is needed here")));
    Ok(())
}

/// One real campaign, composed by a program from alternatives in every slot, and real comments of other people beside it.
#[test]
fn a_real_mail_merge() -> Done {
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/campaigns/mailmerge.tsv");
    let Ok(texts) = fs::read_to_string(&data) else {
        println!("{} is not there: skipped", data.display());
        return Ok(());
    };
    let lines: Vec<&str> = texts.lines().collect();
    for members_wanted in [40, 5000] {
        let folder = TempDir::new()?;
        let (mut some, mut campaign, mut others) = (String::new(), 0, 0);
        for line in &lines {
            let is_member = line.split('\t').nth(1) == Some("1");
            if is_member && campaign == members_wanted {
                continue;
            }
            let (letter, count) = if is_member { ('c', &mut campaign) } else { ('o', &mut others) };
            *count += 1;
            some.extend([letter.to_string(), count.to_string(), "\t".to_owned()]);
            some.extend([line.rsplit('\t').next().unwrap_or_default(), "\n"]);
        }
        run(folder.path(), &[("t.tsv", some.as_bytes())], &["--text", "2", "--id", "1"])?;
        let members = members(folder.path())?;
        let inside = |letter: char| {
            members.iter().filter(|(id, (family, _))| id.starts_with(letter) && family == &members["c1"].0).count()
        };
        assert!(inside('c') * 100 >= members_wanted * 98, "{} of {members_wanted}", inside('c'));
        // Some of the comments by others were made with the same form.
        assert!(inside('o') <= 8, "{} others", inside('o'));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_docket_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..300), kind in 0..3_usize) {
        let folder = TempDir::new().map_err(|error| TestCaseError::fail(error.to_string()))?;
        let name = ["t.csv", "t.tsv", "t.jsonl"][kind];
        if run(folder.path(), &[(name, &bytes)], &["--text", "1"]).is_ok() {
            prop_assert!(folder.path().join("out/members.csv").exists());
        }
    }
}
