//! `folkmoot sense shares`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Shares {}

impl Shares {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
