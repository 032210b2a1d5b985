//! Reads tensors of the safetensors format: a length, a header in JSON, then the numbers.

use safetensors::{Dtype, SafeTensors};

/// Tensors by name.
pub(super) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Tensors<'a>, String> {
        SafeTensors::deserialize(bytes).map(Tensors).map_err(|error| error.to_string())
    }

    /// The shape and the numbers of a tensor, which may also have the name with `bert.` before it.
    pub fn get(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        let tensor = self.0.tensor(name).or_else(|_| self.0.tensor(&format!("bert.{name}")));
        let tensor = tensor.map_err(|_| format!("there is no tensor “{name}”"))?;
        let bytes = tensor.data();
        let values = match tensor.dtype() {
            Dtype::F32 => bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect(),
            Dtype::F64 => bytes.as_chunks().0.iter().map(|eight| f64::from_le_bytes(*eight) as f32).collect(),
            Dtype::F16 => bytes.as_chunks().0.iter().map(|two| half(u16::from_le_bytes(*two))).collect(),
            Dtype::BF16 => bytes
                .as_chunks()
                .0
                .iter()
                .map(|two| f32::from_bits(u32::from(u16::from_le_bytes(*two)) << 16))
                .collect(),
            Dtype::I64 => bytes.as_chunks().0.iter().map(|eight| i64::from_le_bytes(*eight) as f32).collect(),
            Dtype::I32 => bytes.as_chunks().0.iter().map(|four| i32::from_le_bytes(*four) as f32).collect(),
            Dtype::I8 => bytes.as_chunks().0.iter().map(|one| f32::from(i8::from_le_bytes(*one))).collect(),
            other => return Err(format!("“{name}” has numbers of type {other:?}, which cannot be read")),
        };
        let values: Vec<f32> = values;
        match values.iter().position(|value| !value.is_finite()) {
            Some(place) => Err(format!("“{name}” has a number that is none, at {place}")),
            None => Ok((tensor.shape().to_vec(), values)),
        }
    }

    /// The same, of the shape that it must have.
    pub fn of_shape(&self, name: &str, wanted: &[usize]) -> Result<Vec<f32>, String> {
        let (shape, values) = self.get(name)?;
        if shape == wanted { Ok(values) } else { Err(format!("“{name}” has the shape {shape:?}, not {wanted:?}")) }
    }
}

/// A number of 16 bits (IEEE 754 binary16).
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (bits >> 10 & 0x1f, f32::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction / (1 << 24) as f32,
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2.0_f32.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}
