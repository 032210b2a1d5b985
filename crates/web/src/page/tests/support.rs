//! What helps to give evidence: before somebody starts, help, learning pages, stories, the way out.

use domain::help_offer::OfferError;
use domain::{Form, HelpKind, HelpOffer, OfferedHelp};
use service::help_offer::{OfferSecret, ShownOffer};

use super::*;
use crate::page::{before, help, hide, learn};

fn typed(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>().into()
}

fn escaped(text: &str) -> Result<String, askama::Error> {
    Ok(askama::filters::escape(text, askama::filters::Html)?.to_string())
}

fn offer(contact: bool) -> Result<ShownOffer, Box<dyn Error>> {
    Ok(ShownOffer {
        offer: HelpOffer {
            name: "Ada <Tully>".parse()?,
            place: Some("E08000035".to_owned()),
            help: vec![HelpKind::Home],
            spoken: Some("Punjabi".parse()?),
            sentence: Some("I bring a tablet.".to_owned()),
            language: "en".parse()?,
            contact: contact.then(|| "ada@example.org".parse()).transpose()?,
        },
        reference: "DGR-4K7-M2QX".parse()?,
        shown_at: noon("2026-11-23")?,
    })
}

/// The directory as somebody sees it who asks for something.
fn directory(locale: Locale, asked: &[(&str, &str)], offers: &[ShownOffer]) -> Result<String, Box<dyn Error>> {
    let review = review()?;
    let frame = frame(locale, noon("2026-11-23")?, "/r/digital-government/help", &review);
    let form = (Fields::default(), vec![], OfferSecret(Uuid::nil()));
    let html = help::page(frame, &review, offers, &typed(asked), form).render()?;
    sound(&html, locale);
    Ok(html)
}

#[test]
fn before_you_start_says_all_that_the_team_has_given() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        for call in &review.definition.calls {
            let html = before::page(frame(locale, now, "/r/digital-government/calls/x/before", &review), &review, call);
            let html = html.render()?;
            sound(&html, locale);
            let takes = locale.count("minutes", call.about_minutes());
            let open = call.closes.ends(&review.timezone) > now;
            for (said, shown) in [
                (takes.as_str(), true),
                ("/learn/words-we-use", true),
                // Nobody is told how to answer what is over.
                ("18001 0808 157 0191", open),
                ("sign.digital-government.example.org", open),
                ("Freepost", open),
            ] {
                assert_eq!(html.contains(said), shown, "{said}: {html}");
            }
            assert_eq!(html.contains("questionnaire?easy=yes"), call.has_easy(), "{html}");
            assert_eq!(html.contains(&escaped(locale.t("before-optional"))?), !call.insists(), "{html}");
            // What is over is not among what comes next.
            let over = locale.say(&review.stages[0].title).text;
            assert!(!html.contains(&escaped(over)?), "{html}");
        }
    }
    Ok(())
}

#[test]
fn what_is_not_given_is_not_offered() -> Tested {
    let mut review = review()?;
    review.definition.ways = None;
    review.definition.stages.clear();
    let call = review.definition.calls[0].clone();
    let frame = frame(Locale::english(), noon("2026-11-23")?, "/r/digital-government/calls/x/before", &review);
    let html = before::page(frame, &review, &call).render()?;
    sound(&html, Locale::english());
    for key in ["way-relay", "way-sign", "way-freepost", "before-next"] {
        assert!(!html.contains(Locale::english().t(key)), "{key}: {html}");
    }
    assert!(html.contains("0808 157 0191"), "where the team can be reached, evidence can be given: {html}");
    Ok(())
}

