//! Help near somebody: the directory, found by place, and the form by which people offer help themselves.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::catalogue::{Found, find};
use domain::directory::{HelpKind, HelpPlace, Near, by_nearness};
use domain::help_offer::{OfferError, SENTENCE};
use domain::question::ListedFields;
use domain::text::TextError;
use domain::{Fields, Line, OfferedHelp, Place, ReceiptCode, Ways, WebAddress};
use service::CurrentReview;
use service::help_offer::{Acknowledged, OfferSecret, ShownOffer};

use crate::error::Outcome;
use crate::form::OpenForm;
use crate::frame::{Frame, Section, private};
use crate::locale::{Lang, Locale};
use crate::page::mistake::{Mistake, at, of_line};
use crate::page::narrowing::language_word;
use crate::page::offer::{Entry, places_meant};
use crate::page::receipt::mistaken;
use crate::shown::named::place_note;
use crate::visit::Visit;

/// How many places of help stand on one page.
const PAGE: usize = 6;

#[derive(Template)]
#[template(path = "help.html")]
pub(crate) struct HelpPage<'a> {
    pub(super) frame: Frame<'a>,
    /// What was asked for: a place as it was typed, or as it is called; a kind of help.
    pub(super) typed: String,
    pub(super) kind: Option<HelpKind>,
    /// Places that could be meant, each with the address of the directory for it.
    pub(super) meant: Vec<(Entry, String)>,
    /// Whether no place is called so.
    pub(super) unknown: bool,
    pub(super) groups: Vec<(String, Vec<Help<'a>>)>,
    /// The pages before and after this one: address, and "Page 2 of 3".
    pub(super) previous: Option<(String, String)>,
    pub(super) next: Option<(String, String)>,
    /// Whether anybody helps anywhere at all.
    pub(super) none: bool,
    pub(super) ways: Ways,
    /// The form of those who can help.
    pub(super) fields: Fields,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) offered_places: Vec<Entry>,
    pub(super) secret: OfferSecret,
    /// The most characters of what else somebody says.
    pub(super) longest: i64,
    pub(super) action: String,
}

/// Somebody who helps.
pub(crate) struct Help<'a> {
    pub name: &'a Line,
    /// The language of what follows, where it is not the page's.
    pub lang: Lang<'a>,
    pub address: Option<&'a Line>,
    pub place: Option<String>,
    pub hours: Option<(&'a str, Lang<'a>)>,
    /// What it helps with, in words.
    pub kinds: Vec<&'static str>,
    pub note: Option<(&'a str, Lang<'a>)>,
    pub languages: Option<String>,
    pub access: Vec<&'static str>,
    pub telephone: Option<&'a Line>,
    pub email: Option<&'a Line>,
    pub web: Option<&'a WebAddress>,
    /// How to reach whoever offered it, if that may be shown.
    pub contact: Option<&'a Line>,
    /// Whether somebody offered it, rather than the team listing it.
    pub offered: bool,
    code: Option<&'a str>,
    /// The same as words of the address.
    helps_with: &'a [HelpKind],
}

impl HelpPage<'_> {
    fn mistake(&self, field: &str) -> Option<&str> {
        at(&self.mistakes, field)
    }

    fn has(&self, name: &str, value: &str) -> bool {
        self.fields.has(name, value)
    }

    /// Kinds of help: word, words, and whether it is asked for.
    fn kinds(&self) -> Vec<(&'static str, &'static str, bool)> {
        let word = |kind: &HelpKind| {
            (kind.as_str(), self.frame.locale.word("help-kind", kind.as_str()), self.kind == Some(*kind))
        };
        HelpKind::ALL.iter().map(word).collect()
    }
}

/// What somebody who has offered help sees.
#[derive(Template)]
#[template(path = "help-offered.html")]
pub(crate) struct OfferedPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) acknowledged: Acknowledged,
}

impl OfferedPage<'_> {
    fn words(&self) -> [&'static str; 8] {
        self.acknowledged.code.words()
    }
}

