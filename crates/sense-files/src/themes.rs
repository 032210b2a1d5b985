//! `folkmoot sense themes`.

use clap::Args;

use crate::Result;

/// The command's arguments.
#[derive(Args)]
pub struct Themes {}

impl Themes {
    /// Runs it.
    pub fn run(self) -> Result<()> {
        Ok(())
    }
}
