//! What an analyst does with `sense themes`, and what happens with files that are wrong.

mod common;

use common::{Done, Files};

/// Answers about buses, clinics and roads, with names in no order.
fn answers(count: usize) -> Vec<String> {
    let subjects = [
        ["The bus is late again", "There is no bus after nine in the evening", "Bus fares are too high for pensioners"],
        [
            "No doctor has an appointment free",
            "The clinic cancelled my appointment",
            "Waiting for the doctor takes weeks",
        ],
        [
            "Potholes on our road damage cars",
            "Nobody repairs the potholes",
            "The road is full of potholes since winter",
        ],
    ];
    (0..count)
        .map(|n| {
            let subject = subjects[n % 3];
            format!("{},\"{}. {}, number {n}.\"", count - n, subject[n / 3 % 3], subject[n / 9 % 3])
        })
        .collect()
}

fn table(rows: &[String]) -> String {
    format!("id,answer\n{}\n", rows.join("\n"))
}

#[test]
fn three_subjects_in_files_and_in_words() -> Done {
    let files = Files::new()?;
    let mut rows = answers(90);
    files.with("a.csv", &table(&rows))?;
    let words = files.run(&["themes", "a.csv", "--text", "answer", "--id", "id", "--themes", "3", "--out", "out"])?;
    assert!(words.starts_with("90 texts, 3 themes. Languages: en 90."), "{words}");
    for subject in ["appointment", "bus", "potholes"] {
        assert!(words.to_lowercase().contains(subject), "{words}");
    }
    assert_eq!(files.names("out")?, ["assignments.csv", "themes.json"]);
    let assignments = files.read("out/assignments.csv")?;
    assert!(assignments.starts_with("id,theme,score\n1,"), "{assignments}");
    let found: serde_json::Value = serde_json::from_str(&files.read("out/themes.json")?)?;
    assert_eq!(found["themes"].as_array().map(Vec::len), Some(3));
    assert_eq!(found["themes"][0]["size"], 30);
    assert_eq!(found["about"]["parameters"]["seed"], 1);
    assert_eq!(found["tree"].as_array().map(Vec::len), Some(2));

    rows.reverse();
    files.with("b.csv", &table(&rows))?;
    files.run(&["themes", "b.csv", "--text", "answer", "--id", "id", "--themes", "3", "--out", "again"])?;
    assert_eq!(files.read("again/assignments.csv")?, assignments, "the order of the rows changes nothing");
    let themes = |text: String| text.split_once("\"texts\"").map(|(_, found)| found.to_owned());
    assert_eq!(themes(files.read("again/themes.json")?), themes(files.read("out/themes.json")?));
    Ok(())
}

#[test]
fn quotes_are_found_where_they_are_said_to_be() -> Done {
    let files = Files::new()?;
    let rows: Vec<String> = answers(60).iter().map(|row| row.replace(",\"", ",\"  Żółć! ")).collect();
    files.with("a.csv", &table(&rows))?;
    let found = files.json(&["themes", "a.csv", "--text", "answer", "--id", "id"])?;
    let mut quotes = 0;
    for quote in found["themes"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|theme| theme["representative"].as_array().into_iter().flatten())
    {
        let (id, words) = (quote["id"].as_str().unwrap_or_default(), quote["quote"].as_str().unwrap_or_default());
        let row = rows.iter().find_map(|row| row.strip_prefix(&format!("{id},\""))).unwrap_or_default();
        let place = |name: &str| quote[name].as_u64().and_then(|place| usize::try_from(place).ok()).unwrap_or_default();
        let there: String = row.chars().skip(place("start")).take(place("end") - place("start")).collect();
        assert_eq!(there, words);
        quotes += 1;
    }
    assert!(quotes > 3, "{quotes}");
    Ok(())
}