/// Taking an offer back.
#[derive(Template)]
#[template(path = "help-withdraw.html")]
pub(crate) struct WithdrawPage<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) typed: &'a str,
    pub(super) mistakes: Vec<Mistake>,
    pub(super) done: bool,
}

/// `GET /r/{review}/help`, with `?place=…&kind=…&page=…`
pub(crate) async fn show(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    let offers = visit.app.service.help_offers(&review).await?;
    let secret = visit.app.service.offer_secret(None);
    let form = (Fields::default(), vec![], secret);
    // The form holds a secret of its own: no cache may give it to somebody else.
    private(StatusCode::OK, &page(visit.frame(Some(&review)), &review, &offers, &visit.asked(), form))
}

/// `POST /r/{review}/help`
pub(crate) async fn offer(visit: Visit, Path(review): Path<String>, OpenForm(fields): OpenForm) -> Outcome {
    let review = visit.review(&review).await?;
    let secret = visit.app.service.offer_secret(fields.get("once"));
    let switch = fields.get("switch").is_some();
    let locale = visit.locale.changed(fields.get("switch"));
    let (status, mistakes) = match OfferedHelp::read(&fields, review.known_places(), visit.written_in(&review)) {
        _ if switch => (StatusCode::OK, vec![]),
        Ok(offered) => {
            let acknowledged = visit.app.service.offer_help(&review, secret, offered).await?;
            return private(StatusCode::OK, &offered_page(visit.frame(Some(&review)).nowhere(), acknowledged));
        }
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, errors.iter().map(|error| mistake(locale, error)).collect()),
    };
    let offers = visit.app.service.help_offers(&review).await?;
    let frame = visit.frame_in(locale, Some(&review));
    private(status, &page(frame, &review, &offers, &visit.asked(), (fields, mistakes, secret)))
}

/// `GET /r/{review}/help/withdraw`
pub(crate) async fn ask_withdraw(visit: Visit, Path(review): Path<String>) -> Outcome {
    let review = visit.review(&review).await?;
    private(StatusCode::OK, &withdraw_page(visit.frame(Some(&review)), "", vec![], false))
}

/// `POST /r/{review}/help/withdraw`
pub(crate) async fn withdraw(visit: Visit, Path(review): Path<String>, OpenForm(fields): OpenForm) -> Outcome {
    let review = visit.review(&review).await?;
    let typed = fields.raw("code");
    let message = match typed.parse::<ReceiptCode>() {
        Err(error) => mistaken(visit.locale, &error),
        Ok(code) => match visit.app.service.withdraw_help_offer(&review, &code).await {
            Ok(()) => {
                return private(StatusCode::OK, &withdraw_page(visit.frame(Some(&review)).nowhere(), "", vec![], true));
            }
            Err(service::Error::NoReceipt) => visit.locale.t("mistake-no-offer").to_owned(),
            Err(other) => return Err(other.into()),
        },
    };
    let mistakes = vec![Mistake { field: "code", message }];
    private(StatusCode::UNPROCESSABLE_ENTITY, &withdraw_page(visit.frame(Some(&review)), typed, mistakes, false))
}

