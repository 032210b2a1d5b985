//! Pages of the kinds of question that need more than one field: places, services, orders, rows; and easy words.

use super::*;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
}

/// The page of the first question of that kind, with what was typed.
fn page_of(kind: Kind, locale: Locale, typed: &[(&str, &str)], easy: bool) -> Result<String, Box<dyn Error>> {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let asks = |call: &&Call| call.questions.iter().any(|question| question.kind == kind);
    let call = review.definition.calls.iter().rfind(asks).ok_or("no call asks so")?;
    let place = call.questions.iter().position(|question| question.kind == kind).ok_or("no question")?;
    let mut draft = draft(call, now);
    draft.content.easy = easy;
    let frame = frame(locale, now, "/r/digital-government/calls/x/answer/y", &review);
    let html = answer::sample(frame, call, place, fields(typed), &draft).render()?;
    sound(&html, locale);
    Ok(html)
}

#[test]
fn a_name_that_could_mean_several_places_offers_them() -> Tested {
    for (locale, note) in [
        (Locale::english(), "local authority, Tyne and Wear, North East, England"),
        (Locale::welsh(), "awdurdod lleol, Tyne and Wear, Gogledd Ddwyrain, Lloegr"),
    ] {
        let html = page_of(Kind::Place, locale, &[("answer", "newc"), ("offer", "")], false)?;
        assert!(html.contains("value=\"E08000021\"") && html.contains("value=\"E07000195\""), "{html}");
        assert!(html.contains(note), "{html}");
        assert!(html.contains("name=\"pick\" type=\"radio\" value=\"own\""), "{html}");
        assert!(html.contains("href=\"#pick\"") && html.contains("name=\"offer\" value=\"newc\""), "{html}");
    }
    let html = page_of(Kind::Place, Locale::english(), &[], false)?;
    assert!(!html.contains("name=\"pick\"") && html.contains("name=\"offer\" value=\"\""), "{html}");
    Ok(())
}

#[test]
fn what_was_kept_can_be_seen_and_changed() -> Tested {
    let kept = page_of(Kind::Place, Locale::english(), &[("answer", "Newport"), ("pick", "W06000022")], false)?;
    assert!(kept.contains("value=\"W06000022\" checked"), "{kept}");
    let own = page_of(Kind::Place, Locale::english(), &[("answer", "Newport"), ("pick", "own")], false)?;
    assert!(own.contains("value=\"own\" checked"), "{own}");
    Ok(())
}

#[test]
fn a_search_with_too_many_matches_says_so() -> Tested {
    let html = page_of(Kind::Place, Locale::english(), &[("answer", "s"), ("offer", "")], false)?;
    assert_eq!(html.matches("name=\"pick\"").count(), 31, "thirty, and none of these: {html}");
    assert!(html.contains("write more of the name"), "{html}");
    Ok(())
}

#[test]
fn an_example_offers_services_and_places_too() -> Tested {
    let typed = [("service", "ta"), ("service-offer", ""), ("place", "newc"), ("place-offer", "")];
    let html = page_of(Kind::Example, Locale::english(), &typed, false)?;
    for there in ["href=\"#service-pick\"", "href=\"#place-pick\"", "href=\"#verdict\"", "value=\"council-tax\""] {
        assert!(html.contains(there), "{there} in {html}");
    }
    Ok(())
}

#[test]
fn numbers_given_twice_are_named_and_kept() -> Tested {
    let typed = [("answer-see", "1"), ("answer-once", "1")];
    let html = page_of(Kind::Ranking, Locale::english(), &typed, false)?;
    assert!(html.contains("I can see who looked at my record · I need to say things only once"), "{html}");
    assert_eq!(html.matches("<option value=\"1\" selected").count(), 2, "{html}");
    assert_eq!(html.matches("<option value=\"4\"").count(), 0, "three can be placed: {html}");
    assert!(html.contains("href=\"#answer\"") && html.contains("id=\"answer-error\""), "{html}");
    Ok(())
}

#[test]
fn easy_words_stand_in_the_place_of_the_full_ones() -> Tested {
    let full = page_of(Kind::Grid, Locale::english(), &[("answer-tax", "4")], false)?;
    let easy = page_of(Kind::Grid, Locale::english(), &[("answer-tax", "4")], true)?;
    assert!(full.contains("name=\"easy\" value=\"yes\"") && full.contains("The health service"), "{full}");
    assert!(easy.contains("name=\"easy\" value=\"no\"") && easy.contains("Your doctor and hospital"), "{easy}");
    assert!(easy.contains("fm-easy") && !easy.contains("Do you agree?"), "{easy}");
    for html in [&full, &easy] {
        assert_eq!(html.matches(" checked").count(), 1, "{html}");
        assert!(html.contains("name=\"answer-tax\" type=\"radio\" value=\"4\" checked"), "{html}");
    }
    Ok(())
}

#[test]
fn longer_help_opens_at_a_click_and_easy_words_do_without() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let call = &review.definition.calls[0];
    for easy in [false, true] {
        let mut draft = draft(call, now);
        draft.content.easy = easy;
        let frame = frame(Locale::english(), now, "/r/a", &review);
        let html = answer::sample(frame, call, 0, Fields::default(), &draft).render()?;
        assert_eq!(html.contains("<details"), !easy, "{html}");
    }
    Ok(())
}
