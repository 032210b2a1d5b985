use super::*;

/// The fonts of the pages' assets, which documents are set in.
fn fonts() -> Fonts {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../web/assets/dist/fonts");
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("the assets are built").map(|file| file.expect("file").path()).collect();
    // Noto Sans itself before those that add a script to it.
    files.sort_by_key(|file| file.file_name().map(|name| (name.len(), name.to_owned())));
    Fonts::new(files.iter().map(|file| std::fs::read(file).expect("font")))
}

fn paper(parts: Vec<Part>) -> Paper {
    Paper {
        language: "en".parse().expect("language"),
        title: "What you told the review".to_owned(),
        head: "DGR-234-5678".to_owned(),
        gaps: "Some characters cannot be shown here.".to_owned(),
        parts,
    }
}

fn write(paper: &Paper) -> Vec<u8> {
    paper.pdf(&fonts(), |page, pages| format!("Page {page} of {pages}")).expect("a PDF")
}

fn text(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    document.extract_text(&pages).expect("its text")
}

/// How many elements there are of each kind.
fn tags(pdf: &[u8], kind: &str) -> usize {
    let document = lopdf::Document::load_mem(pdf).expect("a PDF");
    let is = |object: &lopdf::Object| {
        let dictionary = object.as_dict().ok()?;
        let name = dictionary.get(b"S").ok()?.as_name().ok()?;
        Some(dictionary.has(b"P") && name == kind.as_bytes())
    };
    document.objects.values().filter(|object| is(object) == Some(true)).count()
}

#[test]
fn a_document_says_what_it_is_made_of() {
    let welsh: Language = "cy".parse().expect("language");
    let pdf = write(&paper(vec![
        Part::Heading(2, "What stood in your way?".into()),
        Part::Text(Words::of(&welsh, "Mae'r dŵr yn y tŷ.\n\nAil baragraff.")),
        Part::Rows(vec![("Reference".into(), "DGR-234-5678".into()), ("Release".into(), "Public".into())]),
        Part::Steps(vec!["Open the address.".into(), "Type the words.".into()]),
        Part::Code(["amber", "bird", "cave", "dune", "echo", "fern", "gold", "hill"].map(str::to_owned).into()),
    ]));
    let document = lopdf::Document::load_mem(&pdf).expect("a PDF");
    let catalog = document.catalog().expect("a catalogue");
    assert_eq!(catalog.get(b"Lang").and_then(lopdf::Object::as_str).expect("a language"), b"en");
    let marked = catalog
        .get(b"MarkInfo")
        .and_then(|info| document.dereference(info))
        .expect("marks")
        .1
        .as_dict()
        .expect("a dictionary");
    assert!(marked.get(b"Marked").and_then(lopdf::Object::as_bool).expect("marked"));
    assert!(catalog.has(b"StructTreeRoot") && catalog.has(b"Metadata") && catalog.has(b"Outlines"));
    let raw = String::from_utf8_lossy(&pdf);
    assert!(raw.contains("pdfuaid") && raw.contains("What you told the review"));
    let counts = ["H1", "H2", "P", "L", "LI", "Lbl", "LBody"].map(|kind| tags(&pdf, kind));
    assert_eq!(counts, [1, 1, 2 + 2 + 2 + 8, 3, 12, 12, 12]);
    let text = text(&pdf);
    for said in ["dŵr", "tŷ", "What stood in your way?", "amber", "hill", "Page 1 of 1"] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn long_text_goes_on_over_pages_and_loses_nothing() {
    let long: String = (0..400).map(|number| format!("Line {number} of what was said at some length.\n")).collect();
    let pdf = write(&paper(vec![Part::Text(long.into())]));
    let text = text(&pdf);
    assert!((0..400).all(|number| text.contains(&format!("Line {number} of"))), "{text}");
    assert!(lopdf::Document::load_mem(&pdf).expect("a PDF").get_pages().len() > 8);
    assert!(text.contains("Page 2 of"));
}

#[test]
fn a_character_without_a_font_is_marked_and_told_of() {
    let known = "Γειά, привет, नमस्ते, שלום, مرحبا, স্বাগতম, ਸਤਿ, નમસ્તે, வணக்கம், Cześć";
    let pdf = write(&paper(vec![Part::Text(known.into())]));
    assert!(!text(&pdf).contains("cannot be shown here"), "{}", text(&pdf));
    let pdf = write(&paper(vec![Part::Text("Two: 漢字 and 🎈.".into())]));
    let text = text(&pdf);
    assert!(text.contains("Some characters cannot be shown here.") && text.contains("\u{fffd}\u{fffd} and"), "{text}");
}

#[test]
fn hostile_text_is_written_or_refused_but_never_breaks() {
    for text in [
        "\u{0}\u{7}\u{feff}\u{200b}\u{202e}abc",
        "a\u{301}\u{301}\u{301}",
        "\u{e000}\u{f8ff}",
        "x".repeat(5_000).as_str(),
        "\u{fffd}",
        "",
    ] {
        let pdf = paper(vec![Part::Text(text.into())]).pdf(&fonts(), |_, _| String::new());
        assert!(pdf.is_ok(), "{text:?}: {pdf:?}");
    }
}