pub(super) fn page<'a>(
    mut frame: Frame<'a>,
    review: &'a CurrentReview,
    offers: &'a [ShownOffer],
    asked: &Fields,
    (fields, mistakes, secret): (Fields, Vec<Mistake>, OfferSecret),
) -> HelpPage<'a> {
    let locale = frame.locale;
    let places = review.known_places();
    let kind = asked.get("kind").and_then(|word| word.parse().ok());
    let mut typed: String = asked.get("place").unwrap_or_default().chars().take(Line::MAX).collect();
    let found = find(places.all(), &typed);
    let team = review.help_place_list.iter().map(|place| of_team(&frame, review, place));
    let all: Vec<Help<'a>> = team.chain(offers.iter().map(|offer| of_offer(&frame, review, offer))).collect();
    let none = all.is_empty();
    let fitting = all.into_iter().filter(|help| kind.is_none_or(|kind| help.helps_with.contains(&kind)));
    let mut groups = match &found {
        Found::One(place) => {
            place.name_in(locale.language()).clone_into(&mut typed);
            let groups = by_nearness(places, place, fitting, |help| help.code);
            groups.into_iter().map(|(near, group)| (heading(&frame, near), group)).collect()
        }
        // Which place is meant must be said first.
        Found::Several(_) => vec![],
        Found::Nothing => vec![(frame.t("help-all").to_owned(), fitting.collect::<Vec<_>>())],
    };
    groups.retain(|(_, group)| !group.is_empty());
    let total: usize = groups.iter().map(|(_, group)| group.len()).sum();
    let of = total.div_ceil(PAGE).max(1);
    let number = asked.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, of);
    let groups = part(groups, (number - 1) * PAGE, PAGE);
    let meant = match &found {
        Found::Several(_) => places_meant(locale, places, &typed, ""),
        _ => vec![],
    };
    let address = |entry: Entry| {
        let query = narrowed(&entry.code, kind, 1);
        (entry, query)
    };
    let turned = |number: usize| narrowed(asked.get("place").unwrap_or_default(), kind, number);
    let action = format!("{}/help{}", frame.base, turned(number));
    let several = mistakes.iter().any(|mistake: &Mistake| mistake.field == ListedFields::PLACE.pick);
    let offered_places = fields.get("place").filter(|_| several);
    let offered_places = offered_places.map(|typed| places_meant(locale, places, typed, fields.raw("place-pick")));
    frame.error = !mistakes.is_empty();
    frame.form = true;
    HelpPage {
        unknown: matches!(found, Found::Nothing) && !typed.is_empty(),
        typed,
        kind,
        meant: meant.into_iter().map(address).collect(),
        groups,
        previous: (number > 1).then(|| (turned(number - 1), page_of(&frame, number - 1, of))),
        next: (number < of).then(|| (turned(number + 1), page_of(&frame, number + 1, of))),
        none,
        ways: review.other_ways(),
        fields,
        mistakes,
        offered_places: offered_places.unwrap_or_default(),
        secret,
        longest: i64::try_from(SENTENCE).unwrap_or(i64::MAX),
        action,
        frame: {
            let title = frame.t("help");
            let page = page_of(&frame, number, of);
            let parts = [page.as_str(), title];
            frame.titled(parts.get(usize::from(number == 1)..).unwrap_or_default(), Section::Give)
        },
    }
}

/// What is asked for, as the query of an address, with its question mark.
fn narrowed(place: &str, kind: Option<HelpKind>, page: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs((!place.is_empty()).then_some(("place", place)));
    query.extend_pairs(kind.iter().map(|kind| ("kind", kind.as_str())));
    query.extend_pairs((page > 1).then(|| ("page", page.to_string())));
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

/// `most` of what stands in groups, from the one at `from` on; no group is empty.
fn part<G, T>(groups: Vec<(G, Vec<T>)>, from: usize, most: usize) -> Vec<(G, Vec<T>)> {
    let (mut before, mut room) = (from, most);
    let mut shown = vec![];
    for (heading, group) in groups {
        let length = group.len();
        let group: Vec<T> = group.into_iter().skip(before).take(room).collect();
        before = before.saturating_sub(length);
        room -= group.len();
        if !group.is_empty() {
            shown.push((heading, group));
        }
    }
    shown
}

/// "Page 2 of 3"
fn page_of(frame: &Frame<'_>, number: usize, of: usize) -> String {
    let say = |number: usize| frame.locale.number(i64::try_from(number).unwrap_or(i64::MAX));
    frame.locale.t_with("help-page", &[("number", say(number).into()), ("of", say(of).into())])
}

fn heading(frame: &Frame<'_>, near: Near<'_>) -> String {
    let name = |place: &Place| place.name_in(frame.locale.language()).to_owned();
    match near {
        Near::Here(place) => frame.with("help-here", "place", name(place)),
        Near::Whole(place) => frame.with("help-whole", "place", name(place)),
        Near::Elsewhere(place) => frame.with("help-elsewhere", "place", name(place)),
        Near::Anywhere => frame.t("help-anywhere").to_owned(),
    }
}

fn place_name(frame: &Frame<'_>, review: &CurrentReview, code: Option<&str>) -> Option<String> {
    let places = review.known_places();
    let place = places.get(code?)?;
    let name = place.name_in(frame.locale.language());
    let note = place_note(frame.locale, places, place);
    // "Leeds, Yorkshire and The Humber, England": its kind goes without saying here.
    let wholes = note.split_once(", ").map(|(_, wholes)| wholes);
    Some(wholes.map_or_else(|| name.to_owned(), |wholes| format!("{name}, {wholes}")))
}

fn of_team<'a>(frame: &Frame<'a>, review: &'a CurrentReview, place: &'a HelpPlace) -> Help<'a> {
    let locale = frame.locale;
    let said = |text: &'a domain::Localised| {
        let said = locale.say(text);
        (said.text, said.lang)
    };
    let languages: Vec<String> =
        place.languages.iter().map(|language| language_word(frame, language.as_str())).collect();
    Help {
        name: &place.name,
        lang: Lang::default(),
        address: place.address.as_ref(),
        place: place_name(frame, review, place.place.as_deref()),
        hours: place.hours.as_ref().map(said),
        kinds: place.help.iter().map(|kind| locale.word("help-kind", kind.as_str())).collect(),
        note: place.note.as_ref().map(said),
        languages: Some(languages.join(", ")).filter(|languages| !languages.is_empty()),
        access: place.access.iter().map(|access| locale.word("help-access", access.as_str())).collect(),
        telephone: place.telephone.as_ref(),
        email: place.email.as_ref(),
        web: place.web.as_ref(),
        contact: None,
        offered: false,
        code: place.place.as_deref(),
        helps_with: &place.help,
    }
}

