//! A review, as its convenor defines it in a file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::directory::HelpPlace;
use crate::id::{ReferencePrefix, Slug};
use crate::language::{Language, Localised};
use crate::learning::Learning;
use crate::place::{Place, Places};
use crate::question::{ListedService, Lists, OWN, Question};
use crate::text::Line;
use crate::time::{Day, Zone};
use crate::ways::Ways;
use crate::web_address::WebAddress;

mod check;
mod support;

use check::{below, check_call, check_question, problem, unique};

/// The definition of a review. The file format is this structure; `docs/review.md` describes it for convenors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Its name in addresses.
    pub slug: Slug,
    /// What every reference begins with.
    pub reference: ReferencePrefix,
    /// Where its days begin and end.
    pub timezone: Zone,
    /// The languages that the team writes, the main one first. Every text must be there in each of them.
    pub languages: Vec<Language>,
    /// Whether the body that runs it answers to Freedom of Information requests, so that people are warned.
    #[serde(default)]
    pub foi: bool,
    /// Its title.
    pub title: Localised,
    /// The question that it puts to everybody, large on its first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<Localised>,
    /// What it is about, in a sentence or two.
    pub summary: Localised,
    /// Under what licence evidence is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Localised>,
    /// How the pages look, where they should not look like Folkmoot's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// The terms of reference; Markdown.
    pub terms: Localised,
    /// The privacy notice; Markdown.
    pub privacy: Localised,
    /// How the team can be reached.
    pub contact: Contact,
    /// Ways to give evidence other than on these pages; without them, wherever the team can be reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ways: Option<Ways>,
    /// A directory of places where somebody helps: a CSV file beside the definition, read into `help_place`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_places: Option<Line>,
    /// The places of that directory.
    #[serde(default, rename = "help_place", skip_serializing_if = "Vec::is_empty")]
    pub help_place_list: Vec<HelpPlace>,
    /// What the team changes about the learning pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning: Option<Learning>,
    /// Whether nobody should see that somebody reads or answers here: every page then has a way out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sensitive: bool,
    /// What sensitive pages say to somebody who is in danger now: whom to call, in Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<Localised>,
    /// Where the way out of sensitive pages leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<WebAddress>,
    /// Desired outcomes that proposals are held against.
    #[serde(default, rename = "goal", skip_serializing_if = "Vec::is_empty")]
    pub goals: Vec<Goal>,
    /// The timetable.
    #[serde(default, rename = "stage", skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Who stands behind it.
    #[serde(default, rename = "sponsor", skip_serializing_if = "Vec::is_empty")]
    pub sponsors: Vec<Sponsor>,
    /// A list of places of its own: a CSV file beside the definition, read into `place`. Without one, places are those of
    /// the United Kingdom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<Line>,
    /// The places of that list.
    #[serde(default, rename = "place", skip_serializing_if = "Vec::is_empty")]
    pub place_list: Vec<Place>,
    /// The services that people can name.
    #[serde(default, rename = "service", skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ListedService>,
    /// Ready-made questions that people may answer about themselves when they have given their evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about_you: Vec<Slug>,
    /// Questions of the review's own about people themselves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about_you_question: Vec<Question>,
    /// Its calls for evidence.
    #[serde(default, rename = "call", skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// The lists that its questions draw on, which [`Review::share_lists`] makes.
    #[serde(skip)]
    pub lists: Arc<Lists>,
}

/// The colour and mark of the body that runs the review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The colour of the masthead and of buttons, as `#rrggbb`; dark enough for white text on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub colour: Option<Colour>,
    /// A picture beside the name: a file beside the definition, SVG or PNG.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<Line>,
}

/// How the team can be reached. At least one way must be there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Whom to ask for.
    pub name: Localised,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Line>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Line>,
    /// When the telephone is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Localised>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub post: Option<Line>,
}

/// A desired outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goal {
    /// Its name.
    pub id: Slug,
    /// What should come about.
    pub title: Localised,
    /// What is meant by it.
    pub text: Localised,
}

/// A stage of the timetable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// What happens.
    pub title: Localised,
    /// Its first day.
    pub from: Day,
    /// Its last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// Somebody who stands behind the review.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sponsor {
    /// Their name.
    pub name: Line,
    /// In what capacity, and of which party.
    pub role: Localised,
}