#[test]
fn the_questionnaire_is_whole_in_full_and_in_easy_words() -> Tested {
    let mut review = review()?;
    let about: Question = serde_json::from_str(
        r#"{"id":"carer","kind":"yes-no-unsure","title":{"en":"Do you look after somebody?","cy":"Ydych chi'n gofalu am rywun?"}}"#,
    )?;
    review.definition.about_you_question.push(about);
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        for call in &review.definition.calls {
            for easy in [false, true] {
                let frame = frame(locale, now, "/r/digital-government/calls/x/questionnaire", &review);
                let html = before::questionnaire_page(frame, &review, call, easy).render()?;
                sound(&html, locale);
                for question in &call.questions {
                    let reading = question.read(easy);
                    assert!(html.contains(&escaped(locale.say(reading.title()).text)?), "{html}");
                    for option in question.options.iter().chain(&question.rows) {
                        assert!(html.contains(&escaped(locale.say(reading.label(option)).text)?), "{html}");
                    }
                }
                assert_eq!(html.contains("fm-easy"), easy);
                // Paper asks what the pages ask, and says where to and until when.
                let whole = ["kind-ask-union", "who-members", "who-asked", "about-you-apart"];
                for key in
                    whole.iter().copied().chain((call.closes.ends(&review.timezone) > now).then_some("send-heading"))
                {
                    assert!(html.contains(&escaped(locale.t(key))?), "{key}: {html}");
                }
                for question in &review.about_you_question {
                    assert!(html.contains(&escaped(locale.say(&question.title).text)?), "{html}");
                }
                assert!(
                    !html.contains(&escaped(locale.t("way-paper"))?),
                    "nobody is told to ask for what they hold: {html}"
                );
            }
        }
    }
    let story = review.call("your-story").ok_or("no story")?;
    let frame = frame(Locale::english(), now, "/r/digital-government/calls/your-story/questionnaire", &review);
    let html = before::questionnaire_page(frame, &review, story, false).render()?;
    assert!(html.contains("Only if you answered “Yes” to question 3."), "{html}");
    Ok(())
}

#[test]
fn help_is_found_by_place_the_nearest_first() -> Tested {
    let leeds = directory(Locale::english(), &[("place", "leeds")], &[offer(true)?])?;
    let at = |text: &str| leeds.find(text).ok_or_else(|| format!("{text} is not in {leeds}"));
    let order = ["In Leeds", "For all of Yorkshire", "Elsewhere in Yorkshire", "Wherever you are"];
    for pair in order.windows(2) {
        assert!(at(pair[0])? < at(pair[1])?, "{pair:?}");
    }
    assert!(!leeds.contains("Lagan Community Rooms") && leeds.contains("Ada &#60;Tully&#62;"), "{leeds}");
    let signed = directory(Locale::english(), &[("place", "E08000035"), ("kind", "signing")], &[])?;
    assert!(signed.contains("Yorkshire Deaf Meeting House") && !signed.contains("Harehills"), "{signed}");
    assert!(signed.contains("value=\"Leeds\"") && signed.contains("<option value=\"signing\" selected>"), "{signed}");
    let welsh = directory(Locale::welsh(), &[("place", "caerdydd")], &[])?;
    assert!(welsh.contains("Yn Caerdydd") && welsh.contains("dolen sain"), "{welsh}");
    Ok(())
}

#[test]
fn every_place_of_help_stands_on_one_page_of_the_directory() -> Tested {
    let review = review()?;
    for (kind, query) in [("", "?place=atlantis"), ("writing", "?place=atlantis&#38;kind=writing")] {
        let asked =
            |page: &str| directory(Locale::english(), &[("place", "atlantis"), ("kind", kind), ("page", page)], &[]);
        let fits = |help: &HelpKind| kind.is_empty() || help.as_str() == kind;
        let fitting: Vec<_> = review.help_place_list.iter().filter(|place| place.help.iter().any(fits)).collect();
        let mut seen = vec![];
        for (number, expected) in (1..).zip(fitting.chunks(6)) {
            let html = asked(&number.to_string())?;
            assert_eq!(html.matches("<article").count(), expected.len(), "{html}");
            for place in expected {
                seen.push(html.contains(&format!("<h3>{}</h3>", escaped(place.name.as_str())?)));
            }
            let more = seen.len() < fitting.len();
            let next = format!("{query}&#38;page={}\" rel=\"next\"", number + 1);
            assert_eq!((html.contains(&next), html.contains("rel=\"next\"")), (more, more), "{html}");
            assert_eq!(html.contains("rel=\"prev\""), number > 1, "{html}");
        }
        assert_eq!(seen, vec![true; fitting.len()]);
        assert_eq!(asked("99")?, asked(&fitting.len().div_ceil(6).to_string())?, "beyond the last is the last");
        for nonsense in ["0", "-1", "nonsense", "99999999999999999999999"] {
            assert_eq!(asked(nonsense)?, asked("1")?, "{nonsense}");
        }
    }
    Ok(())
}

