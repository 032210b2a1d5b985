//! What a review offers to whoever would give evidence: other ways, places of help, learning pages, and a way out of pages that
//! nobody else should see.

use super::check::{below, problem, unique};
use super::{Problem, Review};
use crate::call::Form;
use crate::language::Localised;
use crate::learning::OURS;
use crate::place::Places;
use crate::question::Kind;
use crate::ways::Ways;

/// The most code points of a story.
const STORY: i64 = 20_000;

impl Review {
    /// The ways to give evidence other than on these pages.
    pub fn other_ways(&self) -> Ways {
        self.ways.clone().unwrap_or_else(|| Ways::from(&self.contact))
    }

    /// The places that people can name: its own, or those of the United Kingdom.
    pub fn known_places(&self) -> &Places {
        self.lists.places()
    }

    /// Gives the stories of calls that begin with one as much room as anybody may want, unless the team says how much.
    pub(super) fn make_room_for_stories(&mut self) {
        let stories = self.calls.iter_mut().filter(|call| call.form == Form::Story);
        for story in stories.filter_map(|call| call.questions.first_mut()) {
            story.max.get_or_insert(STORY);
        }
    }

    /// Everything that is wrong with it that one value alone cannot show. The lists of the review must be shared before.
    pub(super) fn check_support(&self, problems: &mut Vec<Problem>) {
        if self.ways.as_ref().is_some_and(Ways::is_empty) {
            problems.push(problem(&["ways"], "must give at least one way; leave it out to offer those of `[contact]`"));
        }
        if self.help_places.is_some() && !self.help_place_list.is_empty() {
            let message = "names a file, and `[[help_place]]` lists places too: keep one of the two";
            problems.push(problem(&["help_places"], message));
        }
        for (at, place) in self.help_place_list.iter().enumerate() {
            for (key, message) in place.problems(self.known_places()) {
                problems.push(problem(&["help_place", &at.to_string(), key], &message));
            }
        }
        if let Some(learning) = &self.learning {
            for (at, id) in learning.hide.iter().enumerate().filter(|(_, id)| !OURS.contains(&id.as_str())) {
                let message = format!("names `{id}`; the pages are {}", OURS.join(", "));
                problems.push(problem(&["learning", "hide", &at.to_string()], &message));
            }
            unique(learning.pages.iter().map(|page| &page.id), &["learning", "page"], problems);
            for (at, page) in learning.pages.iter().enumerate() {
                if OURS.contains(&page.id.as_str()) && !learning.hide.contains(&page.id) {
                    let message = "is that of a page of Folkmoot: put it into `hide` to write it anew";
                    problems.push(problem(&["learning", "page", &at.to_string(), "id"], message));
                }
            }
        }
        for (at, call) in self.calls.iter().enumerate().filter(|(_, call)| call.form == Form::Story) {
            if call.questions.first().is_some_and(|first| first.kind != Kind::LongText) {
                let path = ["call".to_owned(), at.to_string(), "question".to_owned(), "0".to_owned()];
                problems.push(problem(&below(&path, &["kind"]), "must be long-text: a story begins with free text"));
            }
        }
        if self.exit.is_some() && !self.sensitive && !self.calls.iter().any(|call| call.sensitive) {
            problems
                .push(problem(&["exit"], "leads out of sensitive pages, and there are none: set `sensitive = true`"));
        }
    }

    /// Shows its localised texts to `visit`, with their paths.
    pub(super) fn support_texts(&mut self, visit: &mut dyn FnMut(&[&str], &mut Localised)) {
        if let Some(ways) = &mut self.ways {
            let texts = [&mut ways.paper, &mut ways.hours, &mut ways.sign_language_hours];
            for (key, text) in ["paper", "hours", "sign_language_hours"].into_iter().zip(texts) {
                text.iter_mut().for_each(|text| visit(&["ways", key], text));
            }
        }
        for (at, place) in self.help_place_list.iter_mut().enumerate() {
            let at = at.to_string();
            place.hours.iter_mut().for_each(|text| visit(&["help_place", &at, "hours"], text));
            place.note.iter_mut().for_each(|text| visit(&["help_place", &at, "note"], text));
        }
        for (at, page) in self.learning.iter_mut().flat_map(|learning| &mut learning.pages).enumerate() {
            let at = at.to_string();
            visit(&["learning", "page", &at, "title"], &mut page.title);
            visit(&["learning", "page", &at, "text"], &mut page.text);
        }
    }
}
