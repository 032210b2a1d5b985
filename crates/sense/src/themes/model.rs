//! Vectors of texts by a model that the operator put on the disk: static word vectors, or a small encoder of sentences.
//!
//! Two kinds are read, both as `model.safetensors` with `config.json` and `tokenizer.json`: model2vec (one vector for each token;
//! M. van Dulken and T. Tulkens, “`Model2Vec`”, 2024) and BERT encoders with mean pooling such as `MiniLM` (J. Devlin et al., “BERT”,
//! 2019; N. Reimers and I. Gurevych, “Sentence-BERT”, 2019; W. Wang et al., “`MiniLM`”, 2020). This module takes bytes and does no I/O.

mod encoder;
mod tensors;
#[cfg(test)]
mod tests;
mod wordpiece;

use rayon::prelude::*;
use serde::Deserialize;

use super::sparse::{Dense, add, unit};
use encoder::{Encoder, Shape};
use tensors::Tensors;
use wordpiece::WordPiece;

/// Tokens of a text that static vectors are taken of.
const LONGEST_STATIC: usize = 512;
/// Tokens of a text that an encoder reads: it was trained on no more.
const LONGEST: usize = 256;

/// Why a model cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file is not in the format that it should be in.
    #[error("{file}: {message}")]
    Format {
        /// Its name.
        file: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// For `map_err`: what is wrong with a file.
fn wrong(file: &'static str) -> impl Fn(String) -> ModelError {
    move |message| ModelError::Format { file, message }
}

/// A model that makes vectors of texts.
pub struct Model {
    tokenizer: WordPiece,
    kind: Kind,
}

enum Kind {
    /// One vector for each token; normalised in the end if the second says so.
    Static(Dense, bool),
    Encoder(Box<Encoder>),
}

#[derive(Deserialize)]
struct Config {
    model_type: String,
    #[serde(default)]
    normalize: Option<bool>,
    #[serde(flatten)]
    shape: Option<Shape>,
}

impl Model {
    /// Reads a model from the contents of its three files.
    pub fn read(config: &[u8], tokenizer: &[u8], weights: &[u8]) -> Result<Model, ModelError> {
        let bad = wrong("config.json");
        let config: Config = serde_json::from_slice(config).map_err(|error| bad(error.to_string()))?;
        let tokenizer = WordPiece::read(tokenizer).map_err(wrong("tokenizer.json"))?;
        let tensors = Tensors::read(weights).map_err(wrong("model.safetensors"))?;
        let kind = match (config.model_type.as_str(), config.shape) {
            ("model2vec", _) => Kind::Static(
                static_vectors(&tensors, tokenizer.tokens()).map_err(wrong("model.safetensors"))?,
                config.normalize.unwrap_or(true),
            ),
            ("bert", Some(shape)) => Kind::Encoder(Box::new(
                Encoder::read(&tensors, shape, tokenizer.tokens()).map_err(wrong("model.safetensors"))?,
            )),
            ("bert", None) => return Err(bad("the sizes of the encoder are missing".to_owned())),
            (other, _) => {
                return Err(bad(format!("the model is of type “{other}”; “model2vec” and “bert” can be used")));
            }
        };
        Ok(Model { tokenizer, kind })
    }

    /// One row for each text. Zero where a text has no token that the model knows.
    pub(super) fn vectors(&self, texts: &[&str]) -> Dense {
        let rows: Vec<Vec<f32>> = texts.par_iter().map(|text| self.vector(text)).collect();
        let width = rows.first().map_or(0, Vec::len);
        let mut vectors = Dense::zero(rows.len(), width.max(1));
        for (number, row) in rows.iter().enumerate() {
            vectors.row_mut(number).iter_mut().zip(row).for_each(|(into, value)| *into = *value);
        }
        vectors
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        match &self.kind {
            Kind::Static(vectors, normalise) => {
                let tokens = self.tokenizer.encode(text, LONGEST_STATIC);
                let known: Vec<u32> =
                    tokens.into_iter().filter(|token| Some(*token) != self.tokenizer.unknown).collect();
                let mut mean = vec![0.0; vectors.width];
                known.iter().for_each(|token| add(&mut mean, 1.0 / known.len() as f32, vectors.row(*token as usize)));
                if *normalise {
                    unit(&mut mean);
                }
                mean
            }
            Kind::Encoder(encoder) => {
                let room = LONGEST.min(encoder.positions()).saturating_sub(2);
                let tokens = self.tokenizer.encode(text, room);
                if tokens.is_empty() {
                    vec![0.0; encoder.width()]
                } else {
                    encoder.vector(&self.tokenizer.framed(tokens))
                }
            }
        }
    }
}

/// One row for each token: tensor `embeddings`, or the rows that `mapping` names, each times its weight in `weights`.
fn static_vectors(tensors: &Tensors, tokens: usize) -> Result<Dense, String> {
    let (shape, values) = tensors.get("embeddings")?;
    let [rows, width] = shape[..] else { return Err("“embeddings” should have two dimensions".to_owned()) };
    let mapping = tensors.get("mapping").ok().map(|(_, mapping)| mapping);
    let weights = tensors.get("weights").ok().map(|(_, weights)| weights);
    let mut vectors = Dense::zero(tokens, width);
    for token in 0..tokens {
        let row = mapping
            .as_ref()
            .map_or(token, |mapping| mapping.get(token).map_or(usize::MAX, |row| row.max(0.0) as usize));
        let factor = weights.as_ref().map_or(1.0, |weights| weights.get(token).copied().unwrap_or(1.0));
        let values = row.checked_mul(width).and_then(|start| values.get(start..start + width));
        let values = values.ok_or_else(|| format!("token {token} has no row among the {rows} of “embeddings”"))?;
        add(vectors.row_mut(token), factor, values);
    }
    Ok(vectors)
}
