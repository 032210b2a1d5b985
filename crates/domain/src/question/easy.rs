//! The easy-read twin of a question: the same question in fewer and shorter words, so that the answers are the same too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Choosable, Question};
use crate::id::Slug;
use crate::language::Localised;

/// Easy words for a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Easy {
    /// The question itself.
    pub title: Localised,
    /// Help that stands under the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Localised>,
    /// What people read for options and rows, by their ids.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<Slug, Localised>,
}

impl Easy {
    /// Whether every text of `earlier` is still there, word for word.
    pub(super) fn extends(&self, earlier: &Self) -> bool {
        let hint = match (&self.hint, &earlier.hint) {
            (Some(now), Some(then)) => now.extends(then),
            (now, then) => now.is_none() && then.is_none(),
        };
        let kept = |(id, then): (&Slug, &Localised)| self.labels.get(id).is_some_and(|now| now.extends(then));
        self.title.extends(&earlier.title) && hint && earlier.labels.iter().all(kept)
    }
}

impl Question {
    /// The question as somebody reads it who wants easy words, or the full ones. Where there are no easy words, the full ones
    /// stand. An easy hint stands in the place of both the hint and the longer help.
    pub fn read(&self, easy: bool) -> Reading<'_> {
        Reading { question: self, easy: self.easy.as_ref().filter(|_| easy) }
    }
}

/// The words of a question for one reader.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    question: &'a Question,
    easy: Option<&'a Easy>,
}

impl<'a> Reading<'a> {
    /// Whether these are easy words.
    pub const fn is_easy(&self) -> bool {
        self.easy.is_some()
    }

    /// The question itself.
    pub fn title(&self) -> &'a Localised {
        self.easy.map_or(&self.question.title, |easy| &easy.title)
    }

    /// Help that stands under the question.
    pub fn hint(&self) -> Option<&'a Localised> {
        self.easy.map_or(self.question.hint.as_ref(), |easy| easy.hint.as_ref())
    }

    /// Longer help.
    pub fn help(&self) -> Option<&'a Localised> {
        if self.is_easy() { None } else { self.question.help.as_ref() }
    }

    /// What people read for an option or a row.
    pub fn label(&self, choosable: &'a Choosable) -> &'a Localised {
        self.easy.and_then(|easy| easy.labels.get(&choosable.id)).unwrap_or(&choosable.label)
    }
}
