//! Whole messages, as they go out.

use domain::EmailAddress;

use super::*;

type Tested = Result<(), Box<dyn std::error::Error>>;

const REVIEW: &str = "Digital Government Review";
const LEAVE: &str = "https://review.example.org/r/d/newsletter/leave?t=0123456789abcdef0123456789abcdef";

fn message(letter: &Letter, list: Option<List<'_>>, dkim: Option<&Dkim>) -> Result<String, Box<dyn std::error::Error>> {
    let (from, to): (EmailAddress, EmailAddress) = ("review@example.org".parse()?, "ada@example.net".parse()?);
    let sending = Sending {
        from_name: REVIEW,
        from: &from,
        reply_to: Some(&from),
        to: &to,
        message_id: "0.1@example.org",
        date: "2026-11-23T12:00:00Z".parse()?,
        home: "https://review.example.org/r/d",
        colour: "#12362a",
        list,
    };
    Ok(String::from_utf8(letter.message(&sending, dkim)?)?)
}

fn newsletter() -> Result<Letter, Box<dyn std::error::Error>> {
    let markdown = "We read **everything**. [The findings](https://review.example.org/r/d/findings):\n\n- queues\n- forms\n\n.\n\nAnd ![a picture](https://tracker.example/p.gif) of it. <b onclick=x>";
    Ok(words::newsletter(&"en".parse()?, REVIEW, "What we heard in May – \u{201c}six\u{201d} things", markdown, LEAVE))
}

#[test]
fn a_confirmation_is_a_complete_message_in_either_language() -> Tested {
    for (tag, snapshot) in
        [("en", include_str!("snapshots/confirm.en.eml")), ("cy", include_str!("snapshots/confirm.cy.eml"))]
    {
        let letter = words::confirm(&tag.parse()?, REVIEW, "https://review.example.org/r/d/newsletter/confirm?t=0123");
        same(&message(&letter, None, None)?, snapshot, &format!("confirm.{tag}.eml"))?;
    }
    Ok(())
}

#[test]
fn a_newsletter_is_a_complete_message_that_can_be_ended_by_one_click() -> Tested {
    let list = List { id: "letters.d.example.org", unsubscribe: LEAVE };
    let whole = message(&newsletter()?, Some(list), None)?;
    same(&whole, include_str!("snapshots/newsletter.en.eml"), "newsletter.en.eml")?;
    assert!(!whole.contains("tracker.example") && whole.contains("&lt;b onclick"), "{whole}");
    Ok(())
}

#[test]
fn every_part_reads_in_both_forms() -> Tested {
    let letter = Letter {
        language: "en".parse()?,
        subject: "A copy".to_owned(),
        parts: vec![
            Part::Heading("Your <answers>".to_owned()),
            Part::Rows(vec![("What works?".to_owned(), "The bus\npass & more".to_owned())]),
            Part::Words(vec!["amber".to_owned(), "cliff".to_owned()]),
        ],
        foot: words::once(&"en".parse()?, REVIEW),
    };
    assert_eq!(
        letter.text(),
        "A copy\n------\n\nYour <answers>\n--------------\n\nWhat works?\n    The bus\n    pass & more\n\n    amber cliff\n\n-- \n\
         You get this because you asked for it on the pages of Digital Government\nReview. Your address is not kept.\n"
    );
    let html = letter.html(REVIEW, "https://review.example.org/r/d", "#12362a")?;
    for there in [
        "<h2 style",
        "Your &#60;answers&#62;",
        "<dt style",
        "The bus\npass &#38; more",
        "lang=\"en\" style",
        ">amber cliff<",
    ] {
        assert!(html.contains(there), "{there} in {html}");
    }
    Ok(())
}

#[test]
fn nothing_that_is_told_can_make_a_header() -> Tested {
    let letter = Letter {
        language: "en".parse()?,
        subject: format!("Hello\r\nBcc: eve@example.org\r\n\r\n{}", "x".repeat(5_000)),
        parts: vec![Part::Text(".\r\n.\r\nQUIT".to_owned())],
        foot: vec![],
    };
    let whole = message(&letter, None, None)?;
    let (head, body) = whole.split_once("\r\n\r\n").ok_or("no body")?;
    assert!(!head.contains("\r\nBcc:"), "{head}");
    assert!(head.lines().all(|line| line.len() <= 998) && head.len() < 2_000, "{head}");
    assert!(body.lines().all(|line| line.len() <= 76), "{body}");
    Ok(())
}

/// Compares with what was looked at and kept; `FOLKMOOT_SNAPSHOTS=write` keeps what is there now.
fn same(whole: &str, kept: &str, name: &str) -> Tested {
    let plain = whole.replace("\r\n", "\n");
    if std::env::var("FOLKMOOT_SNAPSHOTS").is_ok_and(|what| what == "write") {
        std::fs::write(format!("{}/src/mail/snapshots/{name}", env!("CARGO_MANIFEST_DIR")), &plain)?;
        return Ok(());
    }
    assert_eq!(plain, kept, "{name} has changed: look at it, then keep it with FOLKMOOT_SNAPSHOTS=write");
    Ok(())
}
