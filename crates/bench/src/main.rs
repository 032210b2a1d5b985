//! `folkmoot-bench`: starts Folkmoot on both engines, lets many people use it at once, and prints what that took beside
//! what it should take and beside a bare page on the same machine.
//!
//! It measures and judges nothing: it ends with success whatever it finds, for a benchmark is not a test.

mod bare;
mod evidence;
mod export;
mod load;
mod machine;
mod newsletter;
mod pages;
mod reading;
mod register;
mod site;
mod starting;
mod submissions;
mod table;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use crate::site::{Engine, Site};

/// Measures Folkmoot. Without a command, everything
#[derive(Parser)]
#[command(name = "folkmoot-bench")]
struct Bench {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    settings: Settings,
}

#[derive(Subcommand)]
enum Command {
    /// People who give evidence and read, starts, and memory
    Load,
    /// A large review, brought over from a file and written out again
    Export,
    /// A large review, searched and read
    Read,
    /// The register of a large review, and what it costs
    Register,
    /// A letter to very many, with the server killed in the middle
    Newsletter,
    /// Serve the bare page that Folkmoot is compared with
    #[command(hide = true)]
    Serve(bare::Serve),
}

/// What can be chosen.
#[derive(clap::Args)]
struct Settings {
    /// The program to measure; the one beside this one by default
    #[arg(long, global = true, value_name = "FILE")]
    folkmoot: Option<PathBuf>,

    /// For how long each measurement goes on
    #[arg(long, global = true, default_value_t = 4, value_name = "SECONDS")]
    seconds: u32,

    /// How many contributions the large review has
    #[arg(long, global = true, default_value_t = 250_000, value_name = "N")]
    rows: u32,

    /// How many subscribe to the newsletter
    #[arg(long, global = true, default_value_t = 50_000, value_name = "N")]
    subscribers: usize,

    /// Measure on this engine only
    #[arg(long, global = true, value_enum)]
    engine: Option<Engine>,
}

impl Settings {
    fn folkmoot(&self) -> anyhow::Result<PathBuf> {
        match &self.folkmoot {
            Some(file) => Ok(file.clone()),
            None => Ok(std::env::current_exe()?.with_file_name("folkmoot")),
        }
    }

    fn seconds(&self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }

    fn engines(&self) -> Vec<Engine> {
        self.engine.map_or_else(|| vec![Engine::Sqlite, Engine::Postgres], |engine| vec![engine])
    }
}

// One thread: the processors belong to what is measured.
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let Bench { command, settings } = Bench::parse();
    match command {
        Some(Command::Serve(serve)) => return serve.run().await,
        Some(Command::Load) => load_all(&settings).await?,
        Some(Command::Export) => export::measure(&settings)?,
        Some(Command::Read) => reading::measure(&settings).await?,
        Some(Command::Register) => register::measure(&settings).await?,
        Some(Command::Newsletter) => newsletter::measure(&settings).await?,
        None => {
            load_all(&settings).await?;
            export::measure(&settings)?;
            reading::measure(&settings).await?;
            register::measure(&settings).await?;
            newsletter::measure(&settings).await?;
        }
    }
    Ok(())
}

async fn load_all(settings: &Settings) -> anyhow::Result<()> {
    machine::describe()?;
    let bare = bare::measure(settings.seconds()).await?;
    for engine in settings.engines() {
        println!("\n== {engine} ==");
        let binary = settings.folkmoot()?;
        let empty = starting::cold_starts(engine, &binary)?;
        let mut site = Site::open(engine, &binary)?;
        let idle = starting::idle_memory(&site).await;
        submissions::measure(&site, settings.seconds(), &bare).await?;
        let busy = site.server.peak_memory_mb();
        pages::measure(&site, settings.seconds(), &bare).await?;
        starting::report(&mut site, &empty, idle, busy);
    }
    Ok(())
}
