//! Leaving and coming back, two windows, helping somebody else, and what people say about themselves.

use std::io;

use trial::{Browser, Page};

use crate::told::{CALL, Engine, Giving, Receipt, Told, words};

on_both_engines!(
    eight_words_lead_back_to_a_draft_and_then_to_the_receipt,
    two_windows_do_not_overwrite_each_other,
    a_helper_serves_one_person_after_another,
    somebody_is_helped_from_the_first_page_to_the_receipt,
    what_is_said_about_oneself_is_kept_apart,
);

async fn open(browser: &mut Browser, words: &[String]) -> io::Result<Page> {
    browser.post_form("/r/trial/receipt", &[("code", &words.join(" "))]).await
}

async fn eight_words_lead_back_to_a_draft_and_then_to_the_receipt(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("Begun at the library", "public").await?;
    let code = words(&giving.browser.get(&format!("{CALL}/later")).await?);
    assert_eq!(code.len(), 8);

    // At home, on another device: what was saved is there, and is gone on with.
    let mut home = server.browser();
    let opened = open(&mut home, &code).await?;
    assert_eq!(opened.status, 303, "{}", opened.text());
    let questions = home.follow().await?;
    assert_eq!(questions.status, 200, "{}", questions.text());
    let page = home.get(&format!("{CALL}/answer/long")).await?;
    assert!(page.text().contains("Begun at the library"), "{}", page.text());
    let field = |name: &str| page.field(name).unwrap_or_default();
    let (csrf, draft, seen) = (field("csrf"), field("draft"), field("seen"));
    let more = [("csrf", csrf.as_str()), ("draft", &draft), ("seen", &seen), ("answer", "Finished at home")];
    assert_eq!(home.post_form(&format!("{CALL}/answer/long"), &more).await?.status, 303);
    assert_eq!(words(&home.get(&format!("{CALL}/later")).await?), code, "the words stay the same");

    // The library sees it too, until it closes the draft on its own device; that deletes nothing.
    let seen_there = giving.browser.get(&format!("{CALL}/answer/long")).await?.text();
    assert!(seen_there.contains("Finished at home"), "{seen_there}");
    let csrf_there = [("csrf", giving.csrf.as_str())];
    assert_eq!(giving.browser.post_form("/r/trial/receipt/close", &csrf_there).await?.status, 303);
    assert_eq!(giving.browser.get(&format!("{CALL}/answer/long")).await?.status, 404);

    let sent = home.post_form(&format!("{CALL}/send"), &[("csrf", &csrf), ("draft", &draft)]).await?;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let receipt = Receipt::read(&home.follow().await?);
    assert_eq!(receipt.words, code, "the same words are the receipt");
    let mut elsewhere = server.browser();
    open(&mut elsewhere, &code).await?;
    assert_eq!(Receipt::read(&elsewhere.follow().await?), receipt);

    let mut stranger = server.browser();
    let mut other = code.clone();
    let another = code.iter().find(|word| **word != code[0]).expect("eight words are not all the same");
    other[0].clone_from(another);
    assert_eq!(open(&mut stranger, &other).await?.status, 422);
    Ok(())
}

