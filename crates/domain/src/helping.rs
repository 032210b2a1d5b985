//! Somebody who helps another person to give evidence: at a library, in an office, at home.

use serde::{Deserialize, Serialize};

use crate::text::Line;

crate::words! {
    /// How somebody helps.
    HelpingWay {
        /// The person is there and says what to write.
        Together = "together",
        /// The person is not there, and has agreed that somebody answers for them.
        OnBehalf = "on-behalf",
    }
}

crate::words! {
    /// In what role somebody helps.
    HelpingRole {
        /// At a library, an advice centre or a community hub.
        Librarian = "librarian",
        /// For a member of a parliament or council.
        Caseworker = "caseworker",
        /// A social worker, carer or support worker.
        SupportWorker = "support-worker",
        /// A union or another body that the person belongs to.
        Union = "union",
        /// Of the family.
        Relative = "relative",
        /// A friend or neighbour.
        Friend = "friend",
        /// An interpreter or translator.
        Interpreter = "interpreter",
        /// In another role.
        Other = "other",
    }
}

crate::words! {
    /// How the person knows what was written for them.
    ReadBack {
        /// It was read to them, and they agreed.
        Heard = "heard",
        /// They read it themselves, and agreed.
        Seen = "seen",
        /// It was not possible; the reason says why.
        NotPossible = "not-possible",
    }
}

/// Somebody who helps. The evidence, the receipt and every later decision belong to the person who is helped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Helper {
    /// How they help.
    pub way: HelpingWay,
    /// In what role.
    pub role: HelpingRole,
    /// Their name; never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Line>,
    /// The body that they do it for; never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Line>,
    /// How the person knows what was written; none as long as that is not settled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_back: Option<ReadBack>,
    /// Why it could not be read back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

impl Helper {
    /// What may be shown of the help: that there was some, and by whom in general.
    #[must_use]
    pub fn shown(self) -> Self {
        Self { name: None, organisation: None, reason: None, ..self }
    }
}
