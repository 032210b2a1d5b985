//! What happened to a review, told once and read forward by whoever keeps something that follows from it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::contribution::{Channel, State};
use crate::id::{ContributionId, Reference, Slug};
use crate::release::Release;
use crate::text::Line;
use crate::time::Day;

/// One thing that happened. It never holds what anybody wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its place in the log of its review, from 1 without gaps.
    pub position: i64,
    /// What happened.
    pub happened: Happened,
    /// The contribution that it happened to, if to one.
    pub contribution: Option<ContributionId>,
    /// When.
    pub at: Timestamp,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "body", rename_all = "kebab-case")]
pub enum Happened {
    /// The review was defined, or its definition changed.
    ReviewApplied {
        /// The version of the definition from then on.
        version: i64,
    },
    /// A call opened.
    CallOpened {
        /// The call.
        call: Slug,
    },
    /// A call closed.
    CallClosed {
        /// The call.
        call: Slug,
    },
    /// A call closes on another day than was said before.
    CallMoved {
        /// The call.
        call: Slug,
        /// The last day on which it takes evidence now.
        closes: Day,
    },
    /// Everything that may be shown was written out as open tables.
    Exported {
        /// How many contributions are in it.
        contributions: u64,
    },
    /// The review was closed: nothing more is taken.
    ReviewClosed,
    /// A contribution came.
    Received {
        /// The call that it answers.
        call: Slug,
        /// How it came.
        channel: Channel,
        /// Whether it came after the call had closed.
        late: bool,
    },
    /// A contribution was opened to everybody.
    Published {
        /// The call that it answers.
        call: Slug,
    },
    /// A passage was struck out.
    Redacted {
        /// The call that it answers.
        call: Slug,
        /// The question in whose answer it stood.
        question: Slug,
        /// Why.
        reason: Line,
    },
    /// Its author changed what may be done with it.
    ReleaseChanged {
        /// The call that it answers.
        call: Slug,
        /// What was allowed before.
        from: Release,
        /// What is allowed now.
        to: Release,
        /// Whether it was published and is not any more.
        closed: bool,
    },
    /// A body will take up a model in it, and the team has let that through.
    TakenUp {
        /// The call that it answers.
        call: Slug,
        /// The question that the model answers.
        question: Slug,
    },
    /// That a body will take up a model in it is not shown any more.
    TakeUpEnded {
        /// The call that it answers.
        call: Slug,
        /// The question that the model answers.
        question: Slug,
    },
    /// The team published files that it had held back.
    FilesPublished {
        /// The call that it answers.
        call: Slug,
    },
    /// The team set it aside as sent by a machine.
    SetAside {
        /// The call that it answers.
        call: Slug,
        /// Where it stood before.
        was: State,
    },
    /// The team took it in again after it was set aside.
    TakenIn {
        /// The call that it answers.
        call: Slug,
    },
    /// The team put a question to its author.
    Asked {
        /// The call that it answers.
        call: Slug,
        /// The question from the team.
        asked: Slug,
    },
    /// Its author answered a question from the team.
    Replied {
        /// The call that it answers.
        call: Slug,
        /// The question from the team.
        asked: Slug,
        /// Whether they said that they would rather not.
        declined: bool,
    },
    /// The team let through what its author answered.
    ReplyShown {
        /// The call that it answers.
        call: Slug,
        /// The question from the team.
        asked: Slug,
    },
    /// An offer of help was let through to the directory.
    HelpShown {
        /// What it is called.
        offer: Reference,
    },
    /// An offer of help is not in the directory any more.
    HelpEnded {
        /// What it was called.
        offer: Reference,
    },
    /// Its author took it back, and all that they wrote was erased.
    Withdrawn {
        /// The call that it answered.
        call: Slug,
        /// Where it stood before.
        was: State,
    },
}

impl Happened {
    /// The fixed word for the kind of thing that happened.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::ReviewApplied { .. } => "review-applied",
            Self::CallOpened { .. } => "call-opened",
            Self::CallClosed { .. } => "call-closed",
            Self::CallMoved { .. } => "call-moved",
            Self::Exported { .. } => "exported",
            Self::ReviewClosed => "review-closed",
            Self::Received { .. } => "received",
            Self::Published { .. } => "published",
            Self::Redacted { .. } => "redacted",
            Self::ReleaseChanged { .. } => "release-changed",
            Self::TakenUp { .. } => "taken-up",
            Self::TakeUpEnded { .. } => "take-up-ended",
            Self::SetAside { .. } => "set-aside",
            Self::TakenIn { .. } => "taken-in",
            Self::Asked { .. } => "asked",
            Self::Replied { .. } => "replied",
            Self::ReplyShown { .. } => "reply-shown",
            Self::FilesPublished { .. } => "files-published",
            Self::HelpShown { .. } => "help-shown",
            Self::HelpEnded { .. } => "help-ended",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The call that it concerns.
    pub const fn call(&self) -> Option<&Slug> {
        match self {
            Self::ReviewApplied { .. }
            | Self::Exported { .. }
            | Self::ReviewClosed
            | Self::HelpShown { .. }
            | Self::HelpEnded { .. } => None,
            Self::CallOpened { call }
            | Self::CallClosed { call }
            | Self::CallMoved { call, .. }
            | Self::Received { call, .. }
            | Self::Published { call }
            | Self::Redacted { call, .. }
            | Self::ReleaseChanged { call, .. }
            | Self::TakenUp { call, .. }
            | Self::TakeUpEnded { call, .. }
            | Self::SetAside { call, .. }
            | Self::TakenIn { call }
            | Self::Asked { call, .. }
            | Self::Replied { call, .. }
            | Self::ReplyShown { call, .. }
            | Self::FilesPublished { call }
            | Self::Withdrawn { call, .. } => Some(call),
        }
    }
}
