//! `spiral completions`.

use clap::Args;
use clap_complete::Shell;

use crate::call::Call;
use crate::failure::Failure;

/// Print the completion script of a shell
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// Shell
    pub(crate) shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut (call.program)(), "spiral", &mut script);
        call.console.print(&String::from_utf8_lossy(&script))
    }
}