#[test]
fn what_is_not_found_says_what_else_to_do() -> Tested {
    let several = directory(Locale::english(), &[("place", "newc"), ("kind", "home")], &[])?;
    assert!(several.contains("?place=E08000021&#38;kind=home"), "{several}");
    let unknown = directory(Locale::english(), &[("place", "<Atlantis>")], &[])?;
    assert!(unknown.contains("“&#60;Atlantis&#62;”") && unknown.contains("Harehills"), "{unknown}");
    let nobody = directory(Locale::english(), &[("place", "Truro"), ("kind", "signing")], &[])?;
    assert!(nobody.contains("Yorkshire Deaf") && nobody.contains("We do not know"), "{nobody}");
    let nobody = directory(Locale::english(), &[("place", "Cornwall"), ("kind", "signing")], &[])?;
    assert!(nobody.contains("fm-empty") && nobody.contains("Show everybody who helps"), "{nobody}");
    let mut review = review()?;
    review.definition.help_place_list.clear();
    let frame = frame(Locale::english(), noon("2026-11-23")?, "/r/digital-government/help", &review);
    let form = (Fields::default(), vec![], OfferSecret(Uuid::nil()));
    let html = help::page(frame, &review, &[], &Fields::default(), form).render()?;
    assert!(html.contains(Locale::english().t("help-none")) && html.contains("0808 157 0191"), "{html}");
    Ok(())
}

#[test]
fn how_to_reach_somebody_is_shown_only_if_they_agreed() -> Tested {
    let shown = directory(Locale::english(), &[("place", "leeds")], &[offer(true)?])?;
    assert!(shown.contains("ada@example.org"), "{shown}");
    let apart = directory(Locale::english(), &[("place", "leeds")], &[offer(false)?])?;
    assert!(!apart.contains("ada@example.org") && apart.contains("Ask the team to put you in touch"), "{apart}");
    Ok(())
}

#[test]
fn an_offer_with_mistakes_keeps_all_that_was_typed() -> Tested {
    let review = review()?;
    let fields = typed(&[
        ("name", "\"><b>"),
        ("place", "newc"),
        ("place-offer", ""),
        ("help", "writing"),
        ("spoken", "Urdu"),
        ("sentence", "</textarea>"),
        ("contact", "ada@example.org"),
        ("show-contact", "yes"),
    ]);
    for locale in BOTH() {
        let errors = OfferedHelp::read(&fields, review.known_places(), review.main_language()).expect_err("mistakes");
        assert_eq!(errors, [OfferError::SeveralPlaces, OfferError::Unticked("consent")]);
        let mistakes = errors.iter().map(|error| help::mistake(locale, error)).collect();
        let frame = frame(locale, noon("2026-11-23")?, "/r/digital-government/help", &review);
        let form = (fields.clone(), mistakes, OfferSecret(Uuid::nil()));
        let html = help::page(frame, &review, &[], &Fields::default(), form).render()?;
        sound(&html, locale);
        for there in [
            "value=\"&#34;&#62;&#60;b&#62;\"",
            "&#60;/textarea&#62;</textarea>",
            "value=\"Urdu\"",
            "value=\"writing\" checked",
            "name=\"show-contact\" type=\"checkbox\" value=\"yes\" checked",
            "href=\"#place-pick\"",
            "value=\"E08000021\"",
            "href=\"#consent\"",
        ] {
            assert!(html.contains(there), "{there}: {html}");
        }
        assert!(html.contains(&format!("<title>{}", locale.t("error-prefix"))), "{html}");
    }
    Ok(())
}

#[test]
fn learning_pages_can_be_hidden_and_added_to() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    for locale in BOTH() {
        let list =
            learn::list_page(frame(locale, now, "/r/digital-government/learn", &review), &review).ok_or("a list")?;
        assert_eq!(list.lessons.len(), 8);
        let ids: Vec<String> = list.lessons.iter().map(|lesson| lesson.id.to_string()).collect();
        assert!(list.lessons.iter().all(|lesson| (1..=2).contains(&lesson.minutes)));
        sound(&list.render()?, locale);
        for id in &ids {
            let frame = frame(locale, now, "/r/digital-government/learn/x", &review);
            sound(&learn::lesson_page(frame, &review, id).ok_or("a page")?.render()?, locale);
        }
    }
    let learning = review.definition.learning.as_mut().ok_or("no learning")?;
    learning.hide.push("what-happened".parse()?);
    assert!(learn::lesson_page(frame(Locale::english(), now, "/x", &review), &review, "what-happened").is_none());
    let list = learn::list_page(frame(Locale::english(), now, "/x", &review), &review).ok_or("a list")?;
    assert_eq!(list.lessons.len(), 7);
    Ok(())
}

