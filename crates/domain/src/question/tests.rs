//! Every kind of question: what is taken, what is refused, and that a stored answer fills its own form again.

use super::*;

fn question(definition: &str) -> Question {
    serde_json::from_str(definition).expect("a question")
}

fn given(pairs: &[(&str, &str)]) -> Fields {
    let mut fields = Fields::default();
    pairs.iter().for_each(|(name, value)| fields.push(*name, *value));
    fields
}

fn fields_of(errors: &[AnswerError]) -> Vec<&'static str> {
    errors.iter().map(AnswerError::field).collect()
}

#[test]
fn every_kind_takes_its_answer_and_gives_it_back() {
    let options = r#","options":[{"id":"phone","label":"Phone"},{"id":"post","label":"Post"}],"other":true"#;
    let ranked = r#","options":[{"id":"phone","label":"Phone"},{"id":"post","label":"Post"},{"id":"fax","label":"F"}]"#;
    let scale_rows = r#","rows":[{"id":"cost","label":"Cost"},{"id":"time","label":"Time"}]"#;
    let rows = r#","rows":[{"id":"cost","label":"Cost"},{"id":"time","label":"Time"}],
        "options":[{"id":"yes","label":"Yes"},{"id":"no","label":"No"}]"#;
    let cases: &[(&str, &str, &[(&str, &str)])] = &[
        ("short-text", "", &[("answer", "A line")]),
        ("long-text", "", &[("answer", "Two\n\nparagraphs")]),
        ("yes-no-unsure", "", &[("answer", "unsure")]),
        ("choice", options, &[("answer", "post")]),
        ("choice", options, &[("answer", "other"), ("other", "Pigeon")]),
        ("choices", options, &[("answer", "phone"), ("answer", "other"), ("other", "Pigeon")]),
        ("scale", "", &[("answer", "4")]),
        ("number", "", &[("answer", "1.5")]),
        ("date", "", &[("answer-day", "9"), ("answer-month", "3"), ("answer-year", "2026")]),
        (
            "example",
            "",
            &[
                ("service", "Bus pass"),
                ("service-pick", "own"),
                ("place", "Preston"),
                ("place-pick", "E07000123"),
                ("verdict", "works"),
                ("happened", "It came."),
                ("model", "yes"),
            ],
        ),
        ("place", "", &[("answer", "Newport"), ("pick", "W06000022")]),
        ("place", "", &[("answer", "Newport"), ("pick", "own")]),
        ("service", "", &[("answer", "Bus pass"), ("pick", "own")]),
        ("ranking", ranked, &[("answer-post", "1"), ("answer-phone", "2")]),
        ("grid", rows, &[("answer-cost", "yes"), ("answer-time", "no")]),
        ("grid", scale_rows, &[("answer-cost", "4")]),
    ];
    for (kind, more, pairs) in cases {
        let question = question(&format!(r#"{{"id":"q","kind":"{kind}","title":"T"{more}}}"#));
        assert_eq!(question.answer(&given(&[])), Ok(None), "{kind}: nothing given is no answer");
        let answer = question.answer(&given(pairs)).expect(kind).expect(kind);
        assert_eq!(answer.fields(), given(pairs), "{kind}");
        let stored = serde_json::to_string(&answer).expect("json");
        assert_eq!(serde_json::from_str::<Answer>(&stored).expect("json"), answer, "{stored}");
    }
}

#[test]
fn what_breaks_a_rule_is_refused_with_its_field() {
    let refused = |definition: &str, pairs: &[(&str, &str)]| {
        fields_of(&question(definition).answer(&given(pairs)).expect_err(definition))
    };
    assert_eq!(
        refused(r#"{"id":"q","kind":"long-text","title":"T","required":true}"#, &[("answer", " \r\n ")]),
        ["answer"]
    );
    assert_eq!(refused(r#"{"id":"q","kind":"short-text","title":"T","max":3}"#, &[("answer", "four")]), ["answer"]);
    assert_eq!(refused(r#"{"id":"q","kind":"short-text","title":"T"}"#, &[("answer", "a\u{0}b")]), ["answer"]);
    assert_eq!(refused(r#"{"id":"q","kind":"yes-no-unsure","title":"T"}"#, &[("answer", "maybe")]), ["answer"]);
    assert_eq!(refused(r#"{"id":"q","kind":"scale","title":"T"}"#, &[("answer", "6")]), ["answer"]);
    let choice = r#"{"id":"q","kind":"choices","title":"T","options":[{"id":"a","label":"A"}],"other":true}"#;
    assert_eq!(refused(choice, &[("answer", "forged")]), ["answer"]);
    assert_eq!(refused(choice, &[("answer", "a"), ("answer", "other")]), ["other"]);
    for forged in ["1e5", "NaN", "inf", "0x10", "--1", "١"] {
        assert_eq!(refused(r#"{"id":"q","kind":"number","title":"T"}"#, &[("answer", forged)]), ["answer"], "{forged}");
    }
    assert_eq!(refused(r#"{"id":"q","kind":"number","title":"T","min":0,"max":9}"#, &[("answer", "10")]), ["answer"]);
    let date = r#"{"id":"q","kind":"date","title":"T"}"#;
    assert_eq!(refused(date, &[("answer-day", "30"), ("answer-month", "2"), ("answer-year", "2026")]), ["answer-day"]);
    assert_eq!(refused(date, &[("answer-day", "3")]), ["answer-month", "answer-year"], "what is empty is named");
    let example = r#"{"id":"q","kind":"example","title":"T"}"#;
    assert_eq!(refused(example, &[("service", "Bus pass")]), ["verdict", "happened"]);
    assert_eq!(refused(example, &[("verdict", "splendid"), ("happened", "x")]), ["verdict"]);
}

#[test]
fn numbers_may_be_written_as_people_write_them() {
    let number = question(r#"{"id":"q","kind":"number","title":"T"}"#);
    assert_eq!(number.answer(&given(&[("answer", "£1,250.50")])), Ok(Some(Answer::Number(1250.5))));
    for (typed, meant) in [("41 000", 41_000.0), ("-3", -3.0), ("0.25", 0.25), ("1234567", 1_234_567.0), ("7.", 7.0)] {
        assert_eq!(super::number(typed), Some(meant), "{typed}");
    }
    for unclear in ["3,5", "12,50", "1,2", "1,23,456", ",5", "1.2.3", "", "-", "1 2"] {
        assert_eq!(super::number(unclear), None, "{unclear}");
    }
}

fn place(pairs: &[(&str, &str)]) -> Result<Option<Answer>, Vec<AnswerError>> {
    question(r#"{"id":"q","kind":"place","title":"T"}"#).answer(&given(pairs))
}

fn named(answer: Result<Option<Answer>, Vec<AnswerError>>) -> (Option<String>, String) {
    match answer {
        Ok(Some(Answer::Place(named) | Answer::Service(named))) => (named.code, named.name),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_place_is_found_asked_about_or_kept_in_own_words() {
    let listed = |code: &str, name: &str| (Some(code.to_owned()), name.to_owned());
    let own = |words: &str| (None, words.to_owned());
    assert_eq!(named(place(&[("answer", "caerdydd"), ("offer", "")])), listed("W06000015", "Cardiff"));
    assert_eq!(named(place(&[("answer", "Barry"), ("offer", "")])), own("Barry"));
    // Where somebody lives is an area, never an address.
    assert_eq!(named(place(&[("answer", "sw1a 1aa"), ("offer", "")])), own("SW1A"));
    assert_eq!(named(place(&[("answer", "LL57 2DG"), ("offer", "LL57 2DG"), ("pick", "own")])), own("LL57"));
    // One could be meant, but is not called so: the part of a name may be the whole of another.
    assert_eq!(place(&[("answer", "ross"), ("offer", "")]), Err(vec![AnswerError::Several { field: "pick" }]));
    assert_eq!(named(place(&[("answer", "ross")])), own("ross"));
    // Several could be meant: whoever is there is asked, a table keeps its words.
    assert_eq!(place(&[("answer", "newc"), ("offer", "")]), Err(vec![AnswerError::Several { field: "pick" }]));
    assert_eq!(named(place(&[("answer", "newc")])), own("newc"));
    let picked = |typed, pick| named(place(&[("answer", typed), ("offer", "newc"), ("pick", pick)]));
    assert_eq!(picked("newc", "E08000021"), listed("E08000021", "Newcastle upon Tyne"));
    assert_eq!(picked("newc", "own"), own("newc"));
    // What was picked for another text does not count any more.
    assert_eq!(picked("Leeds", "E08000021"), listed("E08000035", "Leeds"));
    assert_eq!(picked("Leeds", "own"), listed("E08000035", "Leeds"));
    // A forged code is not believed.
    assert_eq!(
        place(&[("answer", "newc"), ("offer", "newc"), ("pick", "X")]).map_err(|e| fields_of(&e)),
        Err(vec!["pick"])
    );
}

#[test]
fn a_service_is_found_by_any_of_its_names() {
    let service: ListedService = serde_json::from_str(
        r#"{"id":"universal-credit","name":{"en":"Universal Credit","cy":"Credyd Cynhwysol"},"aliases":{"en":["UC","Dole"]}}"#,
    )
    .expect("a service");
    let mut asked = question(r#"{"id":"q","kind":"service","title":"T"}"#);
    asked.lists = Arc::new(Lists { places: None, services: vec![service] });
    for typed in ["uc", "credyd CYNHWYSOL", "DOLE", "universal-credit"] {
        let found = named(asked.answer(&given(&[("answer", typed), ("offer", "")])));
        // One name is kept, whatever was typed: it is listed, searched and exported by it.
        assert_eq!(found, (Some("universal-credit".to_owned()), "Universal Credit".to_owned()), "{typed}");
    }
    assert_eq!(named(asked.answer(&given(&[("answer", "Bins")]))), (None, "Bins".to_owned()));
    asked.kind = Kind::Example;
    let example = asked.answer(&given(&[("service", "uc"), ("verdict", "works"), ("happened", "It came.")]));
    let Ok(Some(Answer::Example(example))) = example else { panic!("{example:?}") };
    let near = given(&[("place", "Near M1 1AE"), ("verdict", "works"), ("happened", "At M1 1AE.")]);
    let Ok(Some(Answer::Example(near))) = asked.answer(&near) else { panic!("no example") };
    assert_eq!((near.place.as_deref(), near.happened.as_str()), (Some("Near M1"), "At M1 1AE."));
    assert_eq!(example.service_id.as_deref(), Some("universal-credit"));
}

#[test]
fn an_order_has_no_ties_and_no_gaps() {
    let ranking = question(
        r#"{"id":"q","kind":"ranking","title":"T","max":2,
        "options":[{"id":"a","label":"A"},{"id":"b","label":"B"},{"id":"c","label":"C"}]}"#,
    );
    let id = |id: &str| -> Slug { id.parse().expect("an id") };
    let answer = |pairs: &[(&str, &str)]| ranking.answer(&given(pairs));
    assert_eq!(answer(&[("answer-c", "1"), ("answer-a", "2")]), Ok(Some(Answer::Ranking(vec![id("c"), id("a")]))));
    assert_eq!(answer(&[("answer-c", ""), ("answer-a", "")]), Ok(None));
    let tie = AnswerError::SameRank { rank: 1, options: vec![id("a"), id("b")] };
    assert_eq!(answer(&[("answer-a", "1"), ("answer-b", "1")]), Err(vec![tie]));
    let gap = AnswerError::RankGap { missing: 1, option: id("b") };
    assert_eq!(answer(&[("answer-b", "2")]), Err(vec![gap]));
    for forged in ["3", "0", "-1", "x"] {
        assert!(answer(&[("answer-a", forged)]).is_err(), "{forged}");
    }
    // As a table gives it: the options in turn.
    assert_eq!(answer(&[("answer", "b"), ("answer", "c")]), Ok(Some(Answer::Ranking(vec![id("b"), id("c")]))));
    for wrong in [["b", "b"], ["a", "x"]] {
        assert!(answer(&[("answer", wrong[0]), ("answer", wrong[1])]).is_err(), "{wrong:?}");
    }
    assert!(answer(&[("answer", "a"), ("answer", "b"), ("answer", "c")]).is_err(), "only two can be placed");
}

#[test]
fn rows_can_be_left_out_and_forged_ones_are_refused() {
    let grid = question(
        r#"{"id":"q","kind":"grid","title":"T","required":true,"rows":[{"id":"a","label":"A"},{"id":"b","label":"B"}]}"#,
    );
    assert_eq!(fields_of(&grid.answer(&given(&[])).expect_err("required")), ["answer"]);
    assert!(matches!(grid.answer(&given(&[("answer-b", "5")])), Ok(Some(Answer::Grid(rows))) if rows.len() == 1));
    assert!(grid.answer(&given(&[("answer-b", "6")])).is_err());
    assert_eq!(grid.answer(&given(&[("answer-z", "5")])).map_err(|_| ()), Err(()));
}

#[test]
fn easy_words_can_be_added_but_not_changed() {
    let plain = question(r#"{"id":"q","kind":"short-text","title":"Long"}"#);
    let easy = question(r#"{"id":"q","kind":"short-text","title":"Long","easy":{"title":"Short"}}"#);
    let other = question(r#"{"id":"q","kind":"short-text","title":"Long","easy":{"title":"Brief"}}"#);
    assert!(easy.means_the_same_as(&plain));
    assert!(!plain.means_the_same_as(&easy) && !other.means_the_same_as(&easy));
    assert_eq!((easy.read(true).title(), easy.read(false).title()), (&other_title("Short"), &other_title("Long")));
    assert!(!plain.read(true).is_easy());
}

fn other_title(text: &str) -> Localised {
    Localised::new(crate::language::Language::undetermined(), text.to_owned())
}
