//! The language of the interface: messages from `locales/`, numbers, days and links as readers of that language expect.
//!
//! A message that takes no arguments is formatted once at start; nearly all of a page is such messages.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use domain::{Call, Day, Language, Localised, Zone};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::DecimalFormatterOptions;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use jiff::Timestamp;

mod added;

pub use added::{Added, add_languages};

macro_rules! messages {
    ($language:literal) => {
        &[
            include_str!(concat!("../locales/", $language, "/frame.ftl")),
            include_str!(concat!("../locales/", $language, "/words.ftl")),
            include_str!(concat!("../locales/", $language, "/review.ftl")),
            include_str!(concat!("../locales/", $language, "/answer.ftl")),
            include_str!(concat!("../locales/", $language, "/kinds.ftl")),
            include_str!(concat!("../locales/", $language, "/flow.ftl")),
            include_str!(concat!("../locales/", $language, "/receipt.ftl")),
            include_str!(concat!("../locales/", $language, "/register.ftl")),
            include_str!(concat!("../locales/", $language, "/after.ftl")),
            include_str!(concat!("../locales/", $language, "/reading.ftl")),
            include_str!(concat!("../locales/", $language, "/examples.ftl")),
            include_str!(concat!("../locales/", $language, "/heard.ftl")),
            include_str!(concat!("../locales/", $language, "/error.ftl")),
            include_str!(concat!("../locales/", $language, "/policy.ftl")),
            include_str!(concat!("../locales/", $language, "/newsletter.ftl")),
            include_str!(concat!("../locales/", $language, "/patience.ftl")),
            include_str!(concat!("../locales/", $language, "/file.ftl")),
            include_str!(concat!("../locales/", $language, "/support.ftl")),
            include_str!(concat!("../locales/", $language, "/verify.ftl")),
        ]
    };
}

/// The files of messages, by language.
pub(crate) const SOURCES: [(&str, &[&str]); 2] = [("en", messages!("en")), ("cy", messages!("cy"))];

/// What the pages speak: English and Welsh, and then what was added before the first page.
static SPOKEN: OnceLock<Vec<Messages>> = OnceLock::new();

fn spoken() -> &'static [Messages] {
    SPOKEN.get_or_init(|| SOURCES.iter().map(|(tag, sources)| Messages::load(tag, sources, false)).collect())
}

