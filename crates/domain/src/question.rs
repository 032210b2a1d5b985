//! Questions: what can be asked, and the one place where what was given becomes an answer or an error.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use self::date::named_month;
pub use self::easy::{Easy, Reading};
pub use self::listed::{ListedFields, ListedService, Lists};
pub use self::ordered::part;
use crate::answer::{Answer, AnswerError, Chosen, Example, Verdict};
use crate::catalogue::Named;
use crate::fields::Fields;
use crate::file::{FILE, FileKind};
use crate::id::Slug;
use crate::language::Localised;
use crate::postcode;
use crate::shown_if::ShownIf;
use crate::text;

mod date;
mod easy;
mod listed;
mod ordered;

crate::words! {
    /// How a question is answered.
    Kind {
        /// One line.
        ShortText = "short-text",
        /// Several paragraphs.
        LongText = "long-text",
        /// Yes, no, or not sure.
        YesNoUnsure = "yes-no-unsure",
        /// One of several options.
        Choice = "choice",
        /// Any number of several options.
        Choices = "choices",
        /// From strongly disagree (1) to strongly agree (5).
        Scale = "scale",
        /// A number.
        Number = "number",
        /// A day.
        Date = "date",
        /// A place of a list, or one's own words.
        Place = "place",
        /// A service of a list, or one's own words.
        Service = "service",
        /// Some or all of several options, in order.
        Ranking = "ranking",
        /// Several rows, each answered by one of the same options.
        Grid = "grid",
        /// A service that works or fails: which, where, what happened, and whether it is a model for others.
        Example = "example",
        /// Files, each with what it shows.
        File = "file",
    }
}

/// The name of the field that most answers come in.
pub const ANSWER: &str = "answer";
/// The fields of a date: day, month and year.
pub const DATE: [&str; 3] = ["answer-day", "answer-month", "answer-year"];
/// The field for an option in one's own words.
pub const OTHER: &str = "other";
/// The field for what was chosen where several things in a list could be meant.
pub const PICK: &str = "pick";
/// The word that stands for one's own words among what could be meant.
pub const OWN: &str = "own";
/// The word that stands for "other" among the options.
pub const OTHER_OPTION: &str = "other";

/// A question of a call. Its id never changes its meaning: a question that has answers cannot be altered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name within the call.
    pub id: Slug,
    /// How it is answered.
    pub kind: Kind,
    /// The question itself.
    pub title: Localised,
    /// The heading of a section that begins with this question, in the list of a call's questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<Localised>,
    /// Help that stands under the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Localised>,
    /// Longer help, for those who ask for it; Markdown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Localised>,
    /// The same in easy words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easy: Option<Easy>,
    /// Whether it must be answered. Nothing should be, unless the law needs it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
    /// The most code points of a text, the largest number, how many options can be put in order, or how many files it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// The smallest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// Which kinds of file it takes, if not all that there are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileKind>,
    /// How many megabytes each file may have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub megabytes: Option<i64>,
    /// What a number counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Localised>,
    /// What can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choosable>,
    /// The rows of a grid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Choosable>,
    /// Whether something else can be chosen, in one's own words.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// When it is asked, if not always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_if: Option<ShownIf>,
    /// The lists of its review, which [`crate::Review::share_lists`] gives to every question.
    #[serde(skip)]
    pub lists: Arc<Lists>,
}

/// One thing that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choosable {
    /// Its name within the question.
    pub id: Slug,
    /// What people read.
    pub label: Localised,
}

impl Question {
    /// The most code points that a text may have.
    pub fn max_length(&self) -> usize {
        let usual = if self.kind == Kind::ShortText { 200 } else { 4_000 };
        self.max.and_then(|max| usize::try_from(max).ok()).unwrap_or(usual)
    }

    /// Whether answers to `earlier` are answers to this question: nothing has changed but that languages were
    /// added, or that it must or need not be answered.
    pub fn means_the_same_as(&self, earlier: &Self) -> bool {
        let same = |now: &Option<Localised>, then: &Option<Localised>| match (now, then) {
            (Some(now), Some(then)) => now.extends(then),
            (None, None) => true,
            _ => false,
        };
        let kept = |option: &Choosable| self.label(&option.id).is_some_and(|label| label.extends(&option.label));
        let row_kept = |row: &Choosable| self.row(&row.id).is_some_and(|label| label.extends(&row.label));
        // Easy words may be added later, but not changed: people answered what they read.
        let easy = match (&self.easy, &earlier.easy) {
            (Some(now), Some(then)) => now.extends(then),
            (_, None) => true,
            (None, Some(_)) => false,
        };
        (self.kind, self.max, self.min) == (earlier.kind, earlier.max, earlier.min)
            && self.title.extends(&earlier.title)
            && same(&self.hint, &earlier.hint)
            && same(&self.unit, &earlier.unit)
            && self.other == earlier.other
            && self.shown_if == earlier.shown_if
            && self.options.len() == earlier.options.len()
            && earlier.options.iter().all(kept)
            && self.rows.len() == earlier.rows.len()
            && earlier.rows.iter().all(row_kept)
            && easy
    }

