//! Every key that a page asks for exists, and both languages say the same things about the same values.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

use domain::{Channel, HelpingWay, Release, RespondentKind, Verdict, YesNoUnsure};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;

use super::*;

/// Keys with the variables that their messages use.
fn messages(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for source in sources {
        let resource = parse(*source).unwrap_or_else(|(_, errors)| panic!("{errors:?}\n{source}"));
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let mut variables = BTreeSet::new();
                message.value.iter().for_each(|pattern| of_pattern(pattern, &mut variables));
                let key = message.id.name.to_owned();
                assert!(found.insert(key.clone(), variables).is_none(), "{key} is there twice");
            }
        }
    }
    found
}

fn of_pattern(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            match expression {
                Expression::Inline(inline) => of_inline(inline, variables),
                Expression::Select { selector, variants } => {
                    of_inline(selector, variables);
                    for variant in variants {
                        of_pattern(&variant.value, variables);
                    }
                }
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        variables.insert(id.name.to_owned());
    }
}

/// The text of every file below `folder`, except tests.
fn sources(folder: &Path, texts: &mut Vec<String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, texts)?;
        } else if path.file_name().is_some_and(|name| name != "tests.rs") {
            texts.push(fs::read_to_string(&path)?);
        }
    }
    Ok(())
}

#[test]
fn welsh_has_one_apostrophe() {
    // Both look alike to whoever writes, and unlike to whoever reads or searches.
    for source in SOURCES.iter().filter(|(tag, _)| *tag == "cy").flat_map(|(_, sources)| *sources) {
        let straight: Vec<&str> = source.lines().filter(|line| line.contains('\'')).collect();
        assert!(straight.is_empty(), "write ’ in place of ': {straight:#?}");
    }
}

#[test]
fn names_are_sorted_as_readers_look_them_up() {
    let sorted = |locale: Locale, mut names: Vec<&'static str>| {
        names.sort_by(|one, other| locale.compare(one, other));
        names
    };
    let names = || vec!["Llandudno", "Lwton", "Caerffili", "Chwilog", "Cydweli", "Ávila", "Zennor", "avon"];
    assert_eq!(
        sorted(Locale::english(), names()),
        ["Ávila", "avon", "Caerffili", "Chwilog", "Cydweli", "Llandudno", "Lwton", "Zennor"]
    );
    // In Welsh, ch and ll are letters of their own, after c and l.
    assert_eq!(
        sorted(Locale::welsh(), names()),
        ["Ávila", "avon", "Caerffili", "Cydweli", "Chwilog", "Lwton", "Llandudno", "Zennor"]
    );
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let [(_, english), (_, welsh)] = SOURCES;
    let (english, welsh) = (messages(english), messages(welsh));
    for (key, variables) in &english {
        assert_eq!(Some(variables), welsh.get(key), "{key}");
    }
    assert_eq!(english.len(), welsh.len(), "Welsh has keys that English has not");
}

#[test]
fn every_welsh_file_says_that_a_native_reader_is_awaited() {
    for source in SOURCES[1].1 {
        assert_eq!(source.lines().next(), Some("# Welsh by machine, awaiting a native reader."));
    }
}

#[test]
fn every_key_that_is_asked_for_exists() -> Result<(), Box<dyn Error>> {
    let known = messages(SOURCES[0].1);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = Vec::new();
    sources(&root.join("templates"), &mut texts)?;
    sources(&root.join("src"), &mut texts)?;
    let mut asked = 0;
    for text in &texts {
        for start in [".t(\"", " t(\"", ".with(\"", ".count(\"", ".t_with(\"", ".placeholder(\""] {
            for rest in text.split(start).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                assert!(known.contains_key(key), "{key} is asked for, and there is no such message");
                asked += 1;
            }
        }
    }
    assert!(asked > 250, "only {asked} keys were found: does the search still see them?");
    Ok(())
}

