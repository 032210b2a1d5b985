//! `folkmoot sense opinions`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Opinions {}

impl Opinions {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
