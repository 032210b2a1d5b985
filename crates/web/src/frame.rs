//! What stands around every page (see `templates/layout.html`), and the words that templates ask for.

#![expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass their fields by reference")]
#![expect(clippy::unused_self, reason = "templates reach functions through the frame")]

use std::fmt::Display;

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::review::Stage;
use domain::{Call, CallStatus, Day, Draft, DraftPart, Fields, Language, Line, Localised, Review};
use jiff::Timestamp;
use service::{CurrentReview, SessionSecret};

use crate::app::App;
use crate::error::Failure;
use crate::exit;
use crate::locale::{Lang, Locale, Said};
use crate::page::look::deeper;
use crate::preview::{self, Preview};

/// Where a page stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    /// The first page of the review.
    Home,
    /// Calls, questions and receipts.
    Give,
    /// Published contributions.
    Read,
    /// About the review.
    About,
    /// Nowhere.
    None,
}

/// What stands around a page.
#[expect(clippy::struct_excessive_bools, reason = "each is a plain fact about the page that templates ask for")]
pub(crate) struct Frame<'a> {
    /// The reader's language.
    pub locale: Locale,
    /// The review, if the page belongs to one.
    pub review: Option<&'a CurrentReview>,
    /// What the addresses of the review begin with, language included: `/cy/r/digital-government`.
    pub base: String,
    /// The title of the document.
    pub title: String,
    /// What the page itself is called, where it is not the whole review.
    pub heading: String,
    /// What it is about, for those who are shown a link to it.
    pub description: Option<String>,
    /// Where the page stands in the navigation.
    pub section: Section,
    /// The address without the mark of the language.
    pub path: &'a str,
    /// The address of the installation, for where an absolute one is needed.
    pub origin: String,
    /// The call that the page is about.
    pub call: Option<&'a Call>,
    /// Whether the page may stand in an index of a search engine.
    pub listed: bool,
    /// The same page in every language that it is offered in, if there are several and this is one of them.
    pub alternates: Vec<(&'static str, String)>,
    /// The same page in the other languages that it is offered in.
    pub others: Vec<(Locale, String)>,
    /// Whether the language is changed by sending the form on the page, so that nothing typed is lost.
    pub form: bool,
    /// Whether the page shows errors.
    pub error: bool,
    /// The token of the session's forms.
    pub csrf: String,
    /// Whether it is the first page that the browser gets: then the style sheet stands in it.
    pub first: bool,
    /// Which draft the forms of the page are about.
    pub draft: String,
    /// A mark of what stood on the page when it was made (`DraftContent::mark`).
    pub seen: String,
    /// The address of a feed of what is on the page.
    pub feed: Option<String>,
    /// Where the way out of a sensitive page leads.
    pub exit: Option<String>,
    /// Whether the installation keeps a register.
    pub register: bool,
    /// The present moment.
    pub now: Timestamp,
}

impl<'a> Frame<'a> {
    /// The frame of a page at `path`.
    pub fn new(
        app: &App,
        locale: Locale,
        path: &'a str,
        query: Option<&str>,
        review: Option<&'a CurrentReview>,
    ) -> Self {
        let register = app.service.register().is_some();
        Self { register, ..Self::at(app.service.now(), locale, path, query, review) }
    }

    /// The same, at a moment that is handed in.
    pub fn at(
        now: Timestamp,
        locale: Locale,
        path: &'a str,
        query: Option<&str>,
        review: Option<&'a CurrentReview>,
    ) -> Self {
        let address = query.map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
        // The team writes it, or whoever runs the installation has added it.
        let offered = |locale: &Locale| {
            locale.added() || review.is_none_or(|review| review.languages.contains(locale.language()))
        };
        let all: Vec<(Locale, String)> =
            Locale::all().filter(offered).map(|locale| (locale, locale.link(&address))).collect();
        let several = offered(&locale) && all.len() > 1;
        let alternates = all.iter().filter(|_| several).map(|(locale, address)| (locale.tag(), address.clone()));
        Self {
            locale,
            review,
            base: review.map_or_else(String::new, |review| locale.link(&format!("/r/{}", review.slug))),
            title: String::new(),
            heading: String::new(),
            description: None,
            section: Section::None,
            path,
            origin: String::new(),
            call: None,
            listed: preview::is_listed(path),
            alternates: alternates.collect(),
            others: all.into_iter().filter(|(other, _)| other.tag() != locale.tag()).collect(),
            form: false,
            error: false,
            csrf: String::new(),
            first: false,
            draft: String::new(),
            seen: String::new(),
            feed: None,
            exit: review.and_then(|review| exit::way_out(review, path)),
            register: false,
            now,
        }
    }