/// Keys that stand apart from the call that uses them, as in a table.
#[test]
fn every_key_in_a_table_exists() -> Result<(), Box<dyn Error>> {
    let known = messages(SOURCES[0].1);
    let source = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/error.rs"))?;
    let keys: Vec<&str> = source.split("\"error-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(keys.len() > 40, "{keys:?}");
    for key in keys {
        assert!(known.contains_key(&format!("error-{key}")), "error-{key}");
    }
    for key in ["fact-received", "fact-published", "fact-open", "receipt-heading"] {
        assert!(known.contains_key(key), "{key}");
    }
    Ok(())
}

#[test]
fn every_fixed_word_has_a_message() {
    let mut words: Vec<(&str, &str)> = vec![("example", "service"), ("example", "place"), ("example", "verdict")];
    words.extend([("example", "happened"), ("example", "model-said"), ("example-ask", "service")]);
    words.extend([("example-ask", "place"), ("step", "done"), ("step", "now"), ("step", "next")]);
    words.extend(["day", "month", "year"].map(|part| ("date", part)));
    words.extend(["1", "2", "3", "4", "5"].map(|step| ("scale", step)));
    words.extend(Verdict::ALL.iter().flat_map(|word| ["verdict", "verdict-ask"].map(|list| (list, word.as_str()))));
    words.extend(HelpingWay::ALL.iter().map(|word| ("helping-said", word.as_str())));
    for part in ["text", "kind", "name", "name-hint", "organisation", "organisation-hint", "members"] {
        words.extend([("who", part), ("who-helping", part)]);
    }
    words.extend(Channel::ALL.iter().map(|word| ("channel", word.as_str())));
    words.extend(YesNoUnsure::ALL.iter().map(|word| ("yes-no-unsure", word.as_str())));
    for list in ["release", "release-hint", "release-helping", "release-hint-helping", "release-shown"] {
        words.extend(Release::ALL.iter().map(|word| (list, word.as_str())));
    }
    for list in ["kind", "kind-ask", "kinds"] {
        words.extend(RespondentKind::ALL.iter().map(|word| (list, word.as_str())));
    }
    for locale in [Locale::english(), Locale::welsh()] {
        for (list, word) in &words {
            assert!(!locale.word(list, word).is_empty(), "{} {list}-{word}", locale.tag());
        }
    }
}

#[test]
fn numbers_days_and_moments_read_well() -> Result<(), Box<dyn Error>> {
    let (english, welsh) = (Locale::english(), Locale::welsh());
    assert_eq!([0, 999, 2_148, -1_234_567].map(|n| english.number(n)), ["0", "999", "2,148", "−1,234,567"]);
    let day: Day = "2026-12-19".parse()?;
    assert_eq!((english.day(day).as_str(), welsh.day(day).as_str()), ("19 December 2026", "19 Rhagfyr 2026"));
    let moment: Timestamp = "2026-07-03T13:05:00Z".parse()?;
    assert_eq!(english.moment(moment, &"Europe/London".parse()?), "3 July 2026 at 14:05");
    Ok(())
}

#[test]
fn plural_forms_are_dispatched() {
    let (english, welsh) = (Locale::english(), Locale::welsh());
    assert_eq!(
        (english.count("questions", 1).as_str(), english.count("questions", 8).as_str()),
        ("1 question", "8 questions")
    );
    let welsh = [1, 2, 3, 6, 8].map(|count| welsh.count("questions", count));
    assert_eq!(welsh, ["1 cwestiwn", "2 gwestiwn", "3 chwestiwn", "6 chwestiwn", "8 cwestiwn"]);
}

#[test]
fn the_address_says_the_language() -> Result<(), Box<dyn Error>> {
    let of = |address: &str| -> Result<(&'static str, Option<String>), Box<dyn Error>> {
        let (locale, uri) = Locale::of(&address.parse()?);
        Ok((locale.tag(), uri.map(|uri| uri.to_string())))
    };
    assert_eq!(of("/cy/r/a?q=b%20c")?, ("cy", Some("/r/a?q=b%20c".to_owned())));
    assert_eq!(of("/cy")?, ("cy", Some("/".to_owned())));
    assert_eq!(of("/cymru")?, ("en", None));
    assert_eq!(of("/r/cy")?, ("en", None));
    assert_eq!(of("/cy//evil.example/x")?, ("cy", Some("//evil.example/x".to_owned())));
    for path in ["//evil.example/x", "/\\evil.example/x", "///evil.example/x"] {
        assert_eq!(Locale::english().link(path), "/evil.example/x");
        assert_eq!(Locale::welsh().link(path), "/cy/evil.example/x");
    }
    assert_eq!(Locale::english().link("/"), "/");
    assert_eq!((Locale::welsh().link("/"), Locale::welsh().link("/r/a")), ("/cy".to_owned(), "/cy/r/a".to_owned()));
    Ok(())
}

#[test]
fn a_text_in_another_language_says_so() -> Result<(), Box<dyn Error>> {
    let text = Localised::new("en".parse()?, "Only English".to_owned());
    assert_eq!(Locale::welsh().say(&text).lang.to_string(), " lang=\"en\"");
    assert_eq!(Locale::english().say(&text).lang.to_string(), "");
    assert_eq!(Locale::english().lang(&Language::undetermined()).to_string(), "");
    Ok(())
}
