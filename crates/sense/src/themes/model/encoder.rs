//! A BERT encoder (J. Devlin et al., 2019), forward only, with the mean of its last layer as the vector of the text.

use ndarray::{Array1, Array2, ArrayView2, Axis, Slice};
use serde::Deserialize;

use super::tensors::Tensors;

/// The sizes that `config.json` gives.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Shape {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "tiny")]
    layer_norm_eps: f32,
}

fn tiny() -> f32 {
    1e-12
}

/// All weights.
pub(super) struct Encoder {
    shape: Shape,
    words: Array2<f32>,
    positions: Array2<f32>,
    kind: Array1<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    norm: Norm,
}

/// x · weightsᵀ + bias.
struct Linear {
    weights: Array2<f32>,
    bias: Array1<f32>,
}

/// To mean 0 and variance 1, times scale, plus shift.
struct Norm {
    scale: Array1<f32>,
    shift: Array1<f32>,
    least: f32,
}

impl Encoder {
    /// Reads the weights, whose shapes must fit `shape` and the number of `tokens`.
    pub fn read(tensors: &Tensors, shape: Shape, tokens: usize) -> Result<Encoder, String> {
        let (width, heads) = (shape.hidden_size, shape.num_attention_heads);
        if width == 0 || heads == 0 || width % heads != 0 || shape.max_position_embeddings < 3 {
            return Err(format!("{width} numbers cannot be shared by {heads} heads"));
        }
        let (rows, _) = tensors.get("embeddings.word_embeddings.weight")?;
        let rows = rows.first().copied().unwrap_or(0);
        if rows < tokens {
            return Err(format!("there are {rows} vectors for {tokens} tokens"));
        }
        let table = |name: &str, rows: usize| matrix(tensors, &format!("embeddings.{name}.weight"), rows, width);
        let kinds = tensors.get("embeddings.token_type_embeddings.weight")?.0.first().copied().unwrap_or(0);
        let kind = table("token_type_embeddings", kinds)?;
        Ok(Encoder {
            words: table("word_embeddings", rows)?,
            positions: table("position_embeddings", shape.max_position_embeddings)?,
            kind: kind.rows().into_iter().next().map(|row| row.to_owned()).ok_or("there are no token types")?,
            norm: Norm::read(tensors, "embeddings.LayerNorm", shape)?,
            layers: (0..shape.num_hidden_layers)
                .map(|layer| Layer::read(tensors, layer, shape))
                .collect::<Result<_, _>>()?,
            shape,
        })
    }

    /// Tokens that a text may have.
    pub fn positions(&self) -> usize {
        self.shape.max_position_embeddings
    }

    /// Numbers of a vector.
    pub fn width(&self) -> usize {
        self.shape.hidden_size
    }

    /// The mean over all tokens of the last layer, of length 1.
    pub fn vector(&self, tokens: &[u32]) -> Vec<f32> {
        let mut state = Array2::zeros((tokens.len(), self.shape.hidden_size));
        for ((mut row, token), position) in state.rows_mut().into_iter().zip(tokens).zip(self.positions.rows()) {
            row += &self.words.row(*token as usize);
            row += &position;
            row += &self.kind;
        }
        self.norm.apply(&mut state);
        for layer in &self.layers {
            state = layer.apply(state, self.shape.num_attention_heads);
        }
        let mut mean = state.mean_axis(Axis(0)).map(|mean| mean.to_vec()).unwrap_or_default();
        let length = mean.iter().map(|value| value * value).sum::<f32>().sqrt();
        mean.iter_mut().for_each(|value| *value /= length.max(f32::MIN_POSITIVE));
        mean
    }
}

