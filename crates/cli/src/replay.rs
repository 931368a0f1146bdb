//! `spiral replay`: one history of a study, told again.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::arguments::{Changes, Json, Seed, Threads};
use crate::commands::replay::Replay;
use crate::commands::run::Run;
use crate::console::Console;
use crate::failure::Failure;
use crate::tell;
use crate::worlds::World;

pub(crate) fn replay(arguments: &Replay, console: Console) -> Result<(), Failure> {
    let manifest = spiral_study::manifest_of(&arguments.directory)?;
    let scenario = spiral_study::scenario_of(&manifest, arguments.point)?;
    if arguments.history >= manifest.histories {
        let (last, asked) = (manifest.histories - 1, arguments.history);
        let message = format!("the study has histories 0 to {last} at each point; history {asked} is none of them");
        return Err(Failure::Usage(message));
    }
    let request = manifest.request(arguments.point as usize).unwrap_or_default();
    let run = Run {
        scenario: request.scenario.clone(),
        history: arguments.history,
        seed: Seed { number: manifest.seed },
        all: arguments.all,
        json: Json { asked: arguments.json.asked },
        out: None,
        threads: Threads::default(),
        changes: Changes::default(),
    };
    let told = catch_unwind(AssertUnwindSafe(|| tell::tell(vec![World { scenario, request }], &run, console)));
    told.unwrap_or_else(|_| Err(Failure::Check("this history stops the simulator; where, stands above".to_string())))
}
