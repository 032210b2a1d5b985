//! Policies as C2SP tlog-policy has them, and notes as C2SP signed-note has them.

use folkmoot_register::{Checkpoint, Error, Head, Kind, Note, Policy, SigningKey, note};

use crate::made::{Log, ORIGIN, log_key, review};

fn witness(seed: u8) -> SigningKey {
    SigningKey::from_seed(&format!("witness.example/{seed}"), Kind::Cosignature, &[seed; 32]).expect("a key")
}

/// Two groups of witnesses, as in the example of the specification.
fn groups() -> Policy {
    let line = |seed: u8| format!("witness w{seed} {} https://witness.example/{seed}\n", witness(seed).verifying());
    let text = format!(
        "# two of three, and any of two\nlog {}\n{}group X 2 w11 w12 w13\n\n\tgroup Y any w14 w15\ngroup both all X Y\nquorum both\n",
        log_key().verifying(),
        (11..=15).map(line).collect::<String>(),
    );
    text.parse().expect("a policy")
}

#[test]
fn groups_of_witnesses_count_as_the_specification_says() {
    let head = Log::of(&review(1)).tree.head();
    for (who, as_of) in [
        (vec![11, 12, 14], Some(12)),
        (vec![11, 12, 13, 14, 15], Some(12)),
        (vec![13, 12, 15], Some(12)),
        (vec![11, 12, 13], None),
        (vec![11, 14, 15], None),
        (vec![], None),
    ] {
        let mut checkpoint = Checkpoint::new(ORIGIN, head).sign(&[&log_key()]).expect("a checkpoint");
        for seed in &who {
            // Witness 11 sees it at 11 seconds, and so on.
            let seconds = u64::from(*seed);
            checkpoint.add(witness(*seed).sign(checkpoint.text(), seconds)).expect("a cosignature");
        }
        // Up to when: X is as late as its second latest, Y as its latest, and both as the earlier of them.
        let expected = match as_of {
            Some(_) if who.len() == 5 => Ok(Some(12)),
            Some(time) => Ok(Some(if who == [11, 12, 14] { 11 } else { time })),
            None => Err(Error::TooFewWitnesses { found: who.len(), needed: 3 }),
        };
        assert_eq!(groups().open(&checkpoint).map(|trusted| trusted.as_of), expected, "{who:?}");
    }
}

#[test]
fn what_is_no_policy_is_refused() {
    let (log, one) = (log_key().verifying().to_string(), witness(11).verifying().to_string());
    for (text, why) in [
        (format!("log {log}\n"), "no line `quorum`"),
        ("quorum none\nquorum none\n".into(), "line 2: there is a quorum already"),
        (format!("witness none {one}\nquorum none\n"), "line 1: the name `none` is taken"),
        (format!("witness w {one}\nwitness v {one}\nquorum none\n"), "line 2: the same key stands above already"),
        (format!("log {one}\nquorum none\n"), "line 1: the key is of the wrong kind"),
        (format!("witness w {log}\nquorum w\n"), "line 1: the key is of the wrong kind"),
        ("quorum w\n".into(), "line 1: `w` is not defined above"),
        (format!("witness w {one}\ngroup g 1 w w\nquorum g\n"), "line 2: `w` is not defined above, or is a member"),
        (format!("witness w {one}\ngroup g 2 w\nquorum g\n"), "line 2: a group of 1 takes"),
        (format!("witness w {one}\ngroup g 0 w\nquorum g\n"), "line 2: a group of 1 takes"),
        ("group g any\nquorum g\n".into(), "line 1: it is no line"),
        ("log not-a-key\nquorum none\n".into(), "line 1: this is no key"),
    ] {
        let error = text.parse::<Policy>().expect_err(&text).to_string();
        assert!(error.contains(why), "{error}\n{text}");
    }
    assert!(Policy::new(&[], &[], 1).is_err(), "a quorum of nobody");
}

#[test]
fn another_log_is_not_believed() {
    let other = SigningKey::from_seed("other.example", Kind::Note, &[1; 32]).expect("a key");
    let head = Head { size: 0, root: folkmoot_register::Hash::of_empty_tree() };
    let checkpoint = Checkpoint::new("other.example", head).sign(&[&other]).expect("a checkpoint");
    let error = groups().open(&checkpoint).expect_err("another log");
    assert_eq!(error, Error::OtherLog { expected: ORIGIN.into(), found: "other.example".into() });
}

#[test]
fn a_forged_line_spoils_a_note_and_a_strangers_does_not() {
    let (key, stranger) = (log_key(), SigningKey::from_seed(ORIGIN, Kind::Note, &[9; 32]).expect("a key"));
    let keys = [key.verifying().clone()];
    let mut note = Note::sign("said\n", &[&stranger, &key], 0).expect("a note");
    assert_eq!(note.verify(&keys).map(|signed| signed.len()), Ok(1));
    note.add(key.sign("something else\n", 0)).expect("a line");
    assert_eq!(note.verify(&keys), Err(Error::Forged(ORIGIN.into())));
}

#[test]
fn notes_have_bounds() {
    let key = log_key();
    assert!(Note::sign("no line break", &[&key], 0).is_err());
    assert!(Note::sign("a\rreturn\n", &[&key], 0).is_err());
    assert!(Note::sign("nobody\n", &[], 0).is_err());
    assert!(Note::parse(&vec![b'a'; note::LONGEST + 1]).is_err());
    let keys: Vec<SigningKey> =
        (0..65).map(|seed| SigningKey::from_seed("k", Kind::Note, &[seed; 32]).expect("a key")).collect();
    let most: Vec<&SigningKey> = keys.iter().take(note::MOST_SIGNATURES).collect();
    let mut note = Note::sign("signed by many\n\n\n", &most, 0).expect("a note");
    assert_eq!(Note::parse(note.to_string().as_bytes()).as_ref(), Ok(&note));
    assert!(note.add(keys[64].sign(note.text(), 0)).is_err(), "one too many");
    assert!(note.add(keys[63].sign(note.text(), 0)).is_ok(), "it is there already");
    let checkpoint = Checkpoint::new("two\nlines", Head { size: 1, root: folkmoot_register::Hash([0; 32]) });
    assert!(checkpoint.sign(&[&key]).is_err());
}
