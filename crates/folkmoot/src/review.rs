//! `folkmoot init` and `folkmoot review apply`: how a review comes to be.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand};
use service::review::Applied;

use crate::install::{Install, find_review, read_text};
use crate::register::Register;

#[derive(Args)]
pub struct Init {
    /// The file to write
    #[arg(default_value = "review.toml")]
    file: PathBuf,

    /// The address that people will see, without which no register is begun: it is named after it for ever
    #[arg(long, env = "FOLKMOOT_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,

    #[command(flatten)]
    install: Install,

    #[command(flatten)]
    register: Register,
}

impl Init {
    pub async fn run(&self) -> anyhow::Result<()> {
        let file = self.file.display();
        let mut new = std::fs::File::create_new(&self.file)
            .with_context(|| format!("{file} cannot be written; a file that is there already is never replaced"))?;
        new.write_all(service::definition::TEMPLATE.as_bytes())?;
        println!("Written to {file}. Change what you like, then: folkmoot review apply {file}");
        if self.public_url.is_some() {
            self.begin_register().await?;
        }
        Ok(())
    }

    /// Makes the database, the secret and the key that signs.
    async fn begin_register(&self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let service = self.register.keep(service, &self.install, self.public_url.as_deref()).await?;
        for key in service.register_keys()? {
            println!("The register is signed by {key}");
            if self.public_url.as_deref().is_some_and(|url| !url.trim_end_matches('/').ends_with(host(key.name()))) {
                println!("It was begun under the name {} before, and keeps that for ever.", key.name());
            }
        }
        println!(
            "Its secret is in {}: keep a copy, apart from copies of the database.",
            self.register.secret_file(&self.install).display()
        );
        service.close().await;
        Ok(())
    }
}

/// The host after which a register is named.
fn host(name: &str) -> &str {
    name.strip_suffix("/register").unwrap_or(name)
}

#[derive(Subcommand)]
pub enum Review {
    /// Make or change a review as a file defines it; doing it again changes nothing
    Apply(Apply),
    /// Close a review for good, after its last call: the register says what became of every contribution, and states the sums
    Close(Close),
}

#[derive(Args)]
pub struct Close {
    /// The review
    review: String,

    #[command(flatten)]
    install: Install,
}

impl Close {
    pub async fn run(&self) -> anyhow::Result<()> {
        let service = self.install.open().await?;
        let review = find_review(&service, &self.review).await?;
        let unread = service.waiting(&review, None).await?.len();
        let closed = service.close_review(&review).await;
        service.close().await;
        match closed {
            Ok(()) => {
                println!("The review is closed.");
                if unread > 0 {
                    println!(
                        "{unread} contributions that could have been published were not: the register says that they were considered."
                    );
                }
            }
            Err(service::Error::Gone) => println!("The review was closed already."),
            Err(service::Error::NotOpen(_)) => {
                anyhow::bail!("a call of the review still takes evidence, or will: it can be closed after that")
            }
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}

#[derive(Args)]
pub struct Apply {
    /// The file that defines the review
    file: PathBuf,

    #[command(flatten)]
    install: Install,
}

impl Apply {
    pub async fn run(&self) -> anyhow::Result<()> {
        let text = read_text(&self.file)?;
        let service = self.install.open().await?;
        let folder = self.file.parent().map(PathBuf::from).unwrap_or_default();
        // A definition names files beside itself, and may not reach elsewhere.
        let beside = |name: &str| match std::path::Path::new(name).file_name() {
            Some(plain) if plain == name => std::fs::read(folder.join(plain)),
            _ => Err(std::io::Error::other("it must stand beside the definition")),
        };
        let applied = service.apply(&text, beside).await;
        service.close().await;
        match applied {
            Ok(Applied::Created) => println!("The review is there."),
            Ok(Applied::Changed { version }) => {
                println!("The review is changed; this is version {version} of its definition.");
            }
            Ok(Applied::Unchanged) => println!("Nothing has changed."),
            Err(error) => anyhow::bail!("{} was not applied:\n{error}", self.file.display()),
        }
        Ok(())
    }
}
