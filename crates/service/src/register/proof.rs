//! What the register shows to whoever gave evidence: that it is entered, and the proof.

use domain::{Contribution, Day, Event as Told, Happened, ReceiptCode, Release, State};
use jiff::{SignedDuration, Timestamp};
use register::tile::{self, Content, Tile, TileSource as _};
use register::{Commitment, Event, Evidence, Leaf, Promise, ProofFile, Prover, Receipt, Salt};
use register_files::Folder;
use store::register::Entry;

use super::{Published, Register, blocking, broken, class};
use crate::{CurrentReview, Error, Result, Service};

/// How long a promise may take to be kept, in times of the longest wait: a day for an hour.
const LONG: u64 = 24;

/// Where a contribution stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registered {
    /// Its batch is not sequenced yet. It will be by then; none where no promise can be given.
    Promised(Option<Timestamp>),
    /// It stands there.
    Entered(Entered),
}

/// A place in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entered {
    /// Which entry it is, from 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
    /// Since which day.
    pub since: Day,
    /// The witnesses who confirm that nothing before was altered.
    pub witnesses: Vec<String>,
}

impl Service {
    /// Where a contribution stands in the register; `None` where no register is kept.
    pub(crate) async fn registered(
        &self,
        review: &CurrentReview,
        contribution: &Contribution,
    ) -> Result<Option<Registered>> {
        let Some(register) = &self.register else { return Ok(None) };
        let Some(entry) = self.db.entry(review.id, contribution.id).await? else { return Ok(None) };
        let deadline = deadline(register, &entry);
        let late = deadline <= self.now();
        let published = entry.place.and_then(|place| register.covering(place, late));
        let Some(Published { trusted, .. }) = published else {
            return Ok(Some(Registered::Promised((!late).then_some(deadline))));
        };
        let day = Timestamp::from_second(i64::from(entry.leaf.day) * 86_400).map_err(broken)?;
        Ok(Some(Registered::Entered(Entered {
            number: entry.place.unwrap_or(0) + 1,
            of: trusted.checkpoint.head.size,
            since: Day(jiff::tz::TimeZone::UTC.to_datetime(day).date()),
            witnesses: trusted.witnessed.into_iter().map(|(name, _)| name).collect(),
        })))
    }

    /// The evidence of the register for a contribution: a proof, or a promise as long as its batch is not sequenced.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is neither.
    pub async fn evidence(&self, review: &CurrentReview, contribution: &Contribution) -> Result<Evidence> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        let entry = self.db.entry(review.id, contribution.id).await?.ok_or(Error::NotFound)?;
        let deadline = deadline(register, &entry);
        let late = deadline <= self.now();
        if let Some(index) = entry.place
            && let Some(published) = register.covering(index, late)
        {
            let extra = Some(entry.leaf.to_bytes().to_vec());
            let proof = blocking(register, move |register| -> Result<ProofFile> {
                let head = published.trusted.checkpoint.head;
                let path = Prover::new(&register.folder, head).inclusion(index).map_err(broken)?;
                Ok(ProofFile { extra, index, path, checkpoint: published.note })
            });
            return Ok(Evidence::Proof(proof.await??));
        }
        let Event::Contribution(commitment) = entry.leaf.event else { return Err(Error::NotFound) };
        // While the register is in trouble it promises all the same: whoever gives evidence must have something to hold it to.
        if late {
            return Err(Error::NotFound);
        }
        let (origin, deadline) = (register.origin(), u64::try_from(deadline.as_second()).unwrap_or(0));
        let promise = Promise { origin, review: review.id.0.into_bytes(), commitment, deadline };
        let keys = register.keys();
        promise.sign(&keys.signing.iter().collect::<Vec<_>>()).map(Evidence::Promise).map_err(broken)
    }

    /// The whole receipt, with what was given and what opens its commitment: for its contributor alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] if what was given is not there any more, or the code does not open it.
    pub async fn register_receipt(
        &self,
        review: &CurrentReview,
        contribution: &Contribution,
        code: Option<&ReceiptCode>,
    ) -> Result<Receipt> {
        let entry = self.db.entry(review.id, contribution.id).await?.ok_or(Error::NotFound)?;
        let history = self.db.history(review.id, contribution.id).await?;
        let class = class(given_as(contribution, &history));
        let content = contribution.as_given().map_err(broken)?;
        let opens =
            |salt: &Salt| entry.leaf.event == Event::Contribution(Commitment::new(salt, class, content.as_bytes()));
        let salts = [code.map(|code| Salt(code.salt())), entry.salt.clone()];
        let salt = salts.into_iter().flatten().find(opens);
        let (Some(salt), false) = (salt, contribution.state == State::Withdrawn) else { return Err(Error::NotFound) };
        let evidence = self.evidence(review, contribution).await?;
        Ok(Receipt { salt, class, content, evidence })
    }
}