/// A language that the pages speak; cheap to copy.
#[derive(Clone, Copy)]
pub(crate) struct Locale(&'static Messages);

struct Messages {
    tag: String,
    /// What addresses of pages in it begin with: nothing for English, `/cy` for Welsh.
    prefix: String,
    /// Whether it was added to those that are built in.
    added: bool,
    language: Language,
    bundle: FluentBundle<FluentResource>,
    /// Messages without arguments.
    plain: HashMap<String, String>,
    months: [String; 12],
    numbers: DecimalFormatter,
    plurals: Vec<(&'static str, i64)>,
    collator: CollatorBorrowed<'static>,
}

impl Locale {
    /// English.
    pub fn english() -> Self {
        Self(&spoken()[0])
    }

    /// Welsh.
    #[cfg(test)]
    pub fn welsh() -> Self {
        Self(&spoken()[1])
    }

    /// Everything that the pages speak.
    pub fn all() -> impl Iterator<Item = Self> {
        spoken().iter().map(Self)
    }

    /// The language with that tag, which a button to change the language sends; otherwise this one.
    pub fn changed(self, tag: Option<&str>) -> Self {
        tag.and_then(|tag| Self::all().find(|other| other.tag() == tag)).unwrap_or(self)
    }

    /// Whether it was added to those that are built in.
    pub fn added(self) -> bool {
        self.0.added
    }

    /// Whether it is read from right to left.
    pub fn right_to_left(self) -> bool {
        self.t("direction") == "rtl"
    }

    /// The locale that an address asks for, and the address without its mark.
    pub fn of(uri: &Uri) -> (Self, Option<Uri>) {
        let marked = |locale: Self| {
            let rest = uri.path().strip_prefix(locale.0.prefix.as_str())?;
            let whole = rest.is_empty() || rest.starts_with('/');
            (!locale.0.prefix.is_empty() && whole).then_some((locale, rest))
        };
        let Some((locale, rest)) = Self::all().find_map(marked) else {
            return (Self::english(), None);
        };
        let path = if rest.is_empty() { "/" } else { rest };
        let full = uri.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = PathAndQuery::try_from(full).ok();
        (locale, Uri::from_parts(parts).ok())
    }

    /// The tag for `lang` attributes.
    pub fn tag(self) -> &'static str {
        &self.0.tag
    }

    /// The language, for the texts that the team wrote.
    pub fn language(self) -> &'static Language {
        &self.0.language
    }

    /// The address of a page in this language. It begins with one slash: browsers take what follows two, or a slash and
    /// a backslash, for the name of another site.
    pub fn link(self, path: &str) -> String {
        let path = path.trim_start_matches(['/', '\\']);
        if path.is_empty() && !self.0.prefix.is_empty() {
            self.0.prefix.clone()
        } else {
            format!("{}/{path}", self.0.prefix)
        }
    }

    /// A message without arguments. A test makes sure that every key there is exists; should one be missing all the
    /// same, the key is better than nothing, but not while we build: there the page fails, and every journey over it.
    pub fn t(self, key: &str) -> &str {
        debug_assert!(self.0.plain.contains_key(key), "there is no message {key} without arguments in {}", self.tag());
        self.0.plain.get(key).map_or(key, String::as_str)
    }

    /// A message with arguments.
    pub fn t_with(self, key: &str, arguments: &[(&'static str, FluentValue<'_>)]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        let text = self.0.format(key, Some(&arguments));
        debug_assert!(text.is_some(), "there is no message {key} with these arguments in {}", self.tag());
        text.unwrap_or_else(|| key.to_owned())
    }

    /// A message about a number of things: `$count` chooses the form, `$number` is what people read.
    pub fn count(self, key: &str, count: i64) -> String {
        self.t_with(key, &[("count", count.into()), ("number", self.number(count).into())])
    }

    /// The message for one of a fixed list of words, as in `kind-union`.
    pub fn word(self, list: &str, word: &str) -> &'static str {
        self.0.plain.get(&format!("{list}-{word}")).map_or("", String::as_str)
    }

    /// A whole number, in English with its thousands apart: 2,148.
    pub fn number(self, number: i64) -> String {
        let sign = if number < 0 { "−" } else { "" };
        format!("{sign}{}", self.0.numbers.format(&Decimal::from(number.unsigned_abs())))
    }

    /// 19 December 2026.
    pub fn day(self, day: Day) -> String {
        let month = usize::try_from(day.0.month()).unwrap_or(1) - 1;
        let arguments = [
            ("day", day.0.day().to_string().into()),
            ("month", self.0.months[month].as_str().into()),
            ("year", day.0.year().to_string().into()),
        ];
        self.t_with("day-month-year", &arguments)
    }

    /// 23 November 2026 at 14:32.
    pub fn moment(self, moment: Timestamp, zone: &Zone) -> String {
        let there = zone.time_zone().to_datetime(moment);
        let time = format!("{:02}:{:02}", there.hour(), there.minute());
        self.t_with("moment", &[("date", self.day(Day::of(moment, zone)).into()), ("time", time.into())])
    }

    /// What it means that a call has closed and still takes evidence.
    pub fn late(self, call: &Call) -> String {
        let until = call.late_until.unwrap_or(call.closes);
        let arguments = [("closed", self.day(call.closes).into()), ("until", self.day(until).into())];
        self.t_with("call-late-text", &arguments)
    }

    /// Which of two names stands first where readers of the language look names up.
    pub fn compare(self, one: &str, other: &str) -> Ordering {
        self.0.collator.compare(one, other)
    }

    /// A text that the team wrote, in this language if there is one.
    pub fn say(self, text: &Localised) -> Said<'_> {
        let (text, language) = text.get(&self.0.language);
        Said { text, lang: Lang((language != &self.0.language).then_some(language.as_str())) }
    }

    /// The `lang` attribute of a text in that language, on a page of this one.
    pub fn lang(self, language: &Language) -> Lang<'_> {
        let known = language.as_str() != "und" && language != &self.0.language;
        Lang(known.then_some(language.as_str()))
    }

    /// The plural categories of the language with a number of each, for the script that counts characters.
    pub fn plurals(self) -> &'static [(&'static str, i64)] {
        &self.0.plurals
    }
}

