//! The one binary: commands, settings and wiring, nothing else.

mod ask;
mod contributions;
mod demo;
mod doctor;
mod export;
mod help_offer;
mod import;
mod install;
mod mail;
mod newsletter;
mod register;
mod review;
mod serve;
mod spam;
mod take_up;
mod verify;
mod witness;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Software that a public review runs on: from the call for evidence to what became of its proposals.
#[derive(Parser)]
#[command(name = "folkmoot", version, arg_required_else_help = true)]
struct Folkmoot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Open a demonstration review, with contributions, in the browser
    Demo(demo::Demo),
    /// Serve the pages, and do the work behind them
    Serve(serve::Serve),
    /// Do the work behind the pages without serving any, beside nodes that do
    Work(serve::Work),
    /// Write a commented file that defines a review, to begin with; with the public address, also begin the register with its key
    Init(review::Init),
    /// Define reviews
    #[command(subcommand)]
    Review(review::Review),
    /// Open contributions to everybody
    Publish(contributions::Publish),
    /// Strike a passage out of a contribution, with the reason
    Redact(contributions::Redact),
    /// Look at what a machine may have sent, and undo it
    #[command(subcommand)]
    Spam(spam::Spam),
    /// Ask back: put a question to whoever gave a contribution
    Ask(ask::Ask),
    /// Read what was answered to such questions, and let some of it through
    #[command(subcommand)]
    Replies(ask::Replies),
    /// Let through, or refuse, what bodies say of models
    #[command(subcommand)]
    TakeUp(take_up::TakeUp),
    /// Let through, or remove, what people offer to do for others
    #[command(subcommand)]
    HelpOffer(help_offer::HelpOffer),
    /// Look whether an installation is well: database, keys, register, witnesses
    Doctor(doctor::Doctor),
    /// Look after the keys of the register, or take back what a restored database has forgotten
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// Bring over contributions from another system
    #[command(subcommand)]
    Import(import::Import),
    /// Write everything that may be shown into a folder, as open tables
    Export(export::Export),
    /// Write to those who subscribed
    #[command(subcommand)]
    Newsletter(newsletter::Newsletter),
    /// Look after mail
    #[command(subcommand)]
    Mail(newsletter::Mail),
    /// Make sense of what was said: opinion groups, campaigns, themes; from files, to files
    #[command(subcommand)]
    Sense(sense_files::Sense),
    /// Verify a receipt, a whole register or an export: 0 if it is sound, 1 if it is not, 2 if that could not be found out
    Verify(verify::Verify),
    /// Be a witness: cosign that registers have only grown
    #[command(subcommand)]
    Witness(witness::Witness),
}

fn main() -> ExitCode {
    match start(Folkmoot::parse().command) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(command))
}

async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Demo(demo) => demo.run().await,
        Command::Serve(serve) => serve.run().await,
        Command::Work(work) => work.run().await,
        Command::Init(init) => init.run().await,
        Command::Review(review::Review::Apply(apply)) => apply.run().await,
        Command::Review(review::Review::Close(close)) => close.run().await,
        Command::Publish(publish) => publish.run().await,
        Command::Redact(redact) => redact.run().await,
        Command::Ask(ask) => ask.run().await,
        Command::Replies(replies) => replies.run().await,
        Command::Doctor(doctor) => doctor.run().await,
        Command::Register(register) => register.run().await,
        Command::Import(import::Import::Csv(csv)) => csv.run().await,
        Command::Spam(spam) => spam.run().await,
        Command::TakeUp(take_up) => take_up.run().await,
        Command::HelpOffer(offer) => offer.run().await,
        Command::Export(export) => export.run().await,
        Command::Newsletter(newsletter) => newsletter.run().await,
        Command::Mail(newsletter::Mail::Bounces(bounces)) => bounces.run().await,
        Command::Sense(sense) => Ok(sense.run()?),
        Command::Witness(witness) => witness.run().await,
        Command::Verify(verify) => return Ok(verify.run()),
    }?;
    Ok(ExitCode::SUCCESS)
}