/// A model of static vectors: words about buses point one way, about clinics another, about roads a third.
fn model(files: &Files) -> Done {
    let subjects = ["[UNK]", "bus fares nine evening", "doctor clinic appointment weeks", "potholes road cars winter"];
    let words =
        subjects.iter().enumerate().flat_map(|(subject, words)| words.split(' ').map(move |word| (word, subject)));
    let words: Vec<(&str, usize)> = words.collect();
    let vocabulary: serde_json::Map<_, _> =
        words.iter().enumerate().map(|(number, (word, _))| ((*word).to_owned(), number.into())).collect();
    let row =
        |subject: usize| (1..4).flat_map(move |place| (if place == subject { 1.0_f32 } else { 0.1 }).to_le_bytes());
    let numbers: Vec<u8> = words.iter().flat_map(|(_, subject)| row(*subject)).collect();
    let shape = [words.len(), 3];
    let header =
        serde_json::json!({"embeddings": {"dtype": "F32", "shape": shape, "data_offsets": [0, numbers.len()]}})
            .to_string();
    let weights = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat();
    let tokenizer = serde_json::json!({
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "vocab": vocabulary},
        "normalizer": {"type": "BertNormalizer", "lowercase": true},
    });
    std::fs::write(files.folder().join("model/model.safetensors"), weights)?;
    files.with("model/tokenizer.json", &tokenizer.to_string())?;
    files.with("model/config.json", r#"{"model_type": "model2vec", "normalize": true}"#)?;
    Ok(())
}

#[test]
fn by_a_model_from_a_folder() -> Done {
    let files = Files::new()?;
    files.with("a.csv", &table(&answers(90)))?;
    std::fs::create_dir(files.folder().join("model"))?;
    model(&files)?;
    let found =
        files.json(&["themes", "a.csv", "--text", "answer", "--id", "id", "--themes", "3", "--model", "model"])?;
    let sizes: Vec<u64> =
        found["themes"].as_array().into_iter().flatten().filter_map(|theme| theme["size"].as_u64()).collect();
    assert_eq!(sizes, [30, 30, 30]);
    assert_eq!(found["about"]["inputs"][3]["name"], "model.safetensors");
    files.with("model/config.json", r#"{"model_type": "gpt"}"#)?;
    let wrong = files.fails(&["themes", "a.csv", "--text", "answer", "--model", "model"])?;
    assert!(wrong.contains("model: config.json: the model is of type “gpt”"), "{wrong}");
    std::fs::remove_file(files.folder().join("model/config.json"))?;
    assert!(files.fails(&["themes", "a.csv", "--text", "answer", "--model", "model"])?.contains("config.json"));
    Ok(())
}

#[test]
fn texts_that_say_nothing() -> Done {
    let files = Files::new()?;
    files.with("one.csv", "text\nOnly one text about buses.\n")?;
    assert!(files.run(&["themes", "one.csv", "--text", "text"])?.starts_with("1 text, 1 theme."));
    files.with("empty.csv", "id,text\n1,\n2,\n")?;
    let words = files.run(&["themes", "empty.csv", "--text", "text"])?;
    assert!(words.contains("2 texts have no theme"), "{words}");
    files.with("same.jsonl", &"{\"text\":\"The same words\"}\n".repeat(30))?;
    assert!(files.run(&["themes", "same.jsonl", "--text", "text"])?.starts_with("30 texts, 1 theme."));
    Ok(())
}

#[test]
fn what_is_wrong_is_said() -> Done {
    let files = Files::new()?;
    files.with("a.csv", "id,text\n1,one\n2,two\n1,three\n")?.with("none.csv", "id,text\n")?.with("empty.csv", "")?;
    let same = files.fails(&["themes", "a.csv", "--text", "text", "--id", "id"])?;
    assert!(same.contains("a.csv, line 4, column 1: “1” is the name of the text on line 2 already"), "{same}");
    let unknown = files.fails(&["themes", "a.csv", "--text", "words"])?;
    assert!(unknown.contains("no column “words”"), "{unknown}");
    assert!(files.fails(&["themes", "none.csv", "--text", "text"])?.contains("none.csv has no texts"));
    assert!(files.fails(&["themes", "empty.csv", "--text", "text"])?.contains("empty.csv is empty"));
    assert!(
        files.fails(&["themes", "a.csv", "--text", "text", "--themes", "0"])?.contains("“auto” or a number from 1")
    );
    files.with("unnamed.csv", "id,text\n,one\n")?;
    assert!(
        files
            .fails(&["themes", "unnamed.csv", "--text", "text", "--id", "id"])?
            .contains("line 2, column 1: this text has no name")
    );
    Ok(())
}
