//! Reviews: how they are defined, and how they are found.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::{Call, Happened, Review, ReviewId, Slug, directory, place};
use sha2::{Digest, Sha256};
use store::event::NewEvent;
use store::review::{ApplyReview, MovedCall, StoredReview};

use crate::definition::{self, DefinitionError};
use crate::work::Job;
use crate::{Error, Result, Service};

/// A review as it is defined now.
#[derive(Debug)]
pub struct CurrentReview {
    /// Inner id.
    pub id: ReviewId,
    /// The version of its definition, counted from 1.
    pub version: i64,
    /// The definition.
    pub definition: Review,
    /// The picture beside its name.
    pub logo: Option<Logo>,
}

/// The picture beside the name of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logo {
    /// `image/svg+xml` or `image/png`.
    pub content_type: String,
    /// SHA-256 of its bytes, in hexadecimal digits: it names the file in the store and in the address.
    pub digest: String,
}

impl std::ops::Deref for CurrentReview {
    type Target = Review;

    fn deref(&self) -> &Review {
        &self.definition
    }
}

impl TryFrom<StoredReview> for CurrentReview {
    type Error = Error;

    fn try_from(stored: StoredReview) -> Result<Self> {
        let definition = serde_json::from_str(&stored.body).map_err(|error| Error::Broken(error.to_string()));
        let mut definition: Review = definition?;
        definition.share_lists();
        let logo = stored.logo.map(|(digest, content_type)| Logo { content_type, digest });
        Ok(Self { id: stored.id, version: stored.version, definition, logo })
    }
}

/// What became of a definition that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// The review is new.
    Created,
    /// It has a new version.
    Changed {
        /// Its number.
        version: i64,
    },
    /// It was so already.
    Unchanged,
}

/// Why a definition was not applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file itself is wrong.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// It would change or drop questions that people have answered.
    #[error("{}", answered(.0))]
    Answered(Vec<(Slug, Slug)>),
    /// The picture cannot be used.
    #[error("the logo {0}")]
    Logo(String),
    /// A list beside the definition cannot be used.
    #[error("{0}")]
    List(String),
    /// The store.
    #[error(transparent)]
    Service(#[from] Error),
}

