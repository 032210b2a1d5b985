//! `shares` on small files: what it writes, and what it says of files that are wrong.

use std::path::Path;

use clap::Parser;
use folkmoot_sense_files::Sense;
use folkmoot_sense_files::shares::pabulib::Pabulib;
use proptest::prelude::*;

#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    sense: Sense,
}

fn run(arguments: &[&str]) -> Result<(), String> {
    let words = ["sense", "shares"].iter().chain(arguments);
    let program = Program::try_parse_from(words).map_err(|error| error.to_string())?;
    program.sense.run().map_err(|error| error.to_string())
}

const PARISH: &str = "META
key;value
description;A budget
budget;2500,00
vote_type;approval
rule;greedy
something_unknown;\"kept; as it is\"
PROJECTS
project_id;cost;name;selected;category
1;600;Trees in <Mill> Road;1;culture, education
2;800;\"A shelter; with a \"\"timetable\"\"\";0;
4;1400;Дитячий майданчик;1;culture
5;1000.50;Night bus;0;health, sport
9;0;Bench;0;none
VOTES
voter_id;age;vote
1;34;1,2,4
2;51;1,2
3;23;2,4,5
4;19; 5, 4
\"5\";;1,4
6;;
";

#[test]
fn everything_is_written_and_the_file_comes_back_with_the_result() {
    let folder = tempfile::tempdir().expect("a folder");
    let (ballots, out) = (folder.path().join("ballots.pb"), folder.path().join("out"));
    // As a spreadsheet on Windows writes it.
    std::fs::write(&ballots, format!("\u{feff}{}", PARISH.replace('\n', "\r\n"))).expect("written");
    run(&[&ballots.display().to_string(), "--completion", "none", "--out", &out.display().to_string()])
        .expect("counted");
    let read = |name: &str| std::fs::read_to_string(out.join(name)).expect("written");
    let json: serde_json::Value = serde_json::from_str(&read("shares.json")).expect("JSON");
    assert_eq!(json["rules"][0]["projects"], serde_json::json!(["4"]));
    assert_eq!(json["budget"], 2500.0);
    // 1400 for four voters, who had 416.67 each.
    assert_eq!(json["projects"][0]["payment"]["price"], 350.0);
    assert!(read("voters.csv").contains("\n5,416.666667,350.000000,66.666667,1,4: 350.000000\n"));
    assert_eq!(read("projects.csv").lines().count(), 6);
    let page = read("shares.html");
    assert!(page.contains("Trees in &lt;Mill&gt; Road") && !page.contains("<Mill>"));
    let expected = std::fs::read_to_string(&ballots).expect("read").replace("rule;greedy", "rule;equalshares");
    assert_eq!(read("result.pb"), expected.replace("Road;1;", "Road;0;"));
}

#[test]
fn a_column_for_the_result_is_added_where_there_is_none() {
    let text = "META\nbudget;10\nvote_type;choose-1\nPROJECTS\nproject_id;cost;name\na;5;A\nb;5\nVOTES\nvoter_id;vote\n1;a\n2;b";
    let file = Pabulib::read(Path::new("a.pb"), text.as_bytes().to_vec()).expect("read");
    let expected = "META\nbudget;10\nvote_type;choose-1\nrule;equalshares\nPROJECTS\nproject_id;cost;name;selected\na;5;A;0\nb;5;;1\nVOTES\nvoter_id;vote\n1;a\n2;b";
    assert_eq!(file.with_result(&[1], "equalshares"), expected);
}