/// A colour `#rrggbb` on which white text can be read (contrast 4.5 : 1, WCAG 2.2 success criterion 1.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colour(String);

impl Colour {
    /// The colour as `#rrggbb`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Colour {
    type Err = crate::text::TextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let form = crate::text::TextError::Form("must be a colour such as \"#1d4b3c\"");
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(form)?;
        // Relative luminance as WCAG defines it.
        let linear = |shift: u32| {
            let c = f64::from(number >> shift & 0xff) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0);
        if 1.05 / (luminance + 0.05) < 4.5 {
            return Err(crate::text::TextError::Form(
                "is too light: white text on it could not be read (contrast below 4.5 : 1)",
            ));
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

crate::text_newtype!(Colour);

/// Something in a definition that breaks a rule, and where: `call.2.question.0.options`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Keys and places (counted from zero) that lead to the value.
    pub path: Vec<String>,
    /// What is wrong, as the end of a sentence that begins with the value.
    pub message: String,
}

impl Review {
    /// The call of that name.
    pub fn call(&self, id: &str) -> Option<&Call> {
        self.calls.iter().find(|call| call.id.as_str() == id)
    }

    /// The language that plain strings are in.
    pub fn main_language(&self) -> &Language {
        self.languages.first().expect("a checked review has a language")
    }

    /// Gives its lists to every question, which needs them to understand answers. Whoever reads a definition does this.
    pub fn share_lists(&mut self) {
        let places = Some(&self.place_list).filter(|list| !list.is_empty());
        let lists = Lists { places: places.map(|list| Places::new(list.clone())), services: self.services.clone() };
        let lists = Arc::new(lists);
        let questions = self.calls.iter_mut().flat_map(|call| &mut call.questions);
        questions.for_each(|question| question.lists = Arc::clone(&lists));
        self.lists = lists;
    }

    /// Moves every date by `days`, so that a demonstration is always in the midst of its calls.
    pub fn shift(&mut self, days: i32) {
        for stage in &mut self.stages {
            stage.from = stage.from.plus(days);
            stage.until = stage.until.map(|day| day.plus(days));
        }
        for call in &mut self.calls {
            call.opens = call.opens.plus(days);
            call.closes = call.closes.plus(days);
            call.late_until = call.late_until.map(|day| day.plus(days));
        }
    }

    /// Says in which language plain strings are, and checks everything that one value alone cannot show.
    ///
    /// # Errors
    /// Every problem there is, in the order of the file's sections.
    pub fn settle(&mut self) -> Result<(), Vec<Problem>> {
        let mut problems = Vec::new();
        self.make_room_for_stories();
        if let Some(first) = self.languages.first().cloned() {
            self.texts(&mut |_, text| text.settle(&first));
        } else {
            problems.push(problem(&["languages"], "must name at least one language, such as \"en\""));
        }
        let languages = self.languages.clone();
        self.texts(&mut |path, text| {
            for language in text.missing(&languages) {
                problems.push(problem(
                    path,
                    &format!("has no text in `{language}`: every language of the review must have it"),
                ));
            }
        });
        if self.contact.email.is_none() && self.contact.telephone.is_none() && self.contact.post.is_none() {
            problems.push(problem(&["contact"], "must say how to reach the team: email, telephone or post"));
        }
        unique(self.goals.iter().map(|goal| &goal.id), &["goal"], &mut problems);
        unique(self.calls.iter().map(|call| &call.id), &["call"], &mut problems);
        for (at, stage) in self.stages.iter().enumerate() {
            if stage.until.is_some_and(|until| until < stage.from) {
                problems.push(problem(&["stage", &at.to_string(), "until"], "is before the stage begins"));
            }
        }
        unique(self.services.iter().map(|service| &service.id), &["service"], &mut problems);
        if let Some(at) = self.services.iter().position(|service| service.id.as_str() == OWN) {
            problems.push(problem(&["service", &at.to_string(), "id"], "is taken: it stands for one's own words"));
        }
        self.check_places(&mut problems);
        unique(self.about_you_question.iter().map(|question| &question.id), &["about_you_question"], &mut problems);
        for (at, question) in self.about_you_question.iter().enumerate() {
            let path = ["about_you_question".to_owned(), at.to_string()];
            check_question(question, &path, &mut problems);
            if let Some((key, message)) = crate::about_you::unfit(question) {
                problems.push(problem(&below(&path, &[key]), message));
            }
        }
        for (at, call) in self.calls.iter().enumerate() {
            check_call(call, &["call".to_owned(), at.to_string()], &mut problems);
        }
        self.share_lists();
        self.check_support(&mut problems);
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }

