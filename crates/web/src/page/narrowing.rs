//! What narrows a list down, as addresses and as words that can be taken away one by one.

use domain::{Fields, Filter, Review};
use service::{CurrentReview, Listing};

use crate::frame::Frame;
use crate::locale::{Lang, Locale};
use crate::page::contribution::is_sensitive;
use crate::page::reading;
use crate::shown::kind_word;
use crate::shown::named::{place_said, service_said};

/// One thing that narrows a list down.
pub(crate) struct Chip<'a> {
    /// Its name in the address.
    pub name: &'static str,
    /// What it is, in words.
    pub label: String,
    /// The language of the words, where it is not the page's.
    pub lang: Lang<'a>,
    /// The address of the same list without it.
    pub without: String,
}

impl Chip<'_> {
    /// Whether it is one of the views of the gallery.
    pub fn is_view(&self) -> bool {
        matches!(self.name, "verdict" | "model")
    }
}

/// The address with what narrows the list down.
pub(crate) fn with_query(address: &str, filter: &Filter) -> String {
    let query = query(filter).finish();
    if query.is_empty() { address.to_owned() } else { format!("{address}?{query}") }
}

/// The query of an address, to add to.
pub(crate) fn query(filter: &Filter) -> form_urlencoded::Serializer<'static, String> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filter.pairs());
    query
}

/// Everything that narrows the list at `address` down.
pub(crate) fn chips<'a>(frame: &Frame<'a>, review: &'a Review, filter: &Filter, address: &str) -> Vec<Chip<'a>> {
    let chip = |(name, value): (&'static str, String)| {
        let (label, lang) = label(frame, review, name, &value);
        let mut without = filter.clone();
        let nothing = Filter::default();
        match name {
            "q" => without.words = nothing.words,
            "call" => without.call = nothing.call,
            "form" => without.form = nothing.form,
            "kind" => without.kind = nothing.kind,
            "verdict" => without.verdict = nothing.verdict,
            "service" => without.service = nothing.service,
            "place" => without.place = nothing.place,
            "model" => without.model = nothing.model,
            "example" => without.example = nothing.example,
            "from" => without.from = nothing.from,
            "until" => without.until = nothing.until,
            "channel" => without.channel = nothing.channel,
            "language" => without.language = nothing.language,
            _ => without.late = nothing.late,
        }
        Chip { name, label, lang, without: with_query(address, &without) }
    };
    filter.pairs().into_iter().map(chip).collect()
}

fn label<'a>(frame: &Frame<'a>, review: &'a Review, name: &str, value: &str) -> (String, Lang<'a>) {
    let locale = frame.locale;
    let day = |key: &str| {
        let day = value.parse().map_or_else(|_| value.to_owned(), |day| locale.day(day));
        frame.with(key, "date", day)
    };
    let label = match name {
        "call" => {
            return match review.call(value).map(|call| locale.say(&call.title)) {
                Some(title) => (title.text.to_owned(), title.lang),
                None => (value.to_owned(), Lang::default()),
            };
        }
        "q" => frame.with("chip-words", "words", value),
        "kind" => value.parse().map_or("", |kind| kind_word(locale, kind)).to_owned(),
        "service" | "place" => format!("{}: {}", locale.word("example", name), named(locale, review, name, value)),
        "from" => day("chip-from"),
        "until" => day("chip-until"),
        "language" => language_word(frame, value),
        "model" | "late" => frame.t(name).to_owned(),
        "example" => frame.t("chip-example").to_owned(),
        list => locale.word(list, value).to_owned(),
    };
    (label, Lang::default())
}

/// What a list is called with what narrows it down: so tabs, bookmarks and what is read out first tell lists apart.
/// Not so where something sensitive stands in it.
pub(crate) fn titled<'c, 'a: 'c>(
    title: &str,
    chips: impl IntoIterator<Item = &'c Chip<'a>>,
    review: &CurrentReview,
    listing: &Listing,
) -> String {
    if reading::shown(listing).any(|given| is_sensitive(review, given)) {
        return title.to_owned();
    }
    let labels = chips.into_iter().map(|chip| chip.label.as_str());
    std::iter::once(title).chain(labels).collect::<Vec<_>>().join(", ")
}

/// What may have been meant: the words, and the address at which they find something.
pub(crate) fn offered(address: &str, meant: &Filter) -> Option<(String, String)> {
    Some((meant.words.as_ref()?.to_string(), with_query(address, meant)))
}

/// What of the address was not understood, in words.
pub(crate) fn unread(filter: &Filter, asked: &Fields) -> Option<String> {
    let unread: Vec<String> = filter.unread(asked).into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    (!unread.is_empty()).then(|| unread.join(", "))
}

/// What stands in the field of that name.
pub(crate) fn typed(locale: Locale, review: &Review, filter: &Filter, name: &str) -> String {
    let value = filter.pairs().into_iter().find(|(asked, _)| *asked == name);
    value.map(|(_, value)| named(locale, review, name, &value)).unwrap_or_default()
}

/// A service or a place that an address gives by its code has a name for readers.
fn named(locale: Locale, review: &Review, name: &str, value: &str) -> String {
    let listed = match name {
        "service" => review.lists.service(value).map(|service| service_said(locale, service)),
        "place" => review.lists.places().get(value).map(|place| place_said(locale, place)),
        _ => None,
    };
    listed.unwrap_or_else(|| value.to_owned())
}

/// What a language is called, or its tag.
pub(crate) fn language_word(frame: &Frame<'_>, tag: &str) -> String {
    Some(frame.locale.word("language-of", tag)).filter(|word| !word.is_empty()).unwrap_or(tag).to_owned()
}
