//! The program `spiral`.

use std::process::ExitCode;

fn main() -> ExitCode {
    spiral_cli::run(std::env::args_os())
}
