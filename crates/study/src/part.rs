//! One part of a study: simulated, written, read.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use spiral_analysis::{PointTally, draw_of};
use spiral_ensemble::{Block, Curves, Engine, Ensemble, Options, Sink, simulate_each, simulate_with};
use spiral_model::Ended;

use crate::draws::Draws;
use crate::log::Entry;
use crate::panel_parts::{self, PanelFile};
use crate::plan::{PartSpan, Plan, Progress};
use crate::sent_part::SentPart;
use crate::{Error, files};

/// Directory of the parts within the directory of the study.
pub(crate) const DIRECTORY: &str = "parts";
/// Parts are read once and removed: fast is better than small.
const COMPRESSION: i32 = 1;

/// What the file of a part holds.
pub(crate) struct Part {
    /// Its histories; in a study without a row for each, only those that failed. The rows of its panel are in it only where they went into
    /// no file.
    pub(crate) ensemble: Ensemble,
    /// The numbers of all its histories, in a study without a row for each.
    pub(crate) tally: Option<PointTally>,
}

impl Part {
    /// A part as its study keeps it.
    fn new(mut ensemble: Ensemble, plan: &Plan, point: usize) -> Self {
        if plan.rows.is_all() {
            return Self { ensemble, tally: None };
        }
        let horizon = &plan.points[point].setup.horizon;
        let tally = PointTally::of(&ensemble.outcomes, (horizon.start, horizon.end));
        ensemble.outcomes.retain(|outcome| outcome.ended == Ended::Failure);
        Self { ensemble, tally: Some(tally) }
    }

    /// Its histories.
    pub(crate) fn histories(&self) -> u32 {
        self.tally.as_ref().map_or(self.ensemble.outcomes.len() as u32, |tally| tally.histories() as u32)
    }
}

/// A part that was simulated.
pub(crate) struct Simulated {
    /// The part.
    pub(crate) part: Part,
    /// Hash of the file with the rows of its panel, where there is one.
    pub(crate) panel: Option<blake3::Hash>,
}

/// Simulates the histories of a part, whose judgements are drawn if there are draws; `None` if it was cancelled before the end. The rows
/// of a panel go into a file of `directory`, block by block, or stay in memory where there is no directory.
pub(crate) fn simulate<E: Engine<W>, const W: usize>(
    plan: &Plan,
    draws: Option<&Draws>,
    (index, span): (u32, PartSpan),
    directory: Option<&Path>,
    progress: &dyn Progress,
) -> Result<Option<Simulated>, Error> {
    if progress.cancelled() {
        return Ok(None);
    }
    let point = &plan.points[span.point];
    let directory = directory.filter(|_| plan.panel.is_some_and(|panel| span.first < panel.histories));
    let panel = directory.map(|directory| PanelFile::create(directory, index)).transpose()?;
    let mut reported = Reported { ensemble: Ensemble::default(), panel, failure: None, progress };
    let histories = span.first..span.first + span.count;
    let options = Options { curves: plan.curves, through_war: plan.through_war, events_for: plan.events_for, panel: plan.panel };
    let all = match draws {
        None => simulate_with::<E, W>(&point.setup, plan.seed, histories, &options, &mut reported),
        Some(draws) => {
            let mut last = None;
            let mut setup_of = |history| {
                let draw = Some(draw_of(history));
                let next = (draw != last).then(|| draws.setup(span.point, plan.seed, history));
                last = draw;
                next
            };
            simulate_each::<E::Single>(&point.setup, &mut setup_of, plan.seed, histories, &options, &mut reported)
        }
    };
    let all = all.map_err(|short| Error::Short { scenario: point.scenario.clone(), short })?;
    if let Some(failure) = reported.failure {
        return Err(failure);
    }
    if !all {
        return Ok(None);
    }
    let panel = reported.panel.map(PanelFile::publish).transpose()?;
    Ok(Some(Simulated { part: Part::new(reported.ensemble, plan, span.point), panel }))
}

/// An ensemble in memory whose growth is reported, and which can be cancelled.
struct Reported<'a> {
    ensemble: Ensemble,
    /// Where the rows of the panel go, if not into the ensemble.
    panel: Option<PanelFile>,
    /// Why rows could not be written.
    failure: Option<Error>,
    progress: &'a dyn Progress,
}

impl Sink for Reported<'_> {
    fn block(&mut self, mut block: Block) -> ControlFlow<()> {
        let histories = block.outcomes.len() as u64;
        if let Some(file) = &mut self.panel
            && let Err(error) = file.add(&std::mem::take(&mut block.panel))
        {
            self.failure = Some(error);
            return ControlFlow::Break(());
        }
        let flow = self.ensemble.block(block);
        self.progress.advance(histories);
        if self.progress.cancelled() { ControlFlow::Break(()) } else { flow }
    }

    fn curves(&mut self, curves: Curves) {
        self.ensemble.curves(curves);
    }
}

