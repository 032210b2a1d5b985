//! A real consultation, 732 answers in 62 columns, goes in whole and comes out again equal.

use std::collections::BTreeMap;
use std::path::Path;

use crate::told::{BINARY, assert_done, until};

type Table = Vec<BTreeMap<String, String>>;

fn read(file: &Path, separator: u8) -> Table {
    let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_path(file).expect("a table");
    // One header of the file ends in a space that does not break; maps name columns without such.
    let header: csv::StringRecord = reader.headers().expect("a header").iter().map(str::trim).collect();
    reader.set_headers(header);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_real_consultation_comes_out_as_it_went_in() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join("../shared/data/consultation/anid.csv");
    if !file.exists() {
        eprintln!("skipped: {} is not here (see docs/import.md for where to get it)", file.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, export) = (folder.path().join("data").display().to_string(), folder.path().join("export"));
    let example = |name: &str| root.join("examples/anid").join(name).display().to_string();
    let run = |arguments: &[&str]| assert_done(&trial::run(BINARY, &[arguments, &["--data", &data]].concat()));
    run(&["review", "apply", &example("review.toml")]);
    let file_name = file.display().to_string();
    let import = [
        "import",
        "csv",
        &file_name,
        "--review",
        "acceso-abierto",
        "--call",
        "consulta",
        "--map",
        &example("map.toml"),
    ];
    assert!(run(&import).contains("Rows: 732. Taken: 732."));
    assert!(run(&import).contains("There already: 732."));
    assert!(run(&["publish", "--review", "acceso-abierto", "--all"]).contains("Published: 732."));
    run(&["export", "--review", "acceso-abierto", &export.display().to_string()]);

    let (mut given, back) = (read(&file, b';'), rebuilt(&export, &example("map.toml")));
    given.sort_by_key(source);
    assert_eq!((given.len(), given[0].len()), (back.len(), 62));
    for (given, back) in given.iter().zip(&back) {
        for (column, cell) in given {
            assert_eq!(back.get(column), Some(cell), "row {}, column {column}", given["P1_ID de la respuesta"]);
        }
    }

    let server = trial::Server::start(BINARY, Path::new(&data), None, &[]);
    let mut reader = server.browser();
    let found = |page: &trial::Page| page.text().contains("<mark>repositorio");
    let page =
        until(&mut reader, "/r/acceso-abierto/contributions?q=REPOSITORIO+informacion", found).await.expect("a page");
    assert!(found(&page), "found without accents or capitals: {}", page.text());
}

fn source(row: &BTreeMap<String, String>) -> u32 {
    row["P1_ID de la respuesta"].parse().expect("a number")
}

/// The original table, put together from the exported ones by the map read backwards.
fn rebuilt(export: &Path, map: &str) -> Table {
    let table = |name: &str| read(&export.join(format!("{name}.csv")), b',');
    let map: toml::Table = std::fs::read_to_string(map).expect("the map").parse().expect("TOML");
    let columns: BTreeMap<&str, &str> = map["answer"]
        .as_array()
        .expect("answers")
        .iter()
        .map(|answer| (answer["question"].as_str().expect("question"), answer["column"].as_str().expect("column")))
        .collect();
    let kinds = &map["respondent"]["kind"]["values"].as_table().expect("kinds");
    let labels: BTreeMap<(String, String), String> = table("options")
        .into_iter()
        .map(|row| ((row["question"].clone(), row["option"].clone()), row["label"].clone()))
        .collect();
    let mut rows: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for contribution in table("contributions") {
        let row = rows.entry(contribution["contribution"].clone()).or_default();
        row.insert("P1_ID de la respuesta".to_owned(), contribution["source"].clone());
        columns.values().for_each(|column| drop(row.insert((*column).to_owned(), String::new())));
    }
    for respondent in table("respondents") {
        let row = rows.get_mut(&respondent["respondent"]).expect("a contribution");
        let kind = kinds.iter().find(|(_, kind)| kind.as_str() == Some(&respondent["kind"])).expect("a kind").0;
        row.insert("P16_Usted es una:".to_owned(), kind.clone());
        row.insert("P19_Nombre Institucion".to_owned(), respondent["organisation"].clone());
    }
    for answer in table("answers") {
        let label = labels.get(&(answer["question"].clone(), answer["options"].clone()));
        let cell = label.unwrap_or(&answer["text"]).clone();
        let row = rows.get_mut(&answer["contribution"]).expect("a contribution");
        row.insert(columns[answer["question"].as_str()].to_owned(), cell);
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    rows.sort_by_key(source);
    rows
}
