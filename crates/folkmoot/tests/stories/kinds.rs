//! Places and services of a review's own lists, orders, rows, and questions that an earlier answer makes needless.

use std::fs;
use std::io;

use crate::told::{Engine, Giving, Told, assert_done, said, until};

const DEFINITION: &str = include_str!("kinds.toml");
const PLACES: &str = "code,name,kind,parent\nG,Gwent,county,\nS,Salop,county,\nG1,Newport,town,G\nS1,Newport,town,S\n";
const CALL: &str = "/r/kinds/calls/all";

const MAP: &str = r#"
source = "id"
release = "public"
[[answer]]
question = "where"
column = "place"
[[answer]]
question = "order"
column = "order"
between = ">"
[[answer]]
question = "rows"
fields = { answer-cost = "cheap", answer-time = "quick" }
"#;

fn apply(told: &Told, places: &str) -> std::process::Output {
    let path = |name: &str| told.folder.path().join(name);
    fs::write(path("kinds.toml"), DEFINITION).expect("the definition");
    fs::write(path("places.csv"), places).expect("the places");
    told.run(&["review", "apply", &path("kinds.toml").display().to_string()])
}

#[test]
fn a_list_of_places_is_refused_row_by_row() {
    let told = Told::on(Engine::Sqlite);
    let refused = said(&apply(&told, "code,name,kind,parent\nG,Gwent,county,\nG,,town,X\n"));
    for expected in ["places.csv line 3: the code G stands there twice", "the parent X of G is not in the list"] {
        assert!(refused.contains(expected), "{expected}\nis not in\n{refused}");
    }
    assert_done(&apply(&told, PLACES));
    assert!(assert_done(&apply(&told, PLACES)).contains("Nothing has changed"));
    assert!(assert_done(&apply(&told, &PLACES.replace("Salop", "Shropshire"))).contains("version 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_from_its_page_to_the_open_tables() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = Told::on(engine);
        assert_done(&apply(&told, PLACES));
        let server = told.serve();
        let mut giving = Giving::start(&server, CALL).await?;
        ask_only_what_is_needed(&mut giving).await?;
        find_by_name(&mut giving).await?;
        put_in_order_and_in_rows(&mut giving).await?;
        assert_eq!(giving.post("release", &[("release", "public")]).await?.status, 303);
        let receipt = giving.send().await?;

        assert_done(&told.run(&["publish", "--review", "kinds", &receipt.reference]));
        let mut reader = server.browser();
        let page = reader.get(&format!("/r/kinds/contributions/{}", receipt.reference)).await?.text();
        for shown in ["Newport (town, Salop)", "Parking badge", "1. Tram", "2. Bus", "It is quick: Agree"] {
            assert!(page.contains(shown), "{shown} is not in {page}");
        }
        assert!(!page.contains("A hidden Mini"), "what is not asked any more is not sent");
        let holds = |page: &trial::Page| page.text().contains(&receipt.reference);
        assert!(
            holds(&until(&mut reader, "/r/kinds/contributions?q=parking", holds).await?),
            "found by its listed name"
        );
        // By what it lies in, by a code, by the beginning of a name, by another name.
        for (query, found) in [
            ("place=salop", true),
            ("place=Gwent", false),
            ("place=S1", true),
            ("place=newp", true),
            ("service=blue", true),
            ("service=badge&place=newport", true),
            ("service=badge&place=gwent", false),
            ("place=newport&example=yes", false),
            ("place=newport&verdict=works", false),
        ] {
            let page = reader.get(&format!("/r/kinds/contributions?{query}")).await?;
            assert_eq!(holds(&page), found, "{query}: {}", page.text());
        }
        let named = reader.get("/r/kinds/contributions?place=S1").await?.text();
        assert!(named.contains("value=\"Newport\"") && named.contains("Place: Newport"), "{named}");
        let asked = "<div>Where do you live?</div><div>Newport</div>";
        assert!(named.contains(asked), "it says why it is there: {named}");
        import_and_export(&told)?;
    }
    Ok(())
}

async fn ask_only_what_is_needed(giving: &mut Giving) -> io::Result<()> {
    let first = giving.browser.get(&format!("{CALL}/answer/drive")).await?.text();
    assert!(first.contains("question 1 of 5"), "{first}");
    let to = |page: &trial::Page| page.location().unwrap_or_default().to_owned();
    assert!(to(&giving.post("answer/drive", &[("answer", "yes")]).await?).ends_with("/answer/car"));
    let second = giving.browser.get(&format!("{CALL}/answer/car")).await?.text();
    assert!(second.contains("question 2 of 6"), "{second}");
    giving.post("answer/car", &[("answer", "A hidden Mini")]).await?;
    // Changed from the last look: what is asked only now comes before going back there.
    assert!(to(&giving.post("answer/drive?change=1", &[("answer", "no")]).await?).ends_with("/check"));
    let check = giving.browser.get(&format!("{CALL}/check")).await?.text();
    assert!(!check.contains("What car?"), "{check}");
    let needless = giving.browser.get(&format!("{CALL}/answer/car")).await?;
    assert!(to(&needless).ends_with("/answer/where"), "{needless:?}");
    // Changed back, the answer is there again; and then it stays unasked.
    giving.post("answer/drive", &[("answer", "yes")]).await?;
    assert!(giving.browser.get(&format!("{CALL}/answer/car")).await?.text().contains("A hidden Mini"));
    giving.post("answer/car", &[("clear", "yes")]).await?;
    giving.post("answer/drive", &[("answer", "no")]).await?;
    assert!(to(&giving.post("answer/drive?change=1", &[("answer", "yes")]).await?).ends_with("/answer/car?change=1"));
    giving.post("answer/car", &[("answer", "A hidden Mini")]).await?;
    assert_eq!(giving.post("answer/drive", &[("answer", "no")]).await?.status, 303);
    Ok(())
}

async fn find_by_name(giving: &mut Giving) -> io::Result<()> {
    let offered = giving.post("answer/where", &[("answer", "NEWPORT"), ("offer", "")]).await?;
    assert_eq!(offered.status, 422);
    for there in ["town, Gwent", "town, Salop", "value=\"NEWPORT\"", "value=\"own\""] {
        assert!(offered.text().contains(there), "{there} in {}", offered.text());
    }
    let picked = [("answer", "NEWPORT"), ("offer", "NEWPORT"), ("pick", "S1")];
    assert_eq!(giving.post("answer/where", &picked).await?.status, 303);
    let saved = giving.browser.get(&format!("{CALL}/answer/where")).await?.text();
    assert!(saved.contains("value=\"S1\" checked"), "{saved}");
    // One thing could be meant, but is not called so: that is for its author to say.
    let offered = giving.post("answer/service", &[("answer", "blue"), ("offer", "")]).await?;
    assert!(offered.status == 422 && offered.text().contains("Parking badge"), "{}", offered.text());
    assert_eq!(giving.post("answer/service", &[("answer", "Blue BADGE"), ("offer", "")]).await?.status, 303);
    Ok(())
}

async fn put_in_order_and_in_rows(giving: &mut Giving) -> io::Result<()> {
    let tie = giving.post("answer/order", &[("answer-bus", "1"), ("answer-tram", "1")]).await?;
    assert_eq!(tie.status, 422);
    assert!(tie.text().contains("Bus · Tram"), "{}", tie.text());
    assert_eq!(giving.post("answer/order", &[("answer-bus", "2"), ("answer-tram", "1")]).await?.status, 303);
    // Easy words are asked for in the midst of it, and nothing typed is lost.
    let easy = giving.post("answer/rows", &[("answer-time", "4"), ("easy", "yes")]).await?;
    assert!(easy.location().is_some_and(|to| to.ends_with("/answer/rows")), "{easy:?}");
    let page = giving.browser.get(&format!("{CALL}/answer/rows")).await?.text();
    assert!(page.contains("Is it good?") && page.contains("value=\"4\" checked"), "{page}");
    let check = giving.browser.get(&format!("{CALL}/check")).await?.text();
    assert!(check.contains("Is it good?") && check.contains("It is quick: Agree"), "{check}");
    Ok(())
}

fn import_and_export(told: &Told) -> io::Result<()> {
    let path = |name: &str| told.folder.path().join(name);
    fs::write(path("map.toml"), MAP)?;
    fs::write(path("rows.csv"), "id,place,order,cheap,quick\n1,G1,Bus>Tram,5,\n2,Newport,tram,,2\n3,x,Bus>Bus,,\n")?;
    let text = |name: &str| path(name).display().to_string();
    let (rows, map, out) = (text("rows.csv"), text("map.toml"), text("out"));
    let imported = told.run(&["import", "csv", &rows, "--review", "kinds", "--call", "all", "--map", &map]);
    assert!(said(&imported).contains("Taken: 2. There already: 0. Refused: 1."), "{}", said(&imported));
    assert_done(&told.run(&["publish", "--review", "kinds", "--all"]));
    assert_done(&told.run(&["export", "--review", "kinds", &out]));
    let table = |name: &str| fs::read_to_string(path("out").join(name));
    let answers = table("answers.csv")?;
    for cell in ["Newport,S1", "Newport,G1", "Parking badge,parking-badge", "tram;bus", "bus;tram", "time=4", "cost=5"]
    {
        assert!(answers.contains(cell), "{cell} is not in\n{answers}");
    }
    assert!(answers.contains("Newport,,"), "a name that could mean several stays as it was written\n{answers}");
    assert!(table("places.csv")?.contains("S1,Newport,town,S") && table("rows.csv")?.contains("cost,It is cheap"));
    assert!(table("services.csv")?.contains("parking-badge,Parking badge"));
    Ok(())
}