fn answered(questions: &[(Slug, Slug)]) -> String {
    let lines = questions.iter().map(|(call, question)| {
        format!("call `{call}`: question `{question}` has answers, so it can be neither changed nor removed. Add a new question instead.")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The most bytes that a picture may have.
const LOGO_MAX: usize = 200_000;

impl Service {
    /// Every review of this installation, the newest first.
    pub async fn reviews(&self) -> Result<Vec<Arc<CurrentReview>>> {
        let stored = self.db.reviews().await?;
        stored.into_iter().map(|stored| CurrentReview::try_from(stored).map(Arc::new)).collect()
    }

    /// The review of that name. A change made by another process is seen within a second.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is none.
    pub async fn review(&self, slug: &str) -> Result<Arc<CurrentReview>> {
        slug.parse::<Slug>().map_err(|_| Error::NotFound)?;
        let read = async { self.db.review(slug).await?.ok_or(Error::NotFound)?.try_into() };
        self.current.get(&slug.to_owned(), read).await
    }

    /// The bytes of its picture.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it has none of that digest.
    pub async fn logo(&self, review: &CurrentReview, digest: &str) -> Result<Vec<u8>> {
        let logo = review.logo.as_ref().filter(|logo| logo.digest == digest).ok_or(Error::NotFound)?;
        self.files.get(&logo_file(review.id, &logo.digest)).await?.ok_or(Error::NotFound)
    }

    /// Applies a definition written in TOML: it makes the review, changes it, or does nothing if it is so already.
    /// `read` gives the bytes of a file that the definition names.
    ///
    /// # Errors
    /// Everything that is wrong with the file, with line numbers; or which answered questions it would change.
    pub async fn apply(
        &self,
        text: &str,
        read: impl Fn(&str) -> std::io::Result<Vec<u8>>,
    ) -> Result<Applied, ApplyError> {
        let mut definition = definition::parse(text)?;
        read_lists(&mut definition, &read)?;
        let logo = match definition.look.as_ref().and_then(|look| look.logo.as_ref()) {
            Some(name) => Some(read_logo(name.as_str(), &read)?),
            None => None,
        };
        self.apply_definition(definition, logo).await
    }

    /// Applies a definition that has been checked.
    pub async fn apply_definition(&self, definition: Review, logo: Option<LogoFile>) -> Result<Applied, ApplyError> {
        let before = self.db.review(definition.slug.as_str()).await.map_err(Error::from)?;
        let before: Option<CurrentReview> = before.map(TryInto::try_into).transpose()?;
        let digest = logo.as_ref().map(|file| file.logo.digest.as_str());
        if let Some(before) = &before {
            if before.definition == definition && before.logo.as_ref().map(|logo| logo.digest.as_str()) == digest {
                return Ok(Applied::Unchanged);
            }
            self.refuse_answered(before, &definition).await?;
        }
        let now = self.now();
        let id = before.as_ref().map_or_else(|| ReviewId::new(now, &*self.entropy), |before| before.id);
        let follows = before.as_ref().map_or(0, |before| before.version);
        if let Some(file) = &logo {
            self.files.put(&logo_file(id, &file.logo.digest), file.bytes.clone()).await.map_err(Error::from)?;
        }
        let version = follows + 1;
        let command = ApplyReview {
            id,
            slug: definition.slug.to_string(),
            follows,
            body: serde_json::to_string(&definition).map_err(|error| Error::Broken(error.to_string()))?,
            logo: logo.map(|file| (file.logo.digest, file.logo.content_type)),
            event: NewEvent {
                id: self.new_id(),
                happened: Happened::ReviewApplied { version },
                contribution: None,
                at: now,
            },
            moved: self.moved_calls(before.as_ref(), &definition),
            jobs: self.jobs_after(id, before.as_ref(), &definition),
            now,
        };
        self.db.write(command).await.map_err(Error::from)?;
        self.current.forget();
        Ok(if follows == 0 { Applied::Created } else { Applied::Changed { version } })
    }

    /// Calls that close on another day than before.
    fn moved_calls(&self, before: Option<&CurrentReview>, after: &Review) -> Vec<MovedCall> {
        let moved = |call: &&Call| {
            before.and_then(|before| before.call(call.id.as_str())).is_some_and(|earlier| earlier.closes != call.closes)
        };
        let told = |call: &Call| MovedCall { event: self.new_id(), call: call.id.clone(), closes: call.closes };
        after.calls.iter().filter(moved).map(told).collect()
    }

    /// What must be done later because of a new definition: announce the calls, and delete a picture that is not used.
    fn jobs_after(&self, id: ReviewId, before: Option<&CurrentReview>, after: &Review) -> Vec<store::job::NewJob> {
        let mut jobs = Vec::new();
        for call in &after.calls {
            let earlier: Option<&Call> = before.and_then(|before| before.call(call.id.as_str()));
            let moved = before.is_some_and(|before| before.timezone != after.timezone);
            if moved || earlier.is_none_or(|earlier| earlier.opens != call.opens) {
                let job =
                    Job::OpenCall { review: id, slug: after.slug.clone(), call: call.id.clone(), day: call.opens };
                jobs.push(job.once(call.opens.begins(&after.timezone)));
            }
            if moved || earlier.is_none_or(|earlier| earlier.closes != call.closes) {
                let job =
                    Job::CloseCall { review: id, slug: after.slug.clone(), call: call.id.clone(), day: call.closes };
                jobs.push(job.once(call.closes.ends(&after.timezone)));
            }
        }
        if let Some(old) = before.and_then(|before| before.logo.as_ref()) {
            let job = Job::DeleteLogo { review: id, slug: after.slug.clone(), digest: old.digest.clone() };
            jobs.push(job.at(self.now(), self.new_id()));
        }
        jobs
    }

    /// A question that people have answered keeps its meaning: it can be neither changed nor removed.
    async fn refuse_answered(&self, before: &CurrentReview, after: &Review) -> Result<(), ApplyError> {
        let mut refused = Vec::new();
        for call in &before.calls {
            let kept = |id: &Slug| after.call(call.id.as_str()).and_then(|later| later.question(id.as_str()));
            let changed: BTreeSet<&Slug> = call
                .questions
                .iter()
                .filter(|question| kept(&question.id).is_none_or(|(_, later)| !later.means_the_same_as(question)))
                .map(|question| &question.id)
                .collect();
            if changed.is_empty() {
                continue;
            }
            let mut answered = BTreeSet::new();
            let mut snapshot = self.db.snapshot().await.map_err(Error::from)?;
            snapshot
                .each_of_call(before.id, &call.id, |contribution| {
                    answered.extend(contribution.content.answers.into_keys().filter(|id| changed.contains(id)));
                    Ok::<(), store::Error>(())
                })
                .await
                .map_err(Error::from)?;
            refused.extend(answered.into_iter().map(|question| (call.id.clone(), question)));
        }
        if refused.is_empty() { Ok(()) } else { Err(ApplyError::Answered(refused)) }
    }
}

/// A picture, read and recognised.
#[derive(Debug, Clone)]
pub struct LogoFile {
    /// What it is.
    pub logo: Logo,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

fn read_logo(name: &str, read: &dyn Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<LogoFile, ApplyError> {
    let refuse = |why: &str| ApplyError::Logo(format!("{name} {why}"));
    let bytes = read(name).map_err(|error| refuse(&format!("cannot be read: {error}")))?;
    if bytes.len() > LOGO_MAX {
        return Err(refuse(&format!("is larger than {LOGO_MAX} bytes")));
    }
    let beginning = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_lowercase();
    let content_type = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        "image/png"
    } else if beginning.contains("<svg") {
        "image/svg+xml"
    } else {
        return Err(refuse("is neither an SVG nor a PNG picture"));
    };
    let digest = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(LogoFile { logo: Logo { content_type: content_type.to_owned(), digest }, bytes })
}

/// Reads the lists that stand in files beside a definition: its places, and the directory of help. `read` gives the bytes of a file.
///
/// # Errors
/// Every row that is wrong, with its file and line.
pub fn read_lists(definition: &mut Review, read: &dyn Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<(), ApplyError> {
    if let Some(name) = definition.places.clone() {
        definition.place_list = list_in(name.as_str(), read, place::read)?;
        definition.share_lists();
    }
    if let Some(name) = definition.help_places.clone() {
        let rows = |text: &str| directory::read(text, &definition.languages, definition.known_places());
        definition.help_place_list = list_in(name.as_str(), read, rows)?;
    }
    Ok(())
}

fn list_in<T>(
    name: &str,
    read: &dyn Fn(&str) -> std::io::Result<Vec<u8>>,
    rows: impl Fn(&str) -> Result<Vec<T>, Vec<place::RowError>>,
) -> Result<Vec<T>, ApplyError> {
    let bytes = read(name).map_err(|error| ApplyError::List(format!("{name} cannot be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| ApplyError::List(format!("{name} is not in UTF-8")))?;
    rows(&text).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(|error| format!("{name} {error}")).collect();
        ApplyError::List(lines.join("\n"))
    })
}

pub(crate) fn logo_file(review: ReviewId, digest: &str) -> String {
    format!("{}/logo/{digest}", review.0)
}