    /// The same frame on a device that holds a session: its forms carry the token, and the way out closes what is open.
    #[must_use]
    pub fn of(mut self, session: Option<&SessionSecret>) -> Self {
        if let Some(session) = session {
            self.csrf = session.csrf_token();
            self.exit = self.exit.map(|_| format!("{}/leave?from={}", self.base, self.csrf));
        }
        self
    }

    /// Names the document, from the page itself to the whole review, and places it in the navigation.
    #[must_use]
    pub fn titled(mut self, parts: &[&str], section: Section) -> Self {
        self.title = parts.join(" – ");
        parts.first().copied().unwrap_or_default().clone_into(&mut self.heading);
        if let Some(review) = self.review {
            if !self.title.is_empty() {
                self.title.push_str(" – ");
            }
            self.title.push_str(review.title.text(self.locale.language()));
        }
        if let (Some(review), Some(_)) = (self.review, &self.exit) {
            self.title = exit::harmless_title(self.locale, review, self.path);
        }
        self.section = section;
        self
    }

    /// Says what the page is about.
    #[must_use]
    pub fn described(self, text: &str) -> Self {
        Self { description: Some(text.to_owned()).filter(|text| !text.is_empty()), ..self }
    }

    /// The same frame around a page that stands at no address of its own, as that of a failure does not.
    #[must_use]
    pub fn nowhere(self) -> Self {
        Self { alternates: vec![], others: vec![], listed: false, ..self }
    }

    /// The same frame around a page of the form: its forms carry whose draft it is, and what stands in it now where `part`
    /// would go.
    #[must_use]
    pub fn writing(self, draft: &Draft, part: &DraftPart) -> Self {
        Self { draft: draft.id.0.to_string(), seen: draft.content.mark(part), ..self }
    }

    /// The same, for a form that comes back with a mistake: it carries what it carried.
    #[must_use]
    pub fn again(self, fields: &Fields) -> Self {
        Self { draft: fields.raw("draft").to_owned(), seen: fields.raw("seen").to_owned(), ..self }
    }

    /// Whether the page is in that section of the navigation.
    pub fn is(&self, section: &str) -> bool {
        let name = match self.section {
            Section::Home => "home",
            Section::Give => "give",
            Section::Read => "read",
            Section::About => "about",
            Section::None => "",
        };
        name == section
    }

    /// The same frame around a page about a call.
    #[must_use]
    pub fn about(self, call: &'a Call) -> Self {
        Self { call: Some(call), ..self }
    }

    /// The one address of the page in this language, whatever it was asked with.
    pub fn canonical(&self) -> String {
        format!("{}{}", self.origin, self.locale.link(self.path))
    }

