//! Verifies a whole register, and what somebody has kept of it before.

use std::fmt;

use register::audit::{Audit, Fault, Ledger, Report, Review};
use register::{Checkpoint, Event, Evidence, Hash, Leaf, Note, Policy, Promise, Standing, Sums};
use serde::Serialize;

use crate::folder::Register;
use crate::receipt::Brought;
use crate::words::{OWN_KEYS, Witnessed, count, hex, signed_by, witnessed};
use crate::{Error, Result};

/// Against what to verify.
#[derive(Debug, Clone, Default)]
pub struct VerifyLog {
    /// The policy to believe, from elsewhere than the register. Without it the one that the register publishes for itself is
    /// taken, and the report says so.
    pub policy: Option<Policy>,
    /// Checkpoints that were kept from earlier, which the register must continue, with where each was kept.
    pub remembered: Vec<(String, Note)>,
    /// Promises that the register has given, and proofs, alone or in receipts, with where each was kept.
    pub promises: Vec<(String, Brought)>,
    /// The time, in POSIX seconds.
    pub now: u64,
}

/// What was found. Printed, it is a text for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogReport {
    /// Whether nothing is wrong.
    pub sound: bool,
    /// The name of the log.
    pub origin: String,
    /// How many leaves its checkpoint states.
    pub size: u64,
    /// How many of them could be read.
    pub read: u64,
    /// The root that its checkpoint states.
    pub root: Hash,
    /// Whether the keys were taken from the register itself.
    pub own_keys: bool,
    /// Who has cosigned.
    pub witnessed: Vec<Witnessed>,
    /// How many witnesses must cosign and how many have, where those are too few; then nothing else need be wrong.
    pub unconfirmed: Option<Unconfirmed>,
    /// The sizes of the earlier checkpoints that it was held against.
    pub remembered: Vec<u64>,
    /// Each review in it.
    pub reviews: Vec<ReviewReport>,
    /// The texts of all that was stated in public.
    pub statements: Vec<String>,
    /// Each promise that was brought, and each proof.
    pub promises: Vec<PromiseReport>,
    /// What is wrong, in the order of the log.
    pub faults: Vec<Fault>,
    /// How many more faults there are than are listed.
    pub more_faults: u64,
    /// The checkpoint, to be remembered until the next time.
    #[serde(skip)]
    pub checkpoint: Note,
    /// What the leaves say of each contribution.
    #[serde(skip)]
    pub ledger: Ledger,
}

/// Too few witnesses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Unconfirmed {
    /// How many have cosigned.
    pub found: usize,
    /// How many must.
    pub needed: usize,
}

/// A review in a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewReport {
    /// Its id, in hexadecimal digits.
    pub id: String,
    /// What became of its contributions, as of the last leaf.
    #[serde(flatten)]
    pub sums: Sums,
    /// The leaf by which it was closed.
    pub closed: Option<u64>,
}

/// A promise that was held against a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseReport {
    /// Where it was kept.
    pub place: String,
    /// How it stands.
    pub standing: Standing,
}

impl VerifyLog {
    /// Verifies. An error means that there is nothing to verify: something cannot be read, or the checkpoint is signed by nobody
    /// whom the policy names. Everything else is in the report.
    pub fn run(&self, register: &impl Register) -> Result<LogReport> {
        let policy = match &self.policy {
            Some(policy) => policy.clone(),
            None => register.policy()?,
        };
        let kept = self.remembered.iter().map(|kept| remembered(kept, &policy)).collect::<Result<Vec<Checkpoint>>>()?;
        let open = |(place, brought): &(String, Brought)| promise(place, brought, &policy);
        let promises = self.promises.iter().map(open).collect::<Result<Vec<Promise>>>()?;
        let checkpoint = register.checkpoint()?;
        let place = format!("{}/checkpoint", register.place());
        let (policy, unconfirmed) = match policy.open(&checkpoint) {
            // Whether anything was altered can be said all the same.
            Err(register::Error::TooFewWitnesses { found, needed }) => {
                let anyway = Policy::new(policy.logs(), policy.witnesses(), 0).map_err(Error::content(&place))?;
                (anyway, Some(Unconfirmed { found, needed }))
            }
            _ => (policy, None),
        };
        register.expect(policy.open(&checkpoint).map_err(Error::content(&place))?.checkpoint.head.size);
        let audit = Audit { policy: &policy, remembered: &kept, promises: &promises, now: self.now };
        let found = audit.run(register, &checkpoint).map_err(Error::content(&place))?;
        let mut report = self.report(found, &kept, checkpoint);
        for digest in report.ledger.statements() {
            match register.stated(&digest)? {
                Some(text) => report.statements.push(text),
                None => report.faults.push(Fault::Statement(hex(&digest))),
            }
        }
        report.unconfirmed = unconfirmed;
        report.sound = report.faults.is_empty() && unconfirmed.is_none();
        Ok(report)
    }

    fn report(&self, found: Report, kept: &[Checkpoint], checkpoint: Note) -> LogReport {
        let review = |Review { id, sums, closed }: &Review| ReviewReport { id: hex(id), sums: *sums, closed: *closed };
        let promise =
            |((place, _), standing): (&(String, Brought), Standing)| PromiseReport { place: place.clone(), standing };
        LogReport {
            sound: found.is_sound(),
            size: found.trusted.checkpoint.head.size,
            read: found.read,
            root: found.trusted.checkpoint.head.root,
            own_keys: self.policy.is_none(),
            witnessed: witnessed(&found.trusted),
            unconfirmed: None,
            statements: Vec::new(),
            remembered: kept.iter().map(|checkpoint| checkpoint.head.size).collect(),
            reviews: found.ledger.reviews().iter().map(review).collect(),
            promises: self.promises.iter().zip(found.promises).map(promise).collect(),
            faults: found.faults,
            more_faults: found.more_faults,
            origin: found.trusted.checkpoint.origin,
            checkpoint,
            ledger: found.ledger,
        }
    }
}

