//! Progress on a terminal.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use spiral_study::Progress;

use crate::console::{Console, complain};
use crate::interrupt;

/// A bar on standard error, where that is a terminal; remarks go there in any case.
pub(crate) struct Bar {
    bar: ProgressBar,
    quiet: bool,
}

impl Bar {
    /// A bar for so many histories.
    pub(crate) fn new(total: u64, console: Console) -> Self {
        let target =
            if console.quiet || !stderr().is_terminal() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(total), target);
        let style = ProgressStyle::with_template("{wide_bar} {human_pos} of {human_len} histories  {per_sec}  {eta} left");
        // A template that does not parse would leave the default bar.
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, quiet: console.quiet }
    }

    /// Says what is being done once all histories are simulated.
    pub(crate) fn then(&self, what: &'static str) {
        if let Ok(style) = ProgressStyle::with_template("{msg} …") {
            self.bar.set_style(style);
        }
        self.bar.set_message(what);
        self.bar.tick();
    }

    /// Takes the bar away.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn advance(&self, histories: u64) {
        self.bar.inc(histories);
    }

    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn note(&self, message: &str) {
        if !self.quiet {
            self.bar.suspend(|| complain(message));
        }
    }
}
