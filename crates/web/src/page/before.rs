//! Before somebody starts: what it is for and what becomes of it, and the whole questionnaire to read and to print.

use askama::Template;
use axum::extract::Path;
use domain::question::Reading;
use domain::{Call, CallStatus, Form, Kind, Question, Release, Review, ShownIf, Ways, YesNoUnsure};
use fluent_bundle::FluentValue;
use service::CurrentReview;

use crate::error::{Failure, Outcome};
use crate::frame::{Frame, Section, public};
use crate::learning::{Lesson, lessons};
use crate::locale::{Lang, Locale, Said};
use crate::page::answer::ranking_how;
use crate::page::home::{Step, steps};
use crate::page::who::kinds;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "before.html")]
pub(crate) struct BeforePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    pub(super) call: &'a Call,
    pub(super) status: CallStatus,
    pub(super) minutes: i64,
    pub(super) questions: i64,
    /// The questions that must be answered.
    pub(super) required: Vec<Said<'a>>,
    /// What becomes of an answer, by what its author allows.
    pub(super) levels: Vec<[&'static str; 2]>,
    /// The stages that are still to come, or under way.
    pub(super) steps: Vec<Step<'a>>,
    pub(super) lessons: Vec<Lesson<'a>>,
    pub(super) ways: Ways,
}

#[derive(Template)]
#[template(path = "questionnaire.html")]
pub(crate) struct QuestionnairePage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) review: &'a Review,
    pub(super) call: &'a Call,
    pub(super) easy: bool,
    pub(super) asked: Vec<Asked<'a>>,
    /// In what capacity one can speak.
    pub(super) kinds: Vec<&'static str>,
    pub(super) levels: Vec<[&'static str; 2]>,
    /// What is asked about people themselves.
    pub(super) about_you: Vec<Asked<'a>>,
    pub(super) ways: Ways,
}

/// A question as it stands on paper.
pub(crate) struct Asked<'a> {
    pub question: &'a Question,
    pub reading: Reading<'a>,
    /// When it is asked, if not always.
    pub condition: Option<String>,
    /// What can be ticked.
    pub boxes: Vec<Said<'a>>,
    /// What is answered by the boxes, row by row; or what takes a number each.
    pub rows: Vec<Said<'a>>,
    /// What has a line of its own.
    pub lines: Vec<&'static str>,
    /// How options are put in order.
    pub how: String,
    /// How many empty lines to write on.
    pub space: usize,
}

/// `GET /r/{review}/calls/{call}/before`
pub(crate) async fn show(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    public(&page(visit.frame(Some(&review)), &review, call))
}

/// `GET /r/{review}/calls/{call}/questionnaire`, in easy words with `?easy=yes`
pub(crate) async fn questionnaire(visit: Visit, Path((review, call)): Path<(String, String)>) -> Outcome {
    let review = visit.review(&review).await?;
    let call = review.call(&call).ok_or(Failure::NotFound)?;
    let easy = visit.asked().get("easy") == Some("yes") && call.has_easy();
    public(&questionnaire_page(visit.frame(Some(&review)), &review, call, easy))
}

pub(super) fn page<'a>(frame: Frame<'a>, review: &'a CurrentReview, call: &'a Call) -> BeforePage<'a> {
    let titles = [frame.t("before"), frame.say(&call.title).text];
    let locale = frame.locale;
    let required = call.questions.iter().filter(|question| question.required);
    BeforePage {
        review: &review.definition,
        call,
        status: call.status(frame.now, &review.timezone),
        minutes: call.about_minutes(),
        questions: i64::try_from(call.questions.len()).unwrap_or(i64::MAX),
        required: required.map(|question| locale.say(&question.title)).collect(),
        levels: levels(locale),
        steps: steps(&frame, review).into_iter().filter(|step| step.class != "is-done").collect(),
        lessons: lessons(locale, review),
        ways: review.other_ways(),
        frame: frame.about(call).titled(&titles, Section::Give),
    }
}

pub(super) fn questionnaire_page<'a>(
    frame: Frame<'a>,
    review: &'a CurrentReview,
    call: &'a Call,
    easy: bool,
) -> QuestionnairePage<'a> {
    let locale = frame.locale;
    let key = if easy { "questionnaire-easy" } else { "questionnaire" };
    let titles = [frame.t(key), frame.say(&call.title).text];
    QuestionnairePage {
        asked: call.questions.iter().map(|question| asked(locale, call, question, easy)).collect(),
        review: &review.definition,
        call,
        easy,
        kinds: kinds(locale, call, false).into_iter().map(|(_, words)| words).collect(),
        levels: levels(locale),
        about_you: review.about_you_question.iter().map(|question| asked(locale, call, question, easy)).collect(),
        ways: review.other_ways(),
        frame: frame.about(call).titled(&titles, Section::Give),
    }
}

