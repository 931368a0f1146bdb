//! A data file as text, whatever program saved it.

use std::path::Path;

use crate::syntax::problem::{Error, Finding};

/// Largest file that is read, bytes; the files of the projects are below 100 MB.
const MOST_BYTES: u64 = 500_000_000;
/// What some programs put before a text in UTF-8, and in UTF-16 of either order of bytes.
const MARK: &[u8] = b"\xef\xbb\xbf";
const MARK_LITTLE: &[u8] = b"\xff\xfe";
const MARK_BIG: &[u8] = b"\xfe\xff";

/// A file as text.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path as the user gave it.
    pub(crate) file: String,
    /// Its content.
    pub(crate) text: String,
}

impl Source {
    /// Reads a file. Bytes that are not UTF-8 are taken for Latin-1, in which older releases were saved.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let file = path.display().to_string();
        let unreadable = |error: std::io::Error| Error::one(&file, Finding::new(format!("the file cannot be read: {error}")));
        let about = std::fs::metadata(path).map_err(unreadable)?;
        if about.is_dir() {
            let finding = Finding::new("this is a folder, not a file");
            return Err(Error::one(&file, finding.help("a folder with all files is given with --cow")));
        }
        let size = about.len();
        if size > MOST_BYTES {
            let message = format!("the file is too large: {size} bytes, at most {MOST_BYTES} are read");
            return Err(Error::one(&file, Finding::new(message)));
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        Self::new(file.clone(), &bytes)
    }

    /// The text of a file's bytes.
    pub(crate) fn new(file: String, bytes: &[u8]) -> Result<Self, Error> {
        if bytes.starts_with(MARK_LITTLE) {
            return Ok(Self { file, text: utf_16(&bytes[2..], u16::from_le_bytes) });
        }
        if bytes.starts_with(MARK_BIG) {
            return Ok(Self { file, text: utf_16(&bytes[2..], u16::from_be_bytes) });
        }
        if bytes.starts_with(b"PK") || bytes.iter().take(4096).any(|byte| *byte == 0) {
            let finding = Finding::new(
                "the file is not a text file: it may be an archive, a spreadsheet or a file of a statistics program",
            );
            return Err(Error::one(&file, finding.help("unpack it, or save it as comma separated text (.csv)")));
        }
        // The mark can stand before a text that is not UTF-8 at all.
        let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
        let text =
            String::from_utf8(bytes.to_vec()).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
        Ok(Self { file, text: text.trim_start_matches('\u{feff}').to_string() })
    }

    /// Findings about this file as an error.
    pub(crate) fn error(&self, findings: Vec<Finding>) -> Error {
        Error::new(&self.file, &self.text, findings)
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        Source::new("n.csv".to_string(), bytes).map_or_else(|error| error.to_string(), |source| source.text)
    }

    #[test]
    fn every_common_encoding_gives_the_same_text() {
        let expected = "ccode,statenme\n300,Österreich\n";
        let utf_8 = expected.as_bytes().to_vec();
        let latin: Vec<u8> = expected.chars().map(|character| u8::try_from(u32::from(character)).unwrap_or(b'?')).collect();
        let with = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let little: Vec<u8> = expected.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = expected.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            utf_8.clone(),
            latin.clone(),
            with(MARK, &utf_8),
            with(MARK, &latin),
            with(MARK_LITTLE, &little),
            with(MARK_BIG, &big),
        ] {
            assert_eq!(text(&bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for bytes in [&b"PK\x03\x04 an archive"[..], b"\x00\x01\x02", b"<stata_dta>\x00"] {
            assert!(text(bytes).contains("not a text file"), "{bytes:?}");
        }
    }
}
