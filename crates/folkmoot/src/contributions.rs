//! `folkmoot publish` and `folkmoot redact`: how contributions are opened to readers.

use clap::Args;
use domain::{Line, Reference, Slug, State};
use jiff::Timestamp;
use service::spam::Signed;
use service::{CurrentReview, Service};

use crate::install::{Install, find_review};

#[derive(Args)]
pub struct Publish {
    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// Everything that waits and may be shown
    #[arg(long, conflicts_with = "references", required_unless_present = "references")]
    all: bool,

    /// Only what answers this call
    #[arg(long, requires = "all", value_name = "CALL")]
    call: Option<Slug>,

    /// Strike out the files in them, for this reason; readers see it
    #[arg(long, value_name = "REASON")]
    without_files: Option<Line>,

    /// Of contributions that are published, the files that were held back then
    #[arg(long, conflicts_with_all = ["all", "without_files"])]
    files: bool,

    /// Contributions, by reference
    references: Vec<Reference>,

    #[command(flatten)]
    install: Install,
}

impl Publish {
    pub async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let references =
            if self.all { service.waiting(&review, self.call.as_ref()).await? } else { self.references.clone() };
        if self.files {
            let outcome = publish_files(&service, &review, &references).await;
            service.close().await;
            return outcome;
        }
        let bar = crate::import::bar(references.len() as u64, "published");
        let publication = service
            .publish(&review, &references, self.without_files.as_ref(), |done| {
                bar.set_position(done as u64);
                true
            })
            .await?;
        bar.finish_and_clear();
        for (reference, why) in &publication.refused {
            eprintln!("{reference}: {why}");
        }
        let signed = if self.all { self.left_for_a_sign(&service, &review).await? } else { 0 };
        service.close().await;
        println!("Published: {}. Refused: {}.", publication.published, publication.refused.len());
        if signed > 0 {
            println!("Left, because a machine may have sent it: {signed}. See folkmoot spam list.");
        }
        anyhow::ensure!(publication.refused.is_empty(), "some could not be published");
        Ok(())
    }
}

async fn publish_files(service: &Service, review: &CurrentReview, references: &[Reference]) -> anyhow::Result<()> {
    let mut published = 0;
    for reference in references {
        match service.publish_files(review, reference).await {
            Ok(()) => published += 1,
            Err(service::Error::NotFound) => eprintln!("{reference}: there is no such contribution"),
            Err(error) => eprintln!("{reference}: {error}"),
        }
    }
    println!("Files published of: {published}. Refused: {}.", references.len() - published);
    anyhow::ensure!(published == references.len(), "the files of some could not be published");
    Ok(())
}

impl Publish {
    async fn left_for_a_sign(&self, service: &Service, review: &CurrentReview) -> anyhow::Result<usize> {
        let signed = service.signed(review, Timestamp::MIN, Timestamp::MAX).await?;
        let waits =
            |one: &&Signed| one.state == State::Received && self.call.as_ref().is_none_or(|call| *call == one.call);
        Ok(signed.iter().filter(waits).count())
    }
}

#[derive(Args)]
pub struct Redact {
    /// The contribution, by reference
    reference: Reference,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// The question in whose answer the passage stands
    #[arg(long, value_name = "QUESTION")]
    question: Slug,

    /// The passage, word for word; it must stand there exactly once
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    passage: Option<String>,

    /// A whole file instead, by its name, or by its number in the answer
    #[arg(long, value_name = "NAME", conflicts_with = "passage")]
    file: Option<String>,

    /// Why; readers see this
    #[arg(long, value_name = "TEXT")]
    reason: Line,

    #[command(flatten)]
    install: Install,
}

impl Redact {
    pub async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let Self { reference, question, reason, .. } = &self;
        let outcome = match (&self.passage, &self.file) {
            (_, Some(file)) => service.redact_file(&review, reference, question, file, reason).await,
            (passage, None) => {
                let passage = passage.as_deref().unwrap_or_default();
                service.redact(&review, reference, question, passage, reason).await
            }
        };
        service.close().await;
        match outcome {
            Ok(()) => println!("Struck out of {}.", self.reference),
            Err(service::Error::NotFound) => anyhow::bail!("there is no contribution {}", self.reference),
            Err(error) => anyhow::bail!("{}: {error}", self.reference),
        }
        Ok(())
    }
}
