//! `spiral serve`.

use clap::Args;
use spiral_serve::{Server, Settings};

use crate::arguments::{Threads, whole};
use crate::call::Call;
use crate::failure::Failure;
use crate::terminal::interrupt;

/// Open the explorer: a page on this machine where you move sliders and see how the outcomes change
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Built-in name, path of a scenario, or directory of a finished study of ensemble or compare [default: pre-wwi]
    #[arg(value_name = "SCENARIO|DIR")]
    pub(crate) subject: Option<String>,
    /// Port on 127.0.0.1; 0 takes one that is free
    #[arg(long, value_name = "P", default_value_t = 7878, allow_negative_numbers = true, value_parser = whole(0_u16..=u16::MAX))]
    pub(crate) port: u16,
    /// Open the page in the browser
    #[arg(long)]
    pub(crate) open: bool,
    #[command(flatten)]
    pub(crate) threads: Threads,
}

impl Serve {
    pub(crate) fn run(&self, call: &Call<'_>) -> Result<(), Failure> {
        let settings = Settings { subject: self.subject.clone(), port: self.port, threads: self.threads.number };
        let server = Server::bind(&settings)?;
        interrupt::catch_quietly()?;
        call.console.print(&format!("The explorer is at {}\nPress Ctrl-C to end it.", server.address()))?;
        if self.open {
            server.open_browser()?;
        }
        Ok(server.run(interrupt::asked)?)
    }
}
