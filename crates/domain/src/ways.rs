//! Ways to give evidence other than on these pages.

use serde::{Deserialize, Serialize};

use crate::language::Localised;
use crate::review::Contact;
use crate::text::Line;
use crate::web_address::WebAddress;

/// How somebody can answer who would rather not do it here. What the team does not give is not offered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ways {
    /// How to get the questions on paper, in large print or in another form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Localised>,
    /// Where a letter goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Line>,
    /// Whether a letter needs no stamp.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub freepost: bool,
    /// A number at which somebody writes down what is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// When the telephone is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Localised>,
    /// The number for text relay, as in `18001 0808 157 0000`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_relay: Option<Line>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line>,
    /// Where a video relay in British Sign Language begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_language: Option<WebAddress>,
    /// When its interpreters are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_language_hours: Option<Localised>,
}

impl Ways {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Contact> for Ways {
    /// Where the team says nothing else, evidence can be given wherever the team can be reached.
    fn from(contact: &Contact) -> Self {
        Self {
            post: contact.post.clone(),
            telephone: contact.telephone.clone(),
            hours: contact.hours.clone(),
            email: contact.email.clone(),
            ..Self::default()
        }
    }
}