#[test]
fn points_are_what_they_are() {
    let head = "META\nbudget;10\nvote_type;scoring\ndefault_score;0.5\nnum_votes;3\nmax_sum_points;2\nPROJECTS\nproject_id;cost\na;5\nb;5\nVOTES\n";
    let text = format!("{head}voter_id;vote;points\n1;a;2.25\n2;a,b;1,-1\n");
    let file = Pabulib::read(Path::new("a.pb"), text.into_bytes()).expect("read");
    let ballots: Vec<Vec<i64>> =
        file.election.ballots().map(|(ballot, _)| ballot.iter().map(|choice| choice.points).collect()).collect();
    assert_eq!(ballots, [[100, -100], [225, 50]]);
    assert_eq!(file.notes[0], "num_votes says 3, and there are 2");
    assert!(file.notes[1].starts_with("1 votes are against max_sum_points"), "{:?}", file.notes);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let wrong = |from: &str, to: &str| {
        assert!(PARISH.contains(from), "{from}");
        let bytes = PARISH.replacen(from, to, 1).into_bytes();
        Pabulib::read(Path::new("a.pb"), bytes).map(|_| ()).expect_err("refused").to_string()
    };
    for (from, to, expected) in [
        ("META", "MATE", "a.pb, line 1, column 1: a Pabulib file begins with the line META"),
        ("budget;2500,00\n", "", "META has no budget"),
        ("2500,00", "much", "line 4, column 2: budget must be a number"),
        ("2500,00", "-1", "line 4, column 2: budget must be a number"),
        ("approval", "raffle", "line 5, column 2: vote_type must be"),
        ("rule;greedy", "budget;1", "line 6, column 1: budget is given twice"),
        ("cost;name", "price;name", "line 9, column 1: there is no column cost; the columns are project_id, price"),
        ("1;600", "1;-600", "line 10, column 2: project 1 has a negative cost"),
        ("1;600", "1;6 00", "line 10, column 2: “6 00” is not a cost"),
        ("2;800", "1;800", "line 11, column 1: there are two projects 1"),
        ("\"A shelter; ", "A shelter; ", "line 11, column 6: 6 cells, where the header has 5"),
        (
            "none\n",
            "\"none\n",
            "line 14, column 6: 7 cells, where the header has 5; a quotation mark in it goes on to line 21",
        ),
        ("\"5\";", "\"5;", "line 21, column 1: a quotation mark is opened here and never closed"),
        ("PROJECTS\n", "VOTES\n", "line 8, column 1: VOTES is not expected here"),
        ("VOTES\n", "", "line 15, column 2: “age” is not a cost"),
        ("1;34;1,2,4", "1;34;1,3,4", "line 17, column 3: there is no project 3 in PROJECTS"),
        ("1;34;1,2,4", "1;34;1,2,1", "line 17, column 3: project 1 is named twice in one vote"),
        ("1;34;1,2,4", "1;34", "line 17, column 3: 2 cells, where the header has 3"),
        ("2;51;", "1;51;", "line 18, column 1: there are two votes by 1"),
        ("2;51;", ";51;", "line 18, column 1: a voter needs an id"),
    ] {
        let said = wrong(from, to);
        assert!(said.contains(expected), "{from} → {to}: {said}");
    }
    let read =
        |bytes: &[u8]| Pabulib::read(Path::new("a.pb"), bytes.to_vec()).map(|_| ()).expect_err("refused").to_string();
    assert!(read(b"").contains("the file ends without META"));
    assert!(read(b"META\nbudget;1\nvote_type;approval\n").contains("the file ends without PROJECTS"));
    let head = "META\nbudget;1\nvote_type;approval\nPROJECTS\nproject_id;cost\n";
    assert!(read(format!("{head}VOTES\nvoter_id;vote\n1;1\n").as_bytes()).contains("there are no projects"));
    assert!(read(format!("{head}1;1\nVOTES\nvoter_id;vote\n").as_bytes()).contains("there are no votes"));
    assert!(read(b"META\nbudget;1\ndescription;caf\xe9\n").contains("a.pb, line 3, column 16: not UTF-8 here"));
    let folder = tempfile::tempdir().expect("a folder");
    let ballots = folder.path().join("ballots.pb");
    std::fs::write(&ballots, PARISH).expect("written");
    let said = run(&[&ballots.display().to_string(), "--utility", "points"]).expect_err("refused");
    assert!(said.contains("these votes have no points"), "{said}");
}

proptest! {
    #[test]
    fn any_bytes_are_an_election_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Pabulib::read(Path::new("a.pb"), bytes);
    }

    /// Lines that could stand in such a file, in any order and number.
    #[test]
    fn any_lines_are_an_election_or_an_error(lines in prop::collection::vec(prop::sample::select(vec![
        "META", "key;value", "budget;10", "budget;1e5", "vote_type;approval", "vote_type;scoring", "default_score;1", "", ";;",
        "PROJECTS", "project_id;cost", "project_id;cost;selected", "1;5", "2;5;1", "3;99999999999999999", "\"1", "4;0;;",
        "VOTES", "voter_id;vote", "voter_id;vote;points", "1;1,2", "2;2;3", "3;1;0.00000000001", "4;", "\u{feff}META",
    ]), 0..24)) {
        let text = lines.join("\n");
        if let Ok(file) = Pabulib::read(Path::new("a.pb"), text.into_bytes()) {
            let written = file.with_result(&[0], "equalshares");
            let again = Pabulib::read(Path::new("a.pb"), written.into_bytes()).expect("what was written can be read");
            prop_assert_eq!(again.election.projects(), file.election.projects());
            prop_assert_eq!(again.election.ballot_of(), file.election.ballot_of());
            prop_assert_eq!(again.meta("rule"), Some("equalshares"));
        }
    }
}