fn levels(locale: Locale) -> Vec<[&'static str; 2]> {
    let words = |level: &Release| ["release", "release-hint"].map(|list| locale.word(list, level.as_str()));
    Release::ALL.iter().map(words).collect()
}

fn asked<'a>(locale: Locale, call: &'a Call, question: &'a Question, easy: bool) -> Asked<'a> {
    let reading = question.read(easy);
    let label = |choosable| locale.say(reading.label(choosable));
    let ours = |text| Said { text, lang: Lang::default() };
    let scale = || (1..=5).map(|step| ours(locale.word("scale", &step.to_string()))).collect();
    let mut boxes: Vec<Said<'a>> = match question.kind {
        Kind::YesNoUnsure => {
            YesNoUnsure::ALL.iter().map(|word| ours(locale.word("yes-no-unsure", word.as_str()))).collect()
        }
        Kind::Scale => scale(),
        Kind::Grid if question.options.is_empty() => scale(),
        Kind::Choice | Kind::Choices | Kind::Grid => question.options.iter().map(label).collect(),
        Kind::Example => ["works", "failed", "mixed"].map(|verdict| ours(locale.word("verdict-ask", verdict))).into(),
        _ => vec![],
    };
    if question.other {
        boxes.push(ours(locale.word("other", "words-paper")));
    }
    let rows = if question.kind == Kind::Ranking { &question.options } else { &question.rows };
    let first = call.form == Form::Story && call.questions.first().is_some_and(|first| first.id == question.id);
    Asked {
        question,
        reading,
        condition: question.shown_if.as_ref().and_then(|condition| condition_said(locale, call, condition)),
        boxes,
        rows: rows.iter().map(label).collect(),
        lines: match question.kind {
            Kind::Example => ["service", "place"].map(|part| locale.word("example-ask", part)).into(),
            _ => vec![],
        },
        how: ranking_how(locale, question),
        space: match question.kind {
            Kind::LongText if first => 22,
            Kind::LongText | Kind::Example => 9,
            Kind::ShortText => 2,
            Kind::Number | Kind::Date | Kind::Place | Kind::Service => 1,
            _ => usize::from(question.other),
        },
    }
}

/// "Only if you answered “Yes” to question 3."
fn condition_said(locale: Locale, call: &Call, condition: &ShownIf) -> Option<String> {
    let (at, earlier) = call.question(condition.question.as_str())?;
    let number = locale.number(i64::try_from(at + 1).unwrap_or(i64::MAX));
    let number = || ("number", FluentValue::from(number.clone()));
    let bound = |bound: i64| match earlier.kind {
        Kind::Scale => locale.word("scale", &bound.to_string()).to_owned(),
        _ => locale.number(bound),
    };
    Some(match (condition.answered, condition.from, condition.to) {
        (Some(true), ..) => locale.t_with("asked-if-answered", &[number()]),
        (Some(false), ..) => locale.t_with("asked-if-open", &[number()]),
        (None, Some(from), Some(to)) => {
            let bounds = [("from", bound(from).into()), ("to", bound(to).into()), number()];
            locale.t_with("asked-if-between", &bounds)
        }
        (None, Some(from), None) => locale.t_with("asked-if-from", &[("from", bound(from).into()), number()]),
        (None, None, Some(to)) => locale.t_with("asked-if-to", &[("to", bound(to).into()), number()]),
        (None, None, None) => {
            let word = |id: &domain::Slug| match earlier.kind {
                Kind::YesNoUnsure => locale.word("yes-no-unsure", id.as_str()).to_owned(),
                Kind::Example => locale.word("verdict-ask", id.as_str()).to_owned(),
                _ => earlier
                    .label(id)
                    .map_or_else(|| locale.t("other").to_owned(), |label| locale.say(label).to_string()),
            };
            let answers: Vec<String> = condition.is.iter().map(|id| format!("“{}”", word(id))).collect();
            locale.t_with("asked-if-is", &[("answers", answers.join(", ").into()), number()])
        }
    })
}
