//! `folkmoot take-up`: what bodies say of models, before and after the team has let it through.

use clap::{Args, Subcommand};
use domain::TakeUpId;
use service::take_up::Verdict;

use crate::install::{Install, find_review};

#[derive(Subcommand)]
pub enum TakeUp {
    /// List everything that was said, with how to reach whoever said it
    List(List),
    /// Let some of it through, so that everybody can read it
    Show(Decide),
    /// Refuse some of it, or take off what was shown: it is deleted, with how to reach the body
    Refuse(Decide),
}

#[derive(Args)]
pub struct List {
    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

#[derive(Args)]
pub struct Decide {
    /// Which, as `list` names them
    #[arg(required = true, value_name = "ID")]
    ids: Vec<uuid::Uuid>,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

impl TakeUp {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Show(decide) => decide.run(Verdict::Show).await,
            Self::Refuse(decide) => decide.run(Verdict::Refuse).await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let all = service.kept_take_ups(&review).await?;
        service.close().await;
        for (kept, reference) in &all {
            let state = if kept.shown_at.is_some() { "shown" } else { "waiting" };
            println!("{} {state} {reference} {}", kept.id.0, kept.question);
            println!("    {}; {}", kept.said.take_up.body, kept.said.contact);
            for line in kept.said.take_up.sentence.iter().flat_map(|sentence| sentence.lines()) {
                println!("    | {line}");
            }
        }
        let waiting = all.iter().filter(|(kept, _)| kept.shown_at.is_none()).count();
        println!("Waiting: {waiting}. Shown: {}.", all.len() - waiting);
        Ok(())
    }
}

impl Decide {
    async fn run(self, verdict: Verdict) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let mut missing = 0;
        for id in &self.ids {
            match service.decide_take_up(&review, TakeUpId(*id), verdict).await {
                Ok(()) => {}
                Err(service::Error::NotFound) => {
                    eprintln!("{id}: there is no such thing, or it was let through before");
                    missing += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        service.close().await;
        println!("Done: {}. Missing: {missing}.", self.ids.len() - missing);
        anyhow::ensure!(missing == 0, "some of it was not there");
        Ok(())
    }
}
