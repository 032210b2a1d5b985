//! A folder for the files of one story, and the commands run in it as their own process.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

pub type Done = Result<(), Box<dyn Error>>;

/// A folder that goes with the story.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> std::io::Result<Files> {
        Ok(Files(TempDir::new()?))
    }

    /// Writes a file.
    pub fn with(&self, name: &str, text: &str) -> std::io::Result<&Files> {
        std::fs::write(self.0.path().join(name), text)?;
        Ok(self)
    }

    pub fn read(&self, name: &str) -> std::io::Result<String> {
        std::fs::read_to_string(self.0.path().join(name))
    }

    /// The files in a folder.
    pub fn names(&self, folder: &str) -> std::io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.0.path().join(folder))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    /// What the command prints.
    pub fn run(&self, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
        let done = self.command(arguments)?;
        let (printed, complained) = (String::from_utf8(done.stdout)?, String::from_utf8(done.stderr)?);
        if done.status.success() { Ok(printed) } else { Err(complained.into()) }
    }

    /// What the command prints with `--json`.
    pub fn json(&self, arguments: &[&str]) -> Result<Value, Box<dyn Error>> {
        Ok(serde_json::from_str(&self.run(&[arguments, &["--json"]].concat())?)?)
    }

    /// What the command complains about.
    pub fn fails(&self, arguments: &[&str]) -> Result<String, Box<dyn Error>> {
        match self.run(arguments) {
            Ok(printed) => Err(format!("{arguments:?} did not fail, but printed {printed}").into()),
            Err(error) => Ok(error.to_string()),
        }
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> std::io::Result<Output> {
        Command::new(program()?).args(arguments).current_dir(self.folder()).output()
    }
}

/// The example `sense`, which `cargo test` builds beside the tests.
pub fn program() -> std::io::Result<PathBuf> {
    let tests = std::env::current_exe()?;
    let built = tests.ancestors().nth(2).unwrap_or(Path::new("")).join("examples/sense");
    if built.exists() { Ok(built) } else { Err(std::io::Error::other("cargo build --example sense comes first")) }
}
