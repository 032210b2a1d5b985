//! Learning pages: a few minutes each, on how to give good evidence. Folkmoot brings some; the team can leave out any of them,
//! and add its own.

use serde::{Deserialize, Serialize};

use crate::id::Slug;
use crate::language::Localised;

/// The pages that Folkmoot brings, in the order in which they are read.
pub const OURS: [&str; 7] =
    ["what-counts", "what-happened", "what-works", "what-to-change", "other-people", "what-becomes-of-it", "helping"];

/// What the team changes about them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// Which of [`OURS`] are not shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hide: Vec<Slug>,
    /// Pages of the team's own, after the others.
    #[serde(default, rename = "page", skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<LearningPage>,
}

/// A page of the team's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearningPage {
    /// Its name in addresses.
    pub id: Slug,
    /// Its title.
    pub title: Localised,
    /// What it says; Markdown.
    pub text: Localised,
}
