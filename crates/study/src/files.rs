//! Files that are either complete or absent.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::Error;

/// Ending of the name of a file that is not complete.
pub(crate) const TEMPORARY: &str = ".part.tmp";
/// The lock of a directory that is being worked on.
pub(crate) const LOCK: &str = ".lock";

/// A file that is written under a temporary name, so that a reader, or a power cut, sees the old file or the whole new one. Dropped
/// before [`Pending::publish`], it leaves nothing behind.
#[derive(Debug)]
pub(crate) struct Pending {
    file: NamedTempFile,
    directory: PathBuf,
    name: String,
}

impl Pending {
    /// Begins `directory/name`. `name` may not name a sub-directory that does not exist.
    pub(crate) fn create(directory: &Path, name: &str) -> Result<Self, Error> {
        // The number of the process keeps two processes apart that write the same file of a finished study. A file that a killed
        // process of the same number left behind is overwritten.
        let temporary = format!("{name}.{}", std::process::id());
        let mut builder = Builder::new();
        let file = builder.prefix(&temporary).suffix(TEMPORARY).rand_bytes(0).make_in(directory, |path| File::create(path));
        let file = file.map_err(Error::io("write", &directory.join(name)))?;
        Ok(Self { file, directory: directory.to_path_buf(), name: name.to_string() })
    }

    /// Gives the file its name: fsync of the file, rename, fsync of the directory.
    pub(crate) fn publish(self) -> Result<(), Error> {
        let path = self.directory.join(&self.name);
        self.file.as_file().sync_all().map_err(Error::io("write", &path))?;
        self.file.persist(&path).map_err(|error| Error::io("write", &path)(error.error))?;
        sync(&self.directory)
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_file_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// Writes `directory/name` so that a reader, or a power cut, sees the old file or the whole new one. `name` may not name a
/// sub-directory that does not exist.
///
/// # Errors
/// The path that could not be written, and why; the old file is then unchanged.
pub fn write_atomically(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    let mut file = Pending::create(directory, name)?;
    file.write_all(bytes).map_err(Error::io("write", &directory.join(name)))?;
    file.publish()
}

/// Makes the names in a directory durable.
pub(crate) fn sync(directory: &Path) -> Result<(), Error> {
    // Windows cannot open a directory as a file, and makes names durable by itself.
    if cfg!(unix) {
        File::open(directory).and_then(|file| file.sync_all()).map_err(Error::io("sync", directory))?;
    }
    Ok(())
}

/// Removes a file that may not exist.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", path)(source)),
        _ => Ok(()),
    }
}

/// Removes what an interrupted write left in a directory.
pub(crate) fn remove_temporaries(directory: &Path) -> Result<(), Error> {
    for name in names(directory)? {
        if name.ends_with(TEMPORARY) {
            remove(&directory.join(name))?;
        }
    }
    Ok(())
}

/// Names in a directory, sorted.
pub(crate) fn names(directory: &Path) -> Result<Vec<String>, Error> {
    let entries = fs::read_dir(directory).map_err(Error::io("read", directory))?;
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::io("read", directory))?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

/// Reads a file that may not exist.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::io("read", path)(source)),
    }
}

/// Holds a directory against other processes until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock, or reports that another process has it. On a file system without locks, continues without one.
    pub(crate) fn take(directory: &Path) -> Result<Self, Error> {
        let path = directory.join(LOCK);
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(Error::io("write", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Busy { path: directory.to_path_buf() }),
            Err(TryLockError::Error(source)) if source.kind() == io::ErrorKind::Unsupported => Ok(Self { _file: file }),
            Err(TryLockError::Error(source)) => Err(Error::io("lock", &path)(source)),
        }
    }
}
