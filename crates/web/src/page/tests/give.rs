//! The pages to give evidence on, and the receipt.

use super::*;

#[test]
fn every_question_of_the_demonstration_can_be_asked_and_refused() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let mut wrong = Fields::default();
    for (name, value) in
        [("answer", "\u{7}"), ("answer-day", "31"), ("answer-month", "2"), ("service", "<Bus>"), ("answer-tax", "9")]
    {
        wrong.push(name, value);
    }
    for locale in BOTH() {
        for call in &review.definition.calls {
            for place in 0..call.questions.len() {
                // Files do not come in fields.
                let refused = call.questions[place].kind != Kind::File;
                for (fields, mistaken) in [(Fields::default(), false), (wrong.clone(), refused)] {
                    let frame = frame(locale, now, "/r/digital-government/calls/x/answer/y", &review);
                    let html = answer::sample(frame, call, place, fields, &draft(call, now)).render()?;
                    sound(&html, locale);
                    assert_eq!(html.contains("govuk-error-summary"), mistaken, "{html}");
                    assert!(html.contains("name=\"switch\"") && html.contains("value=\"0123456789abcdef\""), "{html}");
                    let title = format!("<title>{}", locale.t("error-prefix"));
                    assert_eq!(html.contains(&title), mistaken, "{html}");
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_refused_answer_keeps_what_was_typed_and_points_to_the_field() -> Tested {
    let review = review()?;
    let call = &review.definition.calls[0];
    let place = call.questions.iter().position(|question| question.kind == Kind::Example).ok_or("no example")?;
    let mut fields = Fields::default();
    fields.push("service", "<Bus> pass");
    let now = noon("2026-11-23")?;
    let html = answer::sample(frame(Locale::english(), now, "/r/a", &review), call, place, fields, &draft(call, now))
        .render()?;
    assert!(html.contains("value=\"&#60;Bus&#62; pass\""), "{html}");
    assert!(html.contains("href=\"#happened\"") && html.contains("id=\"happened-error\""), "{html}");
    assert!(html.contains("aria-describedby=\"happened-hint happened-error happened-info\""), "{html}");
    Ok(())
}

#[test]
fn the_last_pages_before_sending_show_gaps_and_mistakes() -> Tested {
    let review = review()?;
    let call = &review.definition.calls[0];
    let now = noon("2026-11-23")?;
    let content = DraftContent { answers: contribution(&review, now)?.content.answers, ..DraftContent::default() };
    let draft = Draft { id: DraftId(Uuid::nil()), call: call.id.clone(), content, saved_at: now, expires_at: now };
    for locale in BOTH() {
        let here = || frame(locale, now, "/r/digital-government/calls/x/check", &review);
        let first = check::page(here(), &review, call, &draft, false).render()?;
        let tried = check::page(here(), &review, call, &draft, true).render()?;
        for html in [&first, &tried] {
            sound(html, locale);
            assert!(html.contains("release?change=1") && html.contains("The &#60;form&#62; would not save."), "{html}");
        }
        assert!(tried.contains("govuk-error-summary") && !first.contains("govuk-error-summary"));
        let mut typed = Fields::default();
        typed.push("members", "many");
        let mistakes = who::parse(&typed, locale).err().ok_or("that is no number")?;
        let html = who::page(here(), call, &draft, typed, mistakes, false).render()?;
        sound(&html, locale);
        assert!(html.contains("value=\"many\"") && html.contains("id=\"members-error\""), "{html}");
        let html =
            release::page(here(), &review, call, None, vec![release::unchosen(locale)], (false, false)).render()?;
        sound(&html, locale);
        assert!(
            html.contains(&askama::filters::escape(locale.t("foi-heading"), askama::filters::Html)?.to_string()),
            "{html}"
        );
    }
    Ok(())
}

#[test]
fn a_receipt_tells_what_happened_and_forgets_when_withdrawn() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let mut given = contribution(&review, now)?;
    let call = given.call.clone();
    let came = Happened::Received { call, channel: Channel::Web, late: false };
    let published = given.publish(now)?;
    let changed = given.change_release(Release::UseOnly)?;
    let code = ReceiptCode::from_bytes([7; ReceiptCode::BYTES]);
    let history = vec![(came.clone(), now), (published.clone(), now), (changed, now)];
    let view = ReceiptView {
        contribution: given.clone(),
        history,
        counted: true,
        code: Some(code.clone()),
        registered: None,
        others: vec![],
    };
    for locale in BOTH() {
        let html = receipt::receipt_page(
            frame(locale, now, "/r/digital-government/receipt", &review),
            &review,
            &view,
            None,
            receipt::Typed::default(),
        )
        .render()?;
        sound(&html, locale);
        assert!(code.words().iter().all(|word| html.contains(&format!("<li>{word}</li>"))), "{html}");
        assert!(!html.contains("/contributions/DGR-4K7-M2QX"), "it is not published any more: {html}");
        assert!(html.contains("fm-next"), "{html}");
    }
    let withdrawn = given.withdraw()?;
    let view = ReceiptView {
        contribution: given,
        history: vec![(came, now), (withdrawn, now)],
        counted: true,
        code: None,
        registered: None,
        others: vec![],
    };
    let html = receipt::receipt_page(
        frame(Locale::english(), now, "/r/digital-government/receipt", &review),
        &review,
        &view,
        None,
        receipt::Typed::default(),
    )
    .render()?;
    sound(&html, Locale::english());
    assert!(!html.contains("receipt/withdraw\"") && html.contains("has been erased"), "{html}");
    let html =
        receipt::form_page(frame(Locale::english(), now, "/r/digital-government/receipt", &review), "one <two", vec![])
            .render()?;
    sound(&html, Locale::english());
    assert!(html.contains("\none &#60;two</textarea>"), "{html}");
    Ok(())
}

#[test]
fn what_is_saved_can_be_taken_back() -> Tested {
    let review = review()?;
    let call = &review.definition.calls[0];
    let now = noon("2026-11-23")?;
    let place = call.questions.iter().position(|question| question.kind == Kind::Example).ok_or("no example")?;
    let nothing = draft(call, now);
    let answers = contribution(&review, now)?.content.answers;
    let saved = Draft { content: DraftContent { answers, ..DraftContent::default() }, ..nothing.clone() };
    for locale in BOTH() {
        let here = || frame(locale, now, "/r/digital-government/calls/x/answer/y", &review);
        let clears = |html: &str| html.contains("name=\"clear\" value=\"yes\"");
        assert!(!clears(&answer::sample(here(), call, place, Fields::default(), &nothing).render()?));
        assert!(clears(&answer::sample(here(), call, place, Fields::default(), &saved).render()?));
        let mut chosen = Fields::default();
        chosen.push("verdict", "works");
        assert!(clears(&answer::sample(here(), call, place, chosen, &nothing).render()?));
        assert!(!clears(&who::page(here(), call, &nothing, Fields::default(), vec![], false).render()?));
        let mut named = Fields::default();
        named.push("kind", "union");
        assert!(clears(&who::page(here(), call, &nothing, named, vec![], false).render()?));
    }
    Ok(())
}

#[test]
fn what_must_be_answered_says_so() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    let path = "/r/digital-government/calls/x";
    for required in [true, false] {
        for call in &mut review.definition.calls {
            call.questions.iter_mut().for_each(|question| question.required = required);
        }
        let call = &review.definition.calls[0];
        for locale in BOTH() {
            let here = || frame(locale, now, path, &review);
            let marked = |html: &str| html.matches(locale.t("must-be-answered")).count();
            let asked = answer::sample(here(), call, 0, Fields::default(), &draft(call, now)).render()?;
            sound(&asked, locale);
            assert_eq!((marked(&asked) == 1, asked.contains(locale.t("skip"))), (required, !required), "{asked}");
            let page = call::call_page(here(), &review, call, None).render()?;
            let questions = if required { call.questions.len() } else { 0 };
            assert!(marked(&page) >= questions && (required || marked(&page) == 0), "{page}");
            let calls = call::calls_page(here(), &review).render()?;
            let said = locale.t(if required { "calls-text-required" } else { "calls-text" });
            assert!(calls.contains(&askama::filters::escape(said, askama::filters::Html)?.to_string()), "{calls}");
        }
    }
    Ok(())
}
