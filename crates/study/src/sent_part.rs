//! A part on its way from whoever simulated it to the directory of its study: the bytes of its file, and what they are.

use serde::{Deserialize, Serialize};

/// A part that is sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SentPart<'a> {
    /// The study that it is from: blake3 of the manifest that its simulator was given.
    study: [u8; blake3::OUT_LEN],
    /// Its number.
    index: u32,
    /// blake3 of the bytes of its file.
    hash: [u8; blake3::OUT_LEN],
    /// The bytes of its file.
    #[serde(borrow)]
    file: &'a [u8],
}

/// The identity of the study with this manifest.
pub(crate) fn study(manifest: &str) -> blake3::Hash {
    blake3::hash(manifest.as_bytes())
}

impl<'a> SentPart<'a> {
    /// Part `index` of a study, with these bytes of its file.
    pub(crate) fn new(study: blake3::Hash, index: u32, file: &'a [u8]) -> Self {
        Self { study: study.into(), index, hash: blake3::hash(file).into(), file }
    }

    /// What is sent.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, postcard::Error> {
        postcard::to_stdvec(self)
    }

    /// The bytes of the file of part `index` of this study, or why they are not what came.
    pub(crate) fn file_of(bytes: &'a [u8], study: blake3::Hash, index: u32) -> Result<&'a [u8], String> {
        let sent: Option<Self> = postcard::from_bytes(bytes).ok();
        let Some(sent) = sent.filter(|sent| blake3::hash(sent.file) == sent.hash) else {
            let size = bytes.len();
            return Err(format!(
                "a worker sent no part: its {size} bytes for part {index} are not what the simulation of a part gives"
            ));
        };
        if study != sent.study {
            return Err(format!("a worker sent a part of another study as part {index}"));
        }
        if sent.index != index {
            return Err(format!("a worker sent part {} as part {index}", sent.index));
        }
        Ok(sent.file)
    }
}
