//! Receipts: written and read as the same, and refused where somebody has altered what they are made of.

use folkmoot_register::{Class, Error, Event, Evidence, Leaf, Promise, ProofFile, Prover, Receipt, Salt};
use proptest::prelude::*;

use crate::made::{DAY, Log, ORIGIN, REVIEW, log_key, policy};

const CONTENT: &str = r#"{"asked":"what failed?","given":"The form asked for my passport twice."}"#;

fn promised(salt: Salt, class: Class, content: &str) -> Receipt {
    let commitment = folkmoot_register::Commitment::new(&salt, class, content.as_bytes());
    let promise = Promise { origin: ORIGIN.into(), review: REVIEW, commitment, deadline: 7 };
    let note = promise.sign(&[&log_key()]).expect("a promise");
    Receipt { salt, class, content: content.into(), evidence: Evidence::Promise(note) }
}

/// The receipt of a contribution that was sequenced between two others.
pub fn proven(salt: Salt, class: Class, content: &str) -> Receipt {
    let promised = promised(salt, class, content);
    let leaf = |event| Leaf { review: REVIEW, day: DAY, event };
    let other = leaf(Event::Policy { digest: [5; 32] });
    let log = Log::of(&[other, leaf(Event::Contribution(promised.commitment())), other]);
    let path = Prover::new(&log.tiles, log.tree.head()).inclusion(1).expect("a proof");
    let proof = ProofFile { extra: Some(log.entries[1].clone()), index: 1, path, checkpoint: log.checkpoint() };
    Receipt { evidence: Evidence::Proof(proof), ..promised }
}

#[test]
fn a_receipt_shows_that_the_register_holds_what_was_given() {
    let receipt = proven(Salt([7; 32]), Class::Unnamed, CONTENT);
    let read = Receipt::parse(receipt.to_string().as_bytes()).expect("a receipt");
    let Evidence::Proof(proof) = &read.evidence else { panic!("no proof") };
    let entry = proof.extra.clone().expect("the leaf");
    proof.verify(&entry, &policy()).expect("it holds");
    let Event::Contribution(commitment) = Leaf::parse(&entry).expect("a leaf").event else { panic!("another leaf") };
    assert!(read.opens(&commitment));
    for other in [
        Receipt { salt: Salt([8; 32]), ..read.clone() },
        Receipt { class: Class::Public, ..read.clone() },
        Receipt { content: CONTENT.replace("twice", "once"), ..read.clone() },
    ] {
        assert!(!other.opens(&commitment));
    }
}

#[test]
fn what_follows_is_a_file_that_other_tools_read() {
    let text = proven(Salt([7; 32]), Class::Public, CONTENT).to_string();
    let (_, proof) = text.split_once("\n\n").expect("an empty line");
    assert_eq!(ProofFile::parse(proof.as_bytes()).expect("a proof file").to_string(), proof);
}

#[test]
fn what_is_no_receipt_is_refused_with_the_reason() {
    let good = promised(Salt([7; 32]), Class::UseOnly, CONTENT).to_string();
    let refused = |text: String| Receipt::parse(text.as_bytes()).expect_err("no receipt").to_string();
    let cases = [
        (good.replace("folkmoot-receipt/v1", "folkmoot-receipt/v2"), "line 1"),
        (good.replace("salt BwcH", "salt "), "line 2"),
        (good.replace("salt ", "Salt "), "line 2"),
        (good.replace("class use-only", "class secret"), "line 3"),
        (good.replace(&format!("content {CONTENT}"), "content "), "line 4"),
        (good.replace("passport", "pass\tport"), "line 4"),
        (good.replace("class use-only\n", ""), "four lines"),
        (good.replace("\n\n", "\n"), "empty line"),
        (good.replace('\n', "\r\n"), "line breaks"),
        (good.replace("register-promise/v1", "register-promise/v2"), "promise"),
        (good.replace("content ", &format!("content {}", " ".repeat(9 << 20))), "8 megabytes"),
        (String::new(), "empty line"),
    ];
    for (text, why) in cases {
        assert_ne!(text, good, "{why}");
        assert!(refused(text).contains(why), "{why}");
    }
    let not_text = [good.as_bytes(), &[0xff]].concat();
    assert!(matches!(Receipt::parse(&not_text), Err(Error::Malformed { what: "receipt", .. })));
}

proptest! {
    #[test]
    fn receipts_are_read_as_they_were_written(
        salt: [u8; 32],
        class in proptest::sample::select(vec![Class::Public, Class::Unnamed, Class::UseOnly, Class::Sealed]),
        content in "[^\u{0}-\u{1f}]{1,200}",
        sequenced: bool,
    ) {
        let made = if sequenced { proven } else { promised };
        let receipt = made(Salt(salt), class, &content);
        prop_assert_eq!(Receipt::parse(receipt.to_string().as_bytes()), Ok(receipt));
    }

    #[test]
    fn no_altered_byte_keeps_a_receipt_holding(place: prop::sample::Index, bit in 0..8_u8, sequenced: bool) {
        let made = if sequenced { proven } else { promised };
        let good = made(Salt([7; 32]), Class::Unnamed, CONTENT);
        prop_assert!(holds(&good));
        let mut bytes = good.to_string().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] ^= 1 << bit;
        // Only the name of a witness or its signature may be lost without harm, where the policy can do without it; here it
        // cannot.
        prop_assert!(!Receipt::parse(&bytes).is_ok_and(|read| holds(&read)));
    }
}

fn holds(receipt: &Receipt) -> bool {
    match &receipt.evidence {
        Evidence::Promise(note) => {
            Promise::open(note, &policy()).is_ok_and(|promise| receipt.opens(&promise.commitment))
        }
        Evidence::Proof(proof) => {
            let entry = proof.extra.clone().unwrap_or_default();
            let leaf = Leaf::parse(&entry).map(|leaf| leaf.event);
            let given = matches!(leaf, Ok(Event::Contribution(commitment)) if receipt.opens(&commitment));
            given && proof.verify(&entry, &policy()).is_ok()
        }
    }
}
