//! Work that takes long: Python stays free meanwhile, shows progress and may interrupt it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::prelude::*;
use spiral_results::{Error, Keep, Options, Progress, Workers, WorkersFailure};

use crate::errors::{nothing_kept, raised, reason};
use crate::options::Given;

/// How often Python is asked whether the user wants to stop, and is told how far the work is.
const OFTEN: Duration = Duration::from_millis(50);

/// What the work says of itself, for Python to read.
#[derive(Default)]
struct Watch {
    done: AtomicU64,
    all: AtomicU64,
    stop: AtomicBool,
    stage: Mutex<&'static str>,
    notes: Mutex<Vec<String>>,
}

impl Progress for Watch {
    fn advance(&self, histories: u64) {
        self.done.fetch_add(histories, Ordering::Relaxed);
    }

    fn cancelled(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn begin(&self, histories: u64) {
        self.all.store(histories, Ordering::Relaxed);
    }

    fn stage(&self, name: &'static str) {
        *locked(&self.stage) = name;
    }

    fn note(&self, message: &str) {
        locked(&self.notes).push(message.to_string());
    }
}

/// What is locked is a word or a list, whole at any time.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    /// Tells Python how far the work is, and asks whether to stop.
    fn tell(&self, py: Python<'_>, given: &Given) -> PyResult<()> {
        py.check_signals()?;
        if let Some(progress) = &given.progress {
            let (done, all) = (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed));
            let stage = *locked(&self.stage);
            progress.call1(py, (done, all, stage))?;
        }
        if let Some(note) = &given.note {
            for message in std::mem::take(&mut *locked(&self.notes)) {
                note.call1(py, (crate::errors::in_python(&message),))?;
            }
        }
        Ok(())
    }
}

/// Makes a study, here or by workers.
pub(crate) fn during<T: Send>(
    py: Python<'_>,
    given: &Given,
    work: impl FnOnce(&Options<'_>) -> Result<T, Error> + Send,
) -> PyResult<T> {
    let watch = Watch::default();
    let (result, stopped) = match &given.workers {
        None => beside(py, given, &watch, work),
        Some(callback) => {
            let pool = Pool { callback, given, watch: &watch, failure: Mutex::new(None) };
            let result = py.detach(|| work(&Options { progress: &watch, workers: Some(&pool), ..given.options() }));
            (result, pool.failure.into_inner().unwrap_or_else(PoisonError::into_inner))
        }
    };
    let told = watch.tell(py, given);
    match (result, stopped) {
        (Ok(done), None) => told.map(|()| done),
        (Err(Error::Interrupted { kept, .. }), Some(reason)) => {
            if !given.temporary {
                reason.add_note(py, kept)?;
            }
            Err(reason)
        }
        (Err(error), cause) => {
            let raised = match error.workers_reason() {
                Some(reason) if given.temporary => nothing_kept(reason),
                _ => raised(error),
            };
            if cause.is_some() {
                raised.set_cause(py, cause);
            }
            Err(raised)
        }
        (Ok(_), Some(reason)) => Err(reason),
    }
}

/// Does the work on a thread of its own, while this one listens to Python. Returns the exception that stopped it, if there is one.
fn beside<T: Send>(
    py: Python<'_>,
    given: &Given,
    watch: &Watch,
    work: impl FnOnce(&Options<'_>) -> Result<T, Error> + Send,
) -> (Result<T, Error>, Option<PyErr>) {
    let options = given.options();
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        let receiver = Mutex::new(receiver);
        let worker = scope.spawn(move || {
            let result = work(&Options { progress: watch, ..options });
            // Nobody listens only where this function has panicked.
            let _ = sender.send(result);
        });
        let mut stopped = None;
        loop {
            match py.detach(|| locked(&receiver).recv_timeout(OFTEN)) {
                Ok(result) => return (result, stopped),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {
                    if stopped.is_none()
                        && let Err(reason) = watch.tell(py, given)
                    {
                        watch.stop.store(true, Ordering::Relaxed);
                        stopped = Some(reason);
                    }
                }
            }
        }
        // The work ended without a result: it panicked, and so do its callers, up to Python, which raises an exception.
        let panic = py.detach(|| worker.join()).expect_err("a worker without a result has panicked");
        std::panic::resume_unwind(panic)
    })
}

/// Workers that Python calls.
struct Pool<'a> {
    callback: &'a Py<PyAny>,
    given: &'a Given,
    watch: &'a Watch,
    failure: Mutex<Option<PyErr>>,
}

impl Workers for Pool<'_> {
    fn simulate(&self, manifest: &str, parts: &[u32], keep: &Keep<'_>) -> Result<bool, WorkersFailure> {
        let came = Python::attach(|py| -> PyResult<Result<(), WorkersFailure>> {
            let sent = self.callback.bind(py).call1((manifest, parts.to_vec()))?;
            for part in sent.try_iter()? {
                // `None` says that nothing came, so that Ctrl-C is noticed while tasks work.
                if let Some((index, bytes)) = part?.extract::<Option<(u32, Bound<'_, pyo3::types::PyBytes>)>>()?
                    && let Err(error) = keep(index, bytes.as_bytes())
                {
                    return Ok(Err(error.into()));
                }
                self.watch.tell(py, self.given)?;
            }
            Ok(Ok(()))
        });
        match came {
            Ok(kept) => kept.map(|()| true),
            Err(error) => {
                let (text, stops) = Python::attach(|py| {
                    // What is no `Exception`, such as Ctrl-C, ends the work as the user wants it.
                    let stops = error.is_instance_of::<PyKeyboardInterrupt>(py) || !error.is_instance_of::<PyException>(py);
                    (reason(py, &error), stops)
                });
                *locked(&self.failure) = Some(error);
                if stops { Ok(false) } else { Err(WorkersFailure::Lost(text)) }
            }
        }
    }
}