    fn check_places(&self, problems: &mut Vec<Problem>) {
        if self.place_list.is_empty() {
            return;
        }
        if self.places.is_some() {
            problems.push(problem(&["places"], "names a file, and `[[place]]` lists places too: keep one of the two"));
        }
        for (at, key, message) in crate::place::problems(&self.place_list) {
            problems.push(problem(&["place", &at.to_string(), key], &format!("is wrong: {message}")));
        }
    }

    /// Shows every localised text to `visit`, with its path.
    fn texts(&mut self, visit: &mut dyn FnMut(&[&str], &mut Localised)) {
        visit(&["title"], &mut self.title);
        self.headline.iter_mut().for_each(|text| visit(&["headline"], text));
        visit(&["summary"], &mut self.summary);
        self.licence.iter_mut().for_each(|text| visit(&["licence"], text));
        self.danger.iter_mut().for_each(|text| visit(&["danger"], text));
        visit(&["terms"], &mut self.terms);
        visit(&["privacy"], &mut self.privacy);
        visit(&["contact", "name"], &mut self.contact.name);
        self.contact.hours.iter_mut().for_each(|text| visit(&["contact", "hours"], text));
        self.support_texts(visit);
        for (at, goal) in self.goals.iter_mut().enumerate() {
            visit(&["goal", &at.to_string(), "title"], &mut goal.title);
            visit(&["goal", &at.to_string(), "text"], &mut goal.text);
        }
        for (at, stage) in self.stages.iter_mut().enumerate() {
            visit(&["stage", &at.to_string(), "title"], &mut stage.title);
        }
        for (at, sponsor) in self.sponsors.iter_mut().enumerate() {
            visit(&["sponsor", &at.to_string(), "role"], &mut sponsor.role);
        }
        for (at, call) in self.calls.iter_mut().enumerate() {
            let at = at.to_string();
            visit(&["call", &at, "title"], &mut call.title);
            visit(&["call", &at, "proposition"], &mut call.proposition);
            call.background.iter_mut().for_each(|text| visit(&["call", &at, "background"], text));
            for (number, question) in call.questions.iter_mut().enumerate() {
                question_texts(question, &["call", &at, "question", &number.to_string()], visit);
            }
        }
        for (at, service) in self.services.iter_mut().enumerate() {
            visit(&["service", &at.to_string(), "name"], &mut service.name);
        }
        for (number, question) in self.about_you_question.iter_mut().enumerate() {
            question_texts(question, &["about_you_question", &number.to_string()], visit);
        }
    }
}

fn question_texts(question: &mut Question, path: &[&str], visit: &mut dyn FnMut(&[&str], &mut Localised)) {
    let mut at = |more: &[&str], text: &mut Localised| visit(&[path, more].concat(), text);
    at(&["title"], &mut question.title);
    let texts = [&mut question.section, &mut question.hint, &mut question.help, &mut question.unit];
    for (key, text) in ["section", "hint", "help", "unit"].into_iter().zip(texts) {
        text.iter_mut().for_each(|text| at(&[key], text));
    }
    for (key, list) in [("options", &mut question.options), ("rows", &mut question.rows)] {
        for (place, choosable) in list.iter_mut().enumerate() {
            at(&[key, &place.to_string(), "label"], &mut choosable.label);
        }
    }
    if let Some(easy) = &mut question.easy {
        at(&["easy", "title"], &mut easy.title);
        easy.hint.iter_mut().for_each(|text| at(&["easy", "hint"], text));
        easy.labels.iter_mut().for_each(|(id, label)| at(&["easy", "labels", id.as_str()], label));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_must_carry_white_text() {
        assert!("#1d4b3c".parse::<Colour>().is_ok());
        assert!("#ffcc00".parse::<Colour>().is_err());
        assert!("red".parse::<Colour>().is_err());
    }
}
