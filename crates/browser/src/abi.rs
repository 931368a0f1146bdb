//! The plain functions that a worker of the page calls.
#![expect(unsafe_code, reason = "an exported function keeps its name; nothing else here is unsafe")]

use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use spiral_explorer::Explorer;

use crate::question::{Reply, reply};

/// The engine of this worker and its buffers.
#[derive(Default)]
struct State {
    explorer: Explorer,
    input: Vec<u8>,
    attached: Vec<Vec<u8>>,
    output: Vec<u8>,
}

static STATE: LazyLock<Mutex<State>> = LazyLock::new(Mutex::default);

fn state() -> MutexGuard<'static, State> {
    // A worker has one thread, and a panic ends it.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes room for a question or the bytes of a part, and says where.
#[unsafe(no_mangle)]
pub extern "C" fn input(length: usize) -> *mut u8 {
    let mut state = state();
    state.input.clear();
    state.input.resize(length, 0);
    state.input.as_mut_ptr()
}

/// Keeps the input as the bytes of a part, for the next question.
#[unsafe(no_mangle)]
pub extern "C" fn attach() {
    let mut state = state();
    let bytes = std::mem::take(&mut state.input);
    state.attached.push(bytes);
}

/// Answers the question in the input. 0: there is an answer; 1: there is an error in words.
#[unsafe(no_mangle)]
pub extern "C" fn ask() -> u32 {
    let mut state = state();
    let question = std::mem::take(&mut state.input);
    let attached = std::mem::take(&mut state.attached);
    let (status, output) = match reply(&state.explorer, &question, &attached) {
        Ok(Reply::Text(text)) => (0, text.into_bytes()),
        Ok(Reply::Bytes(bytes)) => (0, bytes),
        Err(words) => (1, words.into_bytes()),
    };
    state.output = output;
    status
}

/// Where the answer stands, until the next question.
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    state().output.as_ptr()
}

/// How many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn output_length() -> usize {
    state().output.len()
}
