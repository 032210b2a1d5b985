//! `folkmoot sense representation`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Representation {}

impl Representation {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
