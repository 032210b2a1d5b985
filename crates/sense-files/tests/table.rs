//! What the reader of tables does with files as people have them, and with files that are wrong.

use std::error::Error;
use std::path::{Path, PathBuf};

use folkmoot_sense_files::output::Output;
use folkmoot_sense_files::table::{Column, Row, Table};
use proptest::prelude::*;
use tempfile::TempDir;

type Cells = Vec<Vec<String>>;
type Done = Result<(), Box<dyn Error>>;

#[test]
fn one_table_in_every_form() -> Done {
    let rows = [("1", "It's late, again"), ("2", "Sí; «claro»")];
    let forms: [(&str, &str); 8] = [
        ("t.csv", "id,text\n1,\"It's late, again\"\n2,Sí; «claro»\n"),
        ("t.csv", "\u{feff}id,text\r\n1,\"It's late, again\"\r\n2,Sí; «claro»\r\n"),
        ("t.csv", "\u{feff}\"id\";\"text\"\r\n1;It's late, again\r\n\r\n2;\"Sí; «claro»\""),
        ("t.txt", "id\ttext\n\n1\tIt's late, again\n2\tSí; «claro»"),
        ("t.tsv", "id\ttext\n1\tIt's late, again\n2\tSí; «claro»\n"),
        ("t.csv", "id,text\r1,\"It's late, again\"\r2,Sí; «claro»"),
        ("t.jsonl", "\n{\"text\":\"It's late, again\",\"id\":1}\n{\"id\":\"2\",\"text\":\"Sí; «claro»\"}\n"),
        ("t.ndjson", "\u{feff}{\"text\":\"It's late, again\",\"id\":1}\n\n{\"id\":2,\"text\":\"Sí; «claro»\"}"),
    ];
    for (name, bytes) in forms {
        let cells: Cells = rows.iter().map(|(id, text)| vec![(*text).to_owned(), (*id).to_owned()]).collect();
        assert_eq!(read(name, bytes, &["text", "id"])?, cells, "{bytes}");
    }
    Ok(())
}

#[test]
fn columns_by_number() -> Done {
    let headless = "7,late\n8,early\n";
    assert_eq!(read("t.csv", headless, &["2"])?, [["late"], ["early"]]);
    assert_eq!(read("t.csv", "\u{feff}7,late\n", &["1"])?, [["7"]]);
    let years = "name,2023\na,5\n";
    assert_eq!(read("t.csv", years, &["2023"])?, [["5"]], "a name goes before a number");
    assert_eq!(read("t.csv", years, &["name", "2"])?, [["a", "5"]], "with a header, numbers count its columns");
    let numbers = read("t.tsv", "1\t4\t1\ttext\n", &["4", "1"])?;
    assert_eq!(numbers, [["text", "1"]], "what stands in the first row is no name, if all are numbers of columns");
    let message = "t.csv, line 1: there is no column 3; without a header, columns have the numbers 1 to 2";
    assert_eq!(read("t.csv", headless, &["3"]), Err(message.to_owned()));
    assert!(read("t.csv", headless, &["0"]).is_err());
    assert!(read("t.csv", headless, &["99999999999999999999999"]).is_err());
    Ok(())
}

