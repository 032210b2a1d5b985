//! `folkmoot ask` and `folkmoot replies`: questions back to whoever gave a contribution, and what they answered.

use anyhow::Context;
use clap::{Args, Subcommand};
use domain::{Asked, Contribution, Day, Language, Reference, Slug};

use crate::install::{Install, find_review};

#[derive(Args)]
pub struct Ask {
    /// The contribution, by reference
    reference: Reference,

    /// The question; its author finds it on their receipt
    text: String,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// By which day an answer would help, as in 2026-12-24
    #[arg(long, value_name = "DAY")]
    by: Option<Day>,

    /// The language of the question; by default the main one of the review
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,

    #[command(flatten)]
    install: Install,
}

impl Ask {
    pub async fn run(self) -> anyhow::Result<()> {
        let text = domain::asked::read(&self.text).context("the question")?;
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let language = self.language.unwrap_or_else(|| review.main_language().clone());
        anyhow::ensure!(review.languages.contains(&language), "the review does not speak the language `{language}`");
        let today = Day::of(service.now(), &review.timezone);
        anyhow::ensure!(self.by.is_none_or(|by| by >= today), "the day by which to answer has gone by");
        let outcome = service.ask(&review, &self.reference, &text, &language, self.by).await;
        service.close().await;
        match outcome {
            Ok(()) => println!("Asked. Whoever gave {} finds it on their receipt.", self.reference),
            Err(service::Error::NotFound) => anyhow::bail!("there is no contribution {}", self.reference),
            Err(error) => anyhow::bail!("{}: {error}", self.reference),
        }
        Ok(())
    }
}

#[derive(Subcommand)]
pub enum Replies {
    /// List every question that was asked, with what came back, or write them as a table
    List(List),
    /// Let through what somebody answered and allows to be shown
    Show(Show),
}

#[derive(Args)]
pub struct List {
    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    /// Write a table (CSV) in place of the list
    #[arg(long)]
    csv: bool,

    #[command(flatten)]
    install: Install,
}

#[derive(Args)]
pub struct Show {
    /// The contribution, by reference
    reference: Reference,

    /// Which question, as `list` names it
    asked: Slug,

    /// The review
    #[arg(long, value_name = "REVIEW")]
    review: String,

    #[command(flatten)]
    install: Install,
}

impl Replies {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Show(show) => show.run().await,
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let all = service.asked(&review).await?;
        service.close().await;
        let every = || all.iter().flat_map(|given| given.content.asked.iter().map(move |asked| (given, asked)));
        if self.csv {
            return table(every());
        }
        for (given, asked) in every() {
            let by = asked.by.map(|by| format!(", by {by}")).unwrap_or_default();
            println!("{} {} {}{by}", given.reference, asked.id, state(asked));
            asked.text.lines().for_each(|line| println!("    ? {line}"));
            asked.text_of_reply().unwrap_or_default().lines().for_each(|line| println!("    | {line}"));
        }
        let waiting = every().filter(|(_, asked)| asked.reply.is_none()).count();
        println!("Without an answer: {waiting}. Answered: {}.", every().count() - waiting);
        Ok(())
    }
}

/// Where a question stands, as a fixed word.
fn state(asked: &Asked) -> &'static str {
    match &asked.reply {
        None => "waiting",
        Some(reply) if reply.text.is_none() => "declined",
        Some(reply) if reply.shown_at.is_some() => "shown",
        Some(reply) if reply.publish => "may-be-shown",
        Some(_) => "not-for-showing",
    }
}

fn table<'a>(every: impl Iterator<Item = (&'a Contribution, &'a Asked)>) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(std::io::stdout());
    table.write_record([
        "contribution",
        "call",
        "release",
        "asked",
        "question",
        "by",
        "state",
        "answer",
        "answered_at",
    ])?;
    for (given, asked) in every {
        table.write_record([
            given.reference.as_str(),
            given.call.as_str(),
            given.release.as_str(),
            asked.id.as_str(),
            &asked.text,
            &asked.by.map(|by| by.to_string()).unwrap_or_default(),
            state(asked),
            asked.text_of_reply().unwrap_or_default(),
            &asked.reply.as_ref().map(|reply| reply.at.to_string()).unwrap_or_default(),
        ])?;
    }
    Ok(table.flush()?)
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let outcome = service.show_reply(&review, &self.reference, &self.asked).await;
        service.close().await;
        match outcome {
            Ok(()) => println!("Shown wherever {} is.", self.reference),
            Err(service::Error::NotFound) => anyhow::bail!("there is no contribution {}", self.reference),
            Err(error) => anyhow::bail!("{}: {error}", self.reference),
        }
        Ok(())
    }
}