    /// What people read for an option.
    pub fn label(&self, option: &Slug) -> Option<&Localised> {
        self.options.iter().find(|o| o.id == *option).map(|o| &o.label)
    }

    /// What people read for a row.
    pub fn row(&self, row: &Slug) -> Option<&Localised> {
        self.rows.iter().find(|r| r.id == *row).map(|r| &r.label)
    }

    /// Turns what was given into an answer; `None` if nothing was.
    ///
    /// # Errors
    /// Everything that is wrong, each with the field that it concerns.
    pub fn answer(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let answer = match self.kind {
            Kind::ShortText | Kind::LongText => self.text(fields),
            Kind::YesNoUnsure => one_of(fields, ANSWER).map(|a| a.map(Answer::YesNoUnsure)),
            Kind::Choice => self.choice(fields),
            Kind::Choices => self.choices(fields),
            Kind::Scale => scale(fields),
            Kind::Number => self.number(fields),
            Kind::Date => date::taken(fields),
            Kind::Place => one(self.place(ListedFields::ALONE, fields), Answer::Place),
            Kind::Service => one(ListedFields::ALONE.take(fields, self.lists.services()), Answer::Service),
            Kind::Ranking => self.ranking(fields),
            Kind::Grid => self.grid(fields),
            Kind::Example => self.example(fields),
            // Files do not come in fields.
            Kind::File => Ok(None),
        }?;
        if answer.is_none() && self.required {
            return Err(vec![AnswerError::Missing { field: self.first_field() }]);
        }
        Ok(answer)
    }

    /// The field that an error about the whole question points to.
    pub fn first_field(&self) -> &'static str {
        match self.kind {
            Kind::Example => "service",
            Kind::File => FILE,
            Kind::Date => "answer-day",
            _ => ANSWER,
        }
    }

    fn text(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let one_line = self.kind == Kind::ShortText;
        Ok(bounded(fields, ANSWER, self.max_length(), one_line).map_err(|e| vec![e])?.map(Answer::Text))
    }

    fn choice(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        match (fields.get(ANSWER), self.own_words(fields)?) {
            // Words typed without choosing "other" say the same thing.
            (None | Some(OTHER_OPTION), Some(words)) if self.other => Ok(Some(Answer::Choice(Chosen::Other(words)))),
            (Some(OTHER_OPTION), None) if self.other => Err(vec![AnswerError::Missing { field: OTHER }]),
            (Some(option), _) => Ok(Some(Answer::Choice(Chosen::Option(self.option(option)?)))),
            (None, _) => Ok(None),
        }
    }

    fn choices(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let words = self.own_words(fields)?;
        let mut chosen = Vec::new();
        for option in fields.all(ANSWER) {
            if self.other && option == OTHER_OPTION {
                if words.is_none() {
                    return Err(vec![AnswerError::Missing { field: OTHER }]);
                }
                continue;
            }
            let option = Chosen::Option(self.option(option)?);
            if !chosen.contains(&option) {
                chosen.push(option);
            }
        }
        chosen.extend(words.map(Chosen::Other));
        Ok(Some(chosen).filter(|chosen| !chosen.is_empty()).map(Answer::Choices))
    }

    fn own_words(&self, fields: &Fields) -> Result<Option<String>, Vec<AnswerError>> {
        if !self.other {
            return Ok(None);
        }
        bounded(fields, OTHER, 500, true).map_err(|e| vec![e])
    }

    fn option(&self, word: &str) -> Result<Slug, Vec<AnswerError>> {
        let known = self.options.iter().find(|option| option.id.as_str() == word);
        known.map(|option| option.id.clone()).ok_or_else(|| vec![AnswerError::NotAnOption { field: ANSWER }])
    }

    fn number(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let Some(typed) = fields.get(ANSWER) else {
            return Ok(None);
        };
        let number = number(typed).ok_or_else(|| vec![AnswerError::NotANumber { field: ANSWER }])?;
        #[expect(clippy::cast_precision_loss, reason = "bounds beyond 2^53 are refused when the review is checked")]
        let outside =
            self.min.is_some_and(|min| number < min as f64) || self.max.is_some_and(|max| number > max as f64);
        if outside {
            return Err(vec![AnswerError::OutOfRange { field: ANSWER, min: self.min, max: self.max }]);
        }
        Ok(Some(Answer::Number(number)))
    }

    /// A place, of which no more is kept than the area: where somebody lives is asked, never their address.
    fn place(&self, listed: ListedFields, fields: &Fields) -> Result<Option<Named>, AnswerError> {
        let named = listed.take(fields, self.lists.places().all())?;
        let area = |named: Named| Named { name: postcode::without_inward(&named.name), ..named };
        Ok(named.map(|named| if named.code.is_none() { area(named) } else { named }))
    }

    fn example(&self, fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
        let mut errors = Vec::new();
        let mut take = |field, max, one_line| match bounded(fields, field, max, one_line) {
            Ok(text) => text,
            Err(error) => {
                errors.push(error);
                None
            }
        };
        let happened = take("happened", self.max_length(), false);
        let mut listed = |taken: Result<Option<Named>, AnswerError>| match taken {
            Ok(named) => named,
            Err(error) => {
                errors.push(error);
                None
            }
        };
        let service = listed(ListedFields::SERVICE.take(fields, self.lists.services()));
        let place = listed(self.place(ListedFields::PLACE, fields));
        let verdict: Option<Verdict> = match one_of(fields, "verdict") {
            Ok(verdict) => verdict,
            Err(mut wrong) => {
                errors.append(&mut wrong);
                None
            }
        };
        let model = fields.get("model").is_some();
        let touched = service.is_some() || place.is_some() || happened.is_some() || verdict.is_some() || model;
        if errors.is_empty() && !touched {
            return Ok(None);
        }
        for (missing, field) in [(verdict.is_none(), "verdict"), (happened.is_none(), "happened")] {
            if missing && !errors.iter().any(|error| error.field() == field) {
                errors.push(AnswerError::Missing { field });
            }
        }
        match (verdict, happened) {
            (Some(verdict), Some(happened)) if errors.is_empty() => {
                let (service, service_id) = service.map(|named| (named.name, named.code)).unzip();
                let (place, place_code) = place.map(|named| (named.name, named.code)).unzip();
                let (service_id, place_code) = (service_id.flatten(), place_code.flatten());
                Ok(Some(Answer::Example(Example { service, service_id, place, place_code, verdict, happened, model })))
            }
            _ => Err(errors),
        }
    }
}

