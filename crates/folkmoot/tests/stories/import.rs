//! Files of others come in row by row, whatever they hold.

use std::fs;
use std::io::Write;

use crate::told::{Engine, Told, assert_done, said};

const MAP: &str = r#"
source = "id"
release = "public"
[respondent]
kind = { column = "who", values = { "Person" = "individual", "Body" = "union" } }
name = "name"
[[answer]]
question = "long"
column = "text"
[[answer]]
question = "many"
column = "ways"
between = "|"
[[answer]]
question = "scale"
column = "view"
values = { "Strongly agree" = "5" }
nothing = ["n/a"]
"#;

fn import(told: &Told, file: &str, more: &[&str]) -> std::process::Output {
    let path = |name: &str| told.folder.path().join(name).display().to_string();
    let (file, map) = (path(file), path("map.toml"));
    let mut arguments = vec!["import", "csv", &file, "--review", "trial", "--call", "all-kinds", "--map", &map];
    arguments.extend(more);
    told.run(&arguments)
}

#[test]
fn bad_rows_are_refused_one_by_one_and_good_ones_taken_once() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = Told::on(engine);
        let folder = told.folder.path();
        fs::write(folder.join("map.toml"), MAP).expect("the map");
        let mut file = "\u{feff}id;who;name;text;ways;view\r\n".to_owned().into_bytes();
        file.extend("1;Person;Ada;\"señal; con\r\nsalto\";Bus|train;Strongly agree\r\n".bytes());
        file.extend("2;Body;;ragged;bus;5;more\r\n".bytes());
        file.extend(b"3;Person;;bad \xff byte;bus;5\r\n");
        file.extend("4;Robot;;fine;bus;5\r\n5;Person;;fine;boat;9\r\n6;Person;;;;n/a\r\n;Person;;fine;;\r\n7;Person;;acción;;\r\n".bytes());
        fs::write(folder.join("rows.csv"), &file).expect("the rows");

        let report = folder.join("refused.csv").display().to_string();
        let dry = import(&told, "rows.csv", &["--dry-run"]);
        assert!(said(&dry).contains("Rows: 8. Would be taken: 2. There already: 0. Refused: 6."), "{}", said(&dry));
        let first = import(&told, "rows.csv", &["--report", &report]);
        assert!(said(&first).contains("Rows: 8. Taken: 2. There already: 0. Refused: 6."), "{}", said(&first));
        assert_eq!(first.status.code(), Some(1), "refused rows are told by the exit status");
        let second = import(&told, "rows.csv", &[]);
        assert!(said(&second).contains("Taken: 0. There already: 2. Refused: 6."), "{}", said(&second));

        let report = fs::read_to_string(&report).expect("the report");
        for reason in [
            "4,\"2\",\"has 7 cells where the header has 6\"",
            "column \"\"text\"\" is not UTF-8",
            "what kind of respondent \"\"Robot\"\" is",
            "question `many`: answer: not one of the options; question `scale`: answer: not one of the options",
            "answers no question",
            "the source id in column \"\"id\"\" is empty",
        ] {
            assert!(report.contains(reason), "{reason}\nis not in\n{report}");
        }
        assert_done(&told.run(&["publish", "--review", "trial", "--all"]));
        let export = folder.join("export");
        assert_done(&told.run(&["export", "--review", "trial", &export.display().to_string()]));
        let answers = fs::read_to_string(export.join("answers.csv")).expect("answers");
        assert!(answers.contains("\"señal; con\nsalto\"") && answers.contains("bus;train"), "{answers}");
    }
}

#[test]
fn a_map_that_does_not_fit_says_what_does() {
    let told = Told::on(Engine::Sqlite);
    let folder = told.folder.path();
    fs::write(folder.join("rows.csv"), "id,who\n1,Person\n").expect("the rows");
    let wrong = [
        (MAP.replace("\"text\"", "\"texte\""), "no columns named \"texte\"; it has: id | who"),
        (
            MAP.replace("release = \"public\"", "release = \"secret\""),
            "line 3: is not one of: public, unnamed, use-only",
        ),
        (
            "source = \"id\"\nrelease = \"public\"\n[[answer]]\nquestion = \"none\"\ncolumn = \"id\"".to_owned(),
            "does not ask a question `none`",
        ),
    ];
    for (map, complaint) in wrong {
        fs::write(folder.join("map.toml"), map).expect("the map");
        let output = import(&told, "rows.csv", &[]);
        assert!(!output.status.success() && said(&output).contains(complaint), "{complaint}: {}", said(&output));
    }
}

#[test]
fn a_cell_of_200_megabytes_is_one_refused_row() {
    let told = Told::on(Engine::Sqlite);
    let folder = told.folder.path();
    fs::write(folder.join("map.toml"), MAP).expect("the map");
    let mut file = std::io::BufWriter::new(fs::File::create(folder.join("rows.csv")).expect("the rows"));
    file.write_all(b"id,who,name,text,ways,view\n1,Person,,\"").expect("written");
    for _ in 0..200 {
        file.write_all(&vec![b'x'; 1 << 20]).expect("written");
    }
    file.write_all(b"\",,\n2,Person,,fine,,\n").expect("written");
    drop(file);
    let path = |name: &str| folder.join(name).display().to_string();
    let data = told.data().display().to_string();
    let arguments = [
        "import",
        "csv",
        &path("rows.csv"),
        "--review",
        "trial",
        "--call",
        "all-kinds",
        "--map",
        &path("map.toml"),
        "--data",
        &data,
    ];
    let (output, usage) = trial::run_measured(crate::told::BINARY, &arguments);
    assert!(said(&output).contains("Rows: 2. Taken: 1. There already: 0. Refused: 1."), "{}", said(&output));
    assert!(usage.peak_memory_mb < 100.0, "{usage:?}");
}
