//! One part of a study: simulated, written, read.

use std::any::Any;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use spiral_model::{Ended, Event, Outcome, Setup};

use crate::curves::{Curves, Frame};
use crate::engine::Engine;
use crate::log::Entry;
use crate::plan::{PartSpan, Plan, Progress};
use crate::recorder::Recorder;
use crate::{Error, files};

/// Directory of the parts within the directory of the study.
pub(crate) const DIRECTORY: &str = "parts";
/// Parts are read once and removed: fast is better than small.
const COMPRESSION: i32 = 1;

/// What the histories of a part leave behind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) events: Vec<Event>,
    pub(crate) curves: Curves,
    pub(crate) broken: Vec<Broken>,
}

/// A history that stopped the simulator itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Broken {
    pub(crate) history: u32,
    /// What it said.
    pub(crate) message: String,
}

impl Part {
    /// Simulates the histories of a part; `None` if it was cancelled on the way.
    pub(crate) fn simulate<E: Engine<W>, const W: usize>(
        plan: &Plan,
        frame: &Frame,
        span: PartSpan,
        progress: &dyn Progress,
    ) -> Result<Option<Self>, Error> {
        let point = &plan.points[span.point];
        let mut engine = E::new(&point.setup);
        let mut recorder = Recorder::<W>::new(frame, plan.through_war);
        let mut outcomes = Vec::with_capacity(span.count as usize);
        let mut events = Vec::new();
        let mut broken = Vec::new();
        let mut singles = Curves::new(frame);
        while (outcomes.len() as u32) < span.count {
            if progress.cancelled() {
                return Ok(None);
            }
            let done = outcomes.len() as u32;
            let first = span.first + done;
            let asked = (span.count - done).min(W as u32);
            recorder.start_block(asked as usize);
            let with_events = first < plan.events_for;
            // What a panic leaves of the world is thrown away.
            let run = AssertUnwindSafe(|| engine.run(plan.seed, first, with_events, &mut recorder));
            let (block, happened) = if let Ok(done) = catch_unwind(run) {
                recorder.end_block();
                done
            } else {
                recorder.discard_block();
                engine = E::new(&point.setup);
                one_by_one::<E::Single>(plan, frame, &point.setup, first..first + asked, &mut singles, &mut broken)
            };
            if block.len() < asked as usize {
                return Err(Error::Short { scenario: point.scenario.clone(), returned: block.len(), asked: asked as usize });
            }
            outcomes.extend_from_slice(&block[..asked as usize]);
            if with_events {
                let kept = first..first + asked.min(plan.events_for - first);
                events.extend(happened.into_iter().filter(|event| kept.contains(&event.history)));
            }
            progress.advance(u64::from(asked));
        }
        let mut curves = recorder.finish();
        curves.merge(&singles);
        curves.add_hazard(frame, &outcomes);
        Ok(Some(Self { outcomes, events, curves, broken }))
    }

    /// Writes the part where it belongs, and says what the list shall say of it.
    pub(crate) fn write(&self, directory: &Path, index: u32) -> Result<Entry, Error> {
        let path = path(directory, index);
        let packed = postcard::to_stdvec(self).map_err(|error| Error::damaged(&path, error))?;
        let bytes = zstd::bulk::compress(&packed, COMPRESSION).map_err(Error::io("compress", &path))?;
        store(directory, index, &bytes)?;
        Ok(Entry { hash: blake3::hash(&bytes), rows: self.outcomes.len() as u32 })
    }

    /// Reads a part that the list vouches for.
    pub(crate) fn read(directory: &Path, index: u32, entry: &Entry) -> Result<Self, Error> {
        let path = path(directory, index);
        let bytes = files::read(&path)?.unwrap_or_default();
        if blake3::hash(&bytes) != entry.hash {
            return Err(Error::damaged(&path, "it changed since it was written; --resume simulates it again"));
        }
        let packed = zstd::stream::decode_all(bytes.as_slice()).map_err(Error::io("decompress", &path))?;
        postcard::from_bytes(&packed).map_err(|error| Error::damaged(&path, error))
    }
}

/// Runs the histories of a block that broke the simulator one at a time: those that break it again become rows that say so.
fn one_by_one<E: Engine<1>>(
    plan: &Plan,
    frame: &Frame,
    setup: &Setup,
    histories: Range<u32>,
    curves: &mut Curves,
    broken: &mut Vec<Broken>,
) -> (Vec<Outcome>, Vec<Event>) {
    let mut engine = E::new(setup);
    let mut recorder = Recorder::<1>::new(frame, plan.through_war);
    let (mut outcomes, mut events) = (Vec::new(), Vec::new());
    for history in histories {
        recorder.start_block(1);
        let run = AssertUnwindSafe(|| engine.run(plan.seed, history, history < plan.events_for, &mut recorder));
        match catch_unwind(run) {
            Ok((outcome, happened)) => {
                recorder.end_block();
                outcomes.extend(outcome);
                events.extend(happened);
            }
            Err(payload) => {
                recorder.discard_block();
                engine = E::new(setup);
                outcomes.push(nothing_known(history, setup));
                broken.push(Broken { history, message: message(payload.as_ref()) });
            }
        }
    }
    curves.merge(&recorder.finish());
    (outcomes, events)
}

/// What a panic said.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied());
    text.unwrap_or("it said nothing").to_string()
}

/// The outcome of a history of which nothing is known.
fn nothing_known(history: u32, setup: &Setup) -> Outcome {
    Outcome {
        peak_burden: f64::NAN,
        arms_growth: f64::NAN,
        spiral_rate: f64::NAN,
        concentration: f64::NAN,
        ended: Ended::Failure,
        ..Outcome::unwritten(history, setup.horizon.start)
    }
}

/// Writes the bytes of a part where it belongs.
pub(crate) fn store(directory: &Path, index: u32, bytes: &[u8]) -> Result<(), Error> {
    files::write_atomically(&directory.join(DIRECTORY), &name(index), bytes)
}

/// Whether the file of a part is what the list says.
pub(crate) fn is_whole(directory: &Path, index: u32, entry: &Entry) -> Result<bool, Error> {
    Ok(files::read(&path(directory, index))?.is_some_and(|bytes| blake3::hash(&bytes) == entry.hash))
}

fn name(index: u32) -> String {
    format!("{index:06}.part")
}

/// Where a part is kept.
pub(crate) fn path(directory: &Path, index: u32) -> PathBuf {
    directory.join(DIRECTORY).join(name(index))
}