/// A number as people write it: `12`, `-1.5`, `£1,250.50`, `41 000`. Commas and spaces must stand between groups of three
/// digits: whether `3,5` means three and a half or was mistyped, nobody can know.
pub fn number(typed: &str) -> Option<f64> {
    let typed = typed.trim();
    let (sign, digits) = typed.strip_prefix('-').map_or((1.0, typed), |rest| (-1.0, rest));
    let digits = digits.strip_prefix('£').unwrap_or(digits).trim();
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut groups = whole.split([',', ' ', '\u{a0}']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let grouped = rest.is_empty() || first.len() <= 3;
    let well_formed = grouped && !first.is_empty() && all_digits(first) && all_digits(fraction);
    if !well_formed || rest.iter().any(|group| group.len() != 3 || !all_digits(group)) || whole.len() > 20 {
        return None;
    }
    format!("{first}{}.{fraction}0", rest.concat()).parse::<f64>().ok().map(|number| sign * number)
}

fn bounded(fields: &Fields, field: &'static str, max: usize, one_line: bool) -> Result<Option<String>, AnswerError> {
    let text = text::tidy(fields.raw(field));
    if text.is_empty() {
        return Ok(None);
    }
    match text::check(&text, max) {
        Err(text::TextError::TooLong { max, by }) => Err(AnswerError::TooLong { field, max, by }),
        Err(_) => Err(AnswerError::Control { field }),
        Ok(()) if one_line => Ok(Some(text.replace(['\n', '\t'], " "))),
        Ok(()) => Ok(Some(text)),
    }
}

fn one(
    taken: Result<Option<Named>, AnswerError>,
    answer: fn(Named) -> Answer,
) -> Result<Option<Answer>, Vec<AnswerError>> {
    taken.map(|named| named.map(answer)).map_err(|error| vec![error])
}

fn one_of<T: std::str::FromStr>(fields: &Fields, field: &'static str) -> Result<Option<T>, Vec<AnswerError>> {
    let word = fields.get(field);
    word.map(|word| word.parse().map_err(|_| vec![AnswerError::NotAnOption { field }])).transpose()
}

fn scale(fields: &Fields) -> Result<Option<Answer>, Vec<AnswerError>> {
    let Some(step) = fields.get(ANSWER) else {
        return Ok(None);
    };
    match step.parse() {
        Ok(step @ 1..=5) => Ok(Some(Answer::Scale(step))),
        _ => Err(vec![AnswerError::NotAnOption { field: ANSWER }]),
    }
}

#[cfg(test)]
mod tests;