async fn two_windows_do_not_overwrite_each_other(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    let address = format!("{CALL}/answer/long");
    let first_window = giving.browser.get(&address).await?;
    let second_window = giving.browser.get(&address).await?;
    let form = |page: &Page, answer: &str| -> Vec<(String, String)> {
        let field = |name: &str| (name.to_owned(), page.field(name).unwrap_or_default());
        vec![field("csrf"), field("draft"), field("seen"), ("answer".to_owned(), answer.to_owned())]
    };
    let post = |fields: Vec<(String, String)>| fields;
    let sent = post(form(&first_window, "From the first window"));
    assert_eq!(giving.browser.post_form(&address, &borrowed(&sent)).await?.status, 303);
    let refused = giving.browser.post_form(&address, &borrowed(&form(&second_window, "From the second"))).await?;
    assert_eq!(refused.status, 409);
    let page = refused.text();
    assert!(page.contains("From the first window") && page.contains("From the second"), "both are shown: {page}");
    // Having seen both, somebody decides.
    let decided = form(&refused, "From the second, after a look at the first");
    assert_eq!(giving.browser.post_form(&address, &borrowed(&decided)).await?.status, 303);
    let now = giving.browser.get(&address).await?.text();
    assert!(now.contains("after a look at the first"), "{now}");
    // A page that cannot show both says what was typed, if anything was, and leads back to itself.
    let address = format!("{CALL}/who");
    let windows = [giving.browser.get(&address).await?, giving.browser.get(&address).await?];
    for (window, name, status) in [(&windows[0], "Ada", 303), (&windows[1], "Grace Canary", 409)] {
        let hidden = ["csrf", "draft", "seen"].map(|field| (field.to_owned(), window.field(field).unwrap_or_default()));
        let answer = giving.browser.post_form(&address, &[&borrowed(&hidden), &[("name", name)][..]].concat()).await?;
        assert_eq!(answer.status, status);
        if status == 409 {
            let page = answer.text();
            assert!(page.contains("Grace Canary</textarea>"), "{page}");
            assert!(page.contains(&format!("href=\"{address}\"")), "it leads back to the page: {page}");
        }
    }
    Ok(())
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

async fn a_helper_serves_one_person_after_another(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut counter = server.browser();
    let helping = format!("{CALL}/helping");
    let unsaid = counter.post_form(&helping, &[("way", "together"), ("role", "librarian")]).await?;
    assert_eq!(unsaid.status, 422, "the person must have been told");
    let who = [("way", "together"), ("role", "librarian"), ("helper-name", "Mair Canary"), ("agreed", "yes")];
    assert_eq!(counter.post_form(&helping, &who).await?.status, 303);
    let first = counter.follow().await?;
    let (csrf, of_first) = (first.field("csrf").unwrap_or_default(), first.field("draft").unwrap_or_default());
    assert_eq!(counter.post_form(&helping, &who).await?.status, 303);
    let of_second = counter.follow().await?.field("draft").unwrap_or_default();
    assert_ne!(of_first, of_second, "each person has a draft");

    // A page that was open for the first person saves for the first person.
    let mut post = async |page: &str, draft: &str, fields: &[(&str, &str)]| {
        let fields = [&[("csrf", csrf.as_str()), ("draft", draft)], fields].concat();
        counter.post_form(&format!("{CALL}/{page}"), &fields).await
    };
    for (draft, answer) in [(&of_second, "What the second said"), (&of_first, "What the first said")] {
        assert_eq!(post("answer/long", draft, &[("answer", answer)]).await?.status, 303);
        assert_eq!(post("release", draft, &[("release", "public")]).await?.status, 303);
    }
    // Nothing is sent that was not read back; and what is changed is read back again.
    assert_eq!(post("send", &of_first, &[]).await?.status, 303);
    assert_eq!(post("read-back", &of_first, &[("read-back", "not-possible")]).await?.status, 422, "without a reason");
    assert_eq!(post("read-back", &of_first, &[("read-back", "heard")]).await?.status, 303);
    assert_eq!(post("answer/long", &of_first, &[("answer", "What the first said, mended")]).await?.status, 303);
    assert_eq!(post("read-back", &of_first, &[("read-back", "heard")]).await?.status, 303);
    assert_eq!(post("send", &of_first, &[]).await?.status, 303);
    let receipt = Receipt::read(&counter.get("/r/trial/receipt").await?);
    let second = counter.get(&format!("{CALL}/answer/long")).await?.text();
    assert!(second.contains("What the second said"), "the other person's draft is untouched");

    // The person takes over, without the helper and without an account; of the helper only the role is shown.
    let mut person = server.browser();
    open(&mut person, &receipt.words).await?;
    let page = person.follow().await?;
    assert_eq!(Receipt::read(&page).reference, receipt.reference);
    crate::told::assert_done(&told.run(&["publish", "--review", "trial", &receipt.reference]));
    let shown = server.browser().get(&format!("/r/trial/contributions/{}", receipt.reference)).await?.text();
    assert!(shown.contains("mended") && !shown.contains("Canary"), "{shown}");
    let csrf = page.field("csrf").unwrap_or_default();
    assert_eq!(person.post_form("/r/trial/receipt/withdraw", &[("csrf", &csrf)]).await?.status, 303);
    Ok(())
}

/// Sends a page as a browser does: with everything that is hidden in its form.
async fn fill(browser: &mut Browser, page: &str, fields: &[(&str, &str)]) -> io::Result<Page> {
    let address = format!("{CALL}/{page}");
    let form = browser.get(&address).await?;
    let hidden = ["csrf", "draft", "seen"].map(|name| (name.to_owned(), form.field(name).unwrap_or_default()));
    browser.post_form(&address, &[&borrowed(&hidden), fields].concat()).await
}

async fn somebody_is_helped_from_the_first_page_to_the_receipt(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let ways: [(&str, &[(&str, &str)]); 3] = [
        ("together", &[("read-back", "heard")]),
        ("together", &[("read-back", "seen")]),
        ("on-behalf", &[("read-back", "not-possible"), ("reason", "She is at sea")]),
    ];
    for (way, agreed) in ways {
        let mut helper = server.browser();
        let who = [("way", way), ("role", "caseworker"), ("agreed", "yes")];
        assert_eq!(helper.post_form(&format!("{CALL}/helping"), &who).await?.status, 303);
        assert_eq!(fill(&mut helper, "answer/long", &[("answer", "The ferry does not sail")]).await?.status, 303);
        let page = helper.get(&format!("{CALL}/who")).await?.text();
        assert!(page.contains("Name of the person whom you help") && !page.contains("autocomplete=\"name\""), "{page}");
        assert_eq!(fill(&mut helper, "who", &[("name", "Ada Tully")]).await?.status, 303);
        let page = helper.get(&format!("{CALL}/release")).await?.text();
        assert!(page.contains("Publish it, with their name") && !page.contains("with my name"), "{page}");
        let said = fill(&mut helper, "release", &[("release", "public")]).await?;
        assert_eq!(said.location(), Some(format!("{CALL}/read-back").as_str()), "it is read back before the last look");
        // Everything that the person has to agree to stands there.
        let page = helper.follow().await?.text();
        for said in ["The ferry does not sail", "Ada Tully", "Publish it, with their name"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let read = fill(&mut helper, "read-back", agreed).await?;
        assert_eq!((read.status, read.location()), (303, Some(format!("{CALL}/check").as_str())), "{way}");
        let page = helper.follow().await?.text();
        assert!(page.contains("/about-you") && !page.contains("that I answer for them"), "{page}");
        let sent = fill_and_send(&mut helper).await?;
        assert_eq!(sent.location(), Some("/r/trial/receipt"), "{way}");
        let receipt = helper.follow().await?;
        assert!(receipt.text().contains("This receipt belongs to the person whom you helped"), "{}", receipt.text());
        let mut person = server.browser();
        open(&mut person, &Receipt::read(&receipt).words).await?;
        assert_eq!(Receipt::read(&person.follow().await?).reference, Receipt::read(&receipt).reference);
    }
    // What another window has changed meanwhile was not read out.
    let mut helper = server.browser();
    let who = [("way", "together"), ("role", "friend"), ("agreed", "yes")];
    assert_eq!(helper.post_form(&format!("{CALL}/helping"), &who).await?.status, 303);
    assert_eq!(fill(&mut helper, "answer/long", &[("answer", "As it was")]).await?.status, 303);
    assert_eq!(fill(&mut helper, "release", &[("release", "use-only")]).await?.status, 303);
    let read = helper.follow().await?;
    let hidden = ["csrf", "draft", "seen"].map(|name| (name.to_owned(), read.field(name).unwrap_or_default()));
    assert_eq!(fill(&mut helper, "answer/long", &[("answer", "As it is now")]).await?.status, 303);
    let address = format!("{CALL}/read-back");
    let refused = helper.post_form(&address, &[&borrowed(&hidden), &[("read-back", "heard")][..]].concat()).await?;
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("As it is now") && refused.text().contains("Read it back once more"));
    assert_eq!(fill(&mut helper, "read-back", &[("read-back", "heard")]).await?.status, 303);
    // Who goes through a page again and changes nothing need not read it back again; who changes it must.
    assert_eq!(fill(&mut helper, "release", &[("release", "use-only")]).await?.status, 303);
    assert!(helper.get(&format!("{CALL}/check")).await?.text().contains("/about-you"));
    assert_eq!(fill(&mut helper, "release", &[("release", "public")]).await?.status, 303);
    assert!(!helper.get(&format!("{CALL}/check")).await?.text().contains("/about-you"));
    Ok(())
}

/// Presses the button that sends, on the page of the questions about the person.
async fn fill_and_send(browser: &mut Browser) -> io::Result<Page> {
    let form = browser.get(&format!("{CALL}/about-you")).await?;
    let hidden = ["csrf", "draft"].map(|name| (name.to_owned(), form.field(name).unwrap_or_default()));
    browser.post_form(&format!("{CALL}/send"), &[&borrowed(&hidden), &[("silent", "yes")][..]].concat()).await
}

async fn what_is_said_about_oneself_is_kept_apart(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("About buses", "public").await?;
    let page = giving.browser.get(&format!("{CALL}/about-you")).await?;
    assert!(page.text().contains("How old are you?"), "{}", page.text());
    let draft = page.field("draft").unwrap_or_default();
    let fields = |age: &'static str| [("csrf", giving.csrf.clone()), ("draft", draft.clone()), ("age", age.to_owned())];
    let send = format!("{CALL}/send");
    let borrow = |fields: &[(&'static str, String); 3]| fields.clone().map(|(name, value)| (name.to_owned(), value));
    let wrong = borrow(&fields("five hundred"));
    let wrong = giving.browser.post_form(&send, &borrowed(&wrong)).await?;
    assert_eq!(wrong.status, 422, "{}", wrong.text());
    let said = borrow(&fields("25-34"));
    assert_eq!(giving.browser.post_form(&send, &borrowed(&said)).await?.status, 303);
    let receipt = Receipt::read(&giving.browser.follow().await?);
    for download in ["/r/trial/receipt/download", "/r/trial/receipt/download?format=json"] {
        let taken = giving.browser.get(download).await?.text();
        assert!(taken.contains("buses") && !taken.contains("25-34") && !taken.contains("25 to 34"), "{taken}");
    }
    crate::told::assert_done(&told.run(&["publish", "--review", "trial", &receipt.reference]));
    let shown = server.browser().get(&format!("/r/trial/contributions/{}", receipt.reference)).await?.text();
    assert!(shown.contains("buses") && !shown.contains("25 to 34"), "{shown}");
    Ok(())
}
