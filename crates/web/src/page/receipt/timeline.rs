//! What has happened to a contribution, what happens now, and what comes next: told from events of the store and from the
//! timetable of the review, and from nothing else.

use domain::review::Stage;
use domain::{Asked, Day, Happened, Release, Slug, State};
use jiff::Timestamp;
use service::{CurrentReview, ReceiptView};

use crate::frame::Frame;
use crate::locale::Lang;

/// How many stages of the timetable that are still to come stand there.
const AHEAD: usize = 3;

/// One thing that happened, in plain words.
pub(crate) struct Step<'a> {
    /// What.
    pub what: String,
    /// The day, for programs, and the moment, for people.
    pub when: Option<(String, String)>,
    /// What it means.
    pub text: String,
    /// What the team asked, or what was answered, with its language.
    pub quote: Option<(&'a str, Lang<'a>)>,
    /// Where it leads: an address and its words.
    pub link: Option<(String, &'a str)>,
    /// Whether it is what is going on now, and whether it is still to come.
    pub now: bool,
    pub ahead: bool,
}

impl Step<'_> {
    fn new(what: impl Into<String>, text: impl Into<String>) -> Self {
        let (when, quote, link) = (None, None, None);
        Self { what: what.into(), when, text: text.into(), quote, link, now: false, ahead: false }
    }
}

/// Everything in its order, but for answers: each follows the question that it answers.
pub(super) fn steps<'a>(frame: &Frame<'a>, review: &'a CurrentReview, view: &'a ReceiptView) -> Vec<Step<'a>> {
    let telling = Telling { frame, review, view };
    let mut steps = Vec::new();
    for at in in_order(&view.history) {
        let Some((happened, when)) = view.history.get(at) else { continue };
        let Some(step) = telling.told(at, happened) else { continue };
        steps.push(Step { when: Some((frame.iso_day(when), frame.moment(when))), ..step });
        if let Happened::Received { late, .. } = happened
            && view.counted
        {
            steps.push(telling.counted(*late, when));
        }
    }
    if view.contribution.state == State::Withdrawn {
        return steps;
    }
    steps.extend(telling.reading());
    steps.extend(telling.timetable());
    steps
}

/// The places of what happened, in the order in which it is told: what became of a question stands behind it.
fn in_order(history: &[(Happened, Timestamp)]) -> Vec<usize> {
    let answers = |at: usize| match history.get(at) {
        Some((Happened::Replied { asked, .. } | Happened::ReplyShown { asked, .. }, _)) => Some(asked),
        _ => None,
    };
    let asks = |at: usize| match history.get(at) {
        Some((Happened::Asked { asked, .. }, _)) => Some(asked),
        _ => None,
    };
    let mut order: Vec<usize> = Vec::new();
    for at in 0..history.len() {
        let question = answers(at).and_then(|id| order.iter().rposition(|before| asks(*before) == Some(id)));
        let place = question.map(|question| {
            let of_it = order.iter().skip(question + 1).take_while(|later| answers(**later) == asks(order[question]));
            question + 1 + of_it.count()
        });
        order.insert(place.unwrap_or(order.len()), at);
    }
    order
}

struct Telling<'f, 'a> {
    frame: &'f Frame<'a>,
    review: &'a CurrentReview,
    view: &'a ReceiptView,
}