impl Messages {
    /// Later sources go before earlier ones.
    fn load(tag: &str, sources: &[&str], added: bool) -> Self {
        let language: Language = tag.parse().expect("a language tag");
        let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().expect("a language tag")]);
        // The marks that isolate directions are for languages of both directions; in e-mail and CSV they are noise.
        bundle.set_use_isolating(false);
        let mut keys = Vec::new();
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
                tracing::error!(tag, ?errors, "a file of messages is damaged");
                resource
            });
            keys.extend(source.lines().filter_map(key_of).map(str::to_owned));
            bundle.add_resource_overriding(resource);
        }
        let plurals = plurals(&bundle);
        let mut messages = Self {
            tag: tag.to_owned(),
            prefix: if tag == SOURCES[0].0 { String::new() } else { format!("/{}", tag.to_ascii_lowercase()) },
            added,
            language,
            bundle,
            plain: HashMap::new(),
            months: std::array::from_fn(|_| String::new()),
            numbers: numbers(tag),
            plurals,
            collator: collator(tag),
        };
        let plain = keys.into_iter().filter_map(|key| messages.format(&key, None).map(|text| (key, text))).collect();
        messages.plain = plain;
        messages.months =
            std::array::from_fn(|at| messages.plain.get(&format!("month-{}", at + 1)).cloned().unwrap_or_default());
        messages
    }

    /// The text of a message; `None` if there is no such message, or an argument is missing.
    fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, arguments, &mut errors);
        errors.is_empty().then(|| Cow::into_owned(text))
    }
}

/// What writes numbers in that language.
fn numbers(tag: &str) -> DecimalFormatter {
    let locale: icu_locale_core::Locale = tag.parse().expect("a language tag");
    DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default())
        .expect("the numbers of every language are built in")
}

/// The plural categories of a language, each with a number of it.
fn plurals(bundle: &FluentBundle<FluentResource>) -> Vec<(&'static str, i64)> {
    let rules = bundle.locales.first();
    let rules = rules.and_then(|tag| PluralRules::create(tag.clone(), PluralRuleType::CARDINAL).ok());
    let mut found: Vec<(&'static str, i64)> = Vec::new();
    // Eleven first: in most languages it is like most numbers.
    for number in std::iter::once(11).chain(0..=200) {
        let category = rules.as_ref().and_then(|rules| rules.select(number).ok()).unwrap_or(PluralCategory::OTHER);
        let name = match category {
            PluralCategory::ZERO => "zero",
            PluralCategory::ONE => "one",
            PluralCategory::TWO => "two",
            PluralCategory::FEW => "few",
            PluralCategory::MANY => "many",
            PluralCategory::OTHER => "other",
        };
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, i64::from(number)));
        }
    }
    if !found.iter().any(|(name, _)| *name == "other") {
        found.push(("other", 11));
    }
    found
}

/// What sorts names in that language.
fn collator(tag: &str) -> CollatorBorrowed<'static> {
    let locale: icu_locale_core::Locale = tag.parse().expect("a language tag");
    Collator::try_new(locale.into(), CollatorOptions::default()).expect("the rules of every language are built in")
}

/// The key that a line of a file of messages defines, if it defines one.
pub(crate) fn key_of(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(" =")?;
    let named = key.starts_with(|c: char| c.is_ascii_lowercase());
    Some(key).filter(|key| named && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// A text that the team wrote, with the language that it is in where that is not the page's.
#[derive(Clone, Copy)]
pub(crate) struct Said<'a> {
    /// The text.
    pub text: &'a str,
    /// Its `lang` attribute.
    pub lang: Lang<'a>,
}

impl fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// A `lang` attribute with a space before it, or nothing.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lang<'a>(Option<&'a str>);

impl<'a> Lang<'a> {
    /// The language, where it is not the page's.
    pub fn tag(self) -> Option<&'a str> {
        self.0
    }
}

impl fmt::Display for Lang<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A language tag has nothing but letters, digits and hyphens.
        self.0.map_or(Ok(()), |tag| write!(f, " lang=\"{tag}\""))
    }
}

impl askama::filters::HtmlSafe for Lang<'_> {}

#[cfg(test)]
mod tests;
