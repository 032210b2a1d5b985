//! What has been heard so far, in figures: of the whole review, and of the closed questions of each call.

use askama::Template;
use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use domain::{Call, Question, Slug};
use service::CurrentReview;
use service::heard::{Count, Heard, Numbered};

use crate::error::{Failure, Outcome};
use crate::figure::{Figure, figure, signed};
use crate::frame::{Frame, Section, public};
use crate::locale::{Lang, Said};
use crate::page::places::by_region;
use crate::shown::kind_word;
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
        calls: review
            .definition
            .calls
            .iter()
            .filter(|call| has_closed(call))
            .map(|c| (&c.id, frame.say(&c.title)))
            .collect(),
        frame: frame.titled(&[&title], Section::Read),
    }
}

pub(super) fn call_page<'a>(frame: Frame<'a>, call: &'a Call, heard: Option<&Heard>) -> HeardPage<'a> {
    let said = frame.say(&call.title);
    HeardPage {
        call: Some(said),
        counted: heard.and_then(|heard| counted(&frame, heard, heard.of_call(&call.id))),
        figures: heard.map(|heard| of_call(&frame, call, heard)).unwrap_or_default(),
        calls: vec![],
        frame: {
            let title = frame.t("heard").to_owned();
            frame.titled(&[&title, said.text], Section::Read)
        },
    }
}

/// Whether a call asks anything that is counted.
fn has_closed(call: &Call) -> bool {
    use domain::Kind::{Choice, Choices, Scale, YesNoUnsure};
    call.questions.iter().any(|question| matches!(question.kind, YesNoUnsure | Choice | Choices | Scale))
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

/// The figures of the closed questions of a call.
fn of_call<'a>(frame: &Frame<'a>, call: &'a Call, heard: &Heard) -> Vec<Figure<'a>> {
    let questions = heard.answers.get(&call.id);
    let one = |question: &'a Question| -> Option<Figure<'a>> {
        let numbers: &Numbered<String> = questions?.get(&question.id)?;
        let said = frame.say(&question.title);
        let id = format!("{}.{}", call.id, question.id);
        let title = (said.text.to_owned(), said.lang);
        Some(figure(frame, &id, title, numbers, |word| answer(frame, question, word)))
    };
    call.questions.iter().filter_map(one).collect()
}

/// What a row of a closed question counts.
fn answer<'a>(frame: &Frame<'a>, question: &'a Question, word: &str) -> (String, String, Lang<'a>) {
    let option = question.options.iter().find(|option| option.id.as_str() == word);
    if let Some(option) = option {
        let said = frame.say(&option.label);
        return (word.to_owned(), said.text.to_owned(), said.lang);
    }
    let ours = match (question.kind, word) {
        (_, "") => frame.t("heard-no-answer"),
        (domain::Kind::YesNoUnsure, word) => frame.locale.word("yes-no-unsure", word),
        (domain::Kind::Scale, step) => frame.locale.word("scale", step),
        _ => frame.t("other"),
    };
    (word.to_owned(), ours.to_owned(), Lang::default())
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
