//! `folkmoot sense campaigns`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Campaigns {}

impl Campaigns {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
