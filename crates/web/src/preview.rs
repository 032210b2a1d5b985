//! What search engines and other sites are told of a page: whether it may stand in an index, which address is its own, and what
//! is shown beside a link to it.

use domain::{Call, CallStatus};
use serde_json::{Value, json};

use crate::exit;
use crate::frame::{Frame, Section};

/// What is shown of a page beside a link to it (the Open Graph protocol, schema.org).
pub(crate) struct Preview<'a> {
    pub(crate) title: &'a str,
    /// What it is about.
    pub(crate) description: Option<&'a str>,
    pub(crate) site: &'a str,
    /// The absolute address of the picture.
    pub(crate) picture: String,
    /// There, the same for programs: JSON-LD that can stand in a page.
    pub(crate) data: Option<String>,
}

/// Whether a page may stand in an index of a search engine; `path` has no mark of the language. Everything that is not named
/// here belongs to one person, asks for a code, or is reached through what is named.
pub(crate) fn is_listed(path: &str) -> bool {
    if ["/", "/register"].contains(&path) {
        return true;
    }
    let Some(rest) = path.strip_prefix("/r/") else { return false };
    let parts: Vec<&str> = rest.split('/').skip(1).collect();
    match parts.as_slice() {
        [page] => PAGES.contains(page),
        [] | ["calls" | "contributions" | "heard" | "learn", _] | ["models", _, _] => true,
        ["calls", _, page] => OF_A_CALL.contains(page),
        _ => false,
    }
}

/// The pages of a review, below its first one.
pub(crate) const PAGES: [&str; 11] = [
    "about",
    "privacy",
    "accessibility",
    "calls",
    "contributions",
    "examples",
    "heard",
    "places",
    "help",
    "learn",
    "newsletter",
];

/// The pages of a call, below its first one.
pub(crate) const OF_A_CALL: [&str; 2] = ["before", "questionnaire"];

/// What is shown of a page; nothing where there is something to hide, so that a link to it tells no more than its title.
pub(crate) fn preview<'a>(frame: &'a Frame<'_>) -> Option<Preview<'a>> {
    let review = frame.review.filter(|review| frame.listed && exit::way_out(review, frame.path).is_none())?;
    let say = |text| frame.say(text).text;
    let (title, description) = match frame.call {
        Some(call) => (say(&call.title), say(&call.proposition)),
        None => (say(&review.title), say(&review.summary)),
    };
    let own = frame.call.is_some() || frame.section == Section::Home;
    let heading = Some(frame.heading.as_str()).filter(|heading| !own && !heading.is_empty());
    let of = frame.call.map(|call| format!("/calls/{}", call.id)).unwrap_or_default();
    Some(Preview {
        title: heading.unwrap_or(title),
        description: Some(frame.description.as_deref().filter(|_| !own).unwrap_or(description)),
        site: say(&review.title),
        picture: format!("{}{}{of}/picture.png?{}", frame.origin, frame.base, review.version),
        data: own.then(|| data(frame, title, description, frame.call)),
    })
}

/// What programs are told. A call takes replies between two days; nothing of schema.org says "call for evidence".
fn data(frame: &Frame<'_>, title: &str, description: &str, call: Option<&Call>) -> String {
    let home = format!("{}{}", frame.origin, frame.base);
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": if call.is_some() { "WebPage" } else { "WebSite" },
        "name": title,
        "description": description,
        "url": call.map_or_else(|| home.clone(), |call| format!("{home}/calls/{}", call.id)),
        "inLanguage": frame.locale.tag(),
    });
    if let (Some(call), Some(review), Value::Object(fields)) = (call, frame.review, &mut data) {
        let site = json!({ "@type": "WebSite", "name": frame.say(&review.title).text, "url": home });
        fields.insert("isPartOf".to_owned(), site);
        if call.status(frame.now, &review.timezone) != CallStatus::Closed {
            let action = json!({
                "@type": "ReplyAction",
                "name": frame.t("nav-give"),
                "target": format!("{home}/calls/{}", call.id),
                "startTime": call.opens.to_string(),
                "endTime": call.closes.to_string(),
            });
            fields.insert("potentialAction".to_owned(), action);
        }
    }
    // Whatever a title holds, it cannot end the element that this stands in.
    data.to_string().replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_one_person_or_asks_for_a_code_is_in_no_index() {
        for listed in
            ["/", "/register", "/r/x", "/r/x/about", "/r/x/calls/y", "/r/x/calls/y/before", "/r/x/contributions/DGR-1"]
        {
            assert!(is_listed(listed), "{listed}");
        }
        for page in [
            "receipt",
            "receipt/letter",
            "receipt/release",
            "calls/y/answer/z",
            "calls/y/check",
            "calls/y/later",
            "calls/y/who",
            "calls/y/delete",
            "calls/y/read-back",
            "calls/y/helping",
            "help/withdraw",
            "newsletter/confirm",
            "newsletter/leave",
            "newsletter/asked",
            "hide",
            "contributions/DGR-1/files/a",
        ] {
            assert!(!is_listed(&format!("/r/x/{page}")), "{page}");
        }
        assert!(!is_listed("/metrics") && !is_listed("/cy/r/x"));
    }
}