/// An earlier checkpoint. Cosignatures are not asked for: who kept it believed it then.
fn remembered((place, note): &(String, Note), policy: &Policy) -> Result<Checkpoint> {
    let unwitnessed = Policy::new(policy.logs(), &[], 0).map_err(Error::content(place))?;
    let trusted = unwitnessed.open(note).map_err(Error::content(place))?;
    Ok(trusted.checkpoint)
}

/// What was promised; of a proof, that the leaf which it proves stands there, as it did when the proof was made.
fn promise(place: &str, brought: &Brought, policy: &Policy) -> Result<Promise> {
    let proof = match brought.evidence() {
        Evidence::Promise(note) => return Promise::open(note, policy).map_err(Error::content(place)),
        Evidence::Proof(proof) => proof,
    };
    let entry = proof.extra.as_deref().ok_or_else(|| Error::NoLeaf(place.into()))?;
    let checkpoint = proof.verify(entry, policy).map_err(Error::content(place))?.checkpoint;
    let leaf = Leaf::parse(entry).map_err(Error::content(place))?;
    let Event::Contribution(commitment) = leaf.event else {
        return Err(Error::other(
            place,
            "it proves another entry than a contribution: verify it with `folkmoot verify receipt`",
        ));
    };
    Ok(Promise { origin: checkpoint.origin, review: leaf.review, commitment, deadline: 0 })
}

impl fmt::Display for LogReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.unconfirmed {
            _ if self.sound => "is sound",
            Some(_) if self.faults.is_empty() => "IS NOT CONFIRMED by enough witnesses; nothing else is wrong",
            _ => "IS NOT SOUND",
        };
        writeln!(formatter, "The register {} {verdict}.\n", self.origin)?;
        let leaves = count(self.size, "leaf", "leaves");
        if self.read == self.size {
            writeln!(formatter, "All of its {leaves} were read. Root: {}", self.root)?;
        } else {
            writeln!(formatter, "Of its {leaves} {} could be read. Root: {}", self.read, self.root)?;
        }
        writeln!(formatter, "{}", signed_by(&self.origin, &self.witnessed))?;
        if let Some(Unconfirmed { found, needed }) = self.unconfirmed {
            let witnesses = count(found as u64, "known witness has", "known witnesses have");
            writeln!(
                formatter,
                "{witnesses} cosigned, and {needed} are needed: that nobody is shown another register is not sure yet."
            )?;
        }
        if self.own_keys {
            writeln!(formatter, "{OWN_KEYS}")?;
        }
        if self.faults.is_empty() {
            for size in &self.remembered {
                let leaves = count(*size, "leaf", "leaves");
                writeln!(
                    formatter,
                    "It continues the checkpoint of {leaves} that was kept: nothing before was altered."
                )?;
            }
        }
        self.reviews.iter().try_for_each(|review| write!(formatter, "\n{review}"))?;
        for (first, text) in (0..).zip(&self.statements) {
            let heading = if first == 0 { "\nStated in public:\n" } else { "" };
            writeln!(formatter, "{heading}  - {}", text.lines().nth(2).unwrap_or_default())?;
        }
        self.promises.iter().try_for_each(|promise| write!(formatter, "\n{promise}"))?;
        if !self.faults.is_empty() {
            writeln!(formatter, "\nWhat is wrong:")?;
        }
        self.faults.iter().try_for_each(|fault| writeln!(formatter, "  - {fault}"))?;
        match self.more_faults {
            0 => Ok(()),
            more => writeln!(formatter, "  - and {more} more"),
        }
    }
}

impl fmt::Display for ReviewReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Sums { contributions, published, considered, withdrawn, excluded, erased } = self.sums;
        let given = count(u64::from(contributions), "contribution", "contributions");
        let open = u64::from(contributions).saturating_sub(self.sums.decided());
        writeln!(formatter, "Review {}: {given}", self.id)?;
        write!(
            formatter,
            "  {published} published, {considered} considered and not published, {withdrawn} withdrawn, "
        )?;
        writeln!(formatter, "{excluded} excluded, {erased} erased, {open} not yet disposed of")?;
        match self.closed {
            Some(place) => writeln!(formatter, "  closed at leaf {place}"),
            None => writeln!(formatter, "  not closed"),
        }
    }
}

impl fmt::Display for PromiseReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.place;
        match self.standing {
            Standing::Kept(place) => writeln!(formatter, "Promise {file}: kept, at leaf {place}"),
            Standing::Waiting => writeln!(formatter, "Promise {file}: not kept yet, and still in time"),
            Standing::Unknown => {
                writeln!(formatter, "Promise {file}: unknown, as not all of the register could be read")
            }
            Standing::Overdue => {
                writeln!(formatter, "Promise {file}: OVERDUE; no witness says yet that this was all of the register")
            }
            Standing::Broken => {
                writeln!(
                    formatter,
                    "Promise {file}: BROKEN; keep it with this register's checkpoint, together they prove it"
                )
            }
        }
    }
}
