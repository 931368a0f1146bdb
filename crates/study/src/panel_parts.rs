//! Rows of panels on their way from the simulator to the tables: a file beside each part, a compressed frame for every block of
//! histories. So memory holds one block, however many histories are kept.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use spiral_analysis::PanelRows;

use crate::Error;
use crate::files::Pending;
use crate::part::DIRECTORY;

/// Frames are read once and removed: fast is better than small.
const COMPRESSION: i32 = 1;

fn name(index: u32) -> String {
    format!("{index:06}.panel")
}

/// Where the rows of a part are kept.
pub(crate) fn path(directory: &Path, index: u32) -> PathBuf {
    directory.join(DIRECTORY).join(name(index))
}

/// The file of a part that is being simulated.
pub(crate) struct PanelFile {
    file: Pending,
    path: PathBuf,
    hasher: blake3::Hasher,
}

impl PanelFile {
    /// Begins the file of a part.
    pub(crate) fn create(directory: &Path, index: u32) -> Result<Self, Error> {
        let file = Pending::create(&directory.join(DIRECTORY), &name(index))?;
        Ok(Self { file, path: path(directory, index), hasher: blake3::Hasher::new() })
    }

    /// Adds the rows of a block as a frame: its length in bytes as 64 bits, least byte first, then the bytes.
    pub(crate) fn add(&mut self, rows: &PanelRows) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let packed = postcard::to_stdvec(rows).map_err(|error| Error::damaged(&self.path, error))?;
        let bytes = zstd::bulk::compress(&packed, COMPRESSION).map_err(Error::io("compress", &self.path))?;
        for piece in [&(bytes.len() as u64).to_le_bytes()[..], &bytes] {
            self.hasher.update(piece);
            self.file.write_all(piece).map_err(Error::io("write", &self.path))?;
        }
        Ok(())
    }

    /// Completes the file; returns the hash of its bytes.
    pub(crate) fn publish(self) -> Result<blake3::Hash, Error> {
        self.file.publish()?;
        Ok(self.hasher.finalize())
    }
}

/// Hash of the file of a part, if there is one.
pub(crate) fn hash(directory: &Path, index: u32) -> Result<Option<blake3::Hash>, Error> {
    let path = path(directory, index);
    match File::open(&path) {
        Ok(file) => {
            let mut hasher = blake3::Hasher::new();
            hasher.update_reader(file).map_err(Error::io("read", &path))?;
            Ok(Some(hasher.finalize()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", &path)(error)),
    }
}

/// Copies the file of a part from one directory to another, completely or not at all.
pub(crate) fn copy(from: &Path, to: &Path, index: u32) -> Result<(), Error> {
    let source = path(from, index);
    let mut input = File::open(&source).map_err(Error::io("read", &source))?;
    let mut output = Pending::create(&to.join(DIRECTORY), &name(index))?;
    io::copy(&mut input, &mut output).map_err(Error::io("write", &path(to, index)))?;
    output.publish()
}

/// Gives the rows of a part to `take`, frame by frame; nothing where the part has none.
pub(crate) fn for_each(directory: &Path, index: u32, take: &mut dyn FnMut(PanelRows) -> Result<(), Error>) -> Result<(), Error> {
    let path = path(directory, index);
    if !path.exists() {
        return Ok(());
    }
    let mut left = fs::metadata(&path).map_err(Error::io("read", &path))?.len();
    let mut file = File::open(&path).map_err(Error::io("read", &path))?;
    while left > 0 {
        let mut length = [0; 8];
        file.read_exact(&mut length).map_err(Error::io("read", &path))?;
        let length = u64::from_le_bytes(length);
        let rest = left.checked_sub(8).and_then(|left| left.checked_sub(length));
        left = rest.ok_or_else(|| Error::damaged(&path, "a frame is longer than the file"))?;
        let mut bytes = Vec::new();
        (&mut file).take(length).read_to_end(&mut bytes).map_err(Error::io("read", &path))?;
        let packed = zstd::stream::decode_all(bytes.as_slice()).map_err(Error::io("decompress", &path))?;
        take(postcard::from_bytes(&packed).map_err(|error| Error::damaged(&path, error))?)?;
    }
    Ok(())
}
