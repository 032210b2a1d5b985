//! An installation of Folkmoot with the demonstration review, on one of the two engines.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Output;

use anyhow::Context;
use tempfile::TempDir;
use trial::{Postgres, Server};

use crate::load::Costs;

/// The review that is measured.
pub const REVIEW: &str = "digital-government";
/// The call that people answer.
pub const CALL: &str = "access-and-skills";
/// No limit for one address: all visitors come from this machine.
pub const NO_LIMIT: [&str; 4] = ["--posts-per-minute", "0", "--sent-per-minute", "0"];

/// Where an installation keeps things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server of its own.
    Postgres,
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// An installation that nobody serves yet.
pub struct Install {
    pub data: TempDir,
    pub engine: Engine,
    pub database: Option<String>,
    postgres: Option<Postgres>,
    binary: PathBuf,
}

impl Install {
    pub fn new(engine: Engine, binary: &Path) -> anyhow::Result<Self> {
        let postgres = (engine == Engine::Postgres).then(Postgres::start);
        let mut install =
            Self { data: tempfile::tempdir()?, engine, database: None, postgres, binary: binary.to_owned() };
        install.begin_anew()?;
        Ok(install)
    }

    /// Forgets everything: another folder, another database.
    pub fn begin_anew(&mut self) -> anyhow::Result<()> {
        self.data = tempfile::tempdir()?;
        self.database = self.postgres.as_ref().map(Postgres::create_database);
        Ok(())
    }

    pub fn serve(&self) -> Server {
        self.serve_with(&NO_LIMIT)
    }

    /// Serves it with these settings alone.
    pub fn serve_with(&self, settings: &[&str]) -> Server {
        Server::start(&self.binary, self.data.path(), self.database.as_deref(), settings)
    }

    /// A command with the settings of this installation added.
    pub fn arguments(&self, command: &[&str]) -> Vec<String> {
        let data = self.data.path().display().to_string();
        let mut all: Vec<String> = command.iter().map(|&part| part.to_owned()).collect();
        all.extend(["--data".to_owned(), data]);
        if let Some(url) = &self.database {
            all.extend(["--database".to_owned(), url.clone()]);
        }
        all
    }

    /// Runs a command, which must succeed.
    pub fn run(&self, command: &[&str]) -> anyhow::Result<Output> {
        succeeded(command, trial::run(&self.binary, &self.arguments(command)))
    }

    /// The same, measured.
    pub fn run_measured(&self, command: &[&str]) -> anyhow::Result<trial::Usage> {
        let before = self.database_cpu();
        let (output, mut usage) = trial::run_measured(&self.binary, &self.arguments(command));
        succeeded(command, output)?;
        usage.cpu_seconds += self.database_cpu() - before;
        Ok(usage)
    }

    /// Defines the demonstration review, with every call open.
    pub fn define_review(&self) -> anyhow::Result<()> {
        let file = self.data.path().join("review.toml");
        std::fs::write(&file, with_open_calls(include_str!("../../folkmoot/demo/review.toml")))?;
        std::fs::write(self.data.path().join("help.csv"), include_str!("../../folkmoot/demo/help.csv"))?;
        self.run(&["review", "apply", &file.display().to_string()])?;
        Ok(())
    }

    pub fn database_cpu(&self) -> f64 {
        self.postgres.as_ref().map(Postgres::cpu_seconds).unwrap_or_default()
    }
}

/// So that the benchmark can be run on any day.
fn with_open_calls(definition: &str) -> String {
    let line = |line: &str| match line.split('=').next().map(str::trim) {
        Some("opens") => "opens = 2000-01-01".to_owned(),
        Some("closes") => "closes = 2999-12-31".to_owned(),
        Some("late_until") => String::new(),
        _ => line.to_owned(),
    };
    definition.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn succeeded(command: &[&str], output: Output) -> anyhow::Result<Output> {
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "folkmoot {} failed: {said}", command.join(" "));
    Ok(output)
}

/// An installation that is served.
pub struct Site {
    pub server: Server,
    pub install: Install,
}

impl Site {
    pub fn open(engine: Engine, binary: &Path) -> anyhow::Result<Self> {
        let install = Install::new(engine, binary)?;
        install.define_review().context("the demonstration review cannot be defined")?;
        let server = install.serve();
        Ok(Self { server, install })
    }
}

impl Costs for Site {
    fn cpu_seconds(&self) -> (f64, f64) {
        (self.server.cpu_seconds(), self.install.database_cpu())
    }
}
