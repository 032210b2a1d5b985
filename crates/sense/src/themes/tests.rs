//! The laws of themes: the order of texts changes nothing, names change nothing, and every share is a share.

use proptest::prelude::*;

use super::{Document, Options, Themes, find};

const WORDS: [&str; 24] = [
    "bus",
    "timetable",
    "fare",
    "driver",
    "route",
    "stop",
    "clinic",
    "nurse",
    "doctor",
    "appointment",
    "waiting",
    "prescription",
    "school",
    "teacher",
    "lesson",
    "pupil",
    "homework",
    "exam",
    "pothole",
    "road",
    "pavement",
    "cyclist",
    "traffic",
    "lorry",
];

/// `count` texts about four subjects, with some words of another.
fn texts(count: usize) -> Vec<String> {
    let word = |subject: usize, number: usize| WORDS[subject * 6 + number % 6];
    (0..count)
        .map(|n| {
            let (subject, m) = (n % 4, n / 4);
            let words =
                [word(subject, m), word(subject, m / 2 + 1), word(subject, m / 3 + 2), word((subject + m) % 4, m / 5)];
            format!(
                "The {} and the {} were not what we were promised, nor was the {} or the {}.",
                words[0], words[1], words[2], words[3]
            )
        })
        .collect()
}

fn documents<'a>(texts: &'a [String], ids: &'a [String]) -> Vec<Document<'a>> {
    texts.iter().zip(ids).map(|(text, id)| Document { text, id }).collect()
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("t{number}")).collect()
}

fn themes(texts: &[&str], themes: Option<usize>) -> Themes {
    let ids = ids(texts.len());
    let documents: Vec<Document> = texts.iter().zip(&ids).map(|(text, id)| Document { text, id }).collect();
    find(&documents, None, Options { themes, seed: 1 })
}

#[test]
fn four_subjects_are_four_themes() {
    let (texts, ids) = (texts(200), ids(200));
    let found = find(&documents(&texts, &ids), None, Options { themes: Some(4), seed: 1 });
    assert_eq!(found.themes.len(), 4);
    let main: Vec<usize> = found.assignments.iter().map(|assigned| assigned[0].theme).collect();
    let agreeing = (0..200).filter(|n| main[*n] == main[n % 4]).count();
    assert!(agreeing > 180, "{agreeing} of 200");
    assert_eq!(found.languages, [("en", 200)]);
    assert_eq!(found.tree.len(), 3);
    for quote in found.themes.iter().flat_map(|theme| theme.representative.iter().chain(&theme.dissenting)) {
        let place = ids.iter().position(|id| *id == quote.id).expect("a text of ours");
        let passage: String = texts[place].chars().skip(quote.start).take(quote.end - quote.start).collect();
        assert_eq!(passage, quote.quote);
    }
}

#[test]
fn nothing_to_find() {
    for (texts, count) in [
        (vec![], 0),
        (vec![""], 0),
        (vec!["", " ", "the and of", "12 34", "!?"], 0),
        (vec!["One text about buses."], 1),
        (vec!["All the same words."; 50], 1),
    ] {
        for wanted in [None, Some(1), Some(7), Some(1_000)] {
            let found = themes(&texts, wanted);
            assert_eq!(found.themes.len(), count, "{texts:?}");
            assert_eq!(found.assignments.len(), texts.len());
            assert_eq!(found.without, if count == 0 { texts.len() } else { 0 });
            assert!(found.clarity.is_finite());
        }
    }
}

#[test]
fn languages_and_scripts() {
    let texts = [
        "The council should repair the roads, because they are dangerous for all of us.",
        "El ayuntamiento debería reparar las carreteras porque son peligrosas para todos nosotros.",
        "Die Gemeinde sollte die Straßen reparieren, weil sie für uns alle gefährlich sind.",
        "Dylai'r cyngor atgyweirio'r ffyrdd gan eu bod yn beryglus i bawb sydd yn y pentref hwn.",
        "Городской совет должен отремонтировать дороги, потому что они опасны для всех нас.",
        "يجب على المجلس إصلاح الطرق لأنها خطرة علينا جميعا في هذه المدينة",
        "市議会は道路を修理すべきです。みんなにとって危険だからです。道路はとても危ないです。",
    ];
    let found = themes(&texts, None);
    let codes: Vec<&str> = found.languages.iter().map(|(code, _)| *code).collect();
    for code in ["en", "es", "de", "cy", "ru", "ar", "und"] {
        assert!(codes.contains(&code), "{code} of {codes:?}");
    }
    assert_eq!(found.without, 0);
}

#[test]
fn a_text_of_ten_megabytes() {
    let huge = "potholes and buses ".repeat(10 << 20 >> 4);
    let letters = "x".repeat(10 << 20);
    let found = themes(&["The buses are late.", "The potholes are deep.", &huge, &letters], Some(2));
    assert_eq!(found.without, 1, "a word of ten megabytes is not a word");
    assert!(
        found.themes.iter().flat_map(|theme| &theme.representative).all(|quote| quote.quote.chars().count() <= 300)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_texts_and_the_number_of_threads_change_nothing(seed in any::<u64>(), wanted in proptest::option::of(1_usize..12), threads in 1_usize..4) {
        let (texts, ids) = (texts(60), ids(60));
        let documents = documents(&texts, &ids);
        let options = Options { themes: wanted, seed };
        let found = find(&documents, None, options);
        let mut order: Vec<usize> = (0..documents.len()).collect();
        order.sort_by_key(|place| (*place as u64).wrapping_mul(seed | 1));
        let shuffled: Vec<Document> = order.iter().map(|place| documents[*place]).collect();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        let again = pool.install(|| find(&shuffled, None, options));
        for (place, assigned) in order.iter().zip(&again.assignments) {
            prop_assert_eq!(assigned, &found.assignments[*place]);
        }
        prop_assert_eq!(&again.themes, &found.themes);
        prop_assert_eq!(&again.tree, &found.tree);
        prop_assert_eq!(again.clarity.to_bits(), found.clarity.to_bits());
    }

    #[test]
    fn any_texts_have_scores_that_are_shares(texts in prop::collection::vec("(?s).{0,60}|[a-c]{1,3}( [a-c]{1,3}){0,8}", 0..40), wanted in proptest::option::of(1_usize..50)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let found = themes(&texts, wanted);
        prop_assert!(found.themes.len() <= wanted.unwrap_or(usize::MAX).min(texts.len()));
        for assigned in &found.assignments {
            prop_assert!(assigned.iter().all(|one| one.score > 0.0 && one.score <= 1.0 && one.theme <= found.themes.len()));
            prop_assert!(assigned.iter().map(|one| one.score).sum::<f32>() < 1.0 + 1e-4);
        }
        prop_assert_eq!(found.themes.iter().map(|theme| theme.size).sum::<usize>() + found.without, texts.len());
    }
}
