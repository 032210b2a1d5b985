//! `folkmoot newsletter` and `folkmoot mail`: what the team writes to those who subscribed, and what came back.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use domain::{EmailAddress, Language};
use publish::mail::{Letter, words};
use service::mail::bounce::Bounces;
use service::newsletter::NewsletterText;
use service::{CurrentReview, Service};

use crate::import::{bar, stop_on_interrupt};
use crate::install::{Install, find_review, list, read_text};

#[derive(Subcommand)]
pub enum Newsletter {
    /// Send a letter to everybody who subscribed; sending the same letter again goes on where it stopped
    Send(Send),
    /// How many subscribe, and how far each letter has come: numbers only
    List(Of),
    /// Stop sending
    Stop(Of),
    /// Go on with what was stopped
    Continue(Of),
}

#[derive(Args)]
pub struct Send {
    /// The review
    review: String,

    /// The letter in Markdown, its title on the first line: `letter.en.md letter.cy.md`, one file for each language
    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// Check the letter, say how many would get it, and send nothing
    #[arg(long)]
    dry_run: bool,

    /// Write it into a folder as it will look, as HTML and as plain text, and send nothing
    #[arg(long, value_name = "DIR", conflicts_with = "dry_run")]
    preview: Option<PathBuf>,

    /// Send it to one address only
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["dry_run", "preview"])]
    test: Option<EmailAddress>,

    /// Do not wait until it is sent
    #[arg(long)]
    no_wait: bool,

    #[command(flatten)]
    install: Install,
}

#[derive(Args)]
pub struct Of {
    /// The review
    review: String,

    #[command(flatten)]
    install: Install,
}

impl Newsletter {
    pub async fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Send(send) => send.run().await,
            Self::List(of) => of.list().await,
            Self::Stop(of) => of.stop(true).await,
            Self::Continue(of) => of.stop(false).await,
        }
    }
}

impl Send {
    async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let outcome = self.send(&service).await;
        service.close().await;
        outcome
    }

    async fn send(&self, service: &Service) -> anyhow::Result<()> {
        let review = find_review(service, &self.review).await?;
        let text = read_letter(&self.files, &review.languages)?;
        let (subscribed, _) = service.subscribers(&review).await?;
        if self.dry_run {
            println!("The letter can be sent. Subscribed: {subscribed}.");
            return Ok(());
        }
        if let Some(folder) = &self.preview {
            return preview(folder, &review, &text);
        }
        if let Some(address) = &self.test {
            for letter in letters(&review, &text) {
                service.send_test(&review, address, &letter).await?;
            }
            println!("Put into the queue; a node that sends mail takes it from there.");
            return Ok(());
        }
        if service.start_newsletter(&review, &text).await? {
            println!("Sending to {subscribed}.");
        } else {
            println!("This letter was begun before.");
        }
        if self.no_wait { Ok(()) } else { watch(service, &review, &text).await }
    }
}

/// Shows how far it comes until it is sent; Ctrl-C ends the watching, not the sending.
async fn watch(service: &Service, review: &CurrentReview, text: &NewsletterText) -> anyhow::Result<()> {
    let stop = stop_on_interrupt();
    let bar = bar(0, "letters sent or given up");
    loop {
        let newsletter = service.newsletter(review, text.id()).await?.context("the newsletter is gone")?;
        bar.set_length(u64::try_from(newsletter.recipients).unwrap_or(0));
        bar.set_position(u64::try_from(newsletter.sent + newsletter.failed).unwrap_or(0));
        match newsletter.state.as_str() {
            "sent" => {
                bar.finish_and_clear();
                println!("Sent: {}. Refused for good: {}.", newsletter.sent, newsletter.failed);
                return Ok(());
            }
            "stopped" => {
                bar.finish_and_clear();
                println!("It is stopped. To go on: folkmoot newsletter continue {}", review.slug);
                return Ok(());
            }
            _ if stop.load(Ordering::Relaxed) => {
                bar.finish_and_clear();
                println!("Sending goes on. To stop it: folkmoot newsletter stop {}", review.slug);
                return Ok(());
            }
            _ => tokio::time::sleep(Duration::from_millis(250)).await,
        }
    }
}

