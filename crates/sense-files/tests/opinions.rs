//! `opinions` on small files: what it finds and writes, and what it says of files that are wrong.

mod common;

use std::fmt::Write;
use std::path::Path;

use common::{Done, Files};
use folkmoot_sense_files::opinions::ballots;
use proptest::prelude::*;

/// Two camps of 20 and 10, opposed on statements 0 to 4 and at one on 5 to 7. In an order that is not that of the ids.
fn wide() -> String {
    let mut text = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,7,0,1,2,3,4,5,6\n".to_owned();
    for person in (0..30).rev() {
        let (camp, agree, disagree) = if person % 3 == 0 { (-1, 3, 5) } else { (1, 8, 0) };
        let row =
            format!("{person},{},0,8,{agree},{disagree},1,{camp},{camp},{camp},{camp},{camp},1,1\n", person % 3 / 2);
        text += &row;
    }
    text
}

fn long(sign: i32) -> String {
    let mut text = "timestamp,datetime,comment-id,voter-id,vote\n".to_owned();
    for person in 0..30 {
        for statement in 0..8 {
            let agrees = person % 3 != 0 || statement > 4;
            let vote = if agrees { sign } else { -sign };
            // An earlier vote that says the contrary, later in the file.
            let _ = writeln!(text, "200,,{statement},{person},{vote}\n100,,{statement},{person},{}", -vote);
        }
    }
    text
}

const COMMENTS: &str = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n\
    1,,0,1,20,10,1,\"Keep the \"\"old\"\" bridge\"\n1,,1,1,20,10,1,Хліб\n1,,2,1,20,10,1,c\n1,,3,1,20,10,1,d\n1,,4,1,20,10,-1,<b>spam</b>\n\
    1,,5,1,30,0,1,Build <b>houses</b> & homes\n1,,6,1,30,0,1,g\n1,,7,1,30,0,0,h\n";

#[test]
fn both_forms_give_the_camps_and_what_unites_them() -> Done {
    let files = Files::new()?;
    files.with("participants-votes.csv", &wide())?.with("votes.csv", &long(1))?.with("comments.csv", COMMENTS)?;
    let summary = files.run(&["opinions", "votes.csv", "--out", "long"])?;
    for part in
        ["30 people cast 240 votes on 8 statements", "A with 20 (67 %)", "B with 10 (33 %)", "Build <b>houses</b>"]
    {
        assert!(summary.contains(part), "{part} is not in {summary}");
    }
    assert!(summary.contains("1 means agreement, as the counts in comments.csv confirm"), "{summary}");
    assert!(summary.contains("240 votes were replaced"), "{summary}");
    files.run(&["opinions", "participants-votes.csv", "--groups", "2", "--out", "wide"])?;
    let places = |folder: &str| files.read(&format!("{folder}/participants.csv"));
    assert_eq!(places("long")?, places("wide")?, "neither the form of the file nor the order of rows changes a place");
    let expected = ["groups.json", "map.html", "map.svg", "participants.csv", "statements.csv", "summary.txt"];
    assert_eq!(files.names("long")?, expected);
    let page = files.read("long/map.html")?;
    assert!(page.contains("Build &lt;b&gt;houses&lt;/b&gt; &amp; homes") && !page.contains("spam"));
    let json = files.json(&["opinions", "votes.csv"])?;
    assert_eq!((&json["groups"][0]["people"], &json["statements_left_out"]), (&20.into(), &1.into()));
    Ok(())
}

#[test]
fn the_opposite_sign_is_refused_with_what_to_do() -> Done {
    let files = Files::new()?;
    files.with("votes.csv", &long(-1))?.with("comments.csv", COMMENTS)?;
    let complaint = files.fails(&["opinions", "votes.csv"])?;
    assert!(complaint.contains("only if -1 means agreement") && complaint.contains("--agree -1"), "{complaint}");
    assert!(files.run(&["opinions", "votes.csv", "--agree", "-1"])?.contains("-1 means agreement, as the counts"));
    let files = Files::new()?;
    files.with("a-participants-votes.csv", &wide())?;
    let complaint = files.fails(&["opinions", "a-participants-votes.csv", "--agree", "-1"])?;
    assert!(complaint.contains("only if 1 means agreement"), "{complaint}");
    Ok(())
}

#[test]
fn parity_takes_the_groups_of_the_file() -> Done {
    let files = Files::new()?;
    files.with("participants-votes.csv", &wide())?.with("votes.csv", &long(1))?;
    let json = files.json(&["opinions", "participants-votes.csv", "--parity"])?;
    assert_eq!(json["likeness_to_published_groups"], 1.0);
    assert!(files.fails(&["opinions", "votes.csv", "--parity"])?.contains("group-id"));
    Ok(())
}

