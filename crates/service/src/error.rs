//! What can go wrong for somebody who asks the service for something.

use domain::{CallStatus, Gap, Refused};

use crate::flood::Ticket;

/// The result of a use case.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Each is something that the person can be told, and mostly can do something about.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it may not be shown.
    #[error("there is nothing here")]
    NotFound,
    /// There was such a thing once; its author has withdrawn it.
    #[error("it has been withdrawn")]
    Gone,
    /// There is no draft for this session: it was sent, deleted, has expired, or never was.
    #[error("there is no draft")]
    NoDraft,
    /// Another window has saved another version of the same answer since the page was made. Nothing was overwritten.
    #[error("it was changed in another window")]
    ChangedSince,
    /// The question takes no more files.
    #[error("the question takes no more files")]
    Full,
    /// The call takes no evidence now.
    #[error("the call does not take evidence now")]
    NotOpen(CallStatus),
    /// More is being sent than this node takes without delay. What the form should carry when it is sent again.
    #[error("very many are sending just now")]
    Flood(Ticket),
    /// The draft cannot be sent yet.
    #[error("the draft is not complete")]
    Incomplete(Vec<Gap>),
    /// No receipt has that code, or the session has not given one.
    #[error("no receipt has that code")]
    NoReceipt,
    /// This installation sends no mail.
    #[error("this installation sends no mail")]
    NoMail,
    /// It cannot be done to this contribution.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store does not answer, or its disk is full. Nothing was written; trying again later will do.
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    /// Something is broken on our side.
    #[error("{0}")]
    Broken(String),
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        match error {
            // In each other's way even after many attempts: it will do when fewer write at once.
            store::Error::Unavailable(_) | store::Error::Conflict => Self::Unavailable(error.to_string()),
            store::Error::Duplicate(_) | store::Error::Broken(_) => Self::Broken(error.to_string()),
        }
    }
}
