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
                ("place", "Barry"),
                ("verdict", "works"),
                ("happened", "It came."),
                ("model", "yes"),
            ],
        ),
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
    assert_eq!(refused(date, &[("answer-day", "3")]), ["answer-day"]);
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
