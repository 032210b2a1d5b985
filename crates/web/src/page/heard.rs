//! What has been heard so far, in figures: of the whole review, and of the closed questions of each call.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use domain::figures::band_from;
use domain::question::Choosable;
use domain::{Call, Kind, Question, Slug};
use service::CurrentReview;
use service::heard::{Count, Heard, Numbered};

use crate::error::{Failure, Outcome};
use crate::figure::{Figure, figure, signed};
use crate::frame::{Frame, Section, public};
use crate::locale::{Lang, Said};
use crate::page::places::by_region;
use crate::shown::kind_word;
use crate::shown::named::place_said;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "heard.html")]
pub(crate) struct HeardPage<'a> {
    pub(super) frame: Frame<'a>,
    /// Of a call, its title.
    pub(super) call: Option<Said<'a>>,
    /// How many contributions there are, about, and as of when.
    pub(super) counted: Option<String>,
    pub(super) figures: Vec<Figure<'a>>,
    /// Why there is nothing, where something has been counted.
    pub(super) why: Option<String>,
    /// Whether calls are in no figure, because they are sensitive.
    pub(super) left_out: bool,
    /// The calls whose questions have figures of their own.
    pub(super) calls: Vec<(&'a Slug, Said<'a>)>,
}

/// `GET /r/{review}/heard`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let heard = visit.app.service.heard(&review).await?;
    public(&page(visit.frame(Some(&review)), &review, heard.as_ref().as_ref()))
}

/// `GET /r/{review}/heard/{call}`
pub(crate) async fn call(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let heard = visit.app.service.heard(&review).await?;
    public(&call_page(visit.frame(Some(&review)), call, heard.as_ref().as_ref()))
}

pub(super) fn page<'a>(frame: Frame<'a>, review: &'a CurrentReview, heard: Option<&Heard>) -> HeardPage<'a> {
    let title = frame.t("heard").to_owned();
    HeardPage {
        call: None,
        counted: heard.and_then(|heard| counted(&frame, heard, heard.calls.total)),
        figures: heard.map(|heard| overall(&frame, review, heard)).unwrap_or_default(),
        why: None,
        left_out: heard.is_some_and(|heard| !heard.left_out.is_empty()),
        calls: review
            .definition
            .calls
            .iter()
            .filter(|call| has_closed(call) && heard.is_none_or(|heard| !heard.left_out.contains(&call.id)))
            .map(|c| (&c.id, frame.say(&c.title)))
            .collect(),
        frame: {
            let text = heard.and_then(|heard| counted(&frame, heard, heard.calls.total));
            frame.titled(&[&title], Section::Read).described(&text.unwrap_or_default())
        },
    }
}

pub(super) fn call_page<'a>(frame: Frame<'a>, call: &'a Call, heard: Option<&Heard>) -> HeardPage<'a> {
    let said = frame.say(&call.title);
    HeardPage {
        call: Some(said),
        counted: heard.and_then(|heard| counted(&frame, heard, heard.of_call(&call.id))),
        figures: heard.map(|heard| of_call(&frame, call, heard)).unwrap_or_default(),
        why: heard.map(|heard| {
            let key = if heard.left_out.contains(&call.id) { "heard-left-out-text" } else { "heard-call-too-few" };
            frame.t(key).to_owned()
        }),
        left_out: false,
        calls: vec![],
        frame: {
            let title = frame.t("heard").to_owned();
            frame.titled(&[&title, said.text], Section::Read)
        },
    }
}

/// Whether a call asks anything that is counted.
fn has_closed(call: &Call) -> bool {
    use Kind::{Example, File, LongText, ShortText};
    call.questions.iter().any(|question| !matches!(question.kind, ShortText | LongText | Example | File))
}

fn counted(frame: &Frame<'_>, heard: &Heard, count: Count) -> Option<String> {
    let total = count.shown().filter(|total| *total > 0)?;
    let arguments = [("number", frame.number(&signed(total)).into()), ("date", frame.moment(&heard.counted_at).into())];
    Some(frame.locale.t_with("heard-counted", &arguments))
}

/// The figures of the whole review.
fn overall<'a>(frame: &Frame<'a>, review: &'a CurrentReview, heard: &Heard) -> Vec<Figure<'a>> {
    let locale = frame.locale;
    let title = |key: &str| (frame.t(key).to_owned(), Lang::default());
    let word =
        |list: &'static str| move |word: &str| (word.to_owned(), locale.word(list, word).to_owned(), Lang::default());
    let call = |id: &Slug| {
        let said = review.definition.calls.iter().find(|call| call.id == *id).map(|call| locale.say(&call.title));
        (
            id.to_string(),
            said.map_or(String::new(), |said| said.text.to_owned()),
            said.map_or(Lang::default(), |s| s.lang),
        )
    };
    let (channel, verdict) = (word("channel"), word("verdict"));
    vec![
        figure(frame, "calls", title("heard-calls"), &heard.calls, call),
        figure(frame, "kinds", title("heard-kinds"), &heard.kinds, |kind| match kind {
            Some(kind) => (kind.to_string(), kind_word(locale, *kind).to_owned(), Lang::default()),
            None => (String::new(), frame.t("heard-not-said").to_owned(), Lang::default()),
        }),
        figure(frame, "channels", title("heard-channels"), &heard.channels, |one| channel(one.as_str())),
        figure(frame, "verdicts", title("heard-verdicts"), &heard.verdicts, |one| verdict(one.as_str())),
        figure(frame, "weeks", title("heard-weeks"), &heard.weeks, |week| {
            (week.to_string(), frame.with("heard-week", "date", locale.day(*week)), Lang::default())
        }),
    ]
}

