//! Asks witnesses to cosign a checkpoint (C2SP tlog-witness). All at once, each with the same time: one that is down, slow or lies
//! costs nothing but its cosignature.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use register::tile::TileSource;
use register::witness::{AddCheckpoint, collect, conflict};
use register::{Checkpoint, Note, Prover, VerifyingKey};

use crate::client::{Answered, Client};

/// How often a witness may say that it is at another size than was thought.
const CORRECTIONS: usize = 3;

/// A witness: where it is asked, and the key that its cosignatures must be by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its address, to which `/add-checkpoint` is added.
    pub address: String,
    /// Its key.
    pub key: VerifyingKey,
}

/// Witnesses of one log, and how far each has seen it. Keep it from one checkpoint to the next: it remembers where each witness
/// is, and asks it once and not twice.
#[derive(Debug)]
pub struct Witnesses {
    client: Client,
    patience: Duration,
    known: Vec<(Witness, AtomicU64)>,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The checkpoint, with the cosignatures that hold added to it.
    pub checkpoint: Note,
    /// What each witness has answered, in their order.
    pub answers: Vec<Answer>,
}

/// What a witness has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The name of its key.
    pub witness: String,
    /// What came of asking it.
    pub outcome: Outcome,
}

/// What came of asking a witness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It has cosigned.
    Cosigned,
    /// It says that it has seen the log larger than this checkpoint: then this is an old copy, or the witness lies.
    Ahead(u64),
    /// It says that it has seen other leaves: this log has forked, or the witness lies.
    Forked(String),
    /// It has answered otherwise, or with a cosignature that does not hold.
    Refused(String),
    /// It has not answered in time.
    Silent(String),
}

impl Asked {
    /// How many have cosigned.
    pub fn cosigned(&self) -> usize {
        self.answers.iter().filter(|answer| answer.outcome == Outcome::Cosigned).count()
    }

    /// The sizes at which witnesses say they are that are above this checkpoint's, for
    /// [`check_not_behind`](register::witness::check_not_behind).
    pub fn ahead(&self) -> Vec<u64> {
        let ahead = |answer: &Answer| if let Outcome::Ahead(size) = answer.outcome { Some(size) } else { None };
        self.answers.iter().filter_map(ahead).collect()
    }
}

impl Witnesses {
    /// These witnesses, each of which has so long to answer.
    pub fn new(witnesses: Vec<Witness>, patience: Duration) -> Witnesses {
        let known = witnesses.into_iter().map(|witness| (witness, AtomicU64::new(0))).collect();
        Witnesses { client: Client::new(patience), patience, known }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Asks all of them to cosign a checkpoint that is signed; the tiles must be those of its tree. It takes no longer than the time
    /// that each has. Nothing of the answers counts that does not hold.
    pub fn ask(&self, checkpoint: &Note, tiles: &(impl TileSource + Sync)) -> register::Result<Asked> {
        let head = checkpoint.text().parse::<Checkpoint>()?.head;
        let prover = Prover::new(tiles, head);
        let each: Vec<(Answer, Option<Note>)> = thread::scope(|scope| {
            let ask = |(witness, at): &(Witness, AtomicU64)| {
                let mut note = checkpoint.clone();
                let outcome = self.one(witness, at, &mut note, head.size, &prover);
                let cosigned = (outcome == Outcome::Cosigned).then_some(note);
                (Answer { witness: witness.key.name().into(), outcome }, cosigned)
            };
            let asking: Vec<_> = self.known.iter().map(|one| scope.spawn(move || ask(one))).collect();
            let failed =
                || (Answer { witness: String::new(), outcome: Outcome::Silent("it could not be asked".into()) }, None);
            asking.into_iter().map(|one| one.join().unwrap_or_else(|_| failed())).collect()
        });
        let mut asked = Asked { checkpoint: checkpoint.clone(), answers: Vec::new() };
        for (answer, note) in each {
            for line in note.iter().flat_map(Note::signatures) {
                asked.checkpoint.add(line.clone())?;
            }
            asked.answers.push(answer);
        }
        Ok(asked)
    }

    /// Asks one, again where it says that it is at another size than was thought.
    fn one<S: TileSource>(
        &self,
        witness: &Witness,
        at: &AtomicU64,
        note: &mut Note,
        size: u64,
        prover: &Prover<'_, S>,
    ) -> Outcome {
        let address = format!("{}/add-checkpoint", witness.address.trim_end_matches('/'));
        let began = Instant::now();
        // A checkpoint of an older tree than was asked about last needs another beginning.
        let mut old = Some(at.load(Ordering::Relaxed)).filter(|old| *old <= size).unwrap_or(0);
        for _ in 0..=CORRECTIONS {
            let proof = match prover.consistency(old) {
                Ok((_, proof)) => proof,
                Err(error) => return Outcome::Refused(error.to_string()),
            };
            let body = AddCheckpoint { old, proof, checkpoint: note.clone() }.to_string();
            let left = self.patience.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Outcome::Silent(format!("{address}: it took too long"));
            }
            let Answered { status, body } = match self.client.post(&address, &body, left) {
                Ok(answered) => answered,
                Err(trouble) => return Outcome::Silent(trouble.to_string()),
            };
            let text = String::from_utf8_lossy(&body);
            match (status, conflict(&text)) {
                (200, _) => return Self::cosigned(witness, at, note, size, &text),
                (409, Ok(larger)) if larger > size => return Outcome::Ahead(larger),
                (409, Ok(there)) if there != old => old = there,
                (409 | 422, _) => return Outcome::Forked(first_line(&text)),
                _ => return Outcome::Refused(format!("status {status}: {}", first_line(&text))),
            }
        }
        Outcome::Refused("it says each time that it is at another size".into())
    }

    fn cosigned(witness: &Witness, at: &AtomicU64, note: &mut Note, size: u64, lines: &str) -> Outcome {
        match collect(note, lines, std::slice::from_ref(&witness.key)) {
            Ok(0) => Outcome::Refused("its answer is not signed by its key".into()),
            Ok(_) => {
                at.store(size, Ordering::Relaxed);
                Outcome::Cosigned
            }
            Err(error) => Outcome::Refused(error.to_string()),
        }
    }
}

/// The beginning of what a stranger has answered, fit for a log.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().filter(|char| !char.is_control()).take(200).collect()
}
