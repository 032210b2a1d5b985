//! `folkmoot sense assign`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Assign {}

impl Assign {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
