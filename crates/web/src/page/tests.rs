//! Every page is rendered from the demonstration's own review, in every state that it has, in both languages.

use std::error::Error;

use askama::Template;
use domain::question::Question;
use domain::{Answer, Call, Channel, Content, Contribution, Day, Draft, DraftContent, DraftId, Example, Fields, Kind};
use domain::{Happened, ReceiptCode, Release, Respondent, Review, ReviewId, State, Verdict, publishable};
use jiff::Timestamp;
use service::reading::Counts;
use service::{CurrentReview, Filter, Listed, Listing, ReceiptView, Tally};
use uuid::Uuid;

use super::*;
use crate::frame::Frame;
use crate::locale::Locale;

mod after;
mod give;
mod kinds;
mod newsletter;
mod read;
mod support;

type Tested = Result<(), Box<dyn Error>>;

const DEFINITION: &str = include_str!("../../../folkmoot/demo/review.toml");
const BOTH: fn() -> [Locale; 2] = || [Locale::english(), Locale::welsh()];

fn review() -> Result<CurrentReview, Box<dyn Error>> {
    let mut definition: Review = toml::from_str(DEFINITION)?;
    definition.settle().map_err(|problems| format!("{problems:?}"))?;
    let help = include_str!("../../../folkmoot/demo/help.csv");
    let help = domain::directory::read(help, &definition.languages, definition.known_places());
    definition.help_place_list = help.map_err(|errors| format!("{errors:?}"))?;
    Ok(CurrentReview { id: ReviewId(Uuid::nil()), version: 1, definition, logo: None })
}

/// Noon of that day.
fn noon(day: &str) -> Result<Timestamp, Box<dyn Error>> {
    Ok(format!("{day}T12:00:00Z").parse()?)
}

fn frame<'a>(locale: Locale, now: Timestamp, path: &'a str, review: &'a CurrentReview) -> Frame<'a> {
    let mut frame = Frame::at(now, locale, path, None, Some(review));
    frame.csrf = "0123456789abcdef".to_owned();
    frame
}

fn contribution(review: &CurrentReview, now: Timestamp) -> Result<Contribution, Box<dyn Error>> {
    let call = &review.definition.calls[0];
    let example = call.questions.iter().find(|question| question.kind == Kind::Example);
    let example: &Question = example.ok_or("the first call asks for no example")?;
    let respondent = Respondent { name: Some("Ada Tully".parse()?), ..Respondent::default() };
    let mut content = Content { respondent, ..Content::default() };
    let happened = "The <form> would not save. Dr Jones told me to wait.\n\nI gave up.".to_owned();
    let service = Some("Bus pass".to_owned());
    let verdict = Verdict::Failed;
    let given = Example { service, service_id: None, place: None, place_code: None, verdict, happened, model: true };
    content.answers.insert(example.id.clone(), Answer::Example(given));
    Ok(Contribution {
        id: domain::ContributionId(Uuid::nil()),
        reference: "DGR-4K7-M2QX".parse()?,
        call: call.id.clone(),
        version: 1,
        channel: Channel::Paper,
        release: Release::Unnamed,
        state: State::Received,
        late: true,
        language: "cy".parse()?,
        content,
        source: None,
        received_at: now,
        published_at: None,
    })
}

/// A draft in which nothing is saved.
fn draft(call: &Call, now: Timestamp) -> Draft {
    let content = DraftContent::default();
    Draft { id: DraftId(Uuid::nil()), call: call.id.clone(), content, saved_at: now, expires_at: now }
}

/// A published contribution with a passage struck out.
fn published(review: &CurrentReview, now: Timestamp) -> Result<domain::Publishable<Contribution>, Box<dyn Error>> {
    let mut given = contribution(review, now)?;
    let question = given.content.answers.keys().next().cloned().ok_or("no answer")?;
    given.redact(&question, "Dr Jones", "names a person".parse()?, now)?;
    given.publish(now)?;
    Ok(publishable(given)?)
}

