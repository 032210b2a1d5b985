//! Figures: a sentence that says what was found, bars that show it, and the same numbers as a table to take away.

use service::heard::{Count, Numbered};

use crate::frame::Frame;
use crate::locale::Lang;

/// How wide the longest bar is, in per cent of its cell: its number stands behind it.
const WIDEST: u64 = 70;

/// Numbers of something.
pub(crate) struct Figure<'a> {
    /// Its name in addresses.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// The language of the title, where it is not the page's.
    pub lang: Lang<'a>,
    /// What was found, in a sentence.
    pub finding: String,
    /// What is counted, one by one.
    pub bars: Vec<Bar<'a>>,
    /// Where the same numbers can be taken away.
    pub csv: String,
    /// Whether there is enough to be shown.
    pub shown: bool,
}

/// One number.
pub(crate) struct Bar<'a> {
    /// What it counts, for programs.
    pub key: String,
    /// What it counts.
    pub label: String,
    /// The language of that, where it is not the page's.
    pub lang: Lang<'a>,
    /// How many; `None` where that is hidden.
    pub count: Option<i64>,
    /// The width of its bar, in per cent.
    pub width: u64,
    /// Where what is published of it can be read.
    pub href: Option<String>,
}

impl Figure<'_> {
    /// Whether it has so many bars that they are folded away.
    pub fn folded(&self) -> bool {
        self.bars.len() > 16
    }
}

/// The figure of `numbers`; `label` says what a row counts: a key for programs, words, and the language of the words.
pub(crate) fn figure<'a, K>(
    frame: &Frame<'a>,
    id: &str,
    (title, lang): (String, Lang<'a>),
    numbers: &Numbered<K>,
    label: impl Fn(&K) -> (String, String, Lang<'a>),
) -> Figure<'a> {
    let longest = numbers.rows.iter().filter_map(|(_, count)| count.shown()).max().unwrap_or(0).max(1);
    let bar = |(key, count): &(K, Count)| {
        let (key, label, lang) = label(key);
        let shown = count.shown();
        Bar { key, label, lang, count: shown.map(signed), width: shown.unwrap_or(0) * WIDEST / longest, href: None }
    };
    Figure {
        finding: finding(frame, numbers, &label),
        bars: numbers.rows.iter().map(bar).collect(),
        csv: format!("{}/heard.csv?figure={id}", frame.base),
        shown: numbers.total.shown().is_none_or(|total| total > 0)
            && (numbers.total.shown().is_some() || numbers.rows.iter().any(|(_, count)| count.shown() > Some(0))),
        id: id.to_owned(),
        title,
        lang,
    }
}

fn finding<'a, K>(
    frame: &Frame<'_>,
    numbers: &Numbered<K>,
    label: &impl Fn(&K) -> (String, String, Lang<'a>),
) -> String {
    let number = |count: u64| frame.number(&signed(count));
    // What is not known, or was not answered, has no key: it is not what was found.
    let first = numbers.first(|key| !label(key).0.is_empty());
    match (numbers.total.shown(), first) {
        (None, Some((key, most))) => {
            let arguments = [("what", label(key).1.into()), ("count", number(most).into())];
            frame.locale.t_with("heard-most-alone", &arguments)
        }
        (None, None) if numbers.rows.iter().any(|(_, count)| count.shown() > Some(0)) => {
            frame.t("heard-total-hidden").to_owned()
        }
        (None, None) => frame.t("heard-too-few").to_owned(),
        (Some(0), _) => frame.t("heard-nothing").to_owned(),
        (Some(total), Some((key, most))) => {
            let (_, what, _) = label(key);
            let arguments = [("what", what.into()), ("count", number(most).into()), ("total", number(total).into())];
            frame.locale.t_with("heard-most", &arguments)
        }
        (Some(total), None) if numbers.overlaps => frame.with("heard-total", "total", number(total)),
        (Some(total), None) => frame.with("heard-none-first", "total", number(total)),
    }
}

/// A count as the words for it take it.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
