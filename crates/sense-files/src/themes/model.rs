//! A model of sentences from a folder on this machine. Nothing is fetched from anywhere.

use std::path::{Path, PathBuf};

use sense::themes::Model;

use crate::about::Input;
use crate::{Error, Result};

/// Reads the model in `folder`, and says which files it is made of.
pub(super) fn read(folder: &Path) -> Result<(Model, Vec<Input>)> {
    let paths: [PathBuf; 3] = ["config.json", "tokenizer.json", "model.safetensors"].map(|name| folder.join(name));
    let read = |path: &PathBuf| std::fs::read(path).map_err(Error::file(path));
    let [config, tokenizer, weights] = &paths;
    let model = Model::read(&read(config)?, &read(tokenizer)?, &read(weights)?)
        .map_err(|error| Error::Unfit(format!("{}: {error}", folder.display())))?;
    Ok((model, paths.iter().map(|path| Input::of(path)).collect::<Result<_>>()?))
}