/// What is true of every page.
fn sound(page: &str, locale: Locale) {
    assert!(page.starts_with("<!doctype html>\n<html lang=\""), "{page}");
    assert!(page.contains(&format!("<html lang=\"{}\"", locale.tag())), "{page}");
    assert_eq!(page.matches("<h1").count(), 1, "{page}");
    assert_eq!((page.matches("<main").count(), page.matches("</main>").count()), (1, 1), "{page}");
    for inline in [" style=", "<style", "<script>", " onclick", "href=\"\"", "javascript:"] {
        assert!(!page.contains(inline), "{inline} in {page}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is there twice: {page}");
    for described in page.split(" aria-describedby=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        for id in described.split(' ') {
            assert!(ids.contains(&id), "nothing has the id {id}: {page}");
        }
    }
    levels(page);
    if locale.tag() == "cy" {
        let addresses = page.split(" href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
        for address in
            addresses.filter(|address| address.starts_with("r/") && !address.starts_with("r/digital-government/brand"))
        {
            // Only the link to the other language leaves Welsh.
            let allowed = page.contains(&format!("hreflang=\"en\" href=\"/{address}\""));
            assert!(allowed, "/{address} leaves Welsh: {page}");
        }
    }
}

/// No level of heading is skipped on the way down.
fn levels(page: &str) {
    let body = page.split_once("<h1").map_or("", |(_, after)| after);
    let mut before = 1;
    for level in body.split("<h").skip(1).filter_map(|rest| rest.chars().next()?.to_digit(10)) {
        assert!(level <= before + 1, "h{level} after h{before}: {page}");
        before = level;
    }
}

#[test]
fn home_shows_what_is_open_and_boasts_of_nothing() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let page =
            home::home_page(frame(locale, now, "/r/digital-government", &review), &review, &Tally::default(), &[]);
        assert!(!page.open.is_empty() && page.facts.iter().all(|(number, _)| number != "0"));
        assert_eq!(page.steps.iter().map(|step| step.class).collect::<Vec<_>>(), ["is-done", "is-now", "", "", ""]);
        let html = page.render()?;
        sound(&html, locale);
        assert!(!html.contains(locale.t("hearing")), "nothing has been heard yet");
    }
    Ok(())
}

#[test]
fn home_counts_and_shows_the_latest() -> Tested {
    let review = review()?;
    let now = noon("2026-12-19")?;
    let mut tally = Tally::default();
    let call = review.definition.calls[0].id.clone();
    tally.calls.insert(call, Counts { received: 2_148, published: 1, withdrawn: 0 });
    let latest = [listed(published(&review, now)?, None)];
    let html =
        home::home_page(frame(Locale::english(), now, "/r/digital-government", &review), &review, &tally, &latest)
            .render()?;
    sound(&html, Locale::english());
    assert!(html.contains("<strong>2,148</strong> contributions received"), "{html}");
    assert!(
        html.contains("fm-verdict--failed") && html.contains("a model for others") && html.contains("on paper"),
        "{html}"
    );
    assert!(html.contains("<h3 lang=\"cy\">") && !html.contains("Jones") && !html.contains("Ada"), "{html}");
    assert!(html.contains("is the last day of a call"), "{html}");
    Ok(())
}

#[test]
fn a_call_has_a_text_for_every_state() -> Tested {
    let review = review()?;
    let call = &review.definition.calls[0];
    let late = call.late_until.map_or(call.closes, |day| day).plus(1);
    for locale in BOTH() {
        for (day, button, text) in [
            (call.opens.plus(-1), false, "call-coming"),
            (call.opens, true, "call-no-account"),
            (late, false, "call-closed"),
        ] {
            let now = noon(&day.to_string())?;
            let html =
                call::call_page(frame(locale, now, "/r/digital-government/calls/x", &review), &review, call, None)
                    .render()?;
            sound(&html, locale);
            assert_eq!(html.contains("/start\""), button, "{day}: {html}");
            assert!(
                html.contains(&askama::filters::escape(locale.t(text), askama::filters::Html)?.to_string()),
                "{html}"
            );
        }
        sound(
            &call::calls_page(frame(locale, noon("2026-11-23")?, "/r/digital-government/calls", &review), &review)
                .render()?,
            locale,
        );
    }
    Ok(())
}

#[test]
fn lists_find_nothing_or_something_and_say_so() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let path = "/r/digital-government/contributions";
    let mut asked = Fields::default();
    asked.push("q", "would & not");
    asked.push("kind", "nonsense");
    let filter = Filter::asked(&asked);
    assert_eq!((filter.words.as_ref().map(domain::Line::as_str), filter.kind), (Some("would & not"), None));
    let snippet = Some(vec![("The <form> ".to_owned(), false), ("would".to_owned(), true)]);
    let items = vec![listed(published(&review, now)?, snippet)];
    let found = Listing { items, next: Some("a b".to_owned()), total: Some(1) };
    for locale in BOTH() {
        let html = reading::page(frame(locale, now, path, &review), &review, &filter, &found, false).render()?;
        sound(&html, locale);
        assert!(html.contains("The &#60;form&#62; <mark>would</mark>"), "{html}");
        assert!(html.contains("?q=would+%26+not&#38;after=a+b\""), "{html}");
        let nothing = Listing::default();
        let html =
            reading::page(frame(locale, now, path, &review), &review, &Filter::default(), &nothing, false).render()?;
        sound(&html, locale);
        assert!(html.contains("fm-empty") && !html.contains("rel=\"next\""), "{html}");
    }
    Ok(())
}