#[test]
fn errors_say_where() {
    let cases: [(&str, &[u8], &str); 22] = [
        ("t.csv", b"id,word\n1,a\n", "t.csv, line 1: there is no column “text”; the columns are id, word"),
        ("t.csv", b"", "t.csv is empty"),
        ("t.csv", b"\xef\xbb\xbf\r\n", "t.csv is empty"),
        ("t.jsonl", b"", "t.jsonl is empty"),
        ("t.jsonl", b"\n \n", "t.jsonl is empty"),
        ("t.csv", b"id,text\n1,a,b\n", "line 2: 3 cells, where the first line has 2"),
        ("t.csv", b"id,text\r\n\r\n1,a\r\n2\r\n", "line 4: 1 cell, where the first line has 2"),
        ("t.csv", b"id,text\r\n1,\"a\r\nb\"\r\n2\r\n", "line 4: 1 cell, "),
        ("t.csv", b"id,text\n1,\"a\nb\n2,c\n", "line 2, column 2: a quotation mark is opened here and never closed"),
        ("t.csv", b"id,text\n1,\"a", "line 2, column 2: a quotation mark is opened here and never closed"),
        ("t.csv", b"id,\"text\n1,a", "line 1, column 2: a quotation mark is opened"),
        ("t.csv", b"id,text\r\n1,a\r\n2,caf\xe9\r\n", "line 3, column 2: byte 4 of the cell is not UTF-8"),
        ("t.csv", b"id,text\n1,\"a\n\xff\"\n", "line 3, column 2: byte 3 of the cell is not UTF-8"),
        ("t.csv", b"id,t\xe9xt\n1,a\n", "line 1, column 2: byte 2 of the cell is not UTF-8"),
        ("t.csv", b"id,text\n1,a\0b\n", "line 2, column 2: byte 2 of the cell is NUL"),
        ("t.csv", b"i\0d\0,\0t\0", "line 1, column 1: byte 2 of the cell is NUL"),
        ("t.csv", b"\xff\xfei\0d\0", "t.csv is text in UTF-16; save it as CSV in UTF-8"),
        ("t.csv", b"PK\x03\x04\x14\0", "t.csv is a spreadsheet or another zipped file"),
        ("t.csv", b"text,id,text\n1,2,3\n", "line 1, column 3: columns 1 and 3 are both called “text”"),
        ("t.jsonl", b"\n{\"id\":1}\n", "line 2: there is no “text”; the names are id"),
        ("t.jsonl", b"{\"text\":\"a\"}\n{\"text\":\n", "line 2, column 8: a JSON object is needed on every line"),
        ("t.jsonl", b"{\"text\":\"caf\xe9\"}\n", "line 1, column 13: a JSON object"),
    ];
    for (name, bytes, message) in cases {
        let error = read(name, bytes, &["text"]).expect_err(message);
        assert!(error.contains(message), "“{error}” should say “{message}”");
    }
}

#[test]
fn what_is_not_a_file() -> Done {
    let folder = TempDir::new()?;
    let error = read_at(folder.path(), &["text"]).expect_err("a folder");
    assert!(error.contains("directory"), "{error}");
    let error = read_at(&folder.path().join("missing.csv"), &["text"]).expect_err("nothing");
    assert!(error.contains("missing.csv: No such file"), "{error}");
    Ok(())
}

#[test]
fn what_looks_wrong_and_is_not() -> Done {
    assert_eq!(read("t.csv", "id,text\n", &["text"])?, Cells::new(), "a header alone is a table without rows");
    assert_eq!(read("t.csv", "text\n5\" pipe\n\"two\nlines\"", &["text"])?, [["5\" pipe"], ["two\nlines"]]);
    let tabs = "id\ttext\n1\t\"so\n2\tfor 5\" more\"\n";
    assert_eq!(read("t.tsv", tabs, &["text"])?, [["\"so"], ["for 5\" more\""]]);
    let values = r#"{"text":1.5} {"text":null} {"text":[1,"a"]} {} {"text":12345678901234567890} {"text":true}"#;
    let cells = [["1.5"], [""], ["[1,\"a\"]"], [""], ["12345678901234567890"], ["true"]];
    assert_eq!(read("t.jsonl", values.replace(' ', "\n"), &["text"])?, cells);
    let ten_megabytes = "ä".repeat(5 << 20);
    for (name, bytes) in [
        ("t.csv", format!("id,text\n1,\"{ten_megabytes}\"\n")),
        ("t.jsonl", format!("{{\"text\":\"{ten_megabytes}\"}}\n")),
    ] {
        assert!(read(name, bytes, &["text"])? == [[ten_megabytes.as_str()]], "{name}");
    }
    Ok(())
}

#[test]
fn lines_are_counted_across_blank_lines_and_line_ends_of_every_kind() -> Done {
    let (_folder, path) = file("t.csv", b"text\r\na\n\n\r\nb\r\n\"c\r\nd\"\n\ne")?;
    let mut table = Table::open(&path, &[Column("text".to_owned())])?;
    let mut row = Row::default();
    let mut lines = Vec::new();
    while table.read(&mut row)? {
        lines.push((row.line, row.cells.concat()));
    }
    assert_eq!(lines, [(2, "a"), (5, "b"), (6, "c\r\nd"), (9, "e")].map(|(line, cell)| (line, cell.to_owned())));
    Ok(())
}