impl Layer {
    fn read(tensors: &Tensors, layer: usize, shape: Shape) -> Result<Layer, String> {
        let (width, inner) = (shape.hidden_size, shape.intermediate_size);
        let linear = |name: &str, out, into| Linear::read(tensors, &format!("encoder.layer.{layer}.{name}"), out, into);
        let norm = |name: &str| Norm::read(tensors, &format!("encoder.layer.{layer}.{name}.LayerNorm"), shape);
        Ok(Layer {
            query: linear("attention.self.query", width, width)?,
            key: linear("attention.self.key", width, width)?,
            value: linear("attention.self.value", width, width)?,
            attended: linear("attention.output.dense", width, width)?,
            attended_norm: norm("attention.output")?,
            inner: linear("intermediate.dense", inner, width)?,
            outer: linear("output.dense", width, inner)?,
            norm: norm("output")?,
        })
    }

    fn apply(&self, state: Array2<f32>, heads: usize) -> Array2<f32> {
        let mut attended = self.attended.apply(&self.attend(&state, heads).view());
        attended += &state;
        self.attended_norm.apply(&mut attended);
        let mut inner = self.inner.apply(&attended.view());
        // GELU, exact: x · Φ(x).
        inner.mapv_inplace(|x| 0.5 * x * (1.0 + libm::erff(x * std::f32::consts::FRAC_1_SQRT_2)));
        let mut outer = self.outer.apply(&inner.view());
        outer += &attended;
        self.norm.apply(&mut outer);
        outer
    }

    /// softmax(Q Kᵀ / √d) V for each head, side by side.
    fn attend(&self, state: &Array2<f32>, heads: usize) -> Array2<f32> {
        let (query, key) = (self.query.apply(&state.view()), self.key.apply(&state.view()));
        let value = self.value.apply(&state.view());
        let size = state.ncols() / heads;
        let scale = 1.0 / (size as f32).sqrt();
        let mut all = Array2::zeros(state.raw_dim());
        for head in 0..heads {
            let part = Slice::from(head * size..(head + 1) * size);
            let of = |all: &Array2<f32>| all.slice_axis(Axis(1), part).to_owned();
            let mut weights = of(&query).dot(&of(&key).t());
            for mut row in weights.rows_mut() {
                let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                row.mapv_inplace(|weight| libm::expf((weight - most) * scale));
                let total = row.sum();
                row.mapv_inplace(|weight| weight / total);
            }
            all.slice_axis_mut(Axis(1), part).assign(&weights.dot(&of(&value)));
        }
        all
    }
}

impl Linear {
    fn read(tensors: &Tensors, name: &str, out: usize, into: usize) -> Result<Linear, String> {
        let bias = tensors.of_shape(&format!("{name}.bias"), &[out])?;
        Ok(Linear { weights: matrix(tensors, &format!("{name}.weight"), out, into)?, bias: bias.into() })
    }

    fn apply(&self, state: &ArrayView2<f32>) -> Array2<f32> {
        state.dot(&self.weights.t()) + &self.bias
    }
}

impl Norm {
    fn read(tensors: &Tensors, name: &str, shape: Shape) -> Result<Norm, String> {
        let part = |part: &str| tensors.of_shape(&format!("{name}.{part}"), &[shape.hidden_size]).map(Array1::from);
        Ok(Norm { scale: part("weight")?, shift: part("bias")?, least: shape.layer_norm_eps })
    }

    fn apply(&self, state: &mut Array2<f32>) {
        let width = state.ncols() as f32;
        for mut row in state.rows_mut() {
            let mean = row.sum() / width;
            row.mapv_inplace(|value| value - mean);
            let variance = row.iter().map(|value| value * value).sum::<f32>() / width;
            let factor = 1.0 / (variance + self.least).sqrt();
            row.zip_mut_with(&self.scale, |value, scale| *value *= factor * scale);
            row += &self.shift;
        }
    }
}

fn matrix(tensors: &Tensors, name: &str, rows: usize, columns: usize) -> Result<Array2<f32>, String> {
    let values = tensors.of_shape(name, &[rows, columns])?;
    Array2::from_shape_vec((rows, columns), values).map_err(|error| format!("“{name}”: {error}"))
}