/// Writes a part to its file, and returns its entry for the list.
pub(crate) fn write(part: &Part, directory: &Path, index: u32) -> Result<Entry, Error> {
    let bytes = pack(part, &path(directory, index))?;
    store(directory, index, &bytes)?;
    Ok(Entry { hash: blake3::hash(&bytes), rows: part.histories(), panel: None })
}

/// The bytes of the file of a part: its histories and, where it has one, its tally after them; `path` is how an error names it.
pub(crate) fn pack(part: &Part, path: &Path) -> Result<Vec<u8>, Error> {
    let damaged = |error: postcard::Error| Error::damaged(path, error);
    let mut packed = postcard::to_stdvec(&part.ensemble).map_err(damaged)?;
    if let Some(tally) = &part.tally {
        packed.extend(postcard::to_stdvec(tally).map_err(damaged)?);
    }
    zstd::bulk::compress(&packed, COMPRESSION).map_err(Error::io("compress", path))
}

/// The part that these bytes hold; `path` is how an error names them.
fn unpack(bytes: &[u8], path: &Path) -> Result<Part, Error> {
    let damaged = |error: postcard::Error| Error::damaged(path, error);
    let packed = zstd::stream::decode_all(bytes).map_err(Error::io("decompress", path))?;
    let (ensemble, rest) = postcard::take_from_bytes(&packed).map_err(damaged)?;
    let tally = if rest.is_empty() { None } else { Some(postcard::from_bytes(rest).map_err(damaged)?) };
    Ok(Part { ensemble, tally })
}

/// Keeps the file of part `index` of a study, which was simulated elsewhere and came as these bytes, and returns its entry for the list.
/// Refuses what is damaged, of another study, another part or other histories.
pub(crate) fn keep(directory: &Path, study: blake3::Hash, (index, span): (u32, PartSpan), bytes: &[u8]) -> Result<Entry, Error> {
    let refused = |reason: String| Error::Workers { reason, path: directory.to_path_buf() };
    let file = SentPart::file_of(bytes, study, index).map_err(refused)?;
    let part = unpack(file, &path(directory, index))
        .map_err(|error| refused(format!("a worker sent a part {index} that cannot be read: {error}")))?;
    let first = part.ensemble.outcomes.first().map(|outcome| outcome.history);
    if part.histories() != span.count || (part.tally.is_none() && first != Some(span.first)) {
        let (wanted, last) = (span.first, span.first + span.count - 1);
        return Err(refused(format!("a worker sent other histories than {wanted} to {last} as part {index}")));
    }
    store(directory, index, file)?;
    Ok(Entry { hash: blake3::hash(file), rows: span.count, panel: None })
}

/// Reads a part that is in the list.
pub(crate) fn read(directory: &Path, index: u32, entry: &Entry) -> Result<Part, Error> {
    let path = path(directory, index);
    let bytes = files::read(&path)?.unwrap_or_default();
    if blake3::hash(&bytes) != entry.hash {
        return Err(Error::damaged(&path, "it changed since it was written; --resume simulates it again"));
    }
    unpack(&bytes, &path)
}

/// Writes the bytes of a part to its file.
pub(crate) fn store(directory: &Path, index: u32, bytes: &[u8]) -> Result<(), Error> {
    files::write_atomically(&directory.join(DIRECTORY), &name(index), bytes)
}

/// Gives the file of a part, whose bytes are known, a second name in the directory of another study; copies it where the file system has no
/// such names.
pub(crate) fn take(file: &Path, directory: &Path, index: u32, bytes: &[u8]) -> Result<(), Error> {
    match std::fs::hard_link(file, path(directory, index)) {
        Ok(()) => Ok(()),
        // Another disk, a file that stands there already, a file system without links.
        Err(_) => store(directory, index, bytes),
    }
}

/// Whether the files of a part agree with the list.
pub(crate) fn is_intact(directory: &Path, index: u32, entry: &Entry) -> Result<bool, Error> {
    let part = files::read(&path(directory, index))?.is_some_and(|bytes| blake3::hash(&bytes) == entry.hash);
    Ok(part && has_its_panel(directory, index, entry)?)
}

/// Whether the file with the rows of a part's panel, where it has one, agrees with the list.
pub(crate) fn has_its_panel(directory: &Path, index: u32, entry: &Entry) -> Result<bool, Error> {
    Ok(entry.panel.is_none() || panel_parts::hash(directory, index)? == entry.panel)
}

fn name(index: u32) -> String {
    format!("{index:06}.part")
}

/// Where a part is kept.
pub(crate) fn path(directory: &Path, index: u32) -> PathBuf {
    directory.join(DIRECTORY).join(name(index))
}
