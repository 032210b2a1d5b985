//! What search engines and other sites are told: which pages there are, what is shown beside a link, and what no index may hold.

use std::io;

use serde_json::Value;

use crate::told::{CALL, Engine, Giving, Told, assert_done};

mod w3m;

on_both_engines!(pages_say_what_they_are_and_what_belongs_to_one_person_is_kept_out);

async fn pages_say_what_they_are_and_what_belongs_to_one_person_is_kept_out(engine: Engine) -> io::Result<()> {
    let told = Told::on(engine);
    let server = told.serve();
    let mut giving = Giving::start(&server, CALL).await?;
    giving.answer_and_release("The counter was closed.", "public").await?;
    let noindex = "<meta name=\"robots\" content=\"noindex\">";
    for page in ["answer/long", "who", "release", "check", "later"] {
        assert!(giving.browser.get(&format!("{CALL}/{page}")).await?.text().contains(noindex), "{page}");
    }
    let receipt = giving.send().await?;
    for page in
        ["receipt", "receipt/letter", "receipt/copy", "receipt/withdraw", "help/withdraw", "newsletter/leave?t=x"]
    {
        assert!(giving.browser.get(&format!("/r/trial/{page}")).await?.text().contains(noindex), "{page}");
    }
    assert_done(&told.run(&["publish", "--review", "trial", &receipt.reference]));

    let mut crawler = server.browser();
    let robots = crawler.get("/robots.txt").await?.text();
    for line in ["Disallow: /r/*/receipt\n", "Disallow: /cy/r/*/newsletter/\n", "/sitemap.xml\n"] {
        assert!(robots.contains(line), "{robots}");
    }
    assert!(crawler.get("/sitemap.xml").await?.text().contains("/r/trial/sitemap.xml</loc>"));
    let map = crawler.get("/r/trial/sitemap.xml").await?;
    assert_eq!(map.header("content-type"), Some("application/xml; charset=utf-8"));
    let map = map.text();
    let contribution = format!("/r/trial/contributions/{}", receipt.reference);
    assert!(map.contains(&format!("{contribution}</loc><lastmod>")), "{map}");
    assert!(map.contains("hreflang=\"cy\"") && !map.contains("/receipt") && !map.contains("/answer/"), "{map}");
    for address in map.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>")) {
        let path = address.0.split_once("/r/").map(|(before, rest)| {
            let mark = if before.ends_with("/cy") { "/cy" } else { "" };
            format!("{mark}/r/{rest}")
        });
        let path = path.expect("a page of the review");
        let page = crawler.get(&path).await?;
        assert_eq!(page.status, 200, "{path}");
        let canonical = format!("<link rel=\"canonical\" href=\"{}\">", address.0);
        let html = page.text();
        assert!(html.contains(&canonical) && !html.contains(noindex), "{path}: {html}");
    }

    for (path, language, title) in [
        ("/r/trial", "en", "Trial review"),
        ("/cy/r/trial", "cy", "Adolygiad prawf"),
        ("/r/trial/calls/all-kinds", "en", "All kinds"),
        ("/cy/r/trial/calls/all-kinds", "cy", "Pob math"),
    ] {
        let html = crawler.get(path).await?.text();
        assert!(html.contains(&format!("<meta property=\"og:title\" content=\"{title}\">")), "{html}");
        let between = |from: &str, to: &str| html.split_once(from).and_then(|(_, rest)| rest.split_once(to));
        let (data, _) = between("<script type=\"application/ld+json\">", "</script>").expect("data");
        let data: Value = serde_json::from_str(data)?;
        assert_eq!((data["name"].as_str(), data["inLanguage"].as_str()), (Some(title), Some(language)), "{data}");
        if title == "All kinds" {
            assert_eq!(data["potentialAction"]["endTime"], "2099-12-31", "{data}");
        }
        let (picture, _) = between("<meta property=\"og:image\" content=\"", "\"").expect("a picture");
        let address = picture.split_once("//").and_then(|(_, rest)| rest.split_once('/')).expect("an address").1;
        let answer = crawler.get(&format!("/{address}")).await?;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/png")), "{picture}");
        assert!(answer.body.starts_with(b"\x89PNG") && answer.body.len() < 100_000, "{}", answer.body.len());
        assert_eq!(answer.header("cache-control"), Some("public, max-age=86400"));
    }
    Ok(())
}
