//! The pages to read on: what narrows a list down, paragraphs with addresses, citations.

use super::*;

fn asked(pairs: &[(&str, &str)]) -> Filter {
    let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Filter::asked(&pairs.collect::<Vec<_>>().into())
}

#[test]
fn every_filter_can_be_taken_away_by_itself() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let call = review.definition.calls[0].id.to_string();
    let all = [
        ("q", "bus & <b>"),
        ("call", call.as_str()),
        ("kind", "union"),
        ("verdict", "failed"),
        ("service", "Bus pass"),
        ("place", "Leeds"),
        ("model", "yes"),
        ("from", "2026-11-03"),
        ("until", "2026-11-30"),
        ("channel", "paper"),
        ("language", "cy"),
        ("late", "yes"),
    ];
    let filter = asked(&all);
    let path = "/r/digital-government/contributions";
    for locale in BOTH() {
        let frame = frame(locale, now, path, &review);
        let chips = narrowing::chips(&frame, &review, &filter, path);
        assert_eq!(chips.len(), all.len());
        for (chip, (name, _)) in chips.iter().zip(all) {
            assert!(!chip.label.is_empty(), "{name} has words");
            let left: Fields =
                form_urlencoded::parse(chip.without.split_once('?').map_or("", |(_, query)| query).as_bytes())
                    .into_owned()
                    .collect::<Vec<_>>()
                    .into();
            let expected: Vec<_> = filter.pairs().into_iter().filter(|(other, _)| *other != name).collect();
            assert_eq!(Filter::asked(&left).pairs(), expected, "{name} is taken away, and nothing else");
        }
        let nothing = Listing::default();
        let html = reading::page(frame, &review, &filter, &nothing, false).render()?;
        sound(&html, locale);
        assert!(
            html.contains("<details class=\"govuk-details\" open>") && html.contains("value=\"2026-11-03\""),
            "{html}"
        );
        assert!(html.contains("“bus &#38; &#60;b&#62;”") && html.contains("fm-empty"), "{html}");
    }
    Ok(())
}

#[test]
fn paragraphs_have_addresses_and_what_was_searched_for_is_marked() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let shown = published(&review, now)?;
    let question = shown.content.answers.keys().next().ok_or("no answer")?.clone();
    let hits = |text: &str| text.match_indices("gave").map(|(at, found)| at..at + found.len()).collect();
    for locale in BOTH() {
        let frame = frame(locale, now, "/r/digital-government/contributions/DGR-4K7-M2QX", &review);
        let around = contribution::Around {
            list: "/r/digital-government/contributions?verdict=failed".to_owned(),
            previous: None,
            next: Some("/r/digital-government/contributions/DGR-222-2222?verdict=failed".to_owned()),
            narrowed: true,
        };
        let html = contribution::page(frame, &review, &shown, around, &hits).render()?;
        for id in [format!("answer.{question}"), format!("answer.{question}.1"), format!("answer.{question}.2")] {
            assert!(html.contains(&format!(" id=\"{id}\"")), "{id}: {html}");
        }
        assert!(html.contains("I <mark>gave</mark> up.") && html.contains("rel=\"next\""), "{html}");
        assert!(!html.contains("rel=\"prev\"") && html.contains("contributions?verdict=failed\""), "{html}");
    }
    Ok(())
}

#[test]
fn a_passage_is_cited_by_its_address_and_its_words() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let shown = published(&review, now)?;
    let question = shown.content.answers.keys().next().ok_or("no answer")?.clone();
    for locale in BOTH() {
        let frame = frame(locale, now, "/r/digital-government/contributions/DGR-4K7-M2QX/cite", &review);
        let html = cite::page(frame, &review, &shown, "https://review.example.org").render()?;
        sound(&html, locale);
        let address = locale.link("/r/digital-government/contributions/DGR-4K7-M2QX");
        let address = format!("https://review.example.org{address}#answer.{question}.2");
        assert!(html.contains(&format!("href=\"{address}:~:text=I%20gave%20up.\"")), "{html}");
        assert!(html.contains(&format!("{address}</span>")) && !html.contains("Ada Tully"), "{html}");
        assert!(html.contains(locale.t("unnamed-contributor")), "an unnamed author is not named: {html}");
    }
    Ok(())
}

#[test]
fn the_gallery_shows_each_example_with_its_verdict_in_words() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let items = vec![listed(published(&review, now)?, None)];
    let found = Listing { items, next: Some("7".to_owned()), total: Some(13) };
    let filter = asked(&[("verdict", "failed"), ("service", "bus")]);
    let path = "/r/digital-government/examples";
    for locale in BOTH() {
        let here = || frame(locale, now, path, &review);
        let html = examples::page(here(), &review, &filter, &found, &[5, 0, 5, 0, 1], false).render()?;
        sound(&html, locale);
        assert!(html.contains("fm-verdict--failed") && html.contains("Bus pass") && html.contains("(5)"), "{html}");
        assert!(html.contains("DGR-4K7-M2QX?verdict=failed&#38;service=bus&#38;example=yes#answer."), "{html}");
        assert!(html.contains("examples?verdict=failed&#38;service=bus&#38;after=7"), "{html}");
        assert_eq!(html.matches("aria-current=\"true\"").count(), 2, "the section and the verdict: {html}");
        let nothing = Listing::default();
        let html = examples::page(here(), &review, &Filter::default(), &nothing, &[0; 5], false).render()?;
        sound(&html, locale);
        assert!(html.contains("fm-empty"), "{html}");
    }
    Ok(())
}

