//! Receipts, promises and proofs as somebody brings them.

use folkmoot_register_files::{Brought, Error, ReceiptReport, VerifyReceipt};
use register::{Class, Commitment, Evidence, Promise, ProofFile, Receipt};

use crate::made::{Files, ORIGIN, TEXT, TIME, log_key, proof, salt};

/// Verifies a file as somebody brings it.
fn verify(files: &Files, text: impl ToString) -> Result<ReceiptReport, Error> {
    let brought = Brought::parse(text.to_string().as_bytes()).expect("a file to verify");
    assert_eq!(brought.origin().as_deref(), Ok(ORIGIN));
    VerifyReceipt { policy: files.policy(), own_keys: false, now: TIME }.run("the file", &brought)
}

fn receipt(content: &str, evidence: Evidence) -> Receipt {
    Receipt { salt: salt(), class: Class::Unnamed, content: content.into(), evidence }
}

#[test]
fn a_receipt_holds_for_its_text_and_for_no_other() {
    let files = Files::new();
    let text = std::str::from_utf8(TEXT).expect("text");
    let report = verify(&files, receipt(text, Evidence::Proof(proof(&files, 0)))).expect("a report");
    assert_eq!(
        report.to_string(),
        "This receipt holds: what is in it was given, and stands in the register.

It is entry 1 of 5 entries (leaf 0) in the register example.org/register, of review 01010101010101010101010101010101.
It was sequenced on 2024-10-04, and says that a contribution was given.
Its checkpoint is signed by example.org/register and cosigned by library.example/witness (2024-10-04 00:00 UTC).
It was given on these terms: public without the name.
"
    );
    let json = serde_json::to_value(&report).expect("JSON");
    assert_eq!((&json["sound"], &json["kind"], &json["index"]), (&true.into(), &"proof".into(), &0.into()));
    for (content, index) in [("Another text.", 0), (text, 1), (text, 2)] {
        let report = verify(&files, receipt(content, Evidence::Proof(proof(&files, index)))).expect("a report");
        assert!(!report.sound && report.to_string().contains("DOES NOT HOLD"), "{report}");
    }
    for (index, says) in
        [(2, "leaf 0 was published"), (3, "leaf 1 was considered, and not published"), (4, "closed with 2")]
    {
        let report = verify(&files, proof(&files, index)).expect("a report");
        assert!(report.sound && report.to_string().contains(says), "{report}");
    }
}

#[test]
fn a_promise_holds_for_its_text_and_says_until_when() {
    let files = Files::new();
    let text = std::str::from_utf8(TEXT).expect("text");
    let commitment = Commitment::new(&salt(), Class::Unnamed, TEXT);
    for (deadline, over) in [(TIME, false), (TIME - 1, true)] {
        let promise = Promise { origin: ORIGIN.into(), review: [1; 16], commitment, deadline };
        let note = promise.sign(&[&log_key()]).expect("a promise");
        let report = verify(&files, receipt(text, Evidence::Promise(note.clone()))).expect("a report");
        assert!(report.sound && report.to_string().contains("has promised to enter it"), "{report}");
        assert_eq!(report.to_string().contains("That time is over"), over, "{report}");
        assert!(!verify(&files, receipt("Another text.", Evidence::Promise(note.clone()))).expect("a report").sound);
        assert!(verify(&files, note).expect("a report").to_string().starts_with("This promise holds"));
    }
}

#[test]
fn a_proof_that_does_not_hold_is_an_error() {
    let files = Files::new();
    let error = |proof: ProofFile| verify(&files, proof).expect_err("an error");
    let good = proof(&files, 1);
    assert!(error(ProofFile { index: 2, ..good.clone() }).to_string().contains("not lead from this leaf"));
    let other = ProofFile { extra: Some(files.entries[0].to_vec()), ..good.clone() };
    assert!(error(other.clone()).is_unsound() && error(other).to_string().contains("not lead from this leaf"));
    assert!(error(ProofFile { extra: None, ..good }).to_string().contains("does not hold the leaf"));
}
