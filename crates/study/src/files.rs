//! Files that are there whole or not at all.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::Error;

/// What a file is called until it is whole.
pub(crate) const TEMPORARY: &str = ".part.tmp";
/// The lock of a directory that is being worked on.
pub(crate) const LOCK: &str = ".lock";

/// Path under which `name` is written before it is whole.
pub(crate) fn temporary(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}{TEMPORARY}"))
}

/// Writes `directory/name` so that a reader, or a power cut, sees the old file or the whole new one: temporary name, fsync,
/// rename, fsync of the directory. `name` may not name a sub-directory that does not exist.
///
/// # Errors
/// Says which path could not be written, and why; the old file is then untouched.
pub fn write_atomically(directory: &Path, name: &str, bytes: &[u8]) -> Result<(), Error> {
    // Two processes may write the same file of a finished study: each under a name of its own.
    let path = temporary(directory, &format!("{name}.{}", std::process::id()));
    let written = File::create(&path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(source) = written {
        // Of two errors the first is the one to tell.
        let _ = fs::remove_file(&path);
        return Err(Error::io("write", &directory.join(name))(source));
    }
    replace(&path, &directory.join(name), directory)
}

/// Gives a file that was written and synced under its temporary name its own.
pub(crate) fn publish(directory: &Path, name: &str) -> Result<(), Error> {
    replace(&temporary(directory, name), &directory.join(name), directory)
}

fn replace(temporary: &Path, path: &Path, directory: &Path) -> Result<(), Error> {
    fs::rename(temporary, path).map_err(Error::io("write", path))?;
    sync(directory)
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
    /// Takes the lock, or says that another process has it. On a file system that knows no locks, goes on without one.
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
