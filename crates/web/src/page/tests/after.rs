use domain::{Fields, Reply};
use service::ReceiptView;

use super::*;
use crate::page::mistake::Mistake;
use crate::page::receipt::Typed;

const PATH: &str = "/r/digital-government/receipt";

/// A receipt with a question from the team that waits, and one that was answered.
fn asked(review: &CurrentReview, release: Release) -> Result<ReceiptView, Box<dyn Error>> {
    let now = noon("2026-11-23")?;
    let mut given = contribution(review, now)?;
    given.release = release;
    let call = given.call.clone();
    let mut history = vec![(Happened::Received { call, channel: Channel::Web, late: true }, now)];
    for text in ["Which <office>?", "Pa swyddfa?"] {
        history.push((given.ask(text.to_owned(), "cy".parse()?, Some("2026-12-01".parse()?))?, now));
    }
    let text = Some("The one by the river.\n\nIn Barry.".to_owned());
    let reply = Reply { text, language: "en".parse()?, publish: true, at: now, shown_at: None };
    history.push((given.reply(&"asked-2".parse()?, reply)?, now));
    let code = Some(ReceiptCode::from_bytes([7; ReceiptCode::BYTES]));
    Ok(ReceiptView { contribution: given, history, counted: true, code, registered: None, others: vec![] })
}

/// Whether a page holds a message.
fn said(html: &str, locale: Locale, key: &str) -> bool {
    html.contains(&locale.t(key).replace('\'', "&#39;"))
}

#[test]
fn a_question_from_the_team_stands_on_the_receipt_with_its_form() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let view = asked(&review, Release::Unnamed)?;
        let here = || frame(locale, now, PATH, &review);
        let html = receipt::receipt_page(here(), &review, &view, None, Typed::default()).render()?;
        sound(&html, locale);
        assert!(html.contains("Which &#60;office&#62;?") && html.contains("value=\"asked-1\""), "{html}");
        assert!(html.contains("name=\"publish\"") && html.contains("The one by the river."), "{html}");
        assert!(html.contains("aria-current=\"step\"") && said(&html, locale, "step-counted"), "{html}");

        let mut fields = Fields::default();
        fields.push("reply", "typed <so>");
        let mistakes = vec![Mistake { field: "reply", message: locale.t("asked-missing").to_owned() }];
        let typed = Typed { fields, mistakes };
        let html = receipt::receipt_page(here(), &review, &view, Some("asked-1"), typed).render()?;
        sound(&html, locale);
        assert!(html.contains("\ntyped &#60;so&#62;</textarea>") && html.contains("id=\"reply-error\""), "{html}");
        let view = asked(&review, Release::UseOnly)?;
        let html = receipt::receipt_page(here(), &review, &view, None, Typed::default()).render()?;
        assert!(!html.contains("name=\"publish\"") && said(&html, locale, "asked-use-only"), "{html}");
    }
    Ok(())
}

#[test]
fn what_was_given_is_printed_whole_and_the_letter_holds_what_is_needed() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let view = asked(&review, Release::Unnamed)?;
        let html =
            copy::page(frame(locale, now, "/r/digital-government/receipt/copy", &review), &review, &view).render()?;
        sound(&html, locale);
        for words in ["I gave up.", "In Barry.", "Pa swyddfa?"] {
            assert!(html.contains(words), "{words}: {html}");
        }
        assert!(said(&html, locale, "said-no-reply"), "{html}");
        let here = frame(locale, now, "/r/digital-government/receipt/letter", &review);
        let html = letter::page(here, &review, &view, "https://review.example.org").render()?;
        sound(&html, locale);
        let words = view.code.as_ref().ok_or("no code")?.words();
        assert!(words.iter().all(|word| html.contains(&format!("<li>{word}</li>"))), "{html}");
        let address =
            format!("review.example.org{}/r/digital-government/receipt", if locale.tag() == "cy" { "/cy" } else { "" });
        assert!(html.contains(&address) && html.contains("DGR-4K7-M2QX"), "{html}");
    }
    Ok(())
}

#[test]
fn mail_to_oneself_warns_and_keeps_what_was_typed() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let here = || frame(locale, now, "/r/digital-government/receipt/mail", &review);
        for (release, radios) in [(Release::Public, true), (Release::UseOnly, false)] {
            let view = asked(&review, release)?;
            let html = own_mail::of_receipt(here(), &view, false, Fields::default(), vec![]).render()?;
            sound(&html, locale);
            assert!(said(&html, locale, "own-mail-private"), "{html}");
            assert_eq!(html.contains("type=\"radio\""), radios, "{html}");
            let mut fields = Fields::default();
            fields.push("address", "ada@");
            let mistakes = vec![Mistake { field: "address", message: locale.t("newsletter-wrong").to_owned() }];
            let html = own_mail::of_receipt(here(), &view, false, fields, mistakes).render()?;
            sound(&html, locale);
            assert!(html.contains("value=\"ada@\"") && html.contains("id=\"address-error\""), "{html}");
            sound(&own_mail::of_receipt(here(), &view, true, Fields::default(), vec![]).render()?, locale);
        }
    }
    Ok(())
}
