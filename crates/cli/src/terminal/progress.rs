//! Progress on a terminal.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use spiral_results::Progress;

use super::console::{Console, complain, wrapped};
use super::interrupt;
use crate::failure::Failure;

/// A bar on standard error, where that is a terminal; remarks go there in any case.
pub(crate) struct Bar {
    bar: ProgressBar,
    quiet: bool,
}

impl Bar {
    /// A bar that begins when a study reports how many histories it has. From now on Ctrl-C asks for a clean stop.
    fn start(console: Console) -> Result<Self, Failure> {
        interrupt::catch()?;
        let bar = ProgressBar::with_draw_target(Some(0), target(console));
        let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} histories  {per_sec}  {eta} left");
        // A template that does not parse would leave the default bar.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Ok(Self { bar, quiet: console.quiet })
    }

    /// No bar, only remarks: for what takes no time.
    pub(crate) fn hidden(console: Console) -> Self {
        Self { bar: ProgressBar::hidden(), quiet: console.quiet }
    }

    /// Runs `work` with a bar, and takes the bar away.
    pub(crate) fn during<T>(
        console: Console,
        work: impl FnOnce(&Self) -> Result<T, spiral_results::Error>,
    ) -> Result<T, Failure> {
        let bar = Self::start(console)?;
        let done = work(&bar);
        bar.bar.finish_and_clear();
        Ok(done?)
    }
}

impl Progress for Bar {
    fn advance(&self, histories: u64) {
        self.bar.inc(histories);
    }

    fn begin(&self, histories: u64) {
        self.bar.set_length(histories);
        self.bar.reset();
    }

    fn stage(&self, name: &'static str) {
        if let Ok(style) = ProgressStyle::with_template("{msg} …") {
            self.bar.set_style(style);
        }
        self.bar.set_message(name);
        self.bar.tick();
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn note(&self, message: &str) {
        if !self.quiet {
            self.bar.suspend(|| complain(&wrapped(message, 80, "", "  ")));
        }
    }
}

/// Progress through parts of unequal length, each with a title.
pub(crate) struct Parts {
    bar: ProgressBar,
}

impl Parts {
    /// A bar on standard error, where that is a terminal.
    pub(crate) fn new(console: Console) -> Self {
        let bar = ProgressBar::with_draw_target(None, target(console));
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos} of {len}  {elapsed}  {eta} left  {msg}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows the part that begins.
    pub(crate) fn begin(&self, done: usize, all: usize, title: &str) {
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(title.to_string());
    }

    /// Removes the bar.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

/// Standard error, where it is a terminal and progress is wanted.
fn target(console: Console) -> ProgressDrawTarget {
    if console.quiet || !stderr().is_terminal() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() }
}