#[test]
fn a_model_shows_who_takes_it_up_and_keeps_what_was_typed() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    let contribution = published(&review, now)?;
    let call = contribution.call.clone();
    let question = contribution.content.answers.keys().next().ok_or("no answer")?.clone();
    let by = domain::take_up::TakeUp {
        body: "Council <of> Barry".parse()?,
        sentence: Some("Yn y gwanwyn.".to_owned()),
        language: "cy".parse()?,
    };
    let model = service::take_up::Model { contribution, question, taken_up: vec![(by, now)] };
    let once = domain::TakeUpId(Uuid::nil());
    let mut typed = Fields::default();
    typed.push("sentence", "We <will>");
    let path = "/r/digital-government/models/DGR-4K7-M2QX/story";
    for locale in BOTH() {
        let errors = domain::take_up::Said::read(&typed, locale.language()).expect_err("no name was typed");
        let mistakes = errors.iter().map(|error| model::mistake(locale, error)).collect();
        let here = frame(locale, now, path, &review);
        let page = model::page(here, &review, &model, typed.clone(), mistakes, once).ok_or("no model")?;
        let html = page.render()?;
        sound(&html, locale);
        assert!(
            html.contains("Council &#60;of&#62; Barry") && html.contains("\nWe &#60;will&#62;</textarea>"),
            "{html}"
        );
        assert!(html.contains("href=\"#body\"") && html.contains("id=\"contact-error\""), "{html}");
        assert!(!html.contains("Jones") && !html.contains("Ada Tully"), "{html}");
        assert!(!html.contains("data-fm-exit"), "{html}");
    }
    // Of a sensitive call it has a way out, a title that says nothing, and no place in a search engine.
    review.definition.calls.iter_mut().filter(|one| one.id == call).for_each(|call| call.sensitive = true);
    for locale in BOTH() {
        let page = model::page(frame(locale, now, path, &review), &review, &model, Fields::default(), vec![], once);
        let html = page.ok_or("no model")?.render()?;
        sound(&html, locale);
        assert!(html.contains("data-fm-exit") && html.contains("content=\"noindex\""), "{html}");
        let title = html.split("<title>").nth(1).and_then(|rest| rest.split('<').next()).ok_or("no title")?;
        assert!(!title.contains("Digital Government") && !title.contains("DGR-"), "{title}");
    }
    Ok(())
}

/// A count of forty contributions from a union and one from somebody, with examples in Leeds and in Cardiff.
fn heard(review: &CurrentReview, now: Timestamp) -> Result<service::heard::Heard, Box<dyn Error>> {
    let mut figures = domain::figures::Figures::default();
    let call = &review.definition.calls[0];
    figures.calls.insert(call.id.clone(), 41);
    figures.kinds.extend([("union".to_owned(), 40), ("individual".to_owned(), 1)]);
    figures.channels.insert(Channel::Paper, 41);
    figures.weeks.insert("2026-11-16".parse()?, 41);
    figures.verdicts.extend([(Verdict::Works, 30), (Verdict::Failed, 15)]);
    figures.places.extend([("E08000035".to_owned(), 31), ("W06000015".to_owned(), 14)]);
    let question = call.questions.iter().find(|question| question.kind == Kind::Scale).ok_or("no scale")?;
    let steps = [("1".to_owned(), 20), ("5".to_owned(), 15)].into();
    figures.answers.entry(call.id.clone()).or_default().insert(question.id.clone(), steps);
    figures.answered.entry(call.id.clone()).or_default().insert(question.id.clone(), 35);
    Ok(service::heard::Heard::of(&figures, review, now))
}

#[test]
fn figures_say_first_what_was_found_and_hide_the_few() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let heard = heard(&review, now)?;
    for locale in BOTH() {
        let here = |path| frame(locale, now, path, &review);
        let html = heard::page(here("/r/digital-government/heard"), &review, Some(&heard)).render()?;
        sound(&html, locale);
        let hidden = format!("<td class=\"govuk-table__cell\">{}</td>", locale.t("heard-hidden"));
        assert!(html.matches(&hidden).count() >= 2, "one person, and the union that would give them away: {html}");
        assert!(html.contains("<svg width=\"70%\"") && html.contains("heard.csv?figure=kinds"), "{html}");
        let call = &review.definition.calls[0];
        let html = heard::call_page(here("/r/digital-government/heard/x"), call, Some(&heard)).render()?;
        sound(&html, locale);
        let scale = locale.word("scale", "1").replace('\'', "&#39;");
        assert!(html.contains(&scale) && html.contains(locale.t("heard-hidden")), "{html}");
        for nothing in [
            heard::page(here("/r/digital-government/heard"), &review, None).render()?,
            places::page(here("/r/digital-government/places"), None).render()?,
        ] {
            sound(&nothing, locale);
            assert!(nothing.contains("fm-empty"), "{nothing}");
        }
    }
    Ok(())
}

#[test]
fn the_map_has_its_numbers_in_tables_too() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let heard = heard(&review, now)?;
    for locale in BOTH() {
        let html = places::page(frame(locale, now, "/r/digital-government/places", &review), Some(&heard)).render()?;
        sound(&html, locale);
        assert_eq!(html.matches("<rect x=").count(), 12, "{html}");
        assert!(html.contains("Leeds") && html.contains("</svg> 30</td>") && html.contains(">30</tspan>"), "{html}");
        let cardiff = if locale.tag() == "cy" { "Caerdydd" } else { "Cardiff" };
        let link = format!("/r/digital-government/examples?place=W06000015\">{cardiff}</a></th>");
        assert!(html.contains(&link), "{html}");
        // The tile leads to the same list as its row, by mouse alone.
        let wales = "/r/digital-government/examples?place=W92000004\"";
        assert!(html.contains(&format!("{wales} tabindex=\"-1\">")) && html.matches(wales).count() == 2, "{html}");
    }
    Ok(())
}
