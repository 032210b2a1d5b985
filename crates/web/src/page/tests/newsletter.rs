//! The pages of the newsletter.

use askama::Template;

use super::{BOTH, Tested, frame, noon, review, sound};
use crate::locale::Locale;
use crate::page::mistake::Mistake;
use crate::page::newsletter::{form_page, step_page};

const PATH: &str = "/r/digital-government/newsletter";

#[test]
fn letters_are_offered_only_where_mail_is_sent() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        for mail in [true, false] {
            let html = form_page(frame(locale, now, PATH, &review), mail, "", vec![]).render()?;
            sound(&html, locale);
            assert_eq!(html.contains("<form"), mail, "{html}");
            assert_eq!(html.contains(locale.t("newsletter-label")), mail, "{html}");
            assert!(html.contains("contributions.atom"), "{html}");
        }
    }
    Ok(())
}

#[test]
fn what_was_typed_stays_and_cannot_get_out_of_its_field() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let typed = "\"><script>alert(1)</script>";
    let mistakes = vec![Mistake { field: "address", message: Locale::english().t("newsletter-wrong").to_owned() }];
    let html = form_page(frame(Locale::english(), now, PATH, &review), true, typed, mistakes).render()?;
    sound(&html, Locale::english());
    assert!(html.contains("value=\"&#34;&#62;&#60;script&#62;"), "{html}");
    assert!(html.contains("<title>Error: ") && html.contains("address-hint address-error"), "{html}");
    Ok(())
}

#[test]
fn every_step_says_what_it_is() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        for step in ["asked", "confirm", "confirmed", "expired", "leave", "left"] {
            let page = step_page(frame(locale, now, PATH, &review), step, None);
            assert!(!page.heading.is_empty() && !page.text.is_empty(), "{step}");
            sound(&page.render()?, locale);
        }
    }
    let confirmed = step_page(frame(Locale::english(), now, PATH, &review), "confirmed", None);
    assert_eq!(confirmed.heading, "Your subscription has been confirmed.");
    Ok(())
}
