//! The thread pool.

use crate::failure::Failure;

/// Runs `work` on a pool of this many threads, or on the common one.
pub(crate) fn on<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    let Some(threads) = threads else { return Ok(work()) };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Failure::Usage(format!("{threads} threads cannot be started: {error}")))?;
    Ok(pool.install(work))
}