#[test]
fn a_run_that_was_killed_leaves_no_results() -> Done {
    let folder = TempDir::new()?;
    std::fs::write(folder.path().join("notes.txt"), "mine")?;
    let begin = || -> folkmoot_sense_files::Result<Output> {
        let mut output = Output::into_folder(folder.path())?;
        output.csv("weights.csv", &["id"], [["1"], ["2"]])?;
        output.json("about.json", &"whole")?;
        Ok(output)
    };
    // A killed process drops nothing.
    std::mem::forget(begin()?);
    assert_eq!(names(folder.path())?, ["notes.txt"]);
    drop(begin()?);
    assert_eq!(names(folder.path())?, ["notes.txt"]);
    begin()?.finish()?;
    begin()?.finish()?;
    assert_eq!(names(folder.path())?, ["about.json", "notes.txt", "weights.csv"]);
    Ok(())
}

proptest! {
    /// What was written is read back, whatever is in it; NUL is no text.
    #[test]
    fn what_is_written_is_read_back(
        rows in proptest::collection::vec(proptest::collection::vec("[^\0]{0,12}", 3), 0..12),
    ) {
        let folder = TempDir::new()?;
        let mut output = Output::into_folder(folder.path()).map_err(fail)?;
        output.csv("t.csv", &["one", "two", "three"], &rows).map_err(fail)?;
        output.finish().map_err(fail)?;
        prop_assert_eq!(read_at(&folder.path().join("t.csv"), &["one", "two", "three"]), Ok(rows));
    }

    /// Any bytes are a table or an error, and lines only go forward.
    #[test]
    fn any_bytes_are_a_table_or_an_error(
        bytes in proptest::collection::vec(
            prop_oneof![any::<u8>(), proptest::sample::select(b"\",;\t\r\n{}:a1\0".to_vec())],
            0..200,
        ),
        name in proptest::sample::select(vec!["t.csv", "t.tsv", "t.jsonl"]),
    ) {
        let (_folder, path) = file(name, &bytes)?;
        let _ = read_at(&path, &["1", "2"]);
        if let Ok(mut table) = Table::open_all(&path) {
            let width = table.header().map_or(0, <[String]>::len);
            let mut row = Row::default();
            let mut line = 1;
            while let Ok(true) = table.read(&mut row) {
                prop_assert_eq!(row.cells.len(), width);
                prop_assert!(row.line >= line && row.line <= bytes.len() as u64 + 1);
                line = row.line;
            }
        }
    }
}

fn fail(error: folkmoot_sense_files::Error) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// The visible files in `folder`.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.retain(|name| !name.starts_with(".unfinished-"));
    names.sort();
    Ok(names)
}

fn file(name: &str, bytes: &[u8]) -> std::io::Result<(TempDir, PathBuf)> {
    let folder = TempDir::new()?;
    let path = folder.path().join(name);
    std::fs::write(&path, bytes)?;
    Ok((folder, path))
}

/// All rows of the file, or the error without the folder.
fn read(name: &str, bytes: impl AsRef<[u8]>, columns: &[&str]) -> Result<Cells, String> {
    let (folder, path) = file(name, bytes.as_ref()).map_err(|error| error.to_string())?;
    read_at(&path, columns).map_err(|error| error.replace(&format!("{}/", folder.path().display()), ""))
}

fn read_at(path: &Path, columns: &[&str]) -> Result<Cells, String> {
    let columns: Vec<Column> = columns.iter().map(|column| Column((*column).to_owned())).collect();
    let all = || {
        let mut table = Table::open(path, &columns)?;
        let mut row = Row::default();
        let mut rows = Vec::new();
        while table.read(&mut row)? {
            rows.push(row.cells.clone());
        }
        Ok(rows)
    };
    all().map_err(|error: folkmoot_sense_files::Error| error.to_string())
}