#[test]
fn a_story_has_room_and_no_number_and_what_follows_is_counted_apart() -> Tested {
    let review = review()?;
    let now = noon("2026-11-23")?;
    let call = review.call("your-story").ok_or("no story")?;
    assert_eq!((call.form, call.questions[0].max), (Form::Story, Some(20_000)));
    for locale in BOTH() {
        let path = "/r/digital-government/calls/your-story/answer/your-story";
        let first = answer::sample(frame(locale, now, path, &review), call, 0, Fields::default(), &draft(call, now));
        let first = first.render()?;
        sound(&first, locale);
        assert!(first.contains("rows=\"18\"") && first.contains(&escaped(locale.t("story-how"))?), "{first}");
        assert!(!first.contains("value=\"questions\""), "{first}");
        assert!(!first.contains("_blank"), "no other window stays open when somebody leaves: {first}");
        let elsewhere =
            answer::sample(frame(locale, now, "/x", &review), call, 0, Fields::default(), &draft(call, now));
        assert!(elsewhere.render()?.contains("/learn/what-happened"));
        let second = answer::sample(frame(locale, now, path, &review), call, 1, Fields::default(), &draft(call, now));
        let second = second.render()?;
        let of_two = [("number", "1".into()), ("of", "3".into())];
        let of_two = locale.t_with("story-question-of", &of_two);
        let of_less = of_two.replace('3', "2");
        assert!(second.contains(&escaped(&of_less)?) || second.contains(&escaped(&of_two)?), "{second}");
    }
    Ok(())
}

#[test]
fn sensitive_pages_have_a_way_out_and_harmless_titles() -> Tested {
    let mut review = review()?;
    let now = noon("2026-11-23")?;
    let call = review.call("your-story").ok_or("no story")?.clone();
    let base = "/r/digital-government/calls/your-story";
    let titles = |review: &CurrentReview| -> Result<Vec<String>, Box<dyn Error>> {
        let mut titles = Vec::new();
        for (path, place) in [("/answer/your-story", 0), ("/answer/safe-way", 1)] {
            let path = format!("{base}{path}");
            let page = answer::sample(
                frame(Locale::english(), now, &path, review),
                &call,
                place,
                Fields::default(),
                &draft(&call, now),
            );
            titles.push(page.render()?);
        }
        let path = format!("{base}/before");
        titles.push(before::page(frame(Locale::english(), now, &path, review), review, &call).render()?);
        Ok(titles)
    };
    let pages = titles(&review)?;
    for (page, title) in pages.iter().zip(["Question 1", "Question 2", "Before you start"]) {
        assert!(page.contains(&format!("<title>{title}</title>")), "{page}");
        let way_out = "href=\"https://www.bbc.co.uk/weather\" rel=\"noreferrer nofollow\" data-fm-exit";
        assert!(page.contains(way_out), "{page}");
    }
    let elsewhere =
        call::calls_page(frame(Locale::english(), now, "/r/digital-government/calls", &review), &review).render()?;
    assert!(!elsewhere.contains("data-fm-exit"), "{elsewhere}");
    review.definition.sensitive = true;
    review.definition.exit = Some("https://example.org/news".parse()?);
    for locale in BOTH() {
        let html = call::calls_page(frame(locale, now, "/r/digital-government/calls", &review), &review).render()?;
        sound(&html, locale);
        assert!(
            html.contains("href=\"https://example.org/news\"") && !html.contains("Digital Government Review</title>"),
            "{html}"
        );
        let html = hide::page(frame(locale, now, "/r/digital-government/hide", &review)).render()?;
        sound(&html, locale);
        assert!(!html.contains("hide-"), "{html}");
    }
    Ok(())
}
