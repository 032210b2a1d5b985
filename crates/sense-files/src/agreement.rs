//! `folkmoot sense agreement`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Agreement {}

impl Agreement {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