fn of_offer<'a>(frame: &Frame<'a>, review: &'a CurrentReview, shown: &'a ShownOffer) -> Help<'a> {
    let (locale, offer) = (frame.locale, &shown.offer);
    let lang = locale.lang(&offer.language);
    Help {
        name: &offer.name,
        lang,
        address: None,
        place: place_name(frame, review, offer.place.as_deref()),
        hours: None,
        kinds: offer.help.iter().map(|kind| locale.word("help-kind", kind.as_str())).collect(),
        note: offer.sentence.as_deref().map(|sentence| (sentence, lang)),
        languages: offer.spoken.as_ref().map(ToString::to_string),
        access: vec![],
        telephone: None,
        email: None,
        web: None,
        contact: offer.contact.as_ref(),
        offered: true,
        code: offer.place.as_deref(),
        helps_with: &offer.help,
    }
}

pub(super) fn mistake(locale: Locale, error: &OfferError) -> Mistake {
    let say = |field, key| Mistake { field, message: locale.t(key).to_owned() };
    match error {
        OfferError::Text("name", TextError::Empty) => say("name", "mistake-offer-name"),
        OfferError::Text("contact", TextError::Empty) => say("contact", "mistake-contact"),
        OfferError::Text(field, wrong) => of_line(locale, field, wrong),
        OfferError::Unticked("consent") => say("consent", "mistake-offer-consent"),
        OfferError::Unticked(field) => say(field, "mistake-offer-help"),
        OfferError::NoSuchPlace => say("place", "mistake-offer-place"),
        OfferError::SeveralPlaces => say(ListedFields::PLACE.pick, "mistake-offer-several"),
    }
}

pub(super) fn offered_page(frame: Frame<'_>, acknowledged: Acknowledged) -> OfferedPage<'_> {
    let title = frame.t("offered");
    OfferedPage { frame: frame.titled(&[title], Section::Give), acknowledged }
}

pub(super) fn withdraw_page<'a>(
    mut frame: Frame<'a>,
    typed: &'a str,
    mistakes: Vec<Mistake>,
    done: bool,
) -> WithdrawPage<'a> {
    let title = frame.t(if done { "offer-withdrawn" } else { "offer-withdraw" });
    frame.error = !mistakes.is_empty();
    WithdrawPage { frame: frame.titled(&[title], Section::Give), typed, mistakes, done }
}