impl Service {
    /// A file that the register publishes, byte for byte.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it has no such file.
    pub async fn register_file(&self, file: PublicFile<'_>) -> Result<Vec<u8>> {
        let register = self.register.as_ref().ok_or(Error::NotFound)?;
        match file {
            PublicFile::Checkpoint => {
                register.published().map(|published| published.note.to_string().into_bytes()).ok_or(Error::NotFound)
            }
            PublicFile::Policy => Ok(register.policy()?.to_string().into_bytes()),
            PublicFile::Tile(path) => {
                let tile: Tile = path.parse().map_err(|_| Error::NotFound)?;
                // What no checkpoint covers yet may still change after a crash.
                let size = register.published().map_or(0, |published| published.trusted.checkpoint.head.size);
                if !tile.is_within(size) {
                    return Err(Error::NotFound);
                }
                match blocking(register, move |register| register.folder.read(tile)).await? {
                    Ok(bytes) => Ok(bytes),
                    Err(register::Error::Missing(_)) => Err(Error::NotFound),
                    Err(error) => Err(broken(error)),
                }
            }
            PublicFile::Statement(hex) => {
                let digest = digest(hex).ok_or(Error::NotFound)?;
                Ok(self.db.statement(digest).await?.ok_or(Error::NotFound)?.into_bytes())
            }
        }
    }
}

fn digest(hex: &str) -> Option<[u8; 32]> {
    let mut digest = [0; 32];
    if hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return None;
    }
    for (byte, digits) in digest.iter_mut().zip(hex.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(digest)
}

/// By when it stands in the register at the latest.
fn deadline(register: &Register, entry: &Entry) -> Timestamp {
    let longest = i64::try_from(register.pace.longest * LONG).unwrap_or(i64::MAX);
    let whole = Timestamp::from_second(entry.at.as_second()).unwrap_or(entry.at);
    whole.saturating_add(SignedDuration::from_secs(longest)).unwrap_or(Timestamp::MAX)
}

/// What its author allowed when they gave it.
fn given_as(contribution: &Contribution, history: &[Told]) -> Release {
    let from =
        |event: &Told| if let Happened::ReleaseChanged { from, .. } = event.happened { Some(from) } else { None };
    history.iter().find_map(from).unwrap_or(contribution.release)
}

/// The leaves of a folder from one place to another, within its last bundle.
pub(super) fn entries(folder: &Folder, from: u64, to: u64) -> Result<Vec<[u8; Leaf::LENGTH]>> {
    let Some(tile) = to.checked_sub(1).and_then(|last| Tile::of(Content::Entries, last / 256, to)) else {
        return Ok(Vec::new());
    };
    let bytes = tile::read_entries(folder, tile).map_err(broken)?;
    let skip = usize::try_from(from % 256).unwrap_or(0);
    let entries = tile::entries(&bytes).skip(skip);
    entries.map(|entry| entry.map_err(broken)?.try_into().map_err(broken)).collect()
}

/// A file that the register publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicFile<'a> {
    /// The newest checkpoint.
    Checkpoint,
    /// Whom to believe, as the register itself says.
    Policy,
    /// A tile, by its path from `tile/` on.
    Tile(&'a str),
    /// A statement, by the hexadecimal digits of its SHA-256.
    Statement(&'a str),
}
