//! A review is defined, changed, and given a look.

use std::fs;
use std::io;

use crate::told::{CALL, Engine, Giving, Told, assert_done, said, until};

const DEFINITION: &str = include_str!("trial.toml");

fn apply(told: &Told, definition: &str) -> std::process::Output {
    let file = told.folder.path().join("changed.toml");
    fs::write(&file, definition).expect("the definition");
    told.run(&["review", "apply", &file.display().to_string()])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_with_answers_keeps_its_meaning() -> io::Result<()> {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let told = Told::on(engine);
        assert!(assert_done(&apply(&told, DEFINITION)).contains("Nothing has changed"));
        let server = told.serve();
        let mut giving = Giving::start(&server, CALL).await?;
        giving.answer_and_release("An answer", "use-only").await?;
        giving.send().await?;

        let reworded = DEFINITION.replace("At length?", "Briefly?");
        let refused = apply(&told, &reworded);
        assert!(
            !refused.status.success() && said(&refused).contains("question `long` has answers"),
            "{}",
            said(&refused)
        );
        let removed = DEFINITION.replacen(
            "[[call.question]]\nid = \"long\"\nkind = \"long-text\"",
            "[[call.question]]\nid = \"new\"\nkind = \"long-text\"",
            1,
        );
        assert!(said(&apply(&told, &removed)).contains("can be neither changed nor removed"));
        // What nobody has answered can be changed, and everything around it.
        let allowed =
            DEFINITION.replace("In one line?", "In a word?").replace("closes = 2099-12-31", "closes = 2098-12-31");
        assert!(assert_done(&apply(&told, &allowed)).contains("version 2"));
        let changed = |page: &trial::Page| page.text().contains("In a word?");
        assert!(changed(&until(&mut server.browser(), CALL, changed).await?));
    }
    Ok(())
}

#[test]
fn everything_that_is_wrong_is_told_with_its_line() {
    let told = Told::on(Engine::Sqlite);
    let line = |text: &str| 1 + DEFINITION[..DEFINITION.find(text).expect("there")].matches('\n').count();
    let wrong = DEFINITION
        .replace("id = \"yes\"", "id = \"long\"")
        .replace(
            "opens = 2020-01-01\ncloses = 2020-12-31\nlate_until",
            "opens = 2021-01-01\ncloses = 2020-12-31\nlate_until",
        )
        .replace("title = { en = \"Late\", cy = \"Hwyr\" }", "title = { en = \"Late\" }");
    let output = said(&apply(&told, &wrong));
    for expected in [
        format!("line {}: `id` repeats the id `long`", line("id = \"yes\"")),
        format!("line {}: `title` has no text in `cy`", line("title = { en = \"Late\"")),
        "`closes` is before the call opens".to_owned(),
    ] {
        assert!(output.contains(&expected), "{expected}\nis not in\n{output}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_wears_its_own_mark_and_colour() -> io::Result<()> {
    let told = Told::on(Engine::Sqlite);
    let server = told.serve();
    let mark = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><script>alert(1)</script></svg>";
    fs::write(told.folder.path().join("mark.svg"), mark)?;
    let dressed = DEFINITION.replace("[contact]", "[look]\ncolour = \"#123456\"\nlogo = \"mark.svg\"\n\n[contact]");
    assert_done(&apply(&told, &dressed));
    let mut browser = server.browser();
    let home = until(&mut browser, "/r/trial", |page| page.text().contains("/r/trial/logo/")).await?.text();
    let logo =
        home.split("/r/trial/logo/").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    let logo = format!("/r/trial/logo/{logo}");
    let picture = browser.get(&logo).await?;
    assert_eq!(
        (picture.status, picture.header("content-type"), picture.text().as_str()),
        (200, Some("image/svg+xml"), mark)
    );
    assert!(
        picture
            .header("content-security-policy")
            .is_some_and(|policy| policy.contains("sandbox") && policy.contains("default-src 'none'"))
    );
    assert!(browser.get("/r/trial/brand.css").await?.text().contains("#123456"));

    // Too light a colour, and a file elsewhere, are refused.
    assert!(said(&apply(&told, &dressed.replace("#123456", "#ffee00"))).contains("too light"));
    assert!(said(&apply(&told, &dressed.replace("mark.svg", "../data/folkmoot.db"))).contains("must stand beside"));

    // Without it again, the picture is gone, from the store as well.
    assert_done(&apply(&told, DEFINITION));
    assert_eq!(until(&mut browser, &logo, |page| page.status == 404).await?.status, 404);
    let files = told.data().join("files");
    let deadline = std::time::Instant::now() + std::time::Duration::from_mins(2);
    while count_files(&files) > 0 && std::time::Instant::now() < deadline {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(count_files(&files), 0, "the picture is deleted by a job");
    Ok(())
}

fn count_files(folder: &std::path::Path) -> usize {
    let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}

#[test]
fn init_writes_a_file_that_can_be_applied_and_replaces_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert_done(&trial::run(crate::told::BINARY, &["init", &path("review.toml")]));
    let again = trial::run(crate::told::BINARY, &["init", &path("review.toml")]);
    assert!(!again.status.success() && said(&again).contains("never replaced"), "{}", said(&again));
    assert_done(&trial::run(crate::told::BINARY, &["review", "apply", &path("review.toml"), "--data", &path("data")]));
}
