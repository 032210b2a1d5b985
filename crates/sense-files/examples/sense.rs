//! The commands of `folkmoot sense` without the rest of Folkmoot: builds in seconds, for work on them.

use std::process::ExitCode;

use clap::Parser;
use folkmoot_sense_files::Sense;

/// Make sense of what was said
#[derive(Parser)]
struct Program {
    #[command(subcommand)]
    sense: Sense,
}

fn main() -> ExitCode {
    match Program::parse().sense.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {error}");
            ExitCode::FAILURE
        }
    }
}
