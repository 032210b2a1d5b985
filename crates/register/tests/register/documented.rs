//! The example in `docs/register.md` is what this crate writes, to the letter.

use folkmoot_register::{Class, Commitment, Event, Evidence, Policy, Promise, ProofFile, Prover, Receipt, Salt};

use crate::made::{Log, ORIGIN, REVIEW, TIME, commitment, leaf, log_key, policy, witness_keys};

const TEXT: &str = "The form asked for my passport twice.";

#[test]
fn the_example_of_the_documentation_is_true() {
    let given = Commitment::new(&Salt([7; 32]), Class::Unnamed, TEXT.as_bytes());
    let others = [10, 11].map(|number| leaf(Event::Contribution(commitment(number))));
    let log = Log::of(&[others[0], leaf(Event::Contribution(given)), others[1]]);
    let path = Prover::new(&log.tiles, log.tree.head()).inclusion(1).expect("a proof");
    let proof = ProofFile { extra: Some(log.entries[1].clone()), index: 1, path, checkpoint: log.checkpoint() };
    let promise = Promise { origin: ORIGIN.into(), review: REVIEW, commitment: given, deadline: TIME };
    let [first, second] = witness_keys();
    let written = Policy::to_string(
        &format!(
            "log {}\nwitness library {}\nwitness university {}\ngroup both all library university\nquorum both\n",
            log_key().verifying(),
            first.verifying(),
            second.verifying()
        )
        .parse()
        .expect("a policy"),
    );
    assert!(proof.verify(&log.entries[1], &policy()).is_ok());

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/register.md");
    let document = std::fs::read_to_string(path).expect("the documentation");
    let promise = promise.sign(&[&log_key()]).expect("a promise").to_string();
    let evidence = Evidence::Proof(proof.clone());
    let receipt = Receipt { salt: Salt([7; 32]), class: Class::Unnamed, content: TEXT.into(), evidence }.to_string();
    let header = receipt.split_inclusive('\n').take(6).collect();
    for example in [proof.to_string(), promise, written, header] {
        let indented: String = example.lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect();
        assert!(document.contains(&indented), "docs/register.md should have:\n{indented}");
    }
    assert!(document.contains(TEXT));
}