#[test]
fn a_contribution_is_read_whole_but_for_what_was_struck_out() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let shown = published(&review, now)?;
    for locale in BOTH() {
        let html = contribution::page(
            frame(locale, now, "/r/digital-government/contributions/DGR-4K7-M2QX", &review),
            &review,
            &shown,
            contribution::Around {
                list: locale.link("/r/digital-government/contributions"),
                ..contribution::Around::default()
            },
            &|_| vec![],
        )
        .render()?;
        sound(&html, locale);
        assert!(html.contains("<span class=\"fm-redacted\">[redacted: names a person]</span>"), "{html}");
        assert!(!html.contains("Jones") && !html.contains("Ada Tully"), "{html}");
        assert_eq!(html.contains("<h1 class=\"govuk-heading-l\" lang=\"cy\">"), locale.tag() == "en", "{html}");
    }
    Ok(())
}

#[test]
fn what_the_review_says_of_itself_is_there_in_both_languages() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let here = || frame(locale, now, "/r/digital-government/about", &review);
        let steps = home::steps(&here(), &review);
        sound(&about::AboutPage { frame: here(), review: &review, steps }.render()?, locale);
        sound(
            &about::PrivacyPage { frame: here(), review: &review, cookie: "__Host-folkmoot", mail: true }.render()?,
            locale,
        );
        sound(&about::AccessibilityPage { frame: here(), review: &review }.render()?, locale);
        let nothing = start::StartPage { frame: Frame::at(now, locale, "/", None, None), reviews: &[] }.render()?;
        sound(&nothing, locale);
        assert!(nothing.contains("folkmoot review apply"), "{nothing}");
    }
    Ok(())
}

#[test]
fn a_day_before_the_last_is_counted_from_today() -> Tested {
    let review = review()?;
    let closes = review
        .definition
        .calls
        .iter()
        .map(|call| call.closes)
        .min()
        .unwrap_or(Day::of(noon("2026-12-05")?, &review.timezone));
    let page = home::home_page(
        frame(Locale::english(), noon(&closes.plus(-1).to_string())?, "/", &review),
        &review,
        &Tally::default(),
        &[],
    );
    assert!(page.facts.iter().any(|(number, _)| number == "1 day"), "{:?}", page.facts);
    Ok(())
}

fn listed(contribution: domain::Publishable<Contribution>, snippet: Option<Vec<(String, bool)>>) -> Listed {
    Listed { opening: contribution.opening(), contribution, snippet, example: Some(0), names: vec![], place: None }
}

#[test]
fn a_language_is_offered_that_the_team_writes() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    let offered = |review: &CurrentReview, locale| {
        let mut others = frame(locale, now, "/r/digital-government", review).others;
        others.pop().map(|(_, address)| address)
    };
    assert_eq!(offered(&review, Locale::english()).as_deref(), Some("/cy/r/digital-government"));
    review.definition.languages = vec!["cy".parse()?];
    assert_eq!(offered(&review, Locale::english()).as_deref(), Some("/cy/r/digital-government"));
    assert_eq!(offered(&review, Locale::welsh()), None);
    assert!(frame(Locale::english(), now, "/r/digital-government", &review).alternates.is_empty());
    review.definition.languages = vec!["es".parse()?];
    assert_eq!(offered(&review, Locale::english()), None);
    Ok(())
}

#[test]
fn a_call_that_has_not_opened_is_not_said_to_have_closed() -> Tested {
    let review = review()?;
    let call = &review.definition.calls[0];
    let now = noon(&call.opens.plus(-2).to_string())?;
    let here = frame(Locale::english(), now, "/r/digital-government/calls/x/check", &review);
    let html = check::page(here, &review, call, &draft(call, now), false).render()?;
    sound(&html, Locale::english());
    assert!(html.contains("It opens on") && !html.contains("has closed") && !html.contains("/send\""), "{html}");
    Ok(())
}

#[test]
fn the_statement_names_the_law_of_the_place() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    for (zone, named) in [("Europe/London", true), ("Europe/Madrid", false)] {
        review.definition.timezone = zone.parse()?;
        let here = frame(Locale::english(), now, "/r/digital-government/accessibility", &review);
        let html = about::AccessibilityPage { frame: here, review: &review }.render()?;
        assert_eq!(html.contains("Equality and Human Rights Commission"), named, "{html}");
    }
    Ok(())
}
