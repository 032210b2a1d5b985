//! Registers over HTTP. [`Site`] reads one by its address, for [`register_files::VerifyLog`] and for proofs; [`Witnesses`] asks
//! witnesses to cosign a checkpoint. Everything waits until it has its answer or its time is over: callers that must not wait
//! give it a thread.

mod ahead;
mod ask;
mod client;
mod site;

pub use ask::{Answer, Asked, Outcome, Witness, Witnesses};
pub use client::{Client, Trouble};
pub use site::Site;
