//! The commands `folkmoot sense …`: each reads tables, asks the crate `sense`, and writes what it found.
//!
//! Reading is in [`table`], writing in [`output`]; a result states how it came about ([`about`]). A command prints a summary for
//! people, or with `--json` one for programs, and writes the whole result into the folder `--out`, in one step at the end.

pub mod about;
pub mod agreement;
pub mod assign;
pub mod campaigns;
mod error;
pub mod opinions;
pub mod output;
pub mod progress;
pub mod representation;
pub mod shares;
pub mod table;
pub mod themes;
pub mod words;

use clap::Subcommand;

pub use error::{Error, Result};

/// Make sense of what was said, on this machine: from files, to files
#[derive(Subcommand)]
pub enum Sense {
    /// Find opinion groups in votes on statements, and what unites them
    Opinions(opinions::Opinions),
    /// Find letters that were written once and sent by many
    Campaigns(campaigns::Campaigns),
    /// Find what texts are about
    Themes(themes::Themes),
    /// Code texts with a codebook, learning from those that people coded
    Assign(assign::Assign),
    /// Measure how far coders agree
    Agreement(Box<agreement::Agreement>),
    /// Compare those who took part with the population
    Representation(Box<representation::Representation>),
    /// Share out a budget in proportion to the votes
    Shares(shares::Shares),
}

impl Sense {
    /// Runs the command, and prints its summary to standard output.
    pub fn run(self) -> Result<()> {
        match self {
            Sense::Opinions(command) => command.run(),
            Sense::Campaigns(command) => command.run(),
            Sense::Themes(command) => command.run(),
            Sense::Assign(command) => command.run(),
            Sense::Agreement(command) => command.run(),
            Sense::Representation(command) => command.run(),
            Sense::Shares(command) => command.run(),
        }
    }
}