impl Of {
    async fn list(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let (confirmed, waiting) = service.subscribers(&review).await?;
        println!("Subscribed: {confirmed}. Not confirmed yet: {waiting}.");
        for newsletter in service.newsletters(&review).await? {
            let began = domain::Day::of(newsletter.created_at, &review.timezone);
            let text: NewsletterText = serde_json::from_str(&newsletter.body)?;
            let title = text.0.values().next().map_or("", |(title, _)| title.as_str());
            let (sent, of, failed, state) =
                (newsletter.sent, newsletter.recipients, newsletter.failed, &newsletter.state);
            println!("{began} {state:8} sent {sent} of {of}, refused {failed}: {title}");
        }
        service.close().await;
        Ok(())
    }

    async fn stop(self, stop: bool) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let mut changed = 0;
        for newsletter in service.newsletters(&review).await? {
            changed += usize::from(service.stop_newsletter(&review, newsletter.id, stop).await?);
        }
        service.close().await;
        println!("{}: {changed}.", if stop { "Stopped" } else { "Continued" });
        Ok(())
    }
}

/// Reads the letter, a file for each language. A file says its language before its extension, as in `letter.cy.md`; if there
/// is one language, it need not.
fn read_letter(files: &[PathBuf], languages: &[Language]) -> anyhow::Result<NewsletterText> {
    let mut texts = BTreeMap::new();
    for file in files {
        let tag = file.file_stem().and_then(|stem| Path::new(stem).extension()).and_then(|tag| tag.to_str());
        let language = match (tag.map(str::parse::<Language>), languages) {
            (Some(Ok(language)), _) => language,
            (_, [only]) => only.clone(),
            _ => bail!("{}: its name does not say which language it is in, as `letter.cy.md` does", file.display()),
        };
        ensure!(languages.contains(&language), "{}: the review does not write in `{language}`", file.display());
        let text = NewsletterText::parse(&read_text(file)?).map_err(anyhow::Error::msg);
        let text = text.with_context(|| format!("{} is not a letter", file.display()))?;
        ensure!(texts.insert(language.clone(), text).is_none(), "there are two files in `{language}`");
    }
    let missing: Vec<String> =
        languages.iter().filter(|language| !texts.contains_key(*language)).map(ToString::to_string).collect();
    ensure!(
        missing.is_empty(),
        "the letter is missing in: {}. Every language of the review must have it",
        list(&missing)
    );
    Ok(NewsletterText(texts))
}

/// The letter in each language, with a link that ends no subscription.
fn letters(review: &CurrentReview, text: &NewsletterText) -> Vec<Letter> {
    let letter = |(language, (title, markdown)): (&Language, &(String, String))| {
        words::newsletter(language, review.title.text(language), title, markdown, "https://example.org/")
    };
    text.0.iter().map(letter).collect()
}

fn preview(folder: &Path, review: &CurrentReview, text: &NewsletterText) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    let colour = review.look.as_ref().and_then(|look| look.colour.as_ref()).map_or("#12362a", |colour| colour.as_str());
    for letter in letters(review, text) {
        let html = letter.html(review.title.text(&letter.language), "https://example.org/", colour)?;
        for (extension, bytes) in [("html", html), ("txt", letter.text())] {
            let file = folder.join(format!("letter.{}.{extension}", letter.language));
            std::fs::write(&file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
            println!("{}", file.display());
        }
    }
    Ok(())
}

#[derive(Subcommand)]
pub enum Mail {
    /// Read what came back, and end the subscriptions of addresses that are gone
    Bounces(ReadBounces),
}

#[derive(Args)]
pub struct ReadBounces {
    /// Mailboxes: files in mbox format, single messages, folders in maildir format, or `-` for standard input
    #[arg(required = true)]
    mailboxes: Vec<PathBuf>,

    #[command(flatten)]
    install: Install,
}

impl ReadBounces {
    pub async fn run(self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let mut all = Bounces::default();
        for mailbox in &self.mailboxes {
            if mailbox.as_os_str() == "-" {
                let mut bytes = Vec::new();
                std::io::stdin().read_to_end(&mut bytes)?;
                service.read_mailbox(&bytes, &mut all).await?;
            } else {
                let Bounces { read, hard, ended } = service.read_bounces(mailbox).await?;
                all = Bounces { read: all.read + read, hard: all.hard + hard, ended: all.ended + ended };
            }
        }
        service.close().await;
        println!("Read: {}. Refused for good: {}. Subscriptions ended: {}.", all.read, all.hard, all.ended);
        Ok(())
    }
}
