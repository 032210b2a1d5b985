//! The laws of coding: what is plain is learnt, what is unknown is left open, and every figure is a share.

use proptest::prelude::*;

use super::{Basis, Code, Coder, Example, evaluate};

const TEXTS: [&str; 6] = [
    "The bus never comes on time",
    "Bus fares went up for pupils",
    "The nurse at the clinic was kind",
    "No appointment at the clinic",
    "The bus to the clinic was cancelled",
    "Nothing to add",
];
const CODES: [&[usize]; 6] = [&[0], &[0], &[1], &[1], &[0, 1], &[]];

fn codebook() -> Vec<Code> {
    let code = |id: &str, wording: &str| Code { id: id.to_owned(), wording: vec![wording.to_owned()] };
    vec![
        code("bus", "Buses: timetable, fares and stops"),
        code("clinic", "The clinic: nurses, doctors, appointments"),
        code("roads", "Potholes in roads"),
    ]
}

fn examples(count: usize) -> (Vec<String>, Vec<Example>) {
    let texts = (0..count).map(|n| format!("{}, said number {n}.", TEXTS[n % 6])).collect();
    (texts, (0..count).map(|n| Example { text: n, codes: CODES[n % 6].to_vec() }).collect())
}

#[test]
fn learns_from_examples_and_goes_by_wording_where_there_are_none() {
    let (mut texts, examples) = examples(120);
    texts
        .extend(["The bus was late at the clinic", "Potholes in all the roads here", "Zzz qqq", ""].map(str::to_owned));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let coder = Coder::learn(&codebook(), &texts, &examples);
    let codes = |text: usize| -> Vec<usize> {
        let mut codes: Vec<usize> = coder.code(text).iter().filter(|one| one.assigned).map(|one| one.code).collect();
        codes.sort_unstable();
        codes
    };
    assert_eq!(codes(120), [0, 1]);
    assert_eq!(codes(121), [2]);
    assert!(coder.code(122).is_empty() && coder.code(123).is_empty(), "no word is known");
    let learnt = coder.learnt();
    assert_eq!(
        learnt.iter().map(|code| code.basis).collect::<Vec<_>>(),
        [Basis::Examples, Basis::Examples, Basis::Wording]
    );
    assert_eq!(learnt[0].examples, 60);
}

#[test]
fn plain_codings_are_found_again() {
    let (texts, examples) = examples(120);
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let found = evaluate(&codebook(), &texts, &examples, &[], 1);
    let f1 = found.micro.f1;
    assert!(f1.value > Some(0.98) && f1.low <= f1.value && f1.value <= f1.high, "{f1:?}");
    assert_eq!((found.codes[2].given, found.codes[2].recall.value), (0, None));
    let (known, held_back) = examples.split_at(60);
    let held = evaluate(&codebook(), &texts, known, held_back, 1);
    assert_eq!(held.texts, 60);
    assert!(held.micro.f1.value > Some(0.98));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn any_codings_have_scores_that_are_shares(
        texts in prop::collection::vec("[a-d]{1,3}( [a-d]{1,3}){0,5}|.{0,10}", 1..30),
        codings in prop::collection::vec(prop::collection::btree_set(0_usize..3, 0..3), 0..30),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let example = |(text, codes): (usize, &std::collections::BTreeSet<usize>)| Example { text, codes: codes.iter().copied().collect() };
        let examples: Vec<Example> = codings.iter().take(texts.len()).enumerate().map(example).collect();
        let coder = Coder::learn(&codebook(), &texts, &examples);
        for text in 0..texts.len() {
            prop_assert!(coder.code(text).iter().all(|one| (0.0..=1.0).contains(&one.score)));
        }
        let found = evaluate(&codebook(), &texts, &examples, &[], 3);
        for figures in found.codes.iter().chain([&found.micro, &found.macro_mean]) {
            for figure in [figures.precision, figures.recall, figures.f1] {
                prop_assert!(figure.value.is_none_or(|value| (0.0..=1.0).contains(&value)));
            }
        }
    }
}