#[test]
fn few_people_or_one_opinion_make_one_group() -> Done {
    let files = Files::new()?;
    files.with("one.csv", "participant,a,b\nx,1,-1\n")?;
    assert!(files.run(&["opinions", "one.csv"])?.contains("1 person forms one group"));
    files.with(
        "alike.csv",
        &format!("participant,a,b,c\n{}", (0..40).map(|n| format!("{n},1,0,-1\n")).collect::<String>()),
    )?;
    assert!(files.run(&["opinions", "alike.csv", "--groups", "3"])?.contains("40 people form one group"));
    // Statements that are copies of each other, and people who vote exactly alike.
    let copies: String =
        (0..40).map(|n| if n % 2 == 0 { format!("{n},1,1,1\n") } else { format!("{n},-1,-1,-1\n") }).collect();
    files.with("copies.csv", &format!("participant,a,b,c\n{copies}"))?;
    assert!(files.run(&["opinions", "copies.csv"])?.contains("form 2 opinion groups: A with 20 (50 %) and B with 20"));
    Ok(())
}

#[test]
fn what_is_wrong_is_named_with_its_place() -> Done {
    let files = Files::new()?;
    let cases = [
        ("", "is empty"),
        ("participant,a\n", "has no votes"),
        ("participant,a\nx,\n", "has no votes"),
        ("person,opinion\nx,1\n", "line 1: there must be a column “participant”"),
        ("participant,a,b\nx,1,2\n", "line 2, column 3: a vote is 1, 0 or -1"),
        ("participant,a,b\nx,1\n", "line 2: 2 cells, where the first line has 3"),
        ("participant,a,b\nx,1,1\nx,1,1\n", "line 3, column 1: participant x stands in an earlier line"),
        ("participant,a,a\nx,1,1\n", "line 1, column 3: two columns have the same name"),
        ("participant,a\n,1\n", "line 2, column 1: the id of the participant is missing"),
        ("voter-id,comment-id,vote\n1,2,\n", "line 2, column 3: the vote is missing"),
        ("voter-id,comment-id,vote,timestamp\n1,2,1,soon\n", "line 2, column 4: the time must be"),
    ];
    for (text, expected) in cases {
        files.with("votes.csv", text)?;
        let complaint = files.fails(&["opinions", "votes.csv"])?;
        assert!(complaint.contains(expected), "{text:?}: {complaint}");
    }
    std::fs::write(files.folder().join("votes.csv"), b"participant,a\n\xff,1\n")?;
    assert!(files.fails(&["opinions", "votes.csv"])?.contains("line 2, column 1: the cell is not UTF-8"));
    let all_out = "comment-id,moderated,comment-body\na,-1,x\n";
    files.with("votes.csv", "participant,a\nx,1\n")?.with("comments.csv", all_out)?;
    assert!(files.fails(&["opinions", "votes.csv"])?.contains("every statement was moderated out"));
    files.with("comments.csv", "comment-id,comment-body\na,x\na,y\n")?;
    assert!(
        files.fails(&["opinions", "votes.csv"])?.contains("line 3, column 1: statement a stands in an earlier line")
    );
    Ok(())
}

#[test]
fn the_groups_of_polis_are_found_again() -> Done {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/polis");
    if !data.exists() {
        eprintln!("skipped: {} is not here", data.display());
        return Ok(());
    }
    let files = Files::new()?;
    for (name, least) in [
        ("brexit-consensus", 0.8),
        ("canadian-electoral-reform", 0.8),
        ("football-concussions", 0.8),
        ("scoop-hivemind.biodiversity", 0.8),
        ("vtaiwan.uberx", 0.8),
        ("american-assembly.bowling-green", 0.7),
    ] {
        let votes = data.join(name).join("participants-votes.csv").display().to_string();
        let json = files.json(&["opinions", &votes, "--groups", "2"])?;
        let likeness = json["likeness_to_published_groups"].as_f64().unwrap_or_default();
        assert!(likeness >= least, "{name}: {likeness}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_bytes_are_votes_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = ballots::read(Path::new("any.csv"), bytes.as_slice(), false);
    }

    #[test]
    fn anything_after_a_header_is_votes_or_an_error(text in "([a-c0-9,\"\n-]|1|,){0,200}", long in any::<bool>()) {
        let header = if long { "voter-id,comment-id,vote\n" } else { "participant,a,b\n" };
        if let Ok(found) = ballots::read(Path::new("any.csv"), format!("{header}{text}").as_bytes(), false) {
            prop_assert_eq!(found.votes.participants(), found.participants.len());
            prop_assert_eq!(found.votes.statements(), found.statements.len());
        }
    }
}