impl<'a> Telling<'_, 'a> {
    fn t(&self, key: &str) -> String {
        self.frame.t(key).to_owned()
    }

    /// What happened, and what it means; `None` for what concerns the review and not this contribution.
    fn told(&self, at: usize, happened: &Happened) -> Option<Step<'a>> {
        let step = |what, text| Step::new(self.t(what), self.t(text));
        Some(match happened {
            Happened::Received { .. } => Step::new(self.t("step-sent"), ""),
            Happened::Published { .. } => {
                Step { link: self.published(at), ..step("step-published", "step-published-text") }
            }
            Happened::Redacted { call, question, reason } => {
                let arguments = [("question", self.title(call, question).into()), ("reason", reason.as_str().into())];
                Step::new(self.t("step-redacted"), self.frame.locale.t_with("step-redacted-text", &arguments))
            }
            Happened::ReleaseChanged { from, to, closed, .. } => {
                Step::new(self.t("step-release"), self.release(*from, *to, *closed))
            }
            Happened::TakenUp { .. } => step("step-taken-up", "step-taken-up-text"),
            Happened::TakeUpEnded { .. } => Step::new(self.t("step-take-up-ended"), ""),
            Happened::Asked { asked, .. } => self.asked(asked),
            Happened::Replied { asked, declined, .. } => self.replied(asked, *declined),
            Happened::ReplyShown { .. } => Step::new(self.t("step-reply-shown"), ""),
            Happened::FilesPublished { .. } => Step::new(self.t("step-files-published"), ""),
            Happened::SetAside { .. } => step("step-set-aside", "step-set-aside-text"),
            Happened::TakenIn { .. } => Step::new(self.t("step-taken-in"), ""),
            Happened::Withdrawn { .. } => step("step-withdrawn", "step-withdrawn-text"),
            Happened::ReviewApplied { .. }
            | Happened::CallOpened { .. }
            | Happened::CallClosed { .. }
            | Happened::CallMoved { .. }
            | Happened::Exported { .. }
            | Happened::ReviewClosed
            | Happened::HelpShown { .. }
            | Happened::HelpEnded { .. } => return None,
        })
    }

    /// It is counted under the day on which it came.
    fn counted(&self, late: bool, came: &Timestamp) -> Step<'a> {
        let late = if late { self.frame.t("step-late") } else { "" };
        let text = format!("{} {late}", self.frame.t("step-counted-text"));
        let when = Some((self.frame.iso_day(came), self.frame.date(came)));
        Step { when, ..Step::new(self.t("step-counted"), text.trim_end()) }
    }

    /// The address of what is published, at the publication that still stands.
    fn published(&self, at: usize) -> Option<(String, &'a str)> {
        let given = &self.view.contribution;
        let later = &self.view.history[at + 1..];
        let last = !later.iter().any(|(happened, _)| matches!(happened, Happened::Published { .. }));
        let address = format!("{}/contributions/{}", self.frame.base, given.reference);
        (last && given.state == State::Published).then(|| (address, self.frame.locale.word("step", "published-link")))
    }

    /// The question in whose answer something was struck out.
    fn title(&self, call: &Slug, question: &Slug) -> String {
        let of_call = self.review.call(call.as_str()).and_then(|call| call.question(question.as_str()));
        let of_team = || self.view.contribution.asked(question).map(|asked| asked.text.clone());
        let title = of_call.map(|(_, question)| self.frame.say(&question.title).to_string());
        title.or_else(of_team).unwrap_or_default()
    }

    fn release(&self, from: Release, to: Release, closed: bool) -> String {
        let word = |release: Release| self.frame.locale.word("release", release.as_str());
        let arguments = [("from", word(from).into()), ("to", word(to).into())];
        let text = self.frame.locale.t_with("step-release-text", &arguments);
        if closed { format!("{text} {}", self.frame.t("step-release-closed")) } else { text }
    }

    fn asked(&self, id: &Slug) -> Step<'a> {
        let asked = self.view.contribution.asked(id);
        let words = match asked {
            Some(Asked { reply: None, .. }) => Some("asked-link"),
            Some(asked) if asked.is_open() => Some("asked-late-link"),
            _ => None,
        };
        let of = &self.view.contribution.reference;
        let address = format!("{}/receipt?of={of}&asked={id}#reply", self.frame.base);
        let text = if words.is_some() { self.frame.t("step-asked-text") } else { "" };
        Step {
            quote: asked.map(|asked| (asked.text.as_str(), self.frame.locale.lang(&asked.language))),
            link: words.map(|words| (address, self.frame.locale.word("step", words))),
            ..Step::new(self.t("step-asked"), text)
        }
    }

    fn replied(&self, id: &Slug, declined: bool) -> Step<'a> {
        if declined {
            return Step::new(self.t("step-declined"), "");
        }
        let reply = self.view.contribution.asked(id).and_then(|asked| asked.reply.as_ref());
        let said = reply.and_then(|reply| Some((reply.text.as_deref()?, self.frame.locale.lang(&reply.language))));
        Step { quote: said, ..Step::new(self.t("step-replied"), "") }
    }

    /// Whether the team has it to read: it is not open to everybody yet, or again.
    fn reading(&self) -> Option<Step<'a>> {
        let given = &self.view.contribution;
        if given.state != State::Received || !self.view.counted {
            return None;
        }
        let moved = |(happened, _): &&(Happened, Timestamp)| {
            matches!(happened, Happened::Received { .. } | Happened::ReleaseChanged { closed: true, .. })
        };
        let (_, since) = self.view.history.iter().rfind(moved)?;
        let use_only = given.release == Release::UseOnly;
        let what = if use_only { "step-reading-use-only" } else { "step-reading-text" };
        let since = self.frame.with("since", "date", self.frame.date(since));
        Some(Step { now: true, ..Step::new(self.t("step-reading"), format!("{since} {}", self.frame.t(what))) })
    }

    /// What the review does now and next, by its timetable.
    fn timetable(&self) -> impl Iterator<Item = Step<'a>> {
        let today = Day::of(self.frame.now, &self.review.timezone);
        let frame = self.frame;
        let now = move |stage: &&Stage| stage.from <= today && stage.until.is_some_and(|until| today <= until);
        let until = |stage: &Stage| stage.until.map(|until| frame.with("receipt-until", "date", frame.day(&until)));
        let told = move |key: &str, stage: &Stage, text: String| {
            Step::new(frame.with(key, "stage", frame.say(&stage.title)), text)
        };
        let current = self
            .review
            .stages
            .iter()
            .filter(now)
            .map(move |stage| Step { now: true, ..told("receipt-now", stage, until(stage).unwrap_or_default()) });
        let ahead = self.review.stages.iter().filter(move |stage| today < stage.from).take(AHEAD).enumerate();
        current.chain(ahead.map(move |(at, stage)| {
            let key = if at == 0 { "receipt-next-text" } else { "receipt-from" };
            Step { ahead: true, ..told("receipt-next", stage, frame.with(key, "date", frame.day(&stage.from))) }
        }))
    }
}