    /// What is shown beside a link to the page. Only who comes from elsewhere needs it, as programs of other sites do.
    pub fn preview(&self) -> Option<Preview<'_>> {
        if self.first { preview::preview(self) } else { None }
    }

    /// The address of the style sheet with the review's own colour, if it has one.
    pub fn brand(&self) -> Option<String> {
        let review = self.review.filter(|review| review.look.as_ref().is_some_and(|look| look.colour.is_some()))?;
        Some(format!("/r/{}/brand.css?{}", review.slug, review.version))
    }

    /// The colour of the masthead, for the browser's own bars.
    pub fn theme(&self) -> String {
        let colour = self.review.and_then(|review| review.look.as_ref()?.colour.as_ref());
        colour.map_or_else(|| "#12362a".to_owned(), |colour| deeper(colour.as_str()))
    }

    /// The address of the review's own mark, if it has one.
    pub fn logo(&self) -> Option<String> {
        let review = self.review?;
        let logo = review.logo.as_ref()?;
        Some(format!("/r/{}/logo/{}", review.slug, logo.digest))
    }

    /// What stands largest on the first page.
    pub fn headline<'b>(&self, review: &'b Review) -> &'b Localised {
        review.headline.as_ref().unwrap_or(&review.title)
    }

    /// The address of a page outside the review, in the reader's language.
    pub fn link(&self, path: &str) -> String {
        self.locale.link(path)
    }

    /// A message.
    pub fn t<'b>(&self, key: &'b str) -> &'b str {
        self.locale.t(key)
    }

    /// A message with one argument.
    pub fn with(&self, key: &str, name: &'static str, value: impl Display) -> String {
        self.locale.t_with(key, &[(name, value.to_string().into())])
    }

    /// A message about a number of things.
    pub fn count(&self, key: &str, count: &i64) -> String {
        self.locale.count(key, *count)
    }

    /// Whether the review has learning pages.
    pub fn teaches(&self) -> bool {
        self.review.is_some_and(|review| crate::learning::are_shown(review))
    }

    /// A number.
    pub fn number(&self, number: &i64) -> String {
        self.locale.number(*number)
    }

    /// A day.
    pub fn day(&self, day: &Day) -> String {
        self.locale.day(*day)
    }

    /// A day in the zone of the review.
    pub fn date(&self, moment: &Timestamp) -> String {
        self.review.map_or_else(String::new, |review| self.locale.day(Day::of(*moment, &review.timezone)))
    }

    /// A moment in the zone of the review.
    pub fn moment(&self, moment: &Timestamp) -> String {
        self.review.map_or_else(String::new, |review| self.locale.moment(*moment, &review.timezone))
    }

    /// The last day on which a call takes evidence; none once it is over.
    pub fn last_day(&self, call: &Call) -> Option<String> {
        let day = match call.status(self.now, &self.review?.timezone) {
            CallStatus::Coming | CallStatus::Open => call.closes,
            CallStatus::Late => call.late_until?,
            CallStatus::Closed => return None,
        };
        Some(self.locale.day(day))
    }

    /// A text of the team.
    pub fn say<'b>(&self, text: &'b Localised) -> Said<'b> {
        self.locale.say(text)
    }

    /// The `lang` attribute of what a contributor wrote.
    pub fn lang<'b>(&self, language: &'b Language) -> Lang<'b> {
        self.locale.lang(language)
    }

    /// A text of the team in Markdown, with headings from `<h{top}>`.
    pub fn prose(&self, text: &Localised, top: u8) -> String {
        crate::markdown::html(text.text(self.locale.language()), top)
    }

    /// "question 3 of 8"
    pub fn question_of(&self, number: &i64, of: &i64) -> String {
        let arguments = [("number", self.number(number).into()), ("of", self.number(of).into())];
        self.locale.t_with("question-of", &arguments)
    }

    /// "You have answered 3 of 14"
    pub fn answered_of(&self, answered: &i64, of: &i64) -> String {
        let arguments = [("number", self.number(answered).into()), ("of", self.number(of).into())];
        self.locale.t_with("answered-of", &arguments)
    }

    /// When a stage of the timetable is.
    pub fn period(&self, stage: &Stage) -> String {
        let from = self.day(&stage.from);
        match stage.until.filter(|until| *until != stage.from) {
            Some(until) => {
                let arguments = [("from", from.into()), ("until", self.day(&until).into())];
                self.locale.t_with("period", &arguments)
            }
            None => from,
        }
    }

    /// The form of a message for numbers such as `number`, with a place for the script to put the number in.
    pub fn placeholder(&self, key: &str, number: &i64) -> String {
        self.locale.t_with(key, &[("count", (*number).into()), ("number", "%{count}".into())])
    }

    /// A telephone number as a `tel:` address has it.
    pub fn digits(&self, telephone: &Line) -> String {
        telephone.as_str().chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// The day of a moment, for programs: nobody needs to know the second at which something was published.
    pub fn iso_day(&self, moment: &Timestamp) -> String {
        self.review.map(|review| Day::of(*moment, &review.timezone).to_string()).unwrap_or_default()
    }

    /// The style sheet.
    pub fn style(&self) -> &'static str {
        &crate::asset::STYLE
    }

    /// The address of an asset.
    pub fn asset(&self, name: &str) -> String {
        crate::asset::address(name)
    }
}

/// A page as a response, rendered into one string.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Result<Response, Failure> {
    Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.render()?).into_response())
}

/// A page that everybody sees alike, and that caches ask about each time: what is withdrawn is gone at once.
pub(crate) fn public(page: &impl Template) -> Result<Response, Failure> {
    Ok(cached(html(StatusCode::OK, page)?, "no-cache"))
}

/// A page for one person, that nobody keeps.
pub(crate) fn private(status: StatusCode, page: &impl Template) -> Result<Response, Failure> {
    Ok(cached(html(status, page)?, "no-store"))
}

/// The response with a `Cache-Control`.
pub(crate) fn cached(mut response: Response, control: &'static str) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(control));
    response
}