/// The figures of the questions of a call, of a grid row by row.
fn of_call<'a>(frame: &Frame<'a>, call: &'a Call, heard: &Heard) -> Vec<Figure<'a>> {
    let Some(answers) = heard.answers.get(&call.id) else { return vec![] };
    let one = |question: &'a Question, row: Option<&'a Choosable>| -> Option<Figure<'a>> {
        let numbers: &Numbered<String> = answers.get(&(question.id.clone(), row.map(|row| row.id.clone())))?;
        let said = frame.say(&question.title);
        let (id, title) = match row {
            None => (format!("{}.{}", call.id, question.id), said.text.to_owned()),
            Some(row) => {
                let label = frame.say(&row.label).text;
                (format!("{}.{}.{}", call.id, question.id, row.id), format!("{} {label}", said.text))
            }
        };
        let mut figure = figure(frame, &id, (title, said.lang), numbers, |word| answer(frame, question, word));
        if question.kind == Kind::Ranking {
            figure.finding = format!("{} {}", frame.t("heard-ranking"), figure.finding);
        }
        Some(figure)
    };
    let rows = |question: &'a Question| -> Vec<Figure<'a>> {
        match question.kind {
            Kind::Grid => question.rows.iter().filter_map(|row| one(question, Some(row))).collect(),
            _ => one(question, None).into_iter().collect(),
        }
    };
    call.questions.iter().flat_map(rows).collect()
}

/// What a row of a figure counts.
fn answer<'a>(frame: &Frame<'a>, question: &'a Question, word: &str) -> (String, String, Lang<'a>) {
    let option = question.options.iter().find(|option| option.id.as_str() == word);
    if let Some(option) = option {
        let said = frame.say(&option.label);
        return (word.to_owned(), said.text.to_owned(), said.lang);
    }
    let ours = |text: &str| (word.to_owned(), text.to_owned(), Lang::default());
    match (question.kind, word) {
        (_, "") => ours(frame.t("heard-no-answer")),
        (Kind::YesNoUnsure, word) => ours(frame.locale.word("yes-no-unsure", word)),
        (Kind::Scale | Kind::Grid, step) => ours(frame.locale.word("scale", step)),
        (Kind::Number, band) => ours(&numbers(frame, question, band)),
        (Kind::Date, year) => ours(year.trim_start_matches('0')),
        (Kind::Place, code) => match question.lists.places().get(code) {
            Some(place) => ours(&place_said(frame.locale, place)),
            None => ours(frame.t("heard-own-words")),
        },
        (Kind::Service, id) => match question.lists.services().iter().find(|service| service.id.as_str() == id) {
            Some(service) => {
                let said = frame.say(&service.name);
                (word.to_owned(), said.text.to_owned(), said.lang)
            }
            None => ours(frame.t("heard-own-words")),
        },
        _ => ours(frame.t("other")),
    }
}

/// A band of numbers, with what they count: `20–49 miles`.
fn numbers(frame: &Frame<'_>, question: &Question, band: &str) -> String {
    let number = |number: u64| frame.number(&signed(number));
    let text = match band_from(band) {
        None => frame.t("heard-below-nought").to_owned(),
        Some((least, Some(most))) if least == most => number(least),
        Some((least, Some(most))) => format!("{}–{}", number(least), number(most)),
        Some((least, None)) => format!("{}+", number(least)),
    };
    question.unit.as_ref().map_or(text.clone(), |unit| format!("{text} {}", frame.say(unit)))
}

/// `GET /r/{review}/heard.csv`, of one figure with `?figure=…`
pub(crate) async fn table(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let heard = visit.app.service.heard(&review).await?;
    let (frame, asked) = (visit.frame(Some(&review)), visit.asked());
    let mut figures = Vec::new();
    if let Some(heard) = heard.as_ref() {
        figures.extend(overall(&frame, &review, heard));
        figures.extend(by_region(&frame, heard));
        figures.extend(review.definition.calls.iter().flat_map(|call| of_call(&frame, call, heard)));
    }
    if let Some(one) = asked.get("figure") {
        figures.retain(|figure| figure.id == one);
        if figures.is_empty() {
            return Err(Failure::NotFound);
        }
    }
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")];
    Ok((headers, csv(&figures)).into_response())
}

/// The numbers as a table (RFC 4180); what is hidden is empty.
fn csv(figures: &[Figure<'_>]) -> String {
    let mut text = String::from("figure,key,label,count\r\n");
    for figure in figures {
        for bar in &figure.bars {
            let count = bar.count.map(|count| count.to_string()).unwrap_or_default();
            let fields = [figure.id.as_str(), &bar.key, &bar.label, &count].map(quoted);
            text.push_str(&fields.join(","));
            text.push_str("\r\n");
        }
    }
    text
}

/// A field, quoted where it must be. What a spreadsheet would take for a formula does not occur: every label is the team's.
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        assert_eq!(quoted("a"), "a");
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
    }
}
