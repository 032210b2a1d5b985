//! Models of a few numbers, made here: what they make of texts is known by hand, or by the same formulas written out.

use proptest::prelude::*;
use safetensors::{Dtype, tensor::TensorView};
use serde_json::json;

use super::Model;

const VOCABULARY: [&str; 12] =
    ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "bus", "##es", "late", "cafe", ".", "##ses", "道", "the"];

fn tokenizer() -> Vec<u8> {
    let vocabulary: serde_json::Map<String, serde_json::Value> =
        VOCABULARY.iter().zip(0..).map(|(token, number)| ((*token).to_owned(), json!(number))).collect();
    let model =
        json!({"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": vocabulary});
    let normalizer =
        json!({"type": "BertNormalizer", "lowercase": true, "strip_accents": null, "handle_chinese_chars": true});
    json!({"model": model, "normalizer": normalizer}).to_string().into_bytes()
}

fn file(tensors: &[(String, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(.., values)| values.iter().flat_map(|value| value.to_le_bytes()).collect()).collect();
    let views = tensors.iter().zip(&bytes).map(|((name, shape, _), bytes)| {
        (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).expect("a tensor"))
    });
    safetensors::serialize(views, None).expect("a file")
}

fn static_model() -> Model {
    let rows: Vec<f32> = (0..12_u8).flat_map(|row| [f32::from(row), 1.0]).collect();
    let weights = file(&[("embeddings".to_owned(), vec![12, 2], rows)]);
    Model::read(br#"{"model_type": "model2vec", "normalize": false}"#, &tokenizer(), &weights).expect("a model")
}

fn near(one: &[f32], other: &[f32]) -> bool {
    one.iter().zip(other).all(|(one, other)| (one - other).abs() < 1e-5)
}

/// As `BertTokenizerFast` of transformers 4.46.3 cuts them.
#[test]
fn words_become_pieces() {
    let tokenizer = super::WordPiece::read(&tokenizer()).expect("a tokenizer");
    let tokens = |text: &str| tokenizer.encode(text, 100);
    assert_eq!(tokens("The Buses, late."), [11, 4, 5, 1, 6, 8]);
    assert_eq!(tokens("CAFÉ busses bu"), [7, 4, 9, 1]);
    assert_eq!(tokens("道道\u{0}late\tlate"), [10, 10, 6, 6]);
    assert_eq!(tokens(&"x".repeat(200)), [1]);
    assert_eq!(tokenizer.encode("late late late", 2), [6, 6]);
    assert!(tokens(" \n").is_empty());
}

#[test]
fn static_vectors_are_means_of_known_tokens() {
    let vectors = static_model().vectors(&["bus late zzz", "", "zzz"]);
    assert!(near(vectors.row(0), &[5.0, 1.0]), "{:?}", vectors.row(0));
    assert!(vectors.row(1).iter().chain(vectors.row(2)).all(|value| *value == 0.0));
}

/// Tensors of an encoder with two layers, two heads and four numbers, all from one sequence.
fn encoder() -> Vec<(String, Vec<usize>, Vec<f32>)> {
    let mut next = 0_u32;
    let mut tensors = Vec::new();
    let mut tensor = |name: String, shape: &[usize]| {
        let norm = name.ends_with("LayerNorm.weight");
        let mut value = || {
            next = next.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (next >> 16) as f32 / 65_536.0 - 0.5 + f32::from(u8::from(norm))
        };
        let values = (0..shape.iter().product()).map(|_| value()).collect();
        tensors.push((name, shape.to_vec(), values));
    };
    for (name, rows) in [("word", 12), ("position", 16), ("token_type", 2)] {
        tensor(format!("embeddings.{name}_embeddings.weight"), &[rows, 4]);
    }
    let linears = [
        ("attention.self.query", 4, 4),
        ("attention.self.key", 4, 4),
        ("attention.self.value", 4, 4),
        ("attention.output.dense", 4, 4),
        ("intermediate.dense", 6, 4),
        ("output.dense", 4, 6),
    ];
    for layer in 0..2 {
        for (name, out, into) in linears {
            tensor(format!("encoder.layer.{layer}.{name}.weight"), &[out, into]);
            tensor(format!("encoder.layer.{layer}.{name}.bias"), &[out]);
        }
        for name in ["attention.output", "output"] {
            tensor(format!("encoder.layer.{layer}.{name}.LayerNorm.weight"), &[4]);
            tensor(format!("encoder.layer.{layer}.{name}.LayerNorm.bias"), &[4]);
        }
    }
    tensor("embeddings.LayerNorm.weight".to_owned(), &[4]);
    tensor("embeddings.LayerNorm.bias".to_owned(), &[4]);
    tensors
}

const CONFIG: &[u8] = br#"{"model_type": "bert", "hidden_size": 4, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": 6, "max_position_embeddings": 16, "layer_norm_eps": 1e-12}"#;

#[test]
fn an_encoder_makes_the_vectors_of_its_reference() {
    let model = Model::read(CONFIG, &tokenizer(), &file(&encoder())).expect("a model");
    let vectors = model.vectors(&["The bus is late.", "buses", ""]);
    for (row, wanted) in REFERENCE.iter().enumerate() {
        assert!(near(&vectors.row(row)[..4], wanted), "{:?} {wanted:?}", vectors.row(row));
    }
    assert!(vectors.row(2).iter().all(|value| *value == 0.0));
}

/// Made by `FlaxBertModel` of transformers 4.46.3 with the same weights: means of the last layer, of length 1.
const REFERENCE: [[f32; 4]; 2] =
    [[0.057_230_2, -0.845_686_7, 0.528_802_3, 0.043_668_8], [0.302_729_5, -0.914_067_2, 0.268_962_9, -0.022_245_8]];

#[test]
fn what_cannot_be_used_is_said() {
    let says = |config: &[u8], tokenizer: &[u8], weights: &[u8]| match Model::read(config, tokenizer, weights) {
        Ok(_) => "read".to_owned(),
        Err(error) => error.to_string(),
    };
    let weights = file(&encoder());
    assert!(says(b"{", &tokenizer(), &weights).starts_with("config.json: "));
    assert!(says(br#"{"model_type": "t5"}"#, &tokenizer(), &weights).contains("“model2vec” and “bert” can be used"));
    assert!(says(br#"{"model_type": "bert"}"#, &tokenizer(), &weights).contains("sizes of the encoder are missing"));
    assert!(says(CONFIG, br#"{"model": {"type": "BPE"}}"#, &weights).contains("only “WordPiece” can be used"));
    assert!(says(CONFIG, &tokenizer(), &weights[..100]).starts_with("model.safetensors: "));
    let few = encoder().split_off(3);
    assert!(says(CONFIG, &tokenizer(), &file(&few)).contains("no tensor “embeddings.word_embeddings.weight”"));
    let mut odd = encoder();
    odd[0].2[0] = f32::NAN;
    assert!(says(CONFIG, &tokenizer(), &file(&odd)).contains("a number that is none"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_a_vector_and_any_bytes_are_a_model_or_an_error(text in "(?s).{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..100), cut in 0_usize..2_000) {
        prop_assert!(static_model().vectors(&[&text]).values.iter().all(|value| value.is_finite()));
        let weights = file(&encoder());
        let model = Model::read(CONFIG, &tokenizer(), &weights).expect("a model");
        prop_assert!(model.vectors(&[&text]).values.iter().all(|value| value.is_finite()));
        let _ = Model::read(CONFIG, &tokenizer(), &bytes);
        let _ = Model::read(&bytes, &bytes, &weights);
        prop_assert!(Model::read(CONFIG, &tokenizer(), &weights[..cut.min(weights.len() - 1)]).is_err());
    }
}
